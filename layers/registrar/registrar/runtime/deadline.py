"""How long an invocation may go on with what it does. Pure but for the clock that is handed in."""

from collections.abc import Callable

from registrar import limits


class Deadline:
    """How long this invocation may go on with what it does."""

    def __init__(self, remaining: Callable[[], float], started: float, drain_seconds: int, clock: Callable[[], float]):
        self._remaining = remaining
        self._started = started
        self._drain_seconds = drain_seconds
        self._clock = clock

    def seconds(self) -> float:
        """Seconds until Lambda ends the invocation."""
        return self._remaining()

    def visibility_timeout(self) -> float:
        """Seconds for which to hide a message in hand: a little beyond the end: a kill hides nobody for long."""
        return self._remaining() + limits.VISIBILITY_MARGIN_SECONDS

    def allows_receiving(self) -> bool:
        """Whether more may be received: within `DrainSeconds`, and only while it can still be sent."""
        return self._clock() - self._started < self._drain_seconds and self.allows_call()

    def allows_call(self, wait: float = 0.0) -> bool:
        """Whether a call that starts in `wait` seconds can be finished and stored, even if Zoom takes its time."""
        return self._remaining() - wait > limits.ZOOM_CALL_SECONDS + limits.STORE_SECONDS

    def is_too_short_for_call(self, wait: float = 0.0) -> bool:
        """Whether what came before a call, a slow token or a long list, has used up most of the call's own time.

        Or will have: its turn comes in `wait` seconds.
        """
        return self._remaining() - wait < limits.ZOOM_CALL_SECONDS / 2 + limits.STORE_SECONDS

    def call_timeout(self) -> float:
        """Seconds that a call may take, so that its answer can still be stored."""
        return max(1.0, min(limits.ZOOM_CALL_SECONDS, self._remaining() - limits.STORE_SECONDS))

    def calls(self, interval: float) -> int:
        """How many calls can still be started at this spacing (seconds)."""
        return max(0, int((self._remaining() - limits.ZOOM_CALL_SECONDS - limits.STORE_SECONDS) / interval))
