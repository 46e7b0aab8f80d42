"""Count an attempt before it is made, for registrants that were tried before or may have been.

Without the reservation they are not sent. A first delivery without a row needs none: a failure is written afterwards.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial

from registrar import limits
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

    def reserve(self, registrants: Sequence[QueuedRegistrant], day: str) -> list[QueuedRegistrant]:
        """Reserve an attempt of this UTC day where one is needed; return the registrants that may be sent.

        If the table fails, none may be sent, because outcomes could not be stored. Those that may not be sent stay in
        flight; so do registrants for whose reservation no time is left.
        """
        until = self._clock() + limits.STORE_SECONDS / 2
        reserved = [
            registrant
            for registrant in registrants
            if not _may_have_been_sent(registrant) or self._reserve(registrant, day, until)
        ]
        return [] if self._settlement.storage_failed else reserved

    def _reserve(self, registrant: QueuedRegistrant, day: str, until: float) -> bool:
        if self._settlement.storage_failed or not self._deadline.allows_call():
            return False  # thirty waits for a slow table would outlast the function
        known = registrant.all_deliveries  # others may arrive during the write
        returns_at = self._clock() + self._deadline.visibility_timeout()
        change = partial(row_transitions.reserved, registrant=registrant, day=day, returns_at=returns_at)
        try:
            changed = self._table.change(registrant.key, registrant.row, change, until)
        except StorageError as error:
            self._settlement.not_stored(registrant.deliveries, error)
            return False
        registrant.row, registrant.reserved = changed.row, changed.written
        if changed.written:
            registrant.mark_counted(known)
        elif changed.row is not None and changed.row.is_registered:
            self._settlement.already_registered([registrant])
        else:
            self._settlement.settle([no_attempt_left(registrant, self._clock(), self._random)], day)
        return changed.written


def _may_have_been_sent(registrant: QueuedRegistrant) -> bool:
    return registrant.row is not None or registrant.uncounted_attempts(None) > 0 or registrant.unrecorded_attempts > 0
