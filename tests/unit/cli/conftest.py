"""The stack's two queues on the fake SQS, with dead letters as the consumer sends them."""

import json
import signal
from collections.abc import Iterator

import pytest
from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.terminal.options import DEFAULT_STACK
from registrar_cli.terminal.suggestions import set_stack

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
        """Add a dead letter and return its body."""
        body = json.dumps({"webinar_id": webinar, "email": email, "first_name": "Ada", "more": "kept"})
        self.add_dead_letter_body(body, reason, webinar)
        return body

    def add_dead_letter_body(self, body: str, reason: str | None, webinar: str | None = None) -> None:
        """Add a dead letter with any body."""
        attributes = {"reason": {"DataType": "String", "StringValue": reason}} if reason else {}
        group = {"MessageGroupId": webinar} if webinar else {}
        self.sqs.send_message(QueueUrl=self.dead_letter_url, MessageBody=body, MessageAttributes=attributes, **group)

    def bodies(self, url: str) -> list[str]:
        """Return the bodies on a queue, visible or not."""
        return sorted(message.body for message in self.sqs.messages(url))

    def visible_dead_letters(self) -> int:
        """Count the visible dead letters."""
        name = "ApproximateNumberOfMessages"
        result = self.sqs.get_queue_attributes(QueueUrl=self.dead_letter_url, AttributeNames=[name])
        return int(result["Attributes"][name])


def peek(queues: Queues) -> list[DeadLetter]:
    with DeadLetters(queues.sqs, queues.dead_letter_url).peek() as dead_letters:
        return dead_letters


@pytest.fixture
def queues() -> Queues:
    return Queues()


@pytest.fixture(autouse=True)
def _suggested_commands_name_no_stack() -> Iterator[None]:
    """Forget the stack of the last run, which a process has only one of."""
    yield
    set_stack(DEFAULT_STACK)


@pytest.fixture(autouse=True)
def _ctrl_c_is_not_ignored() -> Iterator[None]:
    """Handle SIGINT as a terminal's program does, even if the parent ignores it, as `nohup` and CI runners may."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
