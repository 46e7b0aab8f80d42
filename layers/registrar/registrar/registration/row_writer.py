"""Write the rows of decisions, and settle by Zoom's list which join URL is valid where another call came between.

A message whose row could not be written is abandoned, so that none is deleted whose outcome is not stored.
"""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from registrar import limits
from registrar.observability.telemetry import Telemetry
from registrar.outcomes import join_urls, row_transitions
from registrar.outcomes.outcome import Decision
from registrar.queue.delivery import Delivery
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, timestamp, utc_day
from registrar.runtime.deadline import Deadline
from registrar.storage.registrant_table import Changed, RegistrantTable, StorageError, Throttled
from registrar.zoom.responses import Confirmation, ErrorResponse

# By webinar id and e-mails: those that Zoom lists, in a listing started at this moment (epoch seconds) or later.
FindListed = Callable[[str, Collection[str], float], Mapping[str, Confirmation] | ErrorResponse]


class RowWriter:
    """Writes rows to RegistrantTable.

    `storage_failed`: outcomes of further calls could not be stored, so no call should start. A table that is too busy
    for some of the rows is no such failure.
    """

    def __init__(
        self,
        table: RegistrantTable,
        deadline: Deadline,
        telemetry: Telemetry,
        find_listed: FindListed,
        abandon: Callable[[Iterable[Delivery]], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._table = table
        self._deadline = deadline
        self._telemetry = telemetry
        self._find_listed = find_listed
        self._abandon = abandon
        self._clock = clock
        self.storage_failed = False

    def store_new(self, decisions: Sequence[Decision], day: str) -> list[Decision]:
        """Write rows of `registered` where there was none; return the decisions whose row is stored."""
        now = self._clock()
        rows = {decision.registrant.key: row_transitions.settled(None, decision, day, now) for decision in decisions}
        saved, errors = self._table.put({key: row for key, row in rows.items() if row is not None})
        for error in errors:
            self._note_failure(error)
        if errors and not saved:
            self.storage_failed = True  # not even one row in all that time
        unsaved = [decision.registrant for decision in decisions if decision.registrant.key not in saved]
        self._abandon(delivery for registrant in unsaved for delivery in registrant.deliveries)
        return [decision for decision in decisions if decision.registrant.key in saved]

    def store(self, decisions: Sequence[Decision], day: str) -> list[Decision]:
        """Write rows on a condition; return the decisions that are stored, as `registered` where the row says so.

        A row that says registered is changed only to the join URL that is valid at Zoom: a later call may have replaced
        that of an earlier one. So a registration is stored on the condition that no other one came between; where one
        did, Zoom's list decides.
        """
        stored: list[Decision] = []
        overtaken: list[Decision] = []
        for _ in range(limits.CONFLICT_TRIES):
            overtaken = []
            for decision, changed in self._changed(decisions, day):
                if changed.written:
                    stored.append(decision)
                elif join_urls.may_have_replaced(decision, changed.row):
                    decision.registrant.row = changed.row
                    overtaken.append(decision)
                elif self._noted(decision.registrant, changed.row):
                    stored.append(join_urls.as_registered(decision, changed.row))
            if not overtaken:
                break
            decisions = self.as_listed(overtaken, self._clock())
        else:
            error = StorageError("RegistrantTable: others registered the same registrants at each try")
            self.not_stored([one for decision in overtaken for one in decision.registrant.deliveries], error)
        return stored

    def as_listed(self, decisions: Sequence[Decision], not_before: float) -> list[Decision]:
        """Return decisions on registrants of one webinar with the join URLs that Zoom lists.

        Where the list cannot be read for now, messages of rows that say registered return to the queue, to ask later.
        """
        keys = [decision.registrant.key for decision in decisions]
        found = self._find_listed(keys[0].webinar_id, [key.email for key in keys], not_before)
        if not isinstance(found, ErrorResponse):
            return [join_urls.with_listed_url(one, found.get(one.registrant.key.email)) for one in decisions]
        later = [one for one in decisions if join_urls.is_asked_later(one.registrant, found, self._clock())]
        self._abandon(delivery for decision in later for delivery in decision.registrant.deliveries)
        return [join_urls.with_listed_url(one, None) for one in decisions if one not in later]

    def _changed(self, decisions: Sequence[Decision], day: str) -> Iterator[tuple[Decision, Changed]]:
        """Change the rows; yield what became of each unless the write failed."""
        waiting, until = deque(decisions), self._clock() + self._seconds_for_rows()
        while waiting and self._may_write(until):
            decision = waiting.popleft()
            registrant = decision.registrant
            change = partial(join_urls.settled_unless_overtaken, decision=decision, day=day, now=self._clock())
            try:
                changed = self._table.change(registrant.key, registrant.row, change, until)
            except StorageError as error:
                self.not_stored(registrant.deliveries, error)
            else:
                yield decision, changed
        if waiting and not self.storage_failed:
            self._note_failure(StorageError("RegistrantTable: too slow for the time that is left"))
        self._abandon(delivery for decision in waiting for delivery in decision.registrant.deliveries)

    def _seconds_for_rows(self) -> float:
        """Return how long to wait for a busy table: half of the time kept for storing, less near the end."""
        return min(limits.STORE_SECONDS / 2, self._deadline.seconds() - limits.STORE_SECONDS / 2)

    def _may_write(self, until: float) -> bool:
        """Return whether to try another row: thirty waits for a slow table would outlast the function."""
        is_failing = self.storage_failed and self._clock() >= until
        return not is_failing and self._deadline.seconds() > limits.STORE_SECONDS / 2

    def note_submissions(self, registrants: Sequence[QueuedRegistrant]) -> list[QueuedRegistrant]:
        """Note in rows that say registered that they have settled these submissions too; return those whose row does.

        Their status would otherwise tell that the e-mail was registered before, or stay `queued`.
        """
        return [registrant for registrant in registrants if self._noted(registrant, registrant.row)]

    def _noted(self, registrant: QueuedRegistrant, row: Row | None) -> bool:
        now = self._clock()
        submitted = min(registrant.last_submitted, now)
        if submitted <= (row.newest_submission if row else 0.0):
            return True
        until = now + self._seconds_for_rows()
        if not self._may_write(until):
            self._abandon(registrant.deliveries)
            return False
        try:
            self._table.note_submission(registrant.key, timestamp(submitted), until)
        except StorageError as error:
            self.not_stored(registrant.deliveries, error)
            return False
        return True

    def store_unsent(self, key: Key, rejected: Row, deliveries: Sequence[Delivery]) -> bool:
        """Write the row of a registrant that no call can carry; return whether it is stored."""
        change = partial(row_transitions.unsent, rejected=rejected, day=utc_day(self._clock()))
        try:
            self._table.change(key, None, change)
        except StorageError as failure:
            self.not_stored(deliveries, failure)
            return False
        return True

    def not_stored(self, deliveries: Iterable[Delivery], error: StorageError) -> None:
        """Abandon messages whose outcome could not be stored."""
        self._note_failure(error)
        self._abandon(deliveries)

    def _note_failure(self, error: StorageError) -> None:
        self.storage_failed = self.storage_failed or not isinstance(error, Throttled)
        self._telemetry.failed("store", str(error))
