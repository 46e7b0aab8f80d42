"""How fast to call Zoom, and until when: calls a second, calls a day, time left. Pure but for what is handed in.

In: the plan's budget, a clock, a way to sleep, the table that all environments share. Out: a turn to call, or none.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from registrar import limits

SECONDS_PER_DAY = 86_400  # UTC days have no leap seconds in epoch seconds


class RateLimiter:
    """Spaces calls evenly, so that no second holds more than this environment's part of the budget.

    Lives as long as the environment: two invocations in a row are one sequence of calls.
    """

    def __init__(
        self,
        calls_per_second: float,
        share_percent: int,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.per_second = calls_per_second * share_percent / 100 * limits.BUDGET_HEADROOM / limits.CONSUMERS
        self.interval = 1 / self.per_second  # seconds
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def seconds_until_free(self) -> float:
        """Seconds until the next call may start."""
        return max(0.0, self._next - self._clock())

    def wait(self) -> None:
        """Take the next turn, and sleep until it comes."""
        now = self._clock()
        starts = max(self._next, now)
        self._next = starts + self.interval
        if starts > now:
            self._sleep(starts - now)


class ConcurrencyLimit:
    """How many calls may be under way at once: as many as the pace begins while one is answered, with room to spare.

    So a Zoom that does not answer any more holds a handful of calls, and not as many as the pace begins until they time
    out; one that answers slowly is sent more of them at once as soon as its answers tell so.
    """

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._seconds = limits.ZOOM_RESPONSE_SECONDS

    def record(self, seconds: float) -> None:
        """Zoom has taken so long: at once a reason for more calls, and by and by one for fewer."""
        self._seconds = max(seconds, 0.9 * self._seconds + 0.1 * seconds)

    @property
    def limit(self) -> int:
        """Calls, those included that wait for their turn."""
        return min(limits.WORKER_THREADS - limits.RECEIVERS, 2 + math.ceil(1.5 * self._per_second * self._seconds))


class DailyCallCounter(Protocol):
    """Counts the calls that were given out for a UTC day, for all environments together."""

    def take(self, day: str, calls: int, limit: int) -> int | None:
        """Give out so many calls of this day; returns how many are given out by now, with them.

        None, and nothing given, where that would pass the limit.
        """


class DailyQuota:
    """The plan's calls a day, drawn from the shared counter in small blocks, so that most calls cost no write.

    Lives as long as the environment. What is left of a block when the environment or the day ends is lost: less than
    a thousandth of the budget.
    """

    def __init__(
        self, calls_per_day: int, share_percent: int, counter: DailyCallCounter, clock: Callable[[], float]
    ) -> None:
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

    def wait_to_be_filled(self) -> float:
        """Seconds for which an incomplete call should wait for more people: 0, until the day's calls become scarce.

        Then what is left of them is spread over what is left of the day, for nobody to wait until tomorrow.
        """
        left = self._limit if self._given_out is None else self._limit - self._given_out + self._left
        if left >= self._limit * limits.SCARCE_SHARE:
            return 0.0
        seconds_left = SECONDS_PER_DAY - self._clock() % SECONDS_PER_DAY
        return min(seconds_left / max(1, left), limits.SCARCE_WAIT_SECONDS)

    def take(self) -> bool:
        """Whether one more call may be made today."""
        day = datetime.fromtimestamp(self._clock(), UTC).date().isoformat()
        if day != self._day:
            self._day, self._left, self._given_out = day, 0, None
        if self._left == 0:
            calls, given_out = self._draw(day)
            if day != self._day:
                return self.take()  # another lane has begun another day meanwhile
            self._given_out = given_out
            self._left += calls  # read after the draw: another lane may have drawn meanwhile
        if self._left == 0:
            return False
        self._left -= 1
        return True

    def _draw(self, day: str) -> tuple[int, int]:
        """A block and all that is given out with it; near the end a single call: the last are not lost to rounding."""
        for calls in (self._block, 1):
            given_out = self._counter.take(day, calls, self._limit)
            if given_out is not None:
                return calls, given_out
        return 0, self._limit


@dataclass(frozen=True)
class RateLimits:
    """How fast one environment may call Zoom, kept between invocations.

    Reading has a pace of its own: on every plan Zoom allows more reads a second (Medium) than batch calls (Heavy).
    """

    calls: RateLimiter
    reads: RateLimiter
    concurrency: ConcurrencyLimit
    quota: DailyQuota
