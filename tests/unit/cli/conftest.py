"""Queues as the stack has them, on the fake SQS; letters as the consumer writes them."""

import json

import pytest
from registrar_cli.dead_letters.queue import DeadLetter, DeadLetters

from tests.fakes import FakeSqs, VirtualClock

WEBINAR = "97871060099"


class Queues:
    """The two queues of a stack."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.sqs = FakeSqs(self.clock)
        self.dead_letter_url = self.sqs.add_queue("DeadLetters", visibility_timeout_s=60)
        self.url = self.sqs.add_queue("Registrations", dead_letter_url=self.dead_letter_url, max_receive_count=800)

    def add_dead_letter(self, email: str, reason: str | None = "webinar_full", webinar: str = WEBINAR) -> str:
        """Put a letter there; returns its body."""
        body = json.dumps({"webinar_id": webinar, "email": email, "first_name": "Ada", "more": "kept"})
        self.add_dead_letter_body(body, reason, webinar)
        return body

    def add_dead_letter_body(self, body: str, reason: str | None, webinar: str | None = None) -> None:
        """Put a letter of any body there."""
        attributes = {"reason": {"DataType": "String", "StringValue": reason}} if reason else {}
        group = {"MessageGroupId": webinar} if webinar else {}
        self.sqs.send_message(QueueUrl=self.dead_letter_url, MessageBody=body, MessageAttributes=attributes, **group)

    def bodies(self, url: str) -> list[str]:
        """What is on a queue, hidden or not."""
        return sorted(message.body for message in self.sqs.messages(url))

    def visible_dead_letters(self) -> int:
        """How many letters are hidden from nobody."""
        name = "ApproximateNumberOfMessages"
        result = self.sqs.get_queue_attributes(QueueUrl=self.dead_letter_url, AttributeNames=[name])
        return int(result["Attributes"][name])


def peek(queues: Queues) -> list[DeadLetter]:
    with DeadLetters(queues.sqs, queues.dead_letter_url).peek() as dead_letters:
        return dead_letters


@pytest.fixture
def queues() -> Queues:
    return Queues()
