"""The time an invocation has left. Pure, except for the clocks passed in."""

from collections.abc import Callable

from registrar import limits


class Deadline:
    """Computes what an invocation still has time for; all times are in seconds."""

    def __init__(self, remaining: Callable[[], float], started: float, drain_seconds: int, clock: Callable[[], float]):
        self._remaining = remaining
        self._started = started
        self._drain_seconds = drain_seconds
        self._clock = clock

    def seconds(self) -> float:
        """Return the seconds until Lambda ends the invocation."""
        return self._remaining()

    def visibility_timeout(self) -> float:
        """Return how long to hide a message in flight: little beyond the end, so it returns soon after a kill."""
        return self._remaining() + limits.VISIBILITY_MARGIN_SECONDS

    def allows_receiving(self) -> bool:
        """Return whether to receive more: within `DrainSeconds`, and only while there is time to send it."""
        return self._clock() - self._started < self._drain_seconds and self.allows_call()

    def allows_call(self, wait: float = 0.0) -> bool:
        """Return whether a call that starts in `wait` seconds can be finished and stored, even at its timeout."""
        return self._remaining() - wait > limits.ZOOM_CALL_SECONDS + limits.STORE_SECONDS

    def is_too_short_for_call(self, wait: float = 0.0) -> bool:
        """Return whether a call that starts in `wait` seconds would have less than half of its timeout left.

        A slow token or a long list before the call can use up its time.
        """
        return self._remaining() - wait < limits.ZOOM_CALL_SECONDS / 2 + limits.STORE_SECONDS

    def call_timeout(self) -> float:
        """Return how long a call may take, so that its response can still be stored."""
        return max(1.0, min(limits.ZOOM_CALL_SECONDS, self._remaining() - limits.STORE_SECONDS))

    def calls(self, interval: float) -> int:
        """Return how many more calls can be started, one every `interval` seconds."""
        return max(0, int((self._remaining() - limits.ZOOM_CALL_SECONDS - limits.STORE_SECONDS) / interval))
