"""Queues as the stack has them, on the fake SQS; letters as the consumer writes them."""

import json
import signal
from collections.abc import Iterator

import pytest
from registrar_cli.dead_letters.queue import DeadLetters, Letter

from tests.fakes import FakeSqs, VirtualClock

WEBINAR = "97871060099"


class Queues:
    """The two queues of a stack."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.sqs = FakeSqs(self.clock)
        self.letters_url = self.sqs.add_queue("DeadLetters", visibility_timeout_s=60)
        self.url = self.sqs.add_queue("Registrations", dead_letter_url=self.letters_url, max_receive_count=800)

    def bury(self, email: str, reason: str | None = "webinar_full", webinar: str = WEBINAR) -> str:
        """Put a letter there; returns its body."""
        body = json.dumps({"webinar_id": webinar, "email": email, "first_name": "Ada", "more": "kept"})
        self.bury_body(body, reason, webinar)
        return body

    def bury_body(self, body: str, reason: str | None, webinar: str | None = None) -> None:
        """Put a letter of any body there."""
        attributes = {"reason": {"DataType": "String", "StringValue": reason}} if reason else {}
        group = {"MessageGroupId": webinar} if webinar else {}
        self.sqs.send_message(QueueUrl=self.letters_url, MessageBody=body, MessageAttributes=attributes, **group)

    def bodies(self, url: str) -> list[str]:
        """What is on a queue, hidden or not."""
        return sorted(message.body for message in self.sqs.messages(url))

    def visible_letters(self) -> int:
        """How many letters are hidden from nobody."""
        name = "ApproximateNumberOfMessages"
        answer = self.sqs.get_queue_attributes(QueueUrl=self.letters_url, AttributeNames=[name])
        return int(answer["Attributes"][name])


def looked_at(queues: Queues) -> list[Letter]:
    with DeadLetters(queues.sqs, queues.letters_url).looked_at() as letters:
        return letters


@pytest.fixture
def queues() -> Queues:
    return Queues()


@pytest.fixture(autouse=True)
def _ctrl_c_is_not_ignored() -> Iterator[None]:
    """Handle SIGINT as a terminal's program does, even if the parent ignores it, as `nohup` and CI runners may."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
