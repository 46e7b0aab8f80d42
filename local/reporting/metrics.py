"""The functions' metrics, read from their own EMF lines: what CloudWatch would make of them, as a table.

Comes in: the logs of a running stack. Goes out: `Reading`, which sums up what all invocations have told so far, and the
tables that `make demo` and `make serve` print. Names and their order are the dashboard's (template.yaml, section 8).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from local.stack import EmbeddedStack

BLOB = '{"_aws"'  # how Powertools begins a line of metrics
Values = Sequence[float]


def total(values: Values) -> str:
    """How many in all."""
    return f"{sum(values):,.0f}"


def spread(unit: str) -> Callable[[Values], str]:
    """What half of them stay below, and the greatest."""

    def summarize(values: Values) -> str:
        ranked = sorted(values)
        return f"{ranked[len(ranked) // 2]:,.1f} {unit}, at most {ranked[-1]:,.1f}"

    return summarize


def greatest(unit: str) -> Callable[[Values], str]:
    """The greatest alone."""
    return lambda values: f"{max(values):,.1f} {unit}"


# Question → what is told: in words, the metric's name, how its values are summed up.
QUESTIONS: Mapping[str, Sequence[tuple[str, str, Callable[[Values], str]]]] = {
    "Are people getting in?": [
        ("forms accepted", "SubmissionsAccepted", total),
        ("forms refused", "SubmissionsRefused", total),
        ("forms not taken (503)", "SubmissionsNotTaken", total),
        ("registered", "Registered", total),
        ("registered before", "AlreadyRegistered", total),
        ("dropped, as they asked to be forgotten", "Forgotten", total),
        ("wait for the host", "PendingApproval", total),
        ("rejected", "Rejected", total),
        ("dead letters written", "Buried", total),
    ],
    "How long does it take?": [
        ("from the form to the join URL", "TimeToJoinUrl", spread("s")),
        ("longest wait of those who still have none", "LongestWait", greatest("s")),
    ],
    "What is stuck?": [
        ("deferrals", "Deferred", total),
        ("to tomorrow (UTC)", "DeferredToTomorrow", total),
        ("given back untried", "GivenBack", total),
        ("failures of ours", "OwnFailures", total),
        ("scope, token or licence refused", "AccessRefused", total),
        ("a limit of the account", "AccountLimited", total),
        ("webinar full", "WebinarFull", total),
        ("mints that failed", "RefreshFailures", total),
        ("age of the access token", "TokenAge", greatest("s")),
    ],
    "How much of Zoom's budget is used?": [
        ("of the day's calls", "DailyBudgetUsed", greatest("%")),
        ("calls", "ZoomCalls", total),
        ("registrants a call", "RegistrantsPerCall", spread("people")),
        ("a call takes", "ZoomCallTime", spread("s")),
        ("429: too fast, repeated at once", "TooFast", total),
        ("429: a person's day", "RegistrantDailyLimit", total),
        ("429: the account's day", "AccountDailyLimit", total),
        ("429: of another kind", "OtherRateLimit", total),
        ("no answer", "ZoomUnavailable", total),
    ],
}


@dataclass(frozen=True)
class Emitted:
    """One metric of one line. `at_ms` is in epoch milliseconds."""

    at_ms: int
    name: str
    unit: str
    dimensions: Mapping[str, str]
    values: Values


@dataclass(frozen=True)
class Reading:
    """Everything emitted so far, by the metric's name."""

    emitted: Sequence[Emitted] = field(default_factory=tuple)

    @classmethod
    def of(cls, stack: EmbeddedStack) -> Reading:
        """Read the logs of all functions."""
        logs = (stack.function_log(name) for name in stack.function_ids())
        lines = (line for log in logs if log.exists() for line in log.read_text(encoding="utf-8").splitlines())
        return cls(tuple(read(lines)))

    def values(self, name: str) -> Values:
        """Every value of a metric."""
        return [value for one in self.emitted if one.name == name for value in one.values]

    def table(self) -> Table:
        """The four questions; what never happened has no line."""
        table = Table(
            title="The functions' own metrics",
            box=SIMPLE_HEAD,
            title_justify="left",
            title_style="bold",
            show_edge=False,
        )
        table.add_column("")
        table.add_column("")
        for question, metrics in QUESTIONS.items():
            rows = [(label, sum_up(values)) for label, name, sum_up in metrics if any(values := self.values(name))]
            table.add_row(f"[bold]{question}[/]", "" if rows else "nothing to tell")
            for label, summed in rows:
                table.add_row(f"  {label}", summed)
        return table

    def line(self) -> str:
        """How it stands, in one line."""
        names = {"accepted": "SubmissionsAccepted", "registered": "Registered", "deferrals": "Deferred"}
        names |= {"rejected": "Rejected", "calls to Zoom": "ZoomCalls"}
        return " · ".join(f"{total(self.values(name))} {label}" for label, name in names.items())


def read(lines: Iterable[str]) -> Iterator[Emitted]:
    """Read what is EMF among the lines of a log."""
    for blob in (blob for line in lines for blob in _blobs(line)):
        for directive in blob["_aws"]["CloudWatchMetrics"]:
            dimensions = {name: blob[name] for names in directive["Dimensions"] for name in names}
            for metric in directive["Metrics"]:
                value = blob[metric["Name"]]
                values = tuple(value) if isinstance(value, list) else (value,)
                yield Emitted(blob["_aws"]["Timestamp"], metric["Name"], metric["Unit"], dimensions, values)


def _blobs(line: str) -> Iterator[dict[str, Any]]:
    """The EMF objects of a line. All environments of a function print into one file, and text and line break apart: a
    line may hold the words of two of them."""
    start = line.find(BLOB)
    while start >= 0:
        try:
            blob, _ = json.JSONDecoder().raw_decode(line, start)
        except json.JSONDecodeError:
            return  # still being written: the next look finds it whole
        yield blob
        start = line.find(BLOB, start + 1)
