"""What this invocation has learned: closed webinars, a stopped account, whether Zoom is reachable."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from registrar.observability.telemetry import Telemetry
from registrar.outcomes.retry_schedule import Random
from registrar.registrants.reasons import Reason
from registrar.registration.calling import Caller
from registrar.registration.intake import Intake
from registrar.registration.lookup import Lookup
from registrar.registration.reconciliation import Reconciliation
from registrar.registration.reservation import Reservation
from registrar.registration.settlement import Settlement
from registrar.runtime.deadline import Deadline
from registrar.zoom.circuit_breaker import CircuitBreaker
from registrar.zoom.client import NO_CALL, BatchResponse, Confirmations, ErrorResponse
from registrar.zoom.errors import Scope


class InvocationState:
    """What all batches of the invocation share; `stopped_until` (epoch seconds) is None while sending goes on."""

    def __init__(self, breaker: CircuitBreaker, telemetry: Telemetry, clock: Callable[[], float] = time.time) -> None:
        self._breaker = breaker
        self._telemetry = telemetry
        self._clock = clock
        self._closed: dict[str, ErrorResponse] = {}
        self.all_rejected: set[str] = set()  # webinars whose last batch was rejected as a whole
        self.stopped_until: float | None = None

    def closed(self, webinar_id: str) -> ErrorResponse | None:
        """Return the error response that closed this webinar, if there was one."""
        return self._closed.get(webinar_id)

    def record(self, response: BatchResponse) -> None:
        """Record in the circuit breaker whether Zoom responded."""
        if isinstance(response, ErrorResponse) and response.call == NO_CALL:
            return  # Zoom was not called
        is_unavailable = (
            isinstance(response, ErrorResponse)
            and response.kind.scope == Scope.TRANSPORT
            and not response.zoom_responded
        )
        self._breaker.record(responded=not is_unavailable, now=self._clock())
        if self._breaker.is_open:
            self.stop(Reason.ZOOM_UNAVAILABLE, "several calls in a row had no response", self._clock())

    def conclude(self, webinar_id: str, response: BatchResponse) -> None:
        """Keep what the response says about its webinar for the rest of the invocation."""
        if isinstance(response, Confirmations):
            self.all_rejected.discard(webinar_id)
        elif response.kind.scope == Scope.WEBINAR:
            self._closed[webinar_id] = response.without_attempt()

    def pause(self) -> None:
        """Stop sending in this invocation, because the operator has paused it."""
        if self.stopped_until is None:
            self._telemetry.paused()
        self.stopped_until = max(self.stopped_until or 0.0, self._clock())

    def stop(self, reason: str, detail: str, until: float) -> None:
        """Stop sending in this invocation; waiting messages need not come back before `until`."""
        if self.stopped_until is None:
            self._telemetry.stopped(reason, detail)
        self.stopped_until = max(self.stopped_until or 0.0, until)


@dataclass(frozen=True)
class Collaborators:
    """The objects that all batches of an invocation use."""

    intake: Intake
    caller: Caller
    lookup: Lookup
    reconciliation: Reconciliation
    reservation: Reservation
    settlement: Settlement
    breaker: CircuitBreaker
    state: InvocationState
    deadline: Deadline
    random: Random
    clock: Callable[[], float] = time.time

    @property
    def may_send(self) -> bool:
        """Return whether another call may start: its outcome must be storable in the remaining time."""
        may_store = not self.settlement.storage_failed
        return self.state.stopped_until is None and may_store and self.deadline.allows_call()
