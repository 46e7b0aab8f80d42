"""Limits for calls to Zoom: per second, concurrent, and per day. Pure, except for the collaborators passed in."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from registrar import limits

SECONDS_PER_DAY = 86_400  # UTC days have no leap seconds in epoch seconds


class RateLimiter:
    """Spaces calls evenly, so that no second has more than this environment's part of the budget.

    It lives as long as the execution environment, so the spacing holds across invocations.
    """

    def __init__(
        self,
        calls_per_second: float,
        share_percent: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.per_second = calls_per_second * share_percent / 100 * limits.BUDGET_HEADROOM / limits.CONSUMERS
        self.interval = 1 / self.per_second  # seconds
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def seconds_until_free(self) -> float:
        """Return the seconds until the next call may start."""
        return max(0.0, self._next - self._clock())

    def wait(self) -> None:
        """Take the next slot and sleep until it starts."""
        now = self._clock()
        starts = max(self._next, now)
        self._next = starts + self.interval
        if starts > now:
            self._sleep(starts - now)


class ConcurrencyLimit:
    """Limits concurrent calls to those that start during one and a half response times, plus two.

    If Zoom stops responding, only a handful of calls are left without a response, instead of all that start until the
    first one times out. If Zoom is slow, its response times raise the limit.
    """

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._seconds = limits.ZOOM_RESPONSE_SECONDS

    def record(self, seconds: float) -> None:
        """Record a response time: raises the estimate at once, lowers it gradually (EWMA, alpha = 0.1)."""
        self._seconds = max(seconds, 0.9 * self._seconds + 0.1 * seconds)

    @property
    def limit(self) -> int:
        """Return the number of concurrent calls, including those that wait for a slot."""
        return min(limits.WORKER_THREADS - limits.RECEIVERS, 2 + math.ceil(1.5 * self._per_second * self._seconds))


class DailyCallCounter(Protocol):
    """Counts the calls allocated for a UTC day, for all execution environments together."""

    def take(self, day: str, calls: int, limit: int) -> int | None:
        """Allocate `calls`; return the day's sum including them, or None and allocate none if it would pass `limit`."""


class DailyQuota:
    """Takes the plan's daily calls from the shared counter in small blocks, so that most calls cost no write.

    It lives as long as the execution environment. The rest of a block is lost when the environment or the day ends:
    less than a thousandth of the budget.
    """

    def __init__(
        self, calls_per_day: int, share_percent: float, counter: DailyCallCounter, clock: Callable[[], float]
    ) -> None:
        self._limit = int(calls_per_day * share_percent / 100)
        self._block = max(1, self._limit // 1000)
        self._counter = counter
        self._clock = clock
        self._day = ""
        self._left = 0
        self._allocated: int | None = None  # to all environments; None before the first block of the day

    @property
    def used_percent(self) -> float | None:
        """Return the used share of the daily budget, as last seen; None before the first block of the day."""
        if self._allocated is None:
            return None
        return 100.0 * (self._allocated - self._left) / self._limit if self._limit else 100.0

    def wait_to_be_filled(self) -> float:
        """Return the seconds that an incomplete call should wait to be filled; 0 until the daily calls become scarce.

        Then the remaining calls are spread over the rest of the day, so that no registrant waits until the next day.
        """
        left = self._limit if self._allocated is None else self._limit - self._allocated + self._left
        if left >= self._limit * limits.SCARCE_SHARE:
            return 0.0
        seconds_left = SECONDS_PER_DAY - self._clock() % SECONDS_PER_DAY
        return min(seconds_left / max(1, left), limits.SCARCE_WAIT_SECONDS)

    def take(self) -> bool:
        """Take one call of today's quota; return False if none is left."""
        day = datetime.fromtimestamp(self._clock(), UTC).date().isoformat()
        if day != self._day:
            self._day, self._left, self._allocated = day, 0, None
        if self._left == 0:
            calls, allocated = self._draw(day)
            if day != self._day:
                return self.take()  # another thread has begun the next day in the meantime
            self._allocated = allocated
            self._left += calls  # another thread may have added a block during the draw
        if self._left == 0:
            return False
        self._left -= 1
        return True

    def _draw(self, day: str) -> tuple[int, int]:
        """Return the calls drawn and the day's sum; single calls near the limit, so that none is lost to rounding."""
        for calls in (self._block, 1):
            allocated = self._counter.take(day, calls, self._limit)
            if allocated is not None:
                return calls, allocated
        return 0, self._limit


@dataclass(frozen=True)
class RateLimits:
    """The limits of one execution environment, kept between invocations.

    Reads have a limiter of their own: every plan allows more reads per second (Medium) than batch calls (Heavy).
    """

    calls: RateLimiter
    reads: RateLimiter
    concurrency: ConcurrencyLimit
    quota: DailyQuota
