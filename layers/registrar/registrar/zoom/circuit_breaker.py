"""The circuit breaker: stop sending after three consecutive calls without a response, and probe Zoom.

It lives as long as the execution environment, so the next invocation starts with its state. An outage may use an
attempt of the registrants in the calls in progress, at least those of three calls. A probe registers no one and uses no
attempt. If Zoom responds to probes but not to calls, each pause uses one attempt of one registrant.
"""

from registrar import limits


class CircuitBreaker:
    """Counts consecutive calls without a response; times are in epoch seconds."""

    def __init__(self) -> None:
        self._failures = 0
        self._paused_until = 0.0

    def record(self, responded: bool, now: float) -> None:
        """Record the end of a call; `responded` is False for a timeout, a reset, no connection or a 5xx."""
        self._failures = 0 if responded else self._failures + 1
        if self.is_open:
            self._paused_until = now + limits.DEFERRAL_FIRST_SECONDS

    @property
    def is_open(self) -> bool:
        """Return whether to send nothing until Zoom has responded to a probe."""
        return self._failures >= limits.BREAKER_CALLS

    @property
    def last_call_failed(self) -> bool:
        """Return whether the last call had no response; until one has, calls are made one at a time."""
        return self._failures > 0

    def is_pausing(self, now: float) -> bool:
        """Return whether it is too soon for a probe, because a call has just failed."""
        return self.is_open and now < self._paused_until

    def half_open(self) -> None:
        """Allow one trial call after a successful probe; if it fails, the breaker is open again."""
        self._failures = limits.BREAKER_CALLS - 1
