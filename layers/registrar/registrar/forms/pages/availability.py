"""Decide from a webinar's facts whether a page may still offer registration."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from registrar.zoom.webinar_facts import Occurrence, WebinarFacts

_WITHOUT_REGISTRATION: Final = 2  # Zoom's number among the approval types
_NO_DATES: Final = frozenset({3, 6})  # recurring without fixed times: the start that Zoom states means nothing


class Closed(StrEnum):
    """Why a webinar takes no registrations."""

    OVER = "over"
    FULL = "full"
    OFF = "off"


def is_closed(facts: WebinarFacts, now: float) -> Closed | None:
    """Return why the webinar is closed at `now`, in seconds since 1970; None: it is open, or Zoom does not say."""
    if facts.approval_type == _WITHOUT_REGISTRATION:
        return Closed.OFF
    if _is_over(facts, now):
        return Closed.OVER
    return Closed.FULL if facts.full_since else None


def open_occurrences(facts: WebinarFacts, now: float) -> list[Occurrence]:
    """Return the dates that have not ended."""
    return [one for one in facts.occurrences if not _has_ended(one.starts_at, one.duration_minutes, now)]


def dates_of(facts: WebinarFacts, now: float) -> list[datetime]:
    """Return the dates that are known: of a series those that have not ended, else the start."""
    if facts.type in _NO_DATES:
        return []
    starts = [one.starts_at for one in open_occurrences(facts, now)] if facts.occurrences else [facts.starts_at]
    return [start for one in starts if (start := moment(one))]


def _is_over(facts: WebinarFacts, now: float) -> bool:
    if facts.type in _NO_DATES:
        return False
    if facts.occurrences:
        return not open_occurrences(facts, now)
    # A series without dates that are known is over if its last one is, which the facts have as the start.
    return _has_ended(facts.starts_at, facts.duration_minutes, now)


def _has_ended(starts_at: str | None, duration_minutes: int | None, now: float) -> bool:
    """Return whether it has ended; without a start or a duration nothing says so."""
    start = moment(starts_at)
    if start is None or duration_minutes is None:
        return False
    return start + timedelta(minutes=duration_minutes) <= datetime.fromtimestamp(now, UTC)


def moment(text: str | None) -> datetime | None:
    """Read an ISO-8601 time in UTC; None if there is none, or it is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except ValueError:
        return None
