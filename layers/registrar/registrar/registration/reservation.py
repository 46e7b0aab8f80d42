"""The attempt is counted before it is made, for whoever was tried before or may have been (design 3.5).

In: the people of a call. Out: those for whom an attempt is left; the others are settled. No reservation, no call.
Whoever comes for the first time and has no row costs no write: a failure is written afterwards.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial

from registrar.outcomes import row_transitions
from registrar.outcomes.outcome import no_attempt_left
from registrar.outcomes.retry_schedule import Random
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registration.settlement import Settlement
from registrar.runtime.deadline import Deadline
from registrar.storage.registrant_table import RegistrantTable, StorageError


class Reservation:
    """Reserves attempts in RegistrantTable."""

    def __init__(
        self,
        table: RegistrantTable,
        settlement: Settlement,
        deadline: Deadline,
        random: Random,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._table = table
        self._settlement = settlement
        self._deadline = deadline
        self._random = random
        self._clock = clock

    def reserve(self, people: Sequence[QueuedRegistrant], day: str) -> list[QueuedRegistrant]:
        """Reserve an attempt of this UTC day for everybody who needs one; returns who may be sent.

        Nobody, if the table fails: what becomes of them could not be stored. They stay in hand, and so does whoever
        comes too late for a table that is slow.
        """
        reserved = [person for person in people if not _may_have_been_sent(person) or self._reserve(person, day)]
        return [] if self._settlement.storage_failed else reserved

    def _reserve(self, person: QueuedRegistrant, day: str) -> bool:
        if self._settlement.storage_failed or not self._deadline.allows_call():
            return False  # thirty waits for a table that hardly answers would outlast the function
        returns_at = self._clock() + self._deadline.visibility_timeout()
        change = partial(row_transitions.reserved, person=person, day=day, returns_at=returns_at)
        try:
            changed = self._table.change(person.key, person.row, change)
        except StorageError as error:
            self._settlement.not_stored(person.deliveries, error)
            return False
        person.row, person.reserved = changed.row, changed.written
        if changed.written:
            person.mark_counted()
        elif changed.row is not None and changed.row.is_registered:
            self._settlement.already_registered(person)
        else:
            self._settlement.settle([no_attempt_left(person, self._clock(), self._random)], day)
        return changed.written


def _may_have_been_sent(person: QueuedRegistrant) -> bool:
    return person.row is not None or person.received_before or person.unrecorded_attempts > 0
