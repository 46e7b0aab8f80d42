"""Send one batch: call Zoom, and follow each response: settle, split, reconcile or stop.

Afterwards every registrant of the batch is settled, or still in flight because sending stopped or time ran out. The
scope of an error response decides: a registrant's is split until they are alone, a webinar's closes the webinar, the
account's stops all sending.
"""

from collections import deque
from collections.abc import Collection, Sequence

from registrar.outcomes import isolation
from registrar.outcomes.outcome import Decision, Deferred, Rejected, decide
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.registrants.row import utc_day
from registrar.registration.calling import NO_TIME
from registrar.registration.invocation_state import Collaborators
from registrar.zoom.client import NO_CALL, BatchResponse, Confirmations, ErrorResponse
from registrar.zoom.errors import ErrorKind, Scope

_ZOOM_UNREACHABLE = ErrorResponse(
    NO_CALL, ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT, counts=False), "Zoom does not respond yet"
)


class Sending:
    """Sends one batch in as many calls as attempts and responses require.

    `has_called`: this batch no longer delays the next one. Its first call has taken a slot of the rate limit or is
    about to, or it reads Zoom's list first, which may take minutes.
    """

    def __init__(self, collaborators: Collaborators, batch: Sequence[QueuedRegistrant]) -> None:
        self._collaborators = collaborators
        self.batch = batch
        self.webinar_id = batch[0].key.webinar_id
        self.has_called = False
        self._rejected_alone = self._any_registered = False

    def run(self) -> None:
        """Send the batch until every registrant is settled, sending stops, or no time is left."""
        collaborators, all_rejected = self._collaborators, self._collaborators.state.all_rejected
        registrants = collaborators.lookup.still_to_send(self.batch)
        was_open = collaborators.breaker.is_open
        if registrants and was_open and not self._zoom_is_reachable():
            self._reject_too_old(registrants)
            return
        day = utc_day(collaborators.clock())
        together = [registrant for registrant in registrants if registrant.attempts_left(day) > 1]
        alone = [registrant for registrant in registrants if registrant.attempts_left(day) <= 1]
        if (was_open or self.webinar_id in all_rejected) and len(together) > 1:
            # Zoom rejected the whole last batch, or did not respond: one registrant shows whether that has changed.
            together.sort(key=lambda registrant: registrant.attempts_left(day), reverse=True)
            self._send_calls(isolation.one_by_one(together[:1]))
            together = together[1:]
        split = self.webinar_id in all_rejected
        self._send_calls((isolation.one_by_one(together) if split else [together]) + isolation.one_by_one(alone))
        if self._rejected_alone and not self._any_registered and len(self.batch) > 1:
            all_rejected.add(self.webinar_id)

    def _send_calls(self, calls: isolation.Calls) -> None:
        waiting = deque(call for call in calls if call)
        while waiting and self._collaborators.may_send:
            waiting.extend(self._send_one(waiting.popleft()))

    def _send_one(self, registrants: list[QueuedRegistrant]) -> isolation.Calls:
        """Make one call; return the calls that its response requires."""
        collaborators = self._collaborators
        closed = collaborators.state.closed(self.webinar_id)
        if closed is not None:
            # A call refused because the webinar is full may have filled it: its registrants are sent alone.
            is_full = closed.kind.reason == Reason.WEBINAR_FULL
            maybe_in = [registrant for registrant in registrants if is_full and registrant.was_refused_with_others]
            self._settle([registrant for registrant in registrants if registrant not in maybe_in], closed)
            registrants = maybe_in
            if len(registrants) > 1:
                return isolation.one_by_one(registrants)
        registrants = self._reserved(registrants)
        if not registrants:
            return []
        response = self._register(registrants)
        collaborators.state.record(response)
        if isinstance(response, ErrorResponse) and _is_to_split(response, registrants):
            return self._split(registrants, response)
        is_alone = len(registrants) == 1
        # Without time for a call there is no new row (contract 4); a reserved one is settled.
        self._settle([one for one in registrants if one.reserved or response is not NO_TIME], response, alone=is_alone)
        collaborators.state.conclude(self.webinar_id, response)
        if isinstance(response, Confirmations):
            self._any_registered = True
        elif response.kind.scope == Scope.REGISTRANT and is_alone:
            self._rejected_alone = True
        return []

    def _register(self, registrants: Sequence[QueuedRegistrant]) -> BatchResponse:
        self.has_called = True
        for registrant in registrants:
            registrant.is_in_call = True
        try:
            return self._collaborators.caller.register(registrants)
        finally:
            for registrant in registrants:
                registrant.is_in_call = False

    # ── A refused call of several ────────────────────────────────────────────────────────────────────────────────────

    def _split(self, registrants: list[QueuedRegistrant], error: ErrorResponse) -> isolation.Calls:
        """Count the attempt, settle registrants without one left, and return smaller calls for the others."""
        day = utc_day(self._collaborators.clock())
        named = error.named
        if error.kind.reason == Reason.REGISTRANT_DAILY_LIMIT and named:
            self._settle([registrant for registrant in registrants if registrant.key.email in named], error)
            registrants = [registrant for registrant in registrants if registrant.key.email not in named]
            named = frozenset()
        elif error.kind.reason == Reason.WEBINAR_FULL:
            # The last seats: first come, first served.
            registrants = sorted(registrants, key=lambda registrant: registrant.first_delivery.sent_at)
        left = {
            registrant.key: registrant.attempts_left(day) - int(not registrant.is_reserved_on(day))
            for registrant in registrants
        }
        self._settle([registrant for registrant in registrants if left[registrant.key] <= 0], error)
        remaining = [registrant for registrant in registrants if left[registrant.key] > 0]
        for registrant in remaining:
            registrant.count_attempt(day)
        if error.kind.reason == Reason.REGISTRANT_DAILY_LIMIT and error.named:
            return isolation.together(remaining, lambda registrant: left[registrant.key])
        return isolation.split(remaining, named, lambda registrant: left[registrant.key])

    # ── After an outage ──────────────────────────────────────────────────────────────────────────────────────────────

    def _zoom_is_reachable(self) -> bool:
        """Probe Zoom after an outage, before a call risks attempts."""
        collaborators, now = self._collaborators, self._collaborators.clock()
        if not collaborators.breaker.is_pausing(now) and collaborators.caller.zoom_is_reachable(self.webinar_id):
            collaborators.breaker.half_open()
            return True
        collaborators.state.stop(Reason.ZOOM_UNAVAILABLE, _ZOOM_UNREACHABLE.message, collaborators.clock())
        return False

    def _reject_too_old(self, registrants: Sequence[QueuedRegistrant]) -> None:
        """Apply the age limit to registrants that would only be deferred again."""
        waited = [registrant for registrant in registrants if registrant.was_deferred]
        now = self._collaborators.clock()
        decisions = decide(waited, _ZOOM_UNREACHABLE, utc_day(now), now, self._collaborators.random, alone=False)
        too_old = [decision for decision in decisions if isinstance(decision.outcome, Rejected)]
        self._collaborators.settlement.settle(self._reconciled(too_old, now), utc_day(now))

    # ── Settling and reconciling ─────────────────────────────────────────────────────────────────────────────────────

    def _settle(self, registrants: Sequence[QueuedRegistrant], response: BatchResponse, *, alone: bool = False) -> None:
        # It may be the next UTC day by now: Zoom may have counted the call there, and no earlier day limits attempts.
        collaborators, now = self._collaborators, self._collaborators.clock()
        decisions = decide(registrants, response, utc_day(now), now, collaborators.random, alone=alone)
        if isinstance(response, ErrorResponse) and response.kind.scope == Scope.ACCOUNT:
            waits = [decision.outcome.until for decision in decisions if isinstance(decision.outcome, Deferred)]
            collaborators.state.stop(response.kind.reason, response.message, min(waits, default=now))
        collaborators.settlement.settle(self._reconciled(decisions, now), utc_day(now))

    def _reserved(self, registrants: list[QueuedRegistrant]) -> list[QueuedRegistrant]:
        """Return the registrants to send now: attempts are reserved, doubtful last attempts reconciled."""
        day = utc_day(self._collaborators.clock())
        registrants = self._still_to_send(
            registrants, [one for one in registrants if _is_last_attempt_in_doubt(one, day)]
        )
        if not self._collaborators.may_send:
            return []  # reading Zoom's list took long, and sending has stopped meanwhile
        left = {registrant.key: registrant.attempts_left(day) for registrant in registrants}
        registrants = self._collaborators.reservation.reserve(registrants, day)
        # Another environment has tried them since the row was read, with an unknown outcome: this is the last attempt.
        tried_elsewhere = [
            one for one in registrants if one.reserved and one.attempts_left(day) == 0 and left[one.key] > 1
        ]
        return self._still_to_send(registrants, tried_elsewhere)

    def _still_to_send(
        self, registrants: list[QueuedRegistrant], doubtful: Collection[QueuedRegistrant]
    ) -> list[QueuedRegistrant]:
        if not doubtful:
            return registrants
        self.has_called = True
        return self._collaborators.reconciliation.settle_listed(registrants, doubtful)

    def _reconciled(self, decisions: list[Decision], now: float) -> list[Decision]:
        self.has_called = self.has_called or any(decision.needs_reconciliation for decision in decisions)
        return self._collaborators.reconciliation.reconcile(decisions, now)


def _is_last_attempt_in_doubt(registrant: QueuedRegistrant, day: str) -> bool:
    return registrant.outcome_unknown and registrant.attempts_left(day) == 1


def _is_to_split(error: ErrorResponse, registrants: Sequence[QueuedRegistrant]) -> bool:
    """Return whether the refusal of several is about some of them."""
    about_some = error.kind.scope == Scope.REGISTRANT or error.kind.reason == Reason.WEBINAR_FULL
    return about_some and len(registrants) > 1
