"""Make the calls of one batch: reserve attempts, call Zoom, settle or reconcile the registrants of a response."""

from collections.abc import Collection, Sequence

from registrar.outcomes.outcome import Decision, Deferred, Rejected, decide
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.registrants.row import utc_day
from registrar.registration.invocation_state import Collaborators
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.responses import NO_CALL, BatchResponse, ErrorResponse

_ZOOM_UNREACHABLE = ErrorResponse(
    NO_CALL, ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT, counts=False), "Zoom does not respond yet"
)


class BatchCalls:
    """The calls of one batch.

    `has_called`: this batch no longer delays the next one. Its first call has taken a slot of the rate limit or is
    about to, or it reads Zoom's list first, which may take minutes.
    """

    def __init__(self, collaborators: Collaborators, webinar_id: str) -> None:
        self._collaborators = collaborators
        self._webinar_id = webinar_id
        self.has_called = False

    def call(self, registrants: list[QueuedRegistrant]) -> tuple[list[QueuedRegistrant], BatchResponse | None]:
        """Reserve and send; return those that were sent, and the response, None without a call."""
        registrants = self._reserved(registrants)
        if not registrants:
            return [], None
        response = self._register(registrants)
        self._collaborators.state.record(response)
        return registrants, response

    def call_unlisted(self, registrants: list[QueuedRegistrant]) -> tuple[list[QueuedRegistrant], BatchResponse | None]:
        """Like `call`, for those that Zoom does not list yet."""
        return self.call(self.unlisted(registrants))

    def unlisted(self, registrants: list[QueuedRegistrant]) -> list[QueuedRegistrant]:
        """Settle those that Zoom lists, before a last attempt that may not be needed; return the rest."""
        day = utc_day(self._collaborators.clock())
        unknown = [one for one in registrants if one.outcome_unknown and one.attempts_left(day) == 1]
        return self._still_to_send(registrants, unknown)

    def settle(self, registrants: Sequence[QueuedRegistrant], response: BatchResponse, *, alone: bool = False) -> None:
        """Settle registrants as the response says; `alone`: it was a call of one."""
        # It may be the next UTC day by now: Zoom may have counted the call there, and no earlier day limits attempts.
        collaborators, now = self._collaborators, self._collaborators.clock()
        decisions = decide(registrants, response, utc_day(now), now, collaborators.random, alone=alone)
        if isinstance(response, ErrorResponse) and response.kind.scope == Scope.ACCOUNT:
            waits = [decision.outcome.until for decision in decisions if isinstance(decision.outcome, Deferred)]
            collaborators.state.stop(response.kind.reason, response.message, min(waits, default=now))
        collaborators.settlement.settle(self._reconciled(decisions, now), utc_day(now))

    def zoom_is_reachable(self) -> bool:
        """Probe Zoom after an outage, before a call risks attempts."""
        collaborators, now = self._collaborators, self._collaborators.clock()
        if not collaborators.breaker.is_pausing(now) and collaborators.caller.zoom_is_reachable(self._webinar_id):
            collaborators.breaker.half_open()
            return True
        collaborators.state.stop(Reason.ZOOM_UNAVAILABLE, _ZOOM_UNREACHABLE.message, collaborators.clock())
        return False

    def reject_too_old(self, registrants: Sequence[QueuedRegistrant]) -> None:
        """Apply the age limit to registrants that would only be deferred again."""
        waited = [registrant for registrant in registrants if registrant.was_deferred]
        now = self._collaborators.clock()
        decisions = decide(waited, _ZOOM_UNREACHABLE, utc_day(now), now, self._collaborators.random, alone=False)
        too_old = [decision for decision in decisions if isinstance(decision.outcome, Rejected)]
        self._collaborators.settlement.settle(self._reconciled(too_old, now), utc_day(now))

    def _register(self, registrants: Sequence[QueuedRegistrant]) -> BatchResponse:
        self.has_called = True
        for registrant in registrants:
            registrant.is_in_call = True
        try:
            return self._collaborators.caller.register(registrants)
        finally:
            for registrant in registrants:
                registrant.is_in_call = False

    def _reserved(self, registrants: list[QueuedRegistrant]) -> list[QueuedRegistrant]:
        """Return the registrants whose attempt is reserved, as far as one is needed."""
        day = utc_day(self._collaborators.clock())
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
        self, registrants: list[QueuedRegistrant], unknown: Collection[QueuedRegistrant]
    ) -> list[QueuedRegistrant]:
        if not unknown:
            return registrants
        self.has_called = True
        return self._collaborators.reconciliation.settle_listed(registrants, unknown)

    def _reconciled(self, decisions: list[Decision], now: float) -> list[Decision]:
        self.has_called = self.has_called or any(decision.needs_reconciliation for decision in decisions)
        return self._collaborators.reconciliation.reconcile(decisions, now)
