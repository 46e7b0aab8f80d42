"""The rate limits of an account: calls per calendar second and per UTC day, pooled per label and shared by all apps.

Source: https://developers.zoom.us/docs/api/rate-limits/.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil

from local.fake_zoom import errors, utc
from local.fake_zoom.fields import NotAllowedError, require
from local.fake_zoom.switches import RetryAfter


class Label(StrEnum):
    """The rate limit labels of the fake's calls."""

    LIGHT = "Light"
    MEDIUM = "Medium"
    HEAVY = "Heavy"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the account's plan. None: no such limit. The defaults are the Pro plan's.

    On paid plans Heavy and Resource-intensive calls share a daily limit; the fake has no Resource-intensive calls.
    """

    light_per_second: int = 30
    medium_per_second: int = 20
    heavy_per_second: int = 10
    light_per_day: int | None = None
    medium_per_day: int | None = None
    heavy_per_day: int | None = 30_000
    registrants_per_call: int = 30
    adds_per_registrant_and_day: int = 3

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            require(value is None or value >= 0, f"'{name}' must be 0 or more")

    def per_second(self, label: Label) -> int:
        """Return the calls per calendar second."""
        return {
            Label.LIGHT: self.light_per_second,
            Label.MEDIUM: self.medium_per_second,
            Label.HEAVY: self.heavy_per_second,
        }[label]

    def per_day(self, label: Label) -> int | None:
        """Return the calls per UTC day."""
        return {
            Label.LIGHT: self.light_per_day,
            Label.MEDIUM: self.medium_per_day,
            Label.HEAVY: self.heavy_per_day,
        }[label]


PLANS = {
    "free": Limits(4, 2, 1, 6_000, 2_000, 1_000),
    "pro": Limits(),
    "business": Limits(80, 60, 40, None, None, 60_000),
}


def plan(name: str) -> Limits:
    """Return the limits of a plan."""
    if name not in PLANS:
        raise NotAllowedError(f"no plan {name!r}; plans: {', '.join(PLANS)}")
    return PLANS[name]


def retry_after(form: RetryAfter, until: float, now: float) -> dict[str, str]:
    """Return the header `Retry-After` in this form, or nothing."""
    match form:
        case RetryAfter.ISO:
            return {"Retry-After": utc.iso(until)}
        case RetryAfter.HTTP_DATE:
            return {"Retry-After": utc.http_date(until)}
        case RetryAfter.SECONDS:
            return {"Retry-After": str(ceil(until - now))}
        case RetryAfter.ABSENT:
            return {}


def headers(label: Label, kind: str, limit: int, remaining: int) -> dict[str, str]:
    """Return the rate limit headers; `kind` is `QPS` or `Daily-limit`."""
    return {
        "X-RateLimit-Category": label.value,
        "X-RateLimit-Type": kind,
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(max(0, remaining)),
    }


@dataclass
class Rates:
    """The calls counted in the current second and day of each label."""

    seconds: dict[Label, tuple[int, int]] = field(default_factory=dict)
    days: dict[Label, tuple[int, int]] = field(default_factory=dict)

    def admit(
        self, label: Label, limits: Limits, now: float, *, daily: RetryAfter, per_second: RetryAfter
    ) -> dict[str, str]:
        """Count a call and return its rate limit headers, or raise the 429, which the daily limit does not count."""
        this_second = _counted(self.seconds, label, int(now)) + 1
        self.seconds[label] = (int(now), this_second)
        max_per_second = limits.per_second(label)
        if this_second > max_per_second:
            limit_headers = headers(label, "QPS", max_per_second, 0)
            raise errors.per_second_limit(limit_headers | retry_after(per_second, int(now) + 1.0, now))
        max_per_day = limits.per_day(label)
        today = _counted(self.days, label, utc.day_of(now)) + 1
        if max_per_day is not None and today > max_per_day:
            limit_headers = headers(label, "Daily-limit", max_per_day, 0)
            raise errors.daily_limit(limit_headers | retry_after(daily, utc.next_day(now), now))
        self.days[label] = (utc.day_of(now), today)
        return headers(label, "QPS", max_per_second, max_per_second - this_second)


def _counted(counts: dict[Label, tuple[int, int]], label: Label, period: int) -> int:
    counted_period, count = counts.get(label, (period, 0))
    return count if counted_period == period else 0
