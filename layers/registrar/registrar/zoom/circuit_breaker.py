"""When Zoom is away: stop after three calls in a row without an answer, and look before sending again (design 3.8).

In: how each call ended, and when (epoch seconds). Out: whether to go on. Lives as long as the environment, so that the
next invocation knows. An outage may cost the people of the calls under way an attempt each (rate_limits.py), and
those of three calls at least; looking costs nobody one, for it registers nobody. Where looks are answered and calls are
not, each pause costs one person one attempt, and no more.
"""

from registrar import limits


class CircuitBreaker:
    """Counts calls in a row that had no answer."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._pause_ends = 0.0

    def record(self, answered: bool, now: float) -> None:
        """A call has ended; `answered` is False for a timeout, a reset, no connection or a 5xx."""
        self._in_a_row = 0 if answered else self._in_a_row + 1
        if self.is_open:
            self._pause_ends = now + limits.DEFERRAL_FIRST_SECONDS

    @property
    def is_open(self) -> bool:
        """Whether to send nothing until Zoom has answered a look."""
        return self._in_a_row >= limits.BREAKER_CALLS

    @property
    def last_call_failed(self) -> bool:
        """Whether the last call had no answer: until one has, one call at a time is enough to lose."""
        return self._in_a_row > 0

    def is_pausing(self, now: float) -> bool:
        """Whether it is too soon for a look: a call has just failed, whatever the look would say."""
        return self.is_open and now < self._pause_ends

    def half_open(self) -> None:
        """Zoom has answered a look: one call is tried, and if it fails the breaker is open again."""
        self._in_a_row = limits.BREAKER_CALLS - 1
