"""When a deferred message comes back. Pure: the clock's value and the randomness come in as arguments.

In: how often a message was received, or what Zoom asked for. Out: epoch seconds, or a visibility timeout in seconds.
"""

import email.utils
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from registrar import limits

Random = Callable[[], float]  # from 0 up to, not including, 1


def backoff(receive_count: int, random: Random) -> float:
    """Seconds to wait: doubled with every receive up to 15 minutes, and jittered so that nobody returns in step."""
    doubled = limits.DEFERRAL_FIRST_SECONDS * 2.0 ** min(receive_count - 1, 10)
    longest = min(doubled, limits.DEFERRAL_LONGEST_SECONDS)
    return longest * (1 - limits.DEFERRAL_JITTER * random())


def next_utc_day(now: float, random: Random) -> float:
    """Epoch seconds shortly after the next 00:00 UTC, spread so that not everybody is sent at the stroke of it."""
    midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight.timestamp() + 1 + limits.NEXT_DAY_SPREAD_SECONDS * random()


def retry_after(header: str | None, now: float) -> float | None:
    """Zoom's Retry-After (ISO-8601 date-time, HTTP date or seconds) as epoch seconds; None: absent or unreadable.

    No limit of Zoom's outlasts its day: whatever says so is not believed, for the queue would lose who waits too long.
    """
    moment = _moment((header or "").strip(), now)
    return None if moment is None else min(moment, now + limits.RETRY_AFTER_LONGEST_SECONDS)


def _moment(text: str, now: float) -> float | None:
    if text.isascii() and text.isdigit() and len(text) < 10:
        return now + int(text)
    for read in (datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, OverflowError):
            continue  # not of this form; the next one may fit
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None
