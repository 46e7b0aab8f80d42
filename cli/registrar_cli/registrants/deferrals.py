"""Summarize the deferred registrants: how many wait, for which reason, and when they are tried next."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from registrar import limits
from registrar.registrants.row import Status, moment_of, timestamp

from registrar_cli.registrants.table import KeyedRow
from registrar_cli.terminal.formatting import local_time, quantity
from registrar_cli.terminal.reasons import NO_REASON, ReasonText, reason_text


@dataclass(frozen=True)
class Deferral:
    """The deferred registrants with one reason, and when the first and the last are due, in epoch seconds."""

    reason: str
    registrants: int
    first_at: float
    last_at: float
    webinars: Counter[str]

    @property
    def text(self) -> ReasonText:
        """Return the meaning of the reason, and what to do."""
        return reason_text(self.reason)

    def waits_for_a_date(self, now: float) -> bool:
        """Return whether they are tried at a date, such as 00:00 UTC: the first of them after any delay of a retry."""
        return self.first_at > now + limits.DEFERRAL_LONGEST_SECONDS

    def as_json(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "reason": self.reason,
            "registrants": self.registrants,
            "means": self.text.meaning,
            "to_do": self.text.action,
            "next_try": timestamp(self.first_at),
            "last_try": timestamp(self.last_at),
            "webinars": dict(self.webinars),
        }


def group_deferred(rows: Iterable[KeyedRow]) -> list[Deferral]:
    """Return one group per reason, the largest first; rows of another status are left out."""
    found: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for key, row in rows:
        if row.status == Status.DEFERRED:
            found[row.reason or NO_REASON].append((moment_of(row.deferred_until) or 0.0, key.webinar_id))
    groups = [
        Deferral(reason, len(waiting), min(waiting)[0], max(waiting)[0], Counter(webinar for _, webinar in waiting))
        for reason, waiting in found.items()
    ]
    return sorted(groups, key=lambda group: (-group.registrants, group.reason))


def total(deferrals: Iterable[Deferral]) -> int:
    """Return the number of registrants."""
    return sum(deferral.registrants for deferral in deferrals)


def next_try(moment: float, now: float) -> str:
    """Format when a registrant is tried next: `next try tomorrow 01:10, in 12 h`."""
    return f"next try {local_time(moment, now)}" if moment > now else f"due since {local_time(moment, now)}"


def summary(deferrals: Sequence[Deferral], now: float) -> str:
    """Return one sentence: `7 registrants wait: next try tomorrow 01:07, in 12 h (registrant_daily_limit)`."""
    number = total(deferrals)
    waits = "waits" if number == 1 else "wait"
    reasons = ", ".join(deferral.reason for deferral in deferrals)
    first = min(deferral.first_at for deferral in deferrals)
    return f"{quantity(number, 'registrant')} {waits}: {next_try(first, now)} ({reasons})"
