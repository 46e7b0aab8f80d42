"""The messages in hand, the event's and the received ones alike: acknowledged, deferred, given back, buried here only.

In: the Lambda event, and what the queue hands out. Out: deliveries; and at the end the partial batch response, derived
from what became of each delivery: whatever of the event is not settled stays on the queue.

Nothing here raises for a call that fails in part or whole. A message that could not be acknowledged, deferred or hidden
comes back by its visibility timeout and meets its row; one that could not be buried is reported as not buried. Each
failure is told to `report`.
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

# What went wrong on our side: the operation, and AWS's name for it.
Report = Callable[[str, str], None]


class InFlightMessages:
    """One invocation's deliveries."""

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
        """Take in the event, and hide its messages no longer than this invocation may hold them."""
        deliveries = [Delivery.from_record(record) for record in event["Records"]]
        self._from_event = [delivery.message_id for delivery in deliveries]
        self._change_visibility([(delivery, round(hold_seconds)) for delivery in deliveries])
        self._add(deliveries)
        return deliveries

    def receive(self, hold_seconds: float) -> list[Delivery]:
        """Receive up to 10 messages more, without waiting; none if there are none, or the queue does not answer."""
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
        """Delete what is settled and stored. The event's too: a function killed later then repeats no finished work."""
        for chunk in batched(deliveries, limits.MESSAGES_PER_CALL):
            entries: list[Any] = [
                {"Id": str(number), "ReceiptHandle": delivery.receipt_handle} for number, delivery in enumerate(chunk)
            ]
            self._in_batch("acknowledge", self._sqs.delete_message_batch, self._queue_url, entries)
            self._remove(chunk)
            self._deleted.update(delivery.message_id for delivery in chunk)

    def defer(self, deliveries: Iterable[Delivery], until: float) -> None:
        """Hide messages until they are due (epoch seconds), or as long as SQS can."""
        seconds = visibility(until, self._clock())
        self._change_visibility([(delivery, seconds) for delivery in deliveries])

    def abandon(self, deliveries: Iterable[Delivery], seconds: Callable[[int], float]) -> None:
        """Return messages that were not tried; `seconds` tells from the receive count how long to hide them."""
        self._change_visibility([(delivery, round(seconds(delivery.receive_count))) for delivery in deliveries])

    def dead_letter(self, dead_letters: Sequence[DeadLetter]) -> list[Delivery]:
        """Send dead letters; returns the deliveries whose letter the dead-letter queue has accepted."""
        accepted: list[Delivery] = []
        for chunk in batched(dead_letters, limits.MESSAGES_PER_CALL):
            entries = [dead_letter.to_entry(str(number)) for number, dead_letter in enumerate(chunk)]
            failed = self._in_batch("bury", self._sqs.send_message_batch, self._dead_letter_queue_url, entries)
            accepted += [dead_letter.delivery for number, dead_letter in enumerate(chunk) if str(number) not in failed]
        return accepted

    @property
    def unsettled(self) -> list[Delivery]:
        """Deliveries of which nothing has become yet."""
        return list(self._unsettled.values())

    def partial_batch_response(self) -> dict[str, Any]:
        """What of the event stays on the queue. Only ids of the event: an unknown one would fail the whole batch."""
        stays = [message_id for message_id in self._from_event if message_id not in self._deleted]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in stays]}

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
            self._in_batch("hide", self._sqs.change_message_visibility_batch, self._queue_url, entries)

    def _in_batch(self, name: str, operation: Callable[..., Any], queue_url: str, entries: list[Any]) -> set[str]:
        """Call for up to 10 entries; returns the ids of those that failed."""
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
    """Seconds for which to hide a message that is due at `until`; longer waits are chained at SQS's 12 hours."""
    return max(1, min(round(until - now), limits.VISIBILITY_LONGEST_SECONDS))
