"""A person in hand, who may have sent several messages. Pure.

In: deliveries and the registrants read from them. Out: who is sent, and how many attempts he has left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from registrar import limits
from registrar.queue.delivery import Delivery
from registrar.registrants.registrant import Key, Registrant
from registrar.registrants.row import Row


@dataclass
class QueuedRegistrant:
    """One identity in hand. The first delivery is the one that is sent; the others were folded onto it."""

    details: Registrant
    deliveries: list[Delivery]
    position: int = 0  # in the order in which people came
    batches_before: int = 0  # how many calls had been handed out when he came
    arrived_at: float = 0.0  # epoch seconds, in hand
    row: Row | None = None
    is_in_call: bool = False  # nobody has judged yet: another message of his may still share the outcome
    reserved: bool = False  # the row counts the coming attempt already
    unrecorded_attempts: int = 0  # attempts of this invocation that the row does not count yet
    was_refused_with_others: bool = False  # in this invocation: a part of them may have been taken all the same
    outcome_unknown: bool = False  # an earlier call may have registered him
    was_deferred: bool = False  # his first message has waited before, and not for his other ones' attempts
    counted_messages: frozenset[str] = (
        frozenset()
    )  # ids of messages: the row counts whatever their deliveries may have used

    @property
    def key(self) -> Key:
        return self.details.key

    @property
    def first_delivery(self) -> Delivery:
        """The delivery whose registrant is sent, and which the row names."""
        return self.deliveries[0]

    @property
    def received_before(self) -> bool:
        """Whether an earlier delivery of any of his messages may have been sent, and killed before it could write."""
        return any(delivery.receive_count > 1 for delivery in self.deliveries)

    def uncounted_attempts(self, row: Row | None) -> int:
        """Attempts that earlier deliveries may have used without this row's telling.

        Only a first delivery is sent before it has written (the later ones are reserved): one that was killed then left
        no row, or only that of another message of his which does not know it. Nor would it after further deliveries
        that were given back unsent; a row that may have forgotten it is not believed to know less each time.
        """
        again = [
            one for one in self.deliveries if one.receive_count > 1 and one.message_id not in self.counted_messages
        ]
        if row is None:
            return len(again)
        unknown = [one for one in again if not row.knows(one.message_id)]
        return sum(one.receive_count == 2 or not row.forgets for one in unknown)

    def join(self, delivery: Delivery) -> None:
        """Another message of his; during his call it shares the outcome, and nobody looks it up any more."""
        self.deliveries.append(delivery)
        self.outcome_unknown = self.outcome_unknown or (self.is_in_call and delivery.receive_count > 1)

    def mark_counted(self) -> None:
        """The row counts everything now."""
        self.unrecorded_attempts, self.counted_messages = (
            0,
            frozenset(delivery.message_id for delivery in self.deliveries),
        )

    def attempts_left(self, day: str) -> int:
        """Attempts that Zoom still allows him on this UTC day."""
        used = self.row.used(day) if self.row else 0
        return limits.ATTEMPTS_PER_DAY - used - self.uncounted_attempts(self.row) - self.unrecorded_attempts

    def is_reserved_on(self, day: str) -> bool:
        """Whether the row counts the call under way on this UTC day; one of long before midnight is none of it."""
        return self.reserved and self.row is not None and self.row.used(day) > 0

    def count_attempt(self, day: str) -> None:
        """The call under way has used up an attempt, and is not the last one."""
        if not self.is_reserved_on(day):
            self.unrecorded_attempts += 1
        self.reserved = False
        self.was_refused_with_others = True

    def drop(self, finished: Sequence[Delivery]) -> bool:
        """Drop deliveries that are finished; the next one leads, with its own names. False if none is left."""
        self.deliveries = [delivery for delivery in self.deliveries if delivery not in finished]
        if self.deliveries:
            self.details = Registrant.from_message(self.first_delivery.body)
        return bool(self.deliveries)
