"""Format a series of samples for the screen and for JSON."""

from collections.abc import Iterable
from typing import Any

from registrar.registrants.row import Status
from rich.console import Group
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from registrar_cli.operations.event_source_mapping import ENABLED
from registrar_cli.operations.throughput import Series
from registrar_cli.registrants.deferrals import next_try, summary
from registrar_cli.registrants.explanation import COLOURS
from registrar_cli.terminal.formatting import quantity, span
from registrar_cli.terminal.suggestions import suggest

_BLOCKS = " ▁▂▃▄▅▆▇█"
_BAR_CHARACTERS = 18  # with labels and numbers, it fits into 80 columns
_CURVE_CHARACTERS = 40
NEAR_PERCENT = 80.0  # the threshold of the alarm BudgetNear


def as_json(series: Series, webinar: str | None) -> dict[str, Any]:
    """Return the newest sample for JSON."""
    sample = series.last
    seconds = series.seconds_to_drain()
    return {
        "webinar_id": webinar,
        "queue": sample.depth.visible,
        "in_flight": sample.depth.not_visible,
        "dead_letters": sample.depth.dead_letters,
        "rows": dict(sample.status_counts) if sample.status_counts is not None else None,
        "deferred": [deferral.as_json() for deferral in sample.deferrals],
        "deferred_in_other_webinars": sample.others_deferred,
        "per_second": round(series.per_second(), 2),
        "zoom_calls_today": sample.used.calls,
        "zoom_calls_allowed": sample.used.of,
        "mapping": sample.mapping,
        "seconds_to_drain": None if seconds is None else round(seconds),
    }


def screen(series: Series, stack: str, webinar: str | None, is_last: bool = False) -> Panel:
    """Return the screen; `is_last`: no other sample follows."""
    sample = series.last
    of_all = "of all webinars; " if webinar else ""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(justify="right", style="bold", min_width=9)
    table.add_column()
    table.add_row("on the queue", f"{sample.depth.visible:,}", f"{of_all}waiting for the consumer")
    table.add_row("in flight", f"{sample.depth.not_visible:,}", f"{of_all}being processed, or deferred")
    for status in Status if sample.status_counts is not None else ():
        count = (sample.status_counts or {}).get(status, 0)
        hint = _next_try(series) if status == Status.DEFERRED else ""
        table.add_row(status.replace("_", " "), Text(f"{count:,}", style=COLOURS[status] if count else "dim"), hint)
    speed = "registrations per second" if webinar else "leave the queue per second, minus arrivals"
    table.add_row("speed", f"{series.per_second():,.1f}", speed)
    table.add_row("", "", Text(curve(series.rates), style="green"))
    dead_letters = sample.depth.dead_letters
    table.add_row(
        "dead letters",
        Text(f"{dead_letters:,}", style="red" if dead_letters else "dim"),
        f"{of_all}{suggest('failures')}" if dead_letters else "",
    )
    table.add_row("Zoom's quota", f"{sample.used.percent:.1f} %", _quota(series))
    when, why = _forecast(series, is_last)
    table.add_row("queue empty", when, why)
    title = f"{stack}, webinar {webinar}" if webinar else stack
    left = Text(who_waits(series), style="yellow")
    whole = Group(table, left) if left else table
    return Panel(whole, title=title, title_align="left", subtitle="Ctrl-C ends", subtitle_align="right", expand=False)


def who_waits(series: Series) -> str:
    """Return who is left where only deferred registrants are; else an empty text."""
    sample = series.last
    if not series.waits_only():
        return ""
    others = f"{quantity(sample.others_deferred, 'registrant')} of other webinars"
    if not sample.deferrals:
        return f"Waiting: only {others}, no one of this webinar."
    more = f"; also {others}" if sample.others_deferred else ""
    return f"{summary(sample.deferrals, sample.now)}{more}. More: {suggest('failures')}"


def curve(rates: Iterable[float]) -> str:
    """Return the rates as a sparkline."""
    values = list(rates)[-_CURVE_CHARACTERS:]
    top = max(values, default=0.0)
    return "".join(_BLOCKS[round(value / top * (len(_BLOCKS) - 1))] if top else " " for value in values)


def _next_try(series: Series) -> str:
    """Return when the first deferred registrant is due."""
    sample = series.last
    moments = [deferral.first_at for deferral in sample.deferrals]
    return next_try(min(moments), sample.now) if moments else ""


def _quota(series: Series) -> Table:
    used = series.last.used
    style = "red" if used.percent >= NEAR_PERCENT else "green"
    row = Table.grid(padding=(0, 1))
    bar = ProgressBar(total=max(1, used.of), completed=used.calls, width=_BAR_CHARACTERS, complete_style=style)
    row.add_row(bar, f"{used.calls:,} of {used.of:,} calls today")
    return row


def _forecast(series: Series, is_last: bool) -> tuple[str, str]:
    seconds = series.seconds_to_drain()
    if series.last.mapping != ENABLED:
        return "never", f"the consumer is paused: {suggest('resume')}"
    if series.waits_only():
        return "later", "only deferred registrants are left"
    if seconds is None and series.has_one_sample:
        return "?", "one sample gives no forecast" if is_last else "known after the next sample"
    if seconds is None:
        return "?", f"the queue does not shrink: {suggest('doctor')}"
    return ("now", "no message is waiting") if seconds == 0 else (f"in {span(seconds)}", "at this speed")
