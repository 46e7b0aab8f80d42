"""Carry out decisions: write the row, then send any dead letter, then delete the message, in that order (contract 5).

Where an AWS call fails, the message is abandoned, so that none is deleted whose outcome is not stored.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from registrar.observability.telemetry import Telemetry
from registrar.outcomes import join_urls, row_transitions
from registrar.outcomes.outcome import Decision, Deferred, PendingApproval, Registered, Rejected, not_served
from registrar.outcomes.reconciled import after_last_call
from registrar.outcomes.retry_schedule import Random, backoff
from registrar.queue.dead_letter import DeadLetter
from registrar.queue.delivery import Delivery
from registrar.queue.in_flight import InFlightMessages
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import InvalidRegistrant, RegistrantError
from registrar.registrants.row import Row, utc_day
from registrar.registration.refused_webinars import RefusedWebinars
from registrar.registration.row_writer import FindListed, RowWriter
from registrar.runtime.deadline import Deadline
from registrar.storage.registrant_table import RegistrantTable, StorageError
from registrar.zoom.responses import CallInfo


class Settlement:
    """Carries out decisions; `sums` counts registrants by outcome."""

    def __init__(
        self,
        in_flight: InFlightMessages,
        table: RegistrantTable,
        deadline: Deadline,
        telemetry: Telemetry,
        find_listed: FindListed,
        refused_webinars: RefusedWebinars,
        random: Random,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._in_flight = in_flight
        self._telemetry = telemetry
        self._refused_webinars = refused_webinars
        self._random = random
        self._clock = clock
        self._rows = RowWriter(table, deadline, telemetry, find_listed, self._abandon, clock)
        self.sums: Counter[str] = Counter()

    @property
    def storage_failed(self) -> bool:
        """Return whether outcomes of further calls could not be stored, so that no call should start."""
        return self._rows.storage_failed

    def settle(self, decisions: Sequence[Decision], day: str) -> None:
        """Carry out the decisions on one batch; `day` is the UTC date on which its call ended."""
        registered = [decision for decision in decisions if isinstance(decision.outcome, Registered)]
        new = [decision for decision in registered if decision.registrant.row is None]
        again = [decision for decision in registered if decision.registrant.row is not None]
        others = [decision for decision in decisions if not isinstance(decision.outcome, Registered)]
        settled = self._rows.store_new(new, day) + self._rows.store([*again, *others], day)
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
        self._refused_webinars.note(settled)

    def already_registered(self, registrants: Sequence[QueuedRegistrant]) -> None:
        """Delete the messages of registrants of one webinar whose rows say registered.

        An earlier delivery may have been sent after the call that the row is of, by an invocation that was killed, or a
        call of this invocation that was refused may have registered some: Zoom may have replaced the join URL, and
        Zoom's list decides.
        """
        replaceable = [
            Decision(registrant, join_urls.registration_of(registrant.row))
            for registrant in registrants
            if registrant.received_before or registrant.was_refused_with_others
        ]
        now, called = self._clock(), any(decision.registrant.was_refused_with_others for decision in replaceable)
        since = now if called or not replaceable else after_last_call([one.registrant.row for one in replaceable], now)
        decisions = self._rows.as_listed(replaceable, since) if replaceable else []
        replaced = [one for one in decisions if one.outcome != join_urls.registration_of(one.registrant.row)]
        if replaced:
            self.settle(replaced, utc_day(self._clock()))
        asked_later = {one.registrant.key for one in replaceable} - {one.registrant.key for one in decisions}
        settled = asked_later | {one.registrant.key for one in replaced}
        for registrant in self._rows.note_submissions([one for one in registrants if one.key not in settled]):
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

    def complete_deletion(self, deliveries: Sequence[Delivery]) -> None:
        """Delete deliveries of a message whose row says pending approval: a second call could only lose that row."""
        self._in_flight.delete(deliveries)
        self.sums["skipped"] += len(deliveries)

    def reject_unreadable(self, delivery: Delivery, error: RegistrantError) -> None:
        """Dead-letter a message that holds no valid registrant; write a row if it has a webinar id and an e-mail."""
        reason = Reason.MALFORMED_MESSAGE
        if isinstance(error, InvalidRegistrant):
            reason = Reason.INVALID_REGISTRANT
            row = row_transitions.invalid(error, delivery)
            if error.key is not None and not self._rows.store_unsent(error.key, row, [delivery]):
                return
        self._telemetry.unreadable(delivery, reason, error)
        self._dead_letter([DeadLetter(delivery, reason, self._clock(), str(error))])
        self.sums["rejected"] += 1

    def reject_not_served(self, registrant: QueuedRegistrant) -> None:
        """Dead-letter the message of a registrant whom this version registers nowhere; write a row."""
        decision, now = not_served(registrant), self._clock()
        row = row_transitions.settled(None, decision, utc_day(now), now)
        if row is not None and self._rows.store_unsent(registrant.key, row, registrant.deliveries):
            self._telemetry.settled(decision)
            self._dead_letter(_dead_letters(decision, now))
            self.sums["rejected"] += 1

    def not_stored(self, deliveries: Iterable[Delivery], error: StorageError) -> None:
        """Abandon messages whose row could not be read or written; they come back after a growing delay."""
        self._rows.not_stored(deliveries, error)

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
