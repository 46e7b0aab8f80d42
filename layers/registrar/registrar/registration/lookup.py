"""Look up the rows of a batch, and settle the registrants that need no call.

Registered: the message is deleted. Rejected because of this same message: its dead letter is sent, in case an earlier
invocation did not get that far. Deferred for longer than SQS can hide a message: it is hidden again.
"""

import time
from collections.abc import Callable, Sequence

from registrar import limits
from registrar.observability.telemetry import Telemetry
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import FINAL_WHEN_ALONE, Reason
from registrar.registrants.row import Row, Status, moment_of
from registrar.registration.settlement import Settlement
from registrar.storage.registrant_table import RegistrantTable, StorageError

# A message that is received a little before its time is tried. Only a deferral beyond SQS's longest visibility
# timeout leaves more than this.
_EARLY_SECONDS = limits.ACCOUNT_LIMIT_DEFERRAL_SECONDS


class Lookup:
    """Looks registrants up in RegistrantTable."""

    def __init__(
        self,
        table: RegistrantTable,
        settlement: Settlement,
        telemetry: Telemetry,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._table = table
        self._settlement = settlement
        self._telemetry = telemetry
        self._clock = clock

    def still_to_send(self, registrants: Sequence[QueuedRegistrant]) -> list[QueuedRegistrant]:
        """Read the rows, settle registrants that need no call, return the others with their rows."""
        try:
            rows = self._table.read(registrant.key for registrant in registrants)
        except StorageError as error:
            self._settlement.not_stored((one for registrant in registrants for one in registrant.deliveries), error)
            return []
        for registrant in registrants:
            row = registrant.row = rows.get(registrant.key)
            registrant.outcome_unknown = _may_be_registered(registrant, row)
            registrant.was_deferred = _was_deferred(registrant, row)
        self._telemetry.looked_up(registrants)
        registered = [registrant for registrant in registrants if registrant.row and registrant.row.is_registered]
        self._settlement.already_registered(registered)
        others = [registrant for registrant in registrants if registrant not in registered]
        return [registrant for registrant in others if not self._needs_no_call(registrant, registrant.row)]

    def _needs_no_call(self, registrant: QueuedRegistrant, row: Row | None) -> bool:
        if row is None:
            return False
        known = [delivery for delivery in registrant.deliveries if delivery.message_id == row.message_id]
        if row.status == Status.REJECTED:
            for delivery in known:
                self._settlement.complete_dead_letter(delivery, row)
            return not registrant.drop(known)
        if row.status == Status.PENDING_APPROVAL:
            self._settlement.complete_deletion(known)
            return not registrant.drop(known)
        until = moment_of(row.deferred_until)
        if until and until - self._clock() > _EARLY_SECONDS and len(known) == len(registrant.deliveries):
            self._settlement.wait_longer(registrant, until)
            return True
        return False


def _may_be_registered(registrant: QueuedRegistrant, row: Row | None) -> bool:
    """Return whether an earlier call may have registered them: it was made, and no response ruled it out."""
    if row is None:
        return registrant.uncounted_attempts(None) > 0
    return row.attempts is not None and row.reason not in FINAL_WHEN_ALONE


def _was_deferred(registrant: QueuedRegistrant, row: Row | None) -> bool:
    """Return whether this message was deferred before, for a reason other than the day's attempts."""
    if row is None or row.message_id != registrant.first_delivery.message_id:
        return False
    return row.reason != Reason.REGISTRANT_DAILY_LIMIT
