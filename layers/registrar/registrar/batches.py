"""The people in hand: folded by identity, grouped by webinar, handed out in batches of up to 30. Pure.

In: deliveries and the registrants read from them. Out: batches, each of one webinar, the fullest webinar first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from registrar import limits
from registrar.delivery import Delivery
from registrar.registrant import Key, Registrant
from registrar.row import Row

T = TypeVar("T")


@dataclass
class Person:
    """One identity in hand. The first delivery is the one that is sent; the others were folded onto it."""

    registrant: Registrant
    deliveries: list[Delivery]
    row: Row | None = None
    looked_up_at: float = 0.0  # epoch seconds
    reserved: bool = False  # the row counts the coming attempt already
    tried: int = 0  # attempts of this invocation that the row does not count yet
    was_refused_with_others: bool = False  # in this invocation: a part of them may have been taken all the same
    outcome_unknown: bool = False  # an earlier call may have registered him

    @property
    def key(self) -> Key:
        return self.registrant.key

    @property
    def lead(self) -> Delivery:
        """The delivery whose registrant is sent, and which the row names."""
        return self.deliveries[0]

    @property
    def received_before(self) -> bool:
        """Whether an earlier delivery of any of his messages may have been sent, and killed before it could write."""
        return any(delivery.receive_count > 1 for delivery in self.deliveries)

    def attempts_left(self, day: str) -> int:
        """Attempts that Zoom still allows him on this UTC day; an earlier delivery that left no row counts as one."""
        used = self.row.used(day) if self.row else int(self.received_before)
        return limits.ATTEMPTS_PER_DAY - used - self.tried

    def is_reserved_on(self, day: str) -> bool:
        """Whether the row counts the call under way; what was reserved before midnight says nothing of the new day."""
        return self.reserved and self.row is not None and self.row.attempts_on == day

    def count_attempt(self, day: str) -> None:
        """The call under way has used up an attempt, and is not the last one."""
        if not self.is_reserved_on(day):
            self.tried += 1
        self.reserved = False
        self.was_refused_with_others = True

    def goes_on_without(self, finished: Sequence[Delivery]) -> bool:
        """Drop deliveries that are finished; the next one leads, with its own names. False if none is left."""
        self.deliveries = [delivery for delivery in self.deliveries if delivery not in finished]
        if self.deliveries:
            self.registrant = Registrant.from_message(self.lead.body)
        return bool(self.deliveries)


class Hand:
    """Everybody received and not yet sent."""

    def __init__(self) -> None:
        self._webinars: dict[str, dict[str, Person]] = {}

    def __len__(self) -> int:
        return sum(len(people) for people in self._webinars.values())

    def find(self, key: Key) -> Person | None:
        """The person of this identity, so that an equal one can be folded onto him."""
        return self._webinars.get(key.webinar_id, {}).get(key.email)

    def add(self, person: Person) -> None:
        """Take somebody in who is not there yet."""
        self._webinars.setdefault(person.key.webinar_id, {})[person.key.email] = person

    @property
    def holds_full_batch(self) -> bool:
        """Whether some webinar has enough people for a call that wastes nothing."""
        return any(len(people) >= limits.REGISTRANTS_PER_CALL for people in self._webinars.values())

    @property
    def calls_needed(self) -> int:
        """Calls that it takes to send everybody in hand."""
        return sum(-(-len(people) // limits.REGISTRANTS_PER_CALL) for people in self._webinars.values())

    def next_batch(self) -> list[Person]:
        """Take out up to 30 of the fullest webinar, in the order in which they came; empty when nobody is in hand."""
        if not self._webinars:
            return []
        webinar_id = max(self._webinars, key=lambda webinar: len(self._webinars[webinar]))
        people = self._webinars[webinar_id]
        batch = [people.pop(email) for email in list(people)[: limits.REGISTRANTS_PER_CALL]]
        if not people:
            del self._webinars[webinar_id]
        return batch

    def take_all(self) -> list[Person]:
        """Take out everybody."""
        everybody = [person for people in self._webinars.values() for person in people.values()]
        self._webinars.clear()
        return everybody


def folded(found: Iterable[tuple[Delivery, Registrant]], hand: Hand) -> list[Person]:
    """Put equal people together, onto the one in hand where there is one; returns those who are new."""
    new: dict[Key, Person] = {}
    for delivery, registrant in found:
        person = hand.find(registrant.key) or new.get(registrant.key)
        if person is None:
            new[registrant.key] = Person(registrant, [delivery])
        else:
            person.deliveries.append(delivery)
    return list(new.values())


def chunks(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    """The items in order, at most `size` at a time."""
    everything = list(items)
    return (everything[start : start + size] for start in range(0, len(everything), size))
