"""Verdicts are carried out: first the row, then the dead letter, then the acknowledgement (contract 5).

In: verdicts, and messages of which nobody can be made. Out: nothing; each delivery is acknowledged, deferred or buried;
where our own side fails it is given back, so that nobody is acknowledged who is not stored.
"""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from registrar import limits
from registrar.observability.telemetry import Telemetry
from registrar.outcomes import row_transitions
from registrar.outcomes.outcome import Decision, Deferred, PendingApproval, Registered, Rejected
from registrar.outcomes.retry_schedule import Random, backoff
from registrar.queue.dead_letter import DeadLetter
from registrar.queue.delivery import Delivery
from registrar.queue.in_flight import InFlightMessages
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import InvalidRegistrant, Key, RegistrantError
from registrar.registrants.row import Row, utc_day
from registrar.runtime.deadline import Deadline
from registrar.storage.registrant_table import RegistrantTable, StorageError
from registrar.zoom.client import CallInfo


class Settlement:
    """Carries out what was decided.

    `sums` counts the people by what became of them. `store_failed` says that the table refused something: whoever is
    sent now could not be stored, so nobody should be.
    """

    def __init__(
        self,
        inbox: InFlightMessages,
        store: RegistrantTable,
        time_left: Deadline,
        telemetry: Telemetry,
        random: Random,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inbox = inbox
        self._store = store
        self._time_left = time_left
        self._telemetry = telemetry
        self._random = random
        self._clock = clock
        self.sums: Counter[str] = Counter()
        self.store_failed = False

    def settle(self, verdicts: Sequence[Decision], day: str) -> None:
        """Carry out the verdicts on one batch; `day` is the UTC date on which its call ended."""
        registered = [verdict for verdict in verdicts if isinstance(verdict.outcome, Registered)]
        others = [verdict for verdict in verdicts if not isinstance(verdict.outcome, Registered)]
        settled = self._stored_registered(registered, day) + self._stored_one_by_one(others, day)
        self._bury([letter for verdict in settled for letter in _letters(verdict, self._clock())])
        waits: defaultdict[float, list[Delivery]] = defaultdict(list)
        for verdict in settled:
            self._telemetry.settled(verdict)
            if isinstance(verdict.outcome, Deferred):
                waits[verdict.outcome.until] += verdict.person.deliveries
        for until, deliveries in waits.items():
            self._inbox.defer(deliveries, until)
        self._inbox.acknowledge(
            delivery
            for verdict in settled
            if isinstance(verdict.outcome, (Registered, PendingApproval))
            for delivery in verdict.person.deliveries
        )
        self.sums.update(type(verdict.outcome).__name__.lower() for verdict in settled)

    def already_registered(self, person: QueuedRegistrant) -> None:
        """His row stands: nothing is left to do but to acknowledge."""
        self._inbox.acknowledge(person.deliveries)
        self._telemetry.already_registered(person)
        self.sums["skipped"] += 1

    def forget(self, deliveries: Sequence[Delivery]) -> None:
        """Their people asked to be forgotten: acknowledged, without a call, a row or a letter."""
        self._inbox.acknowledge(deliveries)
        self._telemetry.forgotten(deliveries)
        self.sums["forgotten"] += len(deliveries)

    def wait_longer(self, person: QueuedRegistrant, until: float) -> None:
        """His wait is longer than SQS can hide a message at once: hide it again."""
        self._inbox.defer(person.deliveries, until)

    def complete_burial(self, delivery: Delivery, row: Row) -> None:
        """The row says rejected, and this very message is still here: the burial was begun and is completed."""
        reason = row.reason or Reason.ZOOM_REJECTED
        call = CallInfo(tracking_id=row.zoom_tracking_id)
        self._bury([DeadLetter(delivery, reason, self._clock(), row.detail or "", call)])

    def reject_unreadable(self, delivery: Delivery, error: RegistrantError) -> None:
        """Nobody can be made of this message: bury it, with a row where it says whom it is about."""
        reason = Reason.MALFORMED_MESSAGE
        if isinstance(error, InvalidRegistrant):
            reason = Reason.INVALID_REGISTRANT
            if error.key is not None and not self._row_of_invalid(error.key, error, delivery):
                return
        self._telemetry.unreadable(delivery, reason, error)
        self._bury([DeadLetter(delivery, reason, self._clock(), str(error))])
        self.sums["rejected"] += 1

    def not_stored(self, deliveries: Iterable[Delivery], error: StorageError) -> None:
        """Our own side failed: the people stay on the queue, and come back later and later."""
        self._note_failure(error)
        self._give_back(deliveries)

    def _note_failure(self, error: StorageError) -> None:
        self.store_failed = True
        self._telemetry.failed("store", str(error))

    def _stored_registered(self, verdicts: Sequence[Decision], day: str) -> list[Decision]:
        """Write the rows of the registered in batches; returns the verdicts whose row is safe."""
        now = self._clock()
        rows = {
            verdict.person.key: row_transitions.settled(_not_final(verdict), verdict, day, now) for verdict in verdicts
        }
        saved, errors = self._store.put({key: row for key, row in rows.items() if row is not None})
        for error in errors:
            self._note_failure(error)
        unsaved = [verdict.person for verdict in verdicts if verdict.person.key not in saved]
        self._give_back(delivery for person in unsaved for delivery in person.deliveries)
        return [verdict for verdict in verdicts if verdict.person.key in saved]

    def _stored_one_by_one(self, verdicts: Sequence[Decision], day: str) -> list[Decision]:
        """Write the rows of all others, each on the condition that he is not registered; returns what holds now."""
        stored, waiting, until = [], deque(verdicts), self._clock() + limits.STORE_SECONDS / 2
        while waiting and self._may_write(until):
            verdict = waiting.popleft()
            person = verdict.person
            change = partial(row_transitions.settled, verdict=verdict, day=day, now=self._clock())
            try:
                changed = self._store.change(person.key, person.row, change)
            except StorageError as error:
                self.not_stored(person.deliveries, error)
            else:
                stored.append(verdict if changed.written else _as_registered(verdict, changed.row))
        if waiting and not self.store_failed:
            self._note_failure(StorageError("RegistrantTable: too slow for the time that is left"))
        self._give_back(delivery for verdict in waiting for delivery in verdict.person.deliveries)
        return stored

    def _may_write(self, until: float) -> bool:
        """Whether another row may be tried: thirty waits for a table that hardly answers would outlast the function."""
        is_tired = self.store_failed and self._clock() >= until
        return not is_tired and self._time_left.seconds() > limits.STORE_SECONDS / 2

    def _row_of_invalid(self, key: Key, error: InvalidRegistrant, delivery: Delivery) -> bool:
        change = partial(row_transitions.invalid, error=error, delivery=delivery, day=utc_day(self._clock()))
        try:
            self._store.change(key, None, change)
        except StorageError as failure:
            self.not_stored([delivery], failure)
            return False
        return True

    def _bury(self, letters: Sequence[DeadLetter]) -> None:
        buried = self._inbox.bury(letters)
        self._inbox.acknowledge(buried)
        self.sums["buried"] += len(buried)
        self._give_back(letter.delivery for letter in letters if letter.delivery not in buried)

    def _give_back(self, deliveries: Iterable[Delivery]) -> None:
        returned = list(deliveries)
        self._telemetry.given_back(returned)
        self._inbox.give_back(returned, lambda receive_count: backoff(receive_count, self._random))


def _letters(verdict: Decision, now: float) -> list[DeadLetter]:
    """A dead letter a delivery of somebody rejected: each folded message keeps its own body."""
    match verdict.outcome:
        case Rejected(reason, detail):
            return [DeadLetter(delivery, reason, now, detail, verdict.call) for delivery in verdict.person.deliveries]
    return []


def _as_registered(verdict: Decision, row: Row | None) -> Decision:
    """Somebody else registered him meanwhile: that stands, whatever this answer said."""
    url = row.join_url if row else None
    return replace(verdict, outcome=Registered(url or "", row.registrant_id if row else None))


def _not_final(verdict: Decision) -> Row | None:
    """The row as far as its count of attempts matters: a registered one is simply written anew."""
    row = verdict.person.row
    return None if row is not None and row.is_registered else row
