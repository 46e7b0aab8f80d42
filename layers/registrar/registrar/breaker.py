"""When Zoom is away: stop after three calls in a row without an answer, and look before sending again (design 3.8).

In: how each call ended. Out: whether to go on. Lives as long as the environment, so that the next invocation knows.
An outage may cost the people of three calls an attempt each; looking costs nobody one, for it registers nobody.
"""

from registrar import limits


class Breaker:
    """Counts calls in a row that had no answer."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def note(self, answered: bool) -> None:
        """A call has ended; `answered` is False for a timeout, a reset, no connection or a 5xx."""
        self._in_a_row = 0 if answered else self._in_a_row + 1

    @property
    def is_open(self) -> bool:
        """Whether to send nothing until Zoom has answered a look."""
        return self._in_a_row >= limits.BREAKER_CALLS

    def half_close(self) -> None:
        """Zoom has answered a look: one call is tried, and if it fails the breaker is open again."""
        self._in_a_row = limits.BREAKER_CALLS - 1
