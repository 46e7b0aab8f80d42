"""Read how many messages are on both queues. SQS's numbers are approximate, and a few seconds old."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session

_NAMES = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]


@dataclass(frozen=True)
class Depth:
    """The depths. `not_visible` messages are in flight or deferred, which SQS does not distinguish."""

    visible: int
    not_visible: int
    dead_letters: int

    @property
    def waiting(self) -> int:
        """Return all messages that are not settled."""
        return self.visible + self.not_visible


class QueueDepths:
    """Reads the depths of both queues."""

    def __init__(self, sqs: Any, queue_url: str, dead_letter_url: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._dead_letter_url = dead_letter_url

    @classmethod
    def of(cls, session: Session) -> "QueueDepths":
        """Open both queues of the session's stack."""
        return cls(session.sqs, session.stack.queue_url, session.stack.dead_letter_url)

    def now(self) -> Depth:
        """Return the current depths."""
        visible, not_visible, delayed = self._of(self._queue_url)
        return Depth(visible, not_visible + delayed, sum(self._of(self._dead_letter_url)))

    def _of(self, url: str) -> tuple[int, int, int]:
        try:
            attributes = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=_NAMES)["Attributes"]
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading the queue's attributes") from error
        visible, not_visible, delayed = (int(attributes.get(name, 0)) for name in _NAMES)
        return visible, not_visible, delayed
