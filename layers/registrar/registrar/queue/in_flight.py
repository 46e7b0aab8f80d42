"""The messages in flight, from the event or received. Only this module deletes, defers, abandons or dead-letters them.

No method raises if an SQS call fails, wholly or for some entries; each failure goes to `report`. A message that could
not be deleted, deferred or hidden returns after its visibility timeout, and the lookup finds its row.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits
from registrar._compat import batched
from registrar.queue.dead_letter import DeadLetter
from registrar.queue.delivery import Delivery
from registrar.runtime.aws import error_code

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# An AWS call failed: the operation, and AWS's error code.
Report = Callable[[str, str], None]


class InFlightMessages:
    """The deliveries of one invocation."""

    def __init__(
        self,
        sqs: "SQSClient",
        queue_url: str,
        dead_letter_queue_url: str,
        report: Report,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._dead_letter_queue_url = dead_letter_queue_url
        self._report = report
        self._clock = clock
        self._from_event: list[str] = []
        self._deleted: set[str] = set()
        self._unsettled: dict[str, Delivery] = {}  # by receipt handle: a message may be delivered twice

    def open(self, event: Mapping[str, Any], hold_seconds: float) -> list[Delivery]:
        """Read the event, and hide its messages for `hold_seconds`, as long as this invocation may hold them."""
        deliveries = [Delivery.from_record(record) for record in event["Records"]]
        self._from_event = [delivery.message_id for delivery in deliveries]
        self._change_visibility([(delivery, round(hold_seconds)) for delivery in deliveries])
        self._add(deliveries)
        return deliveries

    def receive(self, hold_seconds: float) -> list[Delivery]:
        """Receive up to 10 more messages by a short poll; return none if there are none or the call fails."""
        try:
            response = self._sqs.receive_message(
                QueueUrl=self._queue_url,
                MaxNumberOfMessages=limits.MESSAGES_PER_CALL,
                WaitTimeSeconds=0,
                VisibilityTimeout=round(hold_seconds),
                MessageSystemAttributeNames=["ApproximateReceiveCount", "MessageGroupId", "SentTimestamp"],
            )
        except (ClientError, BotoCoreError) as error:
            self._report("receive", error_code(error))
            return []
        deliveries = [Delivery.from_receive(message) for message in response.get("Messages", [])]
        self._add(deliveries)
        return deliveries

    def delete(self, deliveries: Iterable[Delivery]) -> None:
        """Delete messages whose outcome is stored.

        The event's as well: an invocation that is killed later then repeats no finished work.
        """
        for chunk in batched(deliveries, limits.MESSAGES_PER_CALL):
            entries: list[Any] = [
                {"Id": str(number), "ReceiptHandle": delivery.receipt_handle} for number, delivery in enumerate(chunk)
            ]
            self._in_batch("delete", self._sqs.delete_message_batch, self._queue_url, entries)
            self._remove(chunk)
            self._deleted.update(delivery.message_id for delivery in chunk)

    def defer(self, deliveries: Iterable[Delivery], until: float) -> None:
        """Hide messages until they are due (epoch seconds), or for as long as SQS allows."""
        seconds = visibility(until, self._clock())
        self._change_visibility([(delivery, seconds) for delivery in deliveries])

    def abandon(self, deliveries: Iterable[Delivery], seconds: Callable[[int], float]) -> None:
        """Return unsettled messages to the queue; `seconds` maps their receive count to a visibility timeout."""
        self._change_visibility([(delivery, round(seconds(delivery.receive_count))) for delivery in deliveries])

    def dead_letter(self, dead_letters: Sequence[DeadLetter]) -> list[Delivery]:
        """Send dead letters; return the deliveries whose dead letter SQS has accepted."""
        accepted: list[Delivery] = []
        for chunk in batched(dead_letters, limits.MESSAGES_PER_CALL):
            entries = [dead_letter.to_entry(str(number)) for number, dead_letter in enumerate(chunk)]
            failed = self._in_batch("dead_letter", self._sqs.send_message_batch, self._dead_letter_queue_url, entries)
            accepted += [dead_letter.delivery for number, dead_letter in enumerate(chunk) if str(number) not in failed]
        return accepted

    @property
    def unsettled(self) -> list[Delivery]:
        """Return the deliveries without an outcome."""
        return list(self._unsettled.values())

    def partial_batch_response(self) -> dict[str, Any]:
        """Return which messages of the event stay on the queue.

        It names ids of the event only: an unknown id would fail the whole batch.
        """
        undeleted = [message_id for message_id in self._from_event if message_id not in self._deleted]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in undeleted]}

    def _add(self, deliveries: Iterable[Delivery]) -> None:
        self._unsettled.update((delivery.receipt_handle, delivery) for delivery in deliveries)

    def _remove(self, deliveries: Iterable[Delivery]) -> None:
        for delivery in deliveries:
            self._unsettled.pop(delivery.receipt_handle, None)

    def _change_visibility(self, timeouts: Sequence[tuple[Delivery, int]]) -> None:
        self._remove(delivery for delivery, _ in timeouts)
        for chunk in batched(timeouts, limits.MESSAGES_PER_CALL):
            entries: list[Any] = [
                {"Id": str(number), "ReceiptHandle": delivery.receipt_handle, "VisibilityTimeout": seconds}
                for number, (delivery, seconds) in enumerate(chunk)
            ]
            self._in_batch("change_visibility", self._sqs.change_message_visibility_batch, self._queue_url, entries)

    def _in_batch(self, name: str, operation: Callable[..., Any], queue_url: str, entries: list[Any]) -> set[str]:
        """Call SQS for up to 10 entries; return the ids of the entries that failed."""
        try:
            response = operation(QueueUrl=queue_url, Entries=entries)
        except (ClientError, BotoCoreError) as error:
            self._report(name, error_code(error))
            return {entry["Id"] for entry in entries}
        failed = response.get("Failed", [])
        for failure in failed:
            self._report(name, failure["Code"])
        return {failure["Id"] for failure in failed}


def visibility(until: float, now: float) -> int:
    """Return the seconds to hide a message that is due at `until`: 12 hours at most, and the lookup hides it again."""
    return max(1, min(round(until - now), limits.VISIBILITY_LONGEST_SECONDS))
