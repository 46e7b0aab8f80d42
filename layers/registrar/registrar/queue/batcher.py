"""Deduplicate registrants by identity, group them by webinar, and form batches of up to 30. Pure.

The fullest webinar goes first. Fairness: with w webinars waiting, none waits longer than 5·(w - 1) calls; one passed
over 4·(w - 1) times goes next, oldest first. Until then its call may be filled.

A batch is in progress from `next_batch` to `finished`. A duplicate that arrives during its registrant's call shares the
outcome; before or after the call it waits until the batch has finished, and is looked up then. Until then the batch
counts the attempt that an earlier delivery of it may have used.
"""

from collections.abc import Collection, Sequence
from heapq import nsmallest

from registrar import limits
from registrar.queue.delivery import Delivery
from registrar.queue.queued_registrant import QueuedRegistrant, by_age, submission_moment, submitted_moment
from registrar.registrants.registrant import Key, Registrant

_Registrants = dict[Key, QueuedRegistrant]


class Batcher:
    """Registrants that were received and are not settled yet."""

    def __init__(self) -> None:
        self._webinars: dict[str, _Registrants] = {}
        self._in_progress: _Registrants = {}
        self._duplicates_waiting: _Registrants = {}
        self._batches = 0
        self._received = 0

    def __len__(self) -> int:
        """Return how many registrants wait; those in progress do not count."""
        return sum(map(len, self._webinars.values())) + len(self._duplicates_waiting)

    def add(self, delivery: Delivery, details: Registrant, now: float) -> None:
        """Add a registrant, or a duplicate to a registrant added before; `now` is in epoch seconds."""
        sent = self._in_progress.get(details.key)
        if sent is not None and not sent.is_in_call:
            sent.add_waiting(delivery)
        registrant = self._find(details.key)
        if registrant is not None:
            registrant.add_duplicate(delivery, details)
            return
        self._received += 1
        registrant = QueuedRegistrant(
            details,
            [delivery],
            self._received,
            batches_before=self._batches,
            arrived_at=now,
            submitted_at=submitted_moment(delivery, details.submitted_at),
            last_submitted=submission_moment(details),
        )
        self._enqueue(registrant)

    def next_batch(
        self, now: float, *, incomplete: bool, waited: float = 0.0, passed_over: Collection[str] = ()
    ) -> list[QueuedRegistrant]:
        """Return up to 30 registrants of one webinar, the oldest submissions first; none if no batch is due.

        `incomplete` allows fewer than 30, once the first of them has waited for `waited` seconds. `passed_over`:
        webinars that take no call now.
        """
        waiting = {
            webinar: registrants for webinar, registrants in self._webinars.items() if webinar not in passed_over
        }
        due = {webinar for webinar, registrants in waiting.items() if now - _first(registrants).arrived_at >= waited}
        callable_now = [
            webinar
            for webinar, registrants in waiting.items()
            if len(registrants) >= limits.REGISTRANTS_PER_CALL or (incomplete and webinar in due)
        ]
        if not callable_now:
            return []
        fullest = max(callable_now, key=lambda webinar: len(waiting[webinar]))
        patience = limits.PATIENCE_CALLS * (len(waiting) - 1)
        out_of_patience = [
            webinar
            for webinar in due - {fullest}
            if self._batches - _first(waiting[webinar]).batches_before >= patience
        ]
        self._batches += 1
        return self._take_batch(
            min(out_of_patience, key=lambda webinar: _first(waiting[webinar]).position, default=fullest)
        )

    def finished(self, batch: Sequence[QueuedRegistrant]) -> None:
        """End a batch whose outcomes are stored; duplicates that waited for it can be looked up now."""
        for registrant in batch:
            del self._in_progress[registrant.key]
            duplicate = self._duplicates_waiting.pop(registrant.key, None)
            if duplicate is not None:
                self._enqueue(duplicate)

    def has_batch_in_progress(self, webinar_id: str) -> bool:
        """Return whether a batch of this webinar is in progress."""
        return any(key.webinar_id == webinar_id for key in self._in_progress)

    @property
    def calls_needed(self) -> int:
        """Return how many calls it takes to send all that wait."""
        return sum(-(-len(registrants) // limits.REGISTRANTS_PER_CALL) for registrants in self._webinars.values())

    def _find(self, key: Key) -> QueuedRegistrant | None:
        """Return the registrant that a message of this identity is added to, if there is one."""
        sent = self._in_progress.get(key)
        if sent is None:
            return self._webinars.get(key.webinar_id, {}).get(key)
        return sent if sent.is_in_call else self._duplicates_waiting.get(key)

    def _enqueue(self, registrant: QueuedRegistrant) -> None:
        if registrant.key in self._in_progress:
            self._duplicates_waiting[registrant.key] = registrant
        else:
            self._webinars.setdefault(registrant.key.webinar_id, {})[registrant.key] = registrant

    def _take_batch(self, webinar_id: str) -> list[QueuedRegistrant]:
        registrants = self._webinars[webinar_id]
        oldest = nsmallest(limits.REGISTRANTS_PER_CALL, registrants.values(), key=by_age)
        batch = [registrants.pop(registrant.key) for registrant in oldest]
        if not registrants:
            del self._webinars[webinar_id]
        self._in_progress.update((registrant.key, registrant) for registrant in batch)
        return batch


def _first(registrants: _Registrants) -> QueuedRegistrant:
    return next(iter(registrants.values()))
