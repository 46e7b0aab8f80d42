"""Read the functions' metrics from the EMF lines of their logs, and aggregate them as CloudWatch does.

`make demo` and `make serve` print them; names and order are the dashboard's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from local.stack import LocalStack

BLOB = '{"_aws"'  # the beginning of Powertools' EMF lines
Values = Sequence[float]


def total(values: Values) -> str:
    """Return the sum."""
    return f"{sum(values):,.0f}"


def spread(unit: str, digits: int = 1) -> Callable[[Values], str]:
    """Return a function that formats median and maximum."""

    def summarize(values: Values) -> str:
        ranked = sorted(values)
        return f"median {ranked[len(ranked) // 2]:,.{digits}f}, max {ranked[-1]:,.{digits}f} {unit}"

    return summarize


def greatest(unit: str) -> Callable[[Values], str]:
    """Return a function that formats the maximum."""
    return lambda values: f"{max(values):,.1f} {unit}"


# Question → label, name and aggregation of its metrics.
QUESTIONS: Mapping[str, Sequence[tuple[str, str, Callable[[Values], str]]]] = {
    "Are people getting in?": [
        ("forms accepted", "SubmissionsAccepted", total),
        ("forms refused", "SubmissionsRefused", total),
        ("forms not accepted (503)", "SubmissionsNotTaken", total),
        ("forms of bots, dropped (honeypot)", "HoneypotFilled", total),
        ("forms refused by Turnstile", "TurnstileRefused", total),
        ("webhooks accepted", "FormsAccepted", total),
        ("webhooks ignored (tests)", "FormsIgnored", total),
        ("webhooks set aside", "FormsSetAside", total),
        ("webhooks refused", "FormsRefused", total),
        ("webhooks for unknown forms", "FormsUnknown", total),
        ("webhooks not accepted (503)", "FormsNotTaken", total),
        ("webhooks beyond a form's ceiling", "FormCeilingReached", total),
        ("registered", "Registered", total),
        ("already registered", "AlreadyRegistered", total),
        ("dropped (erased people)", "Forgotten", total),
        ("pending approval", "PendingApproval", total),
        ("rejected", "Rejected", total),
        ("dead letters written", "Buried", total),
    ],
    "How long does it take?": [
        ("time from form to join URL", "TimeToJoinUrl", spread("s")),
        ("longest wait without a join URL", "LongestWait", greatest("s")),
    ],
    "What is stuck?": [
        ("deferrals", "Deferred", total),
        ("deferred to 00:00 UTC", "DeferredToTomorrow", total),
        ("returned to the queue unsent", "GivenBack", total),
        ("AWS errors", "OwnFailures", total),
        ("scope, token or licence refused", "AccessRefused", total),
        ("account limit reached", "AccountLimited", total),
        ("webinar full", "WebinarFull", total),
        ("failed token refreshes", "RefreshFailures", total),
        ("failed lookups of webinars", "LookupsFailed", total),
        ("age of the access token", "TokenAge", greatest("s")),
    ],
    "How much of Zoom's budget is used?": [
        ("of the daily calls", "DailyBudgetUsed", greatest("%")),
        ("calls", "ZoomCalls", total),
        ("registrants per call", "RegistrantsPerCall", spread("registrants", digits=0)),
        ("duration of a call", "ZoomCallTime", spread("s")),
        ("429 per second, retried at once", "TooFast", total),
        ("429 registrant's daily limit", "RegistrantDailyLimit", total),
        ("429 account's daily limit", "AccountDailyLimit", total),
        ("429 of another kind", "OtherRateLimit", total),
        ("Zoom unavailable", "ZoomUnavailable", total),
    ],
}


@dataclass(frozen=True)
class Emitted:
    """One metric of one EMF line. `at_ms` is in epoch milliseconds."""

    name: str
    dimensions: Mapping[str, str]
    values: Values


@dataclass(frozen=True)
class Reading:
    """All metrics emitted so far."""

    emitted: Sequence[Emitted] = field(default_factory=tuple)

    @classmethod
    def of(cls, stack: LocalStack) -> Reading:
        """Read the logs of all functions."""
        logs = (stack.function_log(name) for name in stack.function_ids())
        lines = (line for log in logs if log.exists() for line in log.read_text(encoding="utf-8").splitlines())
        return cls(tuple(read(lines)))

    def values(self, name: str) -> Values:
        """Return every value of a metric."""
        return [value for one in self.emitted if one.name == name for value in one.values]

    def table(self) -> Table:
        """Return a table of the four questions, without metrics that are all zero."""
        table = Table(
            title="Metrics of the functions",
            box=SIMPLE_HEAD,
            title_justify="left",
            title_style="bold",
            show_edge=False,
            show_header=False,
        )
        table.add_column("")
        table.add_column("")
        for question, metrics in QUESTIONS.items():
            rows = [(label, sum_up(values)) for label, name, sum_up in metrics if any(values := self.values(name))]
            table.add_row(f"[bold]{question}[/]", "" if rows else "nothing to report")
            for label, summed in rows:
                table.add_row(f"  {label}", summed)
        return table

    def line(self) -> str:
        """Return a summary in one line."""
        names = {"forms accepted": "SubmissionsAccepted", "webhooks accepted": "FormsAccepted"}
        names |= {"registered": "Registered", "deferrals": "Deferred"}
        names |= {"rejected": "Rejected", "calls to Zoom": "ZoomCalls"}
        return " · ".join(f"{total(self.values(name))} {label}" for label, name in names.items())


def read(lines: Iterable[str]) -> Iterator[Emitted]:
    """Parse the EMF lines of a log."""
    for blob in (blob for line in lines for blob in _blobs(line)):
        for directive in blob["_aws"]["CloudWatchMetrics"]:
            dimensions = {name: blob[name] for names in directive["Dimensions"] for name in names}
            for metric in directive["Metrics"]:
                value = blob[metric["Name"]]
                values = tuple(value) if isinstance(value, list) else (value,)
                yield Emitted(metric["Name"], dimensions, values)


def _blobs(line: str) -> Iterator[dict[str, Any]]:
    """Return the EMF objects of a line: environments of a function write to one file, sometimes into one line."""
    start = line.find(BLOB)
    while start >= 0:
        try:
            blob, _ = json.JSONDecoder().raw_decode(line, start)
        except json.JSONDecodeError:
            return  # Still being written: the next reading finds it complete.
        yield blob
        start = line.find(BLOB, start + 1)
