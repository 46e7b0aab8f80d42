"""A registrant on the queue, with every message that carries them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from registrar import limits
from registrar.queue.delivery import Delivery
from registrar.registrants.registrant import Key, Registrant
from registrar.registrants.row import Row


@dataclass
class QueuedRegistrant:
    """One identity: `details` of the first delivery go to Zoom; the other deliveries are duplicates."""

    details: Registrant
    deliveries: list[Delivery]
    position: int = 0  # in the order of arrival
    batches_before: int = 0  # batches formed before the registrant arrived
    arrived_at: float = 0.0  # epoch seconds
    submitted_at: float = 0.0  # epoch seconds
    last_submitted: float = 0.0  # the newest submission among the messages, in epoch seconds; 0: none has an id
    row: Row | None = None
    is_in_call: bool = False  # another message that arrives now shares the outcome
    reserved: bool = False  # the row counts the coming attempt already
    unrecorded_attempts: int = 0  # attempts of this invocation that the row does not count yet
    was_refused_with_others: bool = False  # in this invocation; Zoom may have registered some of them
    outcome_unknown: bool = False  # an earlier call may have registered them
    was_deferred: bool = False  # the first message was deferred before, for a reason other than the day's attempts
    counted_messages: frozenset[str] = frozenset()  # ids whose attempts the row counts
    waiting: list[Delivery] = field(default_factory=list)  # duplicates, settled after the batch in progress

    @property
    def key(self) -> Key:
        return self.details.key

    @property
    def first_delivery(self) -> Delivery:
        """Return the delivery whose details are sent, and whose message id the row holds."""
        return self.deliveries[0]

    @property
    def received_before(self) -> bool:
        """Return whether an earlier delivery may have reached Zoom before its invocation was killed."""
        return any(delivery.receive_count > 1 for delivery in self.deliveries)

    @property
    def all_deliveries(self) -> list[Delivery]:
        """Return the deliveries, and the duplicates that wait for the end of the batch in progress."""
        return self.deliveries + self.waiting

    def uncounted_attempts(self, row: Row | None) -> int:
        """Return the attempts that earlier deliveries may have used and this row does not count.

        Only a first delivery is sent before anything is written; later ones are reserved. If its invocation was
        killed, there is no row, or only one of another message, which does not count it. Where this invocation holds
        the first delivery, none was killed. If the row may have dropped old message ids, only a second delivery is
        counted, so the estimate cannot grow with every redelivery.
        """
        known = {one.message_id for one in self.all_deliveries if one.receive_count == 1} | self.counted_messages
        again = [one for one in self.all_deliveries if one.receive_count > 1 and one.message_id not in known]
        if row is None:
            return len(again)
        unknown = [one for one in again if not row.counts_message(one.message_id)]
        return sum(one.receive_count == 2 or not row.may_have_dropped_ids for one in unknown)

    def add_duplicate(self, delivery: Delivery, details: Registrant) -> None:
        """Add another message of this registrant; during their call it shares the outcome without a lookup."""
        self.deliveries.append(delivery)
        self.last_submitted = max(self.last_submitted, submission_moment(details))
        if self.is_in_call:
            self._note_earlier_delivery()

    def add_waiting(self, delivery: Delivery) -> None:
        """Add a duplicate that is looked up after the batch in progress; it may tell of an attempt until then."""
        self.waiting.append(delivery)
        self._note_earlier_delivery()

    def _note_earlier_delivery(self) -> None:
        self.outcome_unknown = self.outcome_unknown or self.uncounted_attempts(self.row) > 0

    def mark_counted(self, messages: Iterable[Delivery]) -> None:
        """Note that the row counts every attempt of these messages now."""
        self.unrecorded_attempts = 0
        self.counted_messages = frozenset(delivery.message_id for delivery in messages)

    def attempts_left(self, day: str) -> int:
        """Return the attempts that Zoom still allows on this UTC day."""
        used = self.row.used(day) if self.row else 0
        return limits.ATTEMPTS_PER_DAY - used - self.uncounted_attempts(self.row) - self.unrecorded_attempts

    def is_reserved_on(self, day: str) -> bool:
        """Return whether the row counts the current call on this UTC day, and not on the day before."""
        return self.reserved and self.row is not None and self.row.used(day) > 0

    def count_attempt(self, day: str) -> None:
        """Count the current call as an attempt that was refused together with others."""
        if not self.is_reserved_on(day):
            self.unrecorded_attempts += 1
        self.reserved = False
        self.was_refused_with_others = True

    def drop(self, finished: Sequence[Delivery]) -> bool:
        """Drop finished deliveries, so that the next one is the first; return False if none is left."""
        self.deliveries = [delivery for delivery in self.deliveries if delivery not in finished]
        if self.deliveries:
            self.details = Registrant.from_message(self.first_delivery.body)
        return bool(self.deliveries)


def submitted_moment(delivery: Delivery, submitted_at: str | None) -> float:
    """Return when a message was submitted, in epoch seconds: by its `submitted_at`, or by SQS if that is earlier.

    A redrive gives a message a new SQS time, so its own time counts. Without one, or with a future one, SQS's counts.
    """
    if submitted_at is None:
        return delivery.sent_at
    return min(datetime.fromisoformat(submitted_at).timestamp(), delivery.sent_at)


def submission_moment(details: Registrant) -> float:
    """Return when a submission was made, in whole epoch seconds; 0 for a message that is none, such as an import."""
    if details.submission_id is None or details.submitted_at is None:
        return 0.0
    return float(int(datetime.fromisoformat(details.submitted_at).timestamp()))


def by_age(registrant: QueuedRegistrant) -> tuple[float, int]:
    """Return the key that sorts the oldest submission first; equal ones stay in the order of arrival."""
    return registrant.submitted_at, registrant.position
