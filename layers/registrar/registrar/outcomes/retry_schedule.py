"""Compute when a deferred message comes back. Pure: time and random numbers are arguments."""

import email.utils
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from registrar import limits

Random = Callable[[], float]  # from 0 up to, not including, 1


def backoff(receive_count: int, random: Random) -> float:
    """Return seconds to wait: doubled with every receive up to 15 minutes, with jitter, so that retries spread."""
    doubled = limits.DEFERRAL_FIRST_SECONDS * 2.0 ** min(receive_count - 1, 10)
    longest = min(doubled, limits.DEFERRAL_LONGEST_SECONDS)
    return longest * (1 - limits.DEFERRAL_JITTER * random())


def next_utc_day(now: float, random: Random) -> float:
    """Return epoch seconds after the next 00:00 UTC, spread so that not all retries start at once."""
    midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight.timestamp() + 1 + limits.NEXT_DAY_SPREAD_SECONDS * random()


def retry_after(header: str | None, now: float) -> float | None:
    """Return Zoom's Retry-After (ISO-8601 date-time, HTTP date or seconds) as epoch seconds; None if unreadable.

    No limit of Zoom's lasts longer than a day, so a longer wait is cut: the queue's retention would lose the message.
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
