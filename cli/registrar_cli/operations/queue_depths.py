"""How many messages are where, on both queues. SQS's own figures: about right, a few seconds old.

In: the queues. Out: `Depth`. Errors: `Unreachable`.
"""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli.clients import aws

_NAMES = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]


@dataclass(frozen=True)
class Depth:
    """`hidden`: in the consumer's hands, or deferred; SQS does not tell these two apart."""

    visible: int
    hidden: int
    letters: int

    @property
    def waiting(self) -> int:
        """Everybody who is not settled."""
        return self.visible + self.hidden


class Depths:
    """Asks."""

    def __init__(self, sqs: Any, queue_url: str, dead_letter_url: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._dead_letter_url = dead_letter_url

    def now(self) -> Depth:
        """Both queues."""
        visible, hidden, delayed = self._of(self._queue_url)
        return Depth(visible, hidden + delayed, sum(self._of(self._dead_letter_url)))

    def _of(self, url: str) -> tuple[int, int, int]:
        try:
            attributes = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=_NAMES)["Attributes"]
        except (ClientError, BotoCoreError) as error:
            raise aws.in_words(error, "asking the queue") from error
        visible, hidden, delayed = (int(attributes.get(name, 0)) for name in _NAMES)
        return visible, hidden, delayed
