"""Carry out decisions: write the row, then send any dead letter, then delete the message, in that order (contract 5).

Where an AWS call fails, the message is abandoned, so that none is deleted whose outcome is not stored.
"""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from registrar import limits
from registrar.observability.telemetry import Telemetry
from registrar.outcomes import join_urls, row_transitions
from registrar.outcomes.outcome import Decision, Deferred, PendingApproval, Registered, Rejected
from registrar.outcomes.reconciled import after_last_call
from registrar.outcomes.retry_schedule import Random, backoff
from registrar.queue.dead_letter import DeadLetter
from registrar.queue.delivery import Delivery
from registrar.queue.in_flight import InFlightMessages
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import InvalidRegistrant, Key, RegistrantError
from registrar.registrants.row import Row, utc_day
from registrar.runtime.deadline import Deadline
from registrar.storage.registrant_table import Changed, RegistrantTable, StorageError, Throttled
from registrar.zoom.responses import CallInfo, Confirmation, ErrorResponse

# By webinar id and e-mails: those that Zoom lists, in a listing started at this moment (epoch seconds) or later.
FindListed = Callable[[str, Collection[str], float], Mapping[str, Confirmation] | ErrorResponse]


class Settlement:
    """Carries out decisions.

    `sums` counts registrants by outcome. `storage_failed`: outcomes of further calls could not be stored, so no call
    should start. A table that is too busy for some of the rows is no such failure.
    """

    def __init__(
        self,
        in_flight: InFlightMessages,
        table: RegistrantTable,
        deadline: Deadline,
        telemetry: Telemetry,
        find_listed: FindListed,
        random: Random,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._in_flight = in_flight
        self._table = table
        self._deadline = deadline
        self._telemetry = telemetry
        self._find_listed = find_listed
        self._random = random
        self._clock = clock
        self.sums: Counter[str] = Counter()
        self.storage_failed = False

    def settle(self, decisions: Sequence[Decision], day: str) -> None:
        """Carry out the decisions on one batch; `day` is the UTC date on which its call ended."""
        registered = [decision for decision in decisions if isinstance(decision.outcome, Registered)]
        new = [decision for decision in registered if decision.registrant.row is None]
        again = [decision for decision in registered if decision.registrant.row is not None]
        others = [decision for decision in decisions if not isinstance(decision.outcome, Registered)]
        settled = self._stored_in_batches(new, day) + self._stored_singly([*again, *others], day)
        self._dead_letter(
            [dead_letter for decision in settled for dead_letter in _dead_letters(decision, self._clock())]
        )
        waits: defaultdict[float, list[Delivery]] = defaultdict(list)
        for decision in settled:
            self._telemetry.settled(decision)
            if isinstance(decision.outcome, Deferred):
                waits[decision.outcome.until] += decision.registrant.deliveries
        for until, deliveries in waits.items():
            self._in_flight.defer(deliveries, until)
        self._in_flight.delete(
            delivery
            for decision in settled
            if isinstance(decision.outcome, (Registered, PendingApproval))
            for delivery in decision.registrant.deliveries
        )
        self.sums.update(type(decision.outcome).__name__.lower() for decision in settled)

    def already_registered(self, registrants: Sequence[QueuedRegistrant]) -> None:
        """Delete the messages of registrants of one webinar whose rows say registered.

        An earlier delivery may have been sent after the call that the row is of, by an invocation that was killed, or a
        call of this invocation that was refused may have registered some: Zoom may have replaced the join URL, and
        Zoom's list decides.
        """
        in_doubt = [
            Decision(registrant, join_urls.registration_of(registrant.row))
            for registrant in registrants
            if registrant.received_before or registrant.was_refused_with_others
        ]
        now, called = self._clock(), any(decision.registrant.was_refused_with_others for decision in in_doubt)
        since = now if called or not in_doubt else after_last_call([one.registrant.row for one in in_doubt], now)
        decisions = self._as_listed(in_doubt, since) if in_doubt else []
        replaced = [one for one in decisions if one.outcome != join_urls.registration_of(one.registrant.row)]
        if replaced:
            self.settle(replaced, utc_day(self._clock()))
        asked_later = {one.registrant.key for one in in_doubt} - {one.registrant.key for one in decisions}
        settled = asked_later | {one.registrant.key for one in replaced}
        for registrant in registrants:
            if registrant.key not in settled:
                self._in_flight.delete(registrant.deliveries)
                self._telemetry.already_registered(registrant)
                self.sums["skipped"] += 1

    def drop_suppressed(self, deliveries: Sequence[Delivery]) -> None:
        """Delete messages of erased people, without a call, a row or a dead letter."""
        self._in_flight.delete(deliveries)
        self._telemetry.forgotten(deliveries)
        self.sums["forgotten"] += len(deliveries)

    def wait_longer(self, registrant: QueuedRegistrant, until: float) -> None:
        """Hide messages again whose deferral is longer than SQS's longest visibility timeout."""
        self._in_flight.defer(registrant.deliveries, until)

    def complete_dead_letter(self, delivery: Delivery, row: Row) -> None:
        """Send the dead letter of a message that is still queued although its row says rejected."""
        reason = row.reason or Reason.ZOOM_REJECTED
        call = CallInfo(tracking_id=row.zoom_tracking_id)
        self._dead_letter([DeadLetter(delivery, reason, self._clock(), row.detail or "", call)])

    def reject_unreadable(self, delivery: Delivery, error: RegistrantError) -> None:
        """Dead-letter a message that holds no valid registrant; write a row if it has a webinar id and an e-mail."""
        reason = Reason.MALFORMED_MESSAGE
        if isinstance(error, InvalidRegistrant):
            reason = Reason.INVALID_REGISTRANT
            if error.key is not None and not self._row_of_invalid(error.key, error, delivery):
                return
        self._telemetry.unreadable(delivery, reason, error)
        self._dead_letter([DeadLetter(delivery, reason, self._clock(), str(error))])
        self.sums["rejected"] += 1

    def not_stored(self, deliveries: Iterable[Delivery], error: StorageError) -> None:
        """Abandon messages whose outcome could not be stored; they come back after a growing delay."""
        self._note_failure(error)
        self._abandon(deliveries)

    def _note_failure(self, error: StorageError) -> None:
        self.storage_failed = self.storage_failed or not isinstance(error, Throttled)
        self._telemetry.failed("store", str(error))

    # ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _stored_in_batches(self, decisions: Sequence[Decision], day: str) -> list[Decision]:
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

    def _stored_singly(self, decisions: Sequence[Decision], day: str) -> list[Decision]:
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
                else:
                    stored.append(join_urls.as_registered(decision, changed.row))
            if not overtaken:
                break
            decisions = self._as_listed(overtaken, self._clock())
        else:
            error = StorageError("RegistrantTable: others registered the same registrants at each try")
            self.not_stored([one for decision in overtaken for one in decision.registrant.deliveries], error)
        return stored

    def _as_listed(self, decisions: Sequence[Decision], not_before: float) -> list[Decision]:
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

    def _row_of_invalid(self, key: Key, error: InvalidRegistrant, delivery: Delivery) -> bool:
        change = partial(row_transitions.invalid, error=error, delivery=delivery, day=utc_day(self._clock()))
        try:
            self._table.change(key, None, change)
        except StorageError as failure:
            self.not_stored([delivery], failure)
            return False
        return True

    def _dead_letter(self, dead_letters: Sequence[DeadLetter]) -> None:
        accepted = self._in_flight.dead_letter(dead_letters)
        self._in_flight.delete(accepted)
        self.sums["buried"] += len(accepted)
        self._abandon(dead_letter.delivery for dead_letter in dead_letters if dead_letter.delivery not in accepted)

    def _abandon(self, deliveries: Iterable[Delivery]) -> None:
        returned = list(deliveries)
        self._telemetry.abandoned(returned)
        self._in_flight.abandon(returned, lambda receive_count: backoff(receive_count, self._random))


def _dead_letters(decision: Decision, now: float) -> list[DeadLetter]:
    """Return one dead letter per delivery of a rejected registrant: each duplicate keeps its own body."""
    match decision.outcome:
        case Rejected(reason, detail):
            return [
                DeadLetter(delivery, reason, now, detail, decision.call) for delivery in decision.registrant.deliveries
            ]
    return []
