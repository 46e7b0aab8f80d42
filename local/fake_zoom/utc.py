"""Days and timestamps in UTC, from epoch seconds. Zoom's days begin at 00:00 UTC."""

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

SECONDS_PER_DAY = 86_400


def day_of(now: float) -> int:
    """Return the number of the UTC day."""
    return int(now // SECONDS_PER_DAY)


def day_text(now: float) -> str:
    """Return the UTC day as `2026-11-23`."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d")


def next_day(now: float) -> float:
    """Return the epoch seconds of the next 00:00 UTC."""
    return float((day_of(now) + 1) * SECONDS_PER_DAY)


def iso(now: float) -> str:
    """Return the timestamp as `2026-11-24T00:00:00Z`."""
    return _iso(int(now))


def http_date(now: float) -> str:
    """Return the timestamp as `Tue, 24 Nov 2026 00:00:00 GMT`."""
    return format_datetime(datetime.fromtimestamp(now, UTC), usegmt=True)


def epoch_seconds(text: str) -> float:
    """Parse an ISO-8601 timestamp with a time zone. Raises: ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment.timestamp()


@lru_cache(maxsize=8)  # A batch needs the same text 30 times.
def _iso(whole_seconds: int) -> str:
    return datetime.fromtimestamp(whole_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
