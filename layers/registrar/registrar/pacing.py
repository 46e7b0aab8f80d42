"""How fast to call Zoom, and until when: calls a second, calls a day, time left. Pure but for what is handed in.

In: the plan's budget, a clock, a way to sleep, the table that all environments share. Out: a turn to call, or none.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from registrar import limits


class Pace:
    """Spaces calls evenly, so that no second holds more than this environment's part of the budget."""

    def __init__(
        self,
        calls_per_second: float,
        share_percent: int,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        rate = calls_per_second * share_percent / 100 * limits.BUDGET_HEADROOM / limits.CONSUMERS
        self.interval = 1 / rate
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def wait(self) -> None:
        """Sleep until the next call may start."""
        now = self._clock()
        if self._next > now:
            self._sleep(self._next - now)
        self._next = max(self._next, now) + self.interval


class DayCounter(Protocol):
    """Counts the calls that were given out for a UTC day, for all environments together."""

    def take(self, day: str, calls: int, limit: int) -> int | None:
        """Give out so many calls of this day; returns how many are given out by now, with them.

        None, and nothing given, where that would pass the limit.
        """


class DailyBudget:
    """The plan's calls a day, drawn from the shared counter in small blocks, so that most calls cost no write.

    Lives as long as the environment. What is left of a block when the environment or the day ends is lost: less than
    a thousandth of the budget.
    """

    def __init__(self, calls_per_day: int, share_percent: int, counter: DayCounter, clock: Callable[[], float]) -> None:
        self._limit = calls_per_day * share_percent // 100
        self._block = max(1, self._limit // 1000)
        self._counter = counter
        self._clock = clock
        self._day = ""
        self._left = 0
        self._given_out: int | None = None  # to all environments; None before this one has drawn today

    @property
    def used_percent(self) -> float | None:
        """How much of the day's budget is used, as far as this environment knows; None before its first draw."""
        if self._given_out is None:
            return None
        return 100.0 * (self._given_out - self._left) / self._limit if self._limit else 100.0

    def take(self) -> bool:
        """Whether one more call may be made today."""
        day = datetime.fromtimestamp(self._clock(), UTC).date().isoformat()
        if day != self._day:
            self._day, self._left, self._given_out = day, 0, None
        if self._left == 0:
            self._left = self._draw(day)
        if self._left == 0:
            return False
        self._left -= 1
        return True

    def _draw(self, day: str) -> int:
        """A block, or, near the end, a single call: the last ones are not lost to rounding."""
        for calls in (self._block, 1):
            given_out = self._counter.take(day, calls, self._limit)
            if given_out is not None:
                self._given_out = given_out
                return calls
        self._given_out = self._limit
        return 0


class TimeLeft:
    """How long this invocation may go on with what it does."""

    def __init__(self, remaining: Callable[[], float], started: float, drain_seconds: int, clock: Callable[[], float]):
        self._remaining = remaining
        self._started = started
        self._drain_seconds = drain_seconds
        self._clock = clock

    def seconds(self) -> float:
        """Seconds until Lambda ends the invocation."""
        return self._remaining()

    def until_returned(self) -> float:
        """Seconds for which to hide a message in hand: a little beyond the end: a kill hides nobody for long."""
        return self._remaining() + limits.VISIBILITY_MARGIN_SECONDS

    def for_receiving(self) -> bool:
        """Whether more may be received: within `DrainSeconds`, and only while it can still be sent."""
        return self._clock() - self._started < self._drain_seconds and self.for_a_call()

    def for_a_call(self) -> bool:
        """Whether a call that starts now can be finished and stored, even if Zoom takes its time."""
        return self._remaining() > limits.ZOOM_CALL_SECONDS + limits.STORE_SECONDS

    def is_too_short(self) -> bool:
        """Whether what came before a call, a slow token or a long list, has used up most of the call's own time."""
        return self._remaining() < limits.ZOOM_CALL_SECONDS / 2 + limits.STORE_SECONDS

    def for_answer(self) -> float:
        """Seconds that a call may take, so that its answer can still be stored."""
        return max(1.0, min(limits.ZOOM_CALL_SECONDS, self._remaining() - limits.STORE_SECONDS))

    def calls(self, interval: float) -> int:
        """How many calls can still be started at this spacing (seconds)."""
        return max(0, int((self._remaining() - limits.ZOOM_CALL_SECONDS - limits.STORE_SECONDS) / interval))
