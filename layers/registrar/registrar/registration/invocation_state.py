"""What this invocation has learned: closed webinars, a stopped account, whether Zoom is reachable."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from registrar import limits
from registrar.observability.telemetry import Telemetry
from registrar.outcomes.retry_schedule import Random
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import Reason
from registrar.registration.calling import Caller
from registrar.registration.intake import Intake
from registrar.registration.lookup import Lookup
from registrar.registration.reconciliation import Reconciliation
from registrar.registration.reservation import Reservation
from registrar.registration.settlement import Settlement
from registrar.runtime.deadline import Deadline
from registrar.zoom.circuit_breaker import CircuitBreaker
from registrar.zoom.errors import Scope
from registrar.zoom.responses import NO_CALL, BatchResponse, Confirmations, ErrorResponse


@dataclass
class PendingCheck:
    """Registrants of one webinar that wait until it is known whether Zoom accepts more of them.

    `refusal` is Zoom's last refusal of the webinar today; None if there was none, and only last attempts are at stake.
    `refused_together` is the size of the smallest call refused in this invocation for want of seats; 0: none was.
    """

    refusal: ErrorResponse | None
    refused_together: int = 0
    registrants: list[QueuedRegistrant] = field(default_factory=list)
    is_running: bool = False  # by one batch
    is_complete: bool = False  # no more registrants can be added
    waiting: int = 0  # batches that wait for its end
    is_over: bool = False


@dataclass
class WebinarState:
    """What all batches of one webinar share.

    `seats` registrants may be sent without asking Zoom, until `trusted_until` (epoch seconds). `numbers_are_wrong`:
    Zoom refused registrants for whom its own numbers left seats. `admitted_alone` were sent alone and have got in since
    the last refusal.
    """

    batches: int = 0  # in progress
    closed: ErrorResponse | None = None
    closed_at: float = 0.0  # epoch seconds
    check: PendingCheck | None = None
    seats: float = 0
    trusted_until: float = 0.0
    trusted_with_last: bool = False  # attempts of the day
    numbers_are_wrong: bool = False
    admitted_alone: int = 0

    def close(self, refusal: ErrorResponse, now: float) -> None:
        """Reject all registrants of this webinar by this refusal, without a call."""
        self.closed, self.closed_at = refusal.without_attempt(), now
        self.seats = self.admitted_alone = 0

    def trust(self, seats: float, now: float, *, with_last: bool) -> None:
        """Send so many registrants without asking Zoom again; `with_last`: also by their last attempt of the day."""
        self.seats, self.trusted_until, self.trusted_with_last = seats, now + limits.REFUSAL_SECONDS, with_last

    def is_trusted(self, registrants: int, now: float, *, with_last: bool) -> bool:
        """Return whether so many registrants may be sent without asking Zoom."""
        return now < self.trusted_until and registrants <= self.seats and with_last <= self.trusted_with_last

    def add_to_check(
        self, registrants: Iterable[QueuedRegistrant], refusal: ErrorResponse | None, refused_together: int = 0
    ) -> None:
        """Let these registrants wait until Zoom has been asked."""
        if self.check is None:
            self.check = PendingCheck(refusal)
        check = self.check
        check.registrants += registrants
        check.refusal = refusal or check.refusal
        check.refused_together = min(filter(None, (check.refused_together, refused_together)), default=0)


class InvocationState:
    """What all batches of the invocation share; `stopped_until` (epoch seconds) is None while sending goes on."""

    def __init__(self, breaker: CircuitBreaker, telemetry: Telemetry, clock: Callable[[], float] = time.time) -> None:
        self._breaker = breaker
        self._telemetry = telemetry
        self._clock = clock
        self._webinars: defaultdict[str, WebinarState] = defaultdict(WebinarState)
        self.all_rejected: set[str] = set()  # webinars whose last batch was rejected as a whole
        self.stopped_until: float | None = None

    def webinar(self, webinar_id: str) -> "WebinarState":
        """Return the state of this webinar."""
        return self._webinars[webinar_id]

    @property
    def being_checked(self) -> list[str]:
        """Return the webinars that take no new batch: Zoom is asked whether it accepts more registrants."""
        return [webinar_id for webinar_id, webinar in self._webinars.items() if webinar.check is not None]

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
        webinar = self._webinars[webinar_id]
        if isinstance(response, Confirmations):
            self.all_rejected.discard(webinar_id)
            webinar.seats -= len(response.confirmed)
        elif response.kind.scope == Scope.WEBINAR:
            webinar.close(response, self._clock())

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
    sleep: Callable[[float], None] = time.sleep

    @property
    def may_send(self) -> bool:
        """Return whether another call may start: its outcome must be storable in the remaining time."""
        may_store = not self.settlement.storage_failed
        return self.state.stopped_until is None and may_store and self.deadline.allows_call()
