"""The people in hand: folded by identity, grouped by webinar, handed out in batches of up to 30. Pure.

In: deliveries and the registrants read from them. Out: batches, each of one webinar, the fullest webinar first. But
nobody waits for more than five calls for each webinar that waits beside the fullest: whoever has let four for each of
them pass goes next, the longest waiting first, and before all of them have gone each has one more. Until then his call
may be filled.

A batch that was handed out is on its way until it has landed. Whoever comes meanwhile and is in it shares its outcome
while its call lasts; before and after that he waits until it has landed, and is looked up anew.
"""

from collections.abc import Collection, Sequence
from itertools import islice

from registrar import limits
from registrar.queue.delivery import Delivery
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.registrant import Key, Registrant

_People = dict[Key, QueuedRegistrant]


class Batcher:
    """Everybody received and not yet settled."""

    def __init__(self) -> None:
        self._webinars: dict[str, _People] = {}
        self._on_the_way: _People = {}
        self._parked: _People = {}  # their like is on the way
        self._handed_out = 0
        self._arrived = 0

    def __len__(self) -> int:
        """How many wait; whoever is on the way does not."""
        return sum(map(len, self._webinars.values())) + len(self._parked)

    def take_in(self, delivery: Delivery, registrant: Registrant, now: float) -> None:
        """Add somebody new, or fold the message onto whoever is there; `now` in epoch seconds."""
        person = self._alike(registrant.key)
        if person is not None:
            person.join(delivery)
            return
        self._arrived += 1
        self._add(QueuedRegistrant(registrant, [delivery], self._arrived, came_at=self._handed_out, arrived_at=now))

    def next_batch(
        self, now: float, *, incomplete: bool, waited: float = 0.0, passed_over: Collection[str] = ()
    ) -> list[QueuedRegistrant]:
        """Hand out up to 30 people of one webinar, in the order in which they came; nobody if there is no such call.

        `incomplete`: fewer will do, where the first has been in hand for `waited` seconds. `passed_over`: webinars that
        take no call now.
        """
        waiting = {webinar: people for webinar, people in self._webinars.items() if webinar not in passed_over}
        due = {webinar for webinar, people in waiting.items() if now - _first(people).arrived_at >= waited}
        callable_now = [
            webinar
            for webinar, people in waiting.items()
            if len(people) >= limits.REGISTRANTS_PER_CALL or (incomplete and webinar in due)
        ]
        if not callable_now:
            return []
        fullest = max(callable_now, key=lambda webinar: len(waiting[webinar]))
        patience = limits.PATIENCE_CALLS * (len(waiting) - 1)
        out_of_patience = [
            webinar for webinar in due - {fullest} if self._handed_out - _first(waiting[webinar]).came_at >= patience
        ]
        self._handed_out += 1
        return self._hand_out(min(out_of_patience, key=lambda webinar: _first(waiting[webinar]).place, default=fullest))

    def landed(self, batch: Sequence[QueuedRegistrant]) -> None:
        """Whatever became of these, it is stored: whoever waited for that can be looked up."""
        for person in batch:
            del self._on_the_way[person.key]
            parked = self._parked.pop(person.key, None)
            if parked is not None:
                self._add(parked)

    def sends_for(self, webinar_id: str) -> bool:
        """Whether a batch of this webinar is on its way."""
        return any(key.webinar_id == webinar_id for key in self._on_the_way)

    @property
    def calls_needed(self) -> int:
        """Calls that it takes to send everybody who waits."""
        return sum(-(-len(people) // limits.REGISTRANTS_PER_CALL) for people in self._webinars.values())

    def _alike(self, key: Key) -> QueuedRegistrant | None:
        """Whoever takes a message of this identity in; None if there is nobody yet."""
        sent = self._on_the_way.get(key)
        if sent is None:
            return self._webinars.get(key.webinar_id, {}).get(key)
        return sent if sent.is_in_call else self._parked.get(key)

    def _add(self, person: QueuedRegistrant) -> None:
        if person.key in self._on_the_way:
            self._parked[person.key] = person
        else:
            self._webinars.setdefault(person.key.webinar_id, {})[person.key] = person

    def _hand_out(self, webinar_id: str) -> list[QueuedRegistrant]:
        people = self._webinars[webinar_id]
        batch = [people.pop(key) for key in list(islice(people, limits.REGISTRANTS_PER_CALL))]
        if not people:
            del self._webinars[webinar_id]
        self._on_the_way.update((person.key, person) for person in batch)
        return batch


def _first(people: _People) -> QueuedRegistrant:
    return next(iter(people.values()))
