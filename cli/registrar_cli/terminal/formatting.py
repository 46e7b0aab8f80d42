"""Format durations, moments and counted nouns for a screen. JSON and CSV files keep UTC (`row.timestamp`)."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import Final

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_RELATIVE_DAYS: Final = {-1: "yesterday ", 0: "", 1: "tomorrow "}
_DAYS_WITHOUT_YEAR: Final = 180  # beyond, a date without its year could be of either


def span(seconds: float) -> str:
    """Format a duration by its two largest units: `93784` → `1 d 2 h`."""
    left, parts = max(0, round(seconds)), []
    for size, name in _UNITS:
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number:,} {name}")
        if len(parts) == 2:
            break
    return " ".join(parts) or "0 s"


def local_time(moment: float, now: float, zone: tzinfo | None = None) -> str:
    """Format a moment as the clock on the wall shows it, with its distance: `tomorrow 01:10, in 12 h`.

    Args:
        moment: in epoch seconds; `row.moment_of` parses a row's text.
        now: in epoch seconds.
        zone: the reader's time zone; None: that of this machine.
    """
    local, today = (datetime.fromtimestamp(at, zone).astimezone(zone) for at in (moment, now))
    days = (local.date() - today.date()).days
    if days in _RELATIVE_DAYS:
        day = _RELATIVE_DAYS[days]
    elif abs(days) <= _DAYS_WITHOUT_YEAR:
        day = f"{local:%a} {local.day} {local:%b} "
    else:
        day = f"{local.day} {local:%b %Y} "
    distance = _rounded(abs(moment - now))
    return f"{day}{local:%H:%M}, " + (f"in {distance}" if moment > now else f"{distance} ago")


def _rounded(seconds: float) -> str:
    """Format a duration by the largest unit of which there are about two or more: `43_380` → `12 h`."""
    for size, name in _UNITS:
        if seconds >= 1.5 * size:
            return f"{round(seconds / size):,} {name}"
    return "1 s"


def quantity(number: int, noun: str) -> str:
    """Format a count with its noun: `1 dead letter`, `2 dead letters`."""
    return f"{number:,} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """Return the noun alone, singular or plural, where the count is printed in another column."""
    return noun if number == 1 else f"{noun}s"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question that names the known word meant, ` Did you mean webinar_full?`, or nothing."""
    lower = {one.lower(): one for one in known}
    typed = word.strip().lower()
    containing = [name for name in lower if typed and typed in name]
    meant = containing if len(containing) == 1 else get_close_matches(typed, lower, n=1)
    return f" Did you mean {lower[meant[0]]}?" if meant else ""
