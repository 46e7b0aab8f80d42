"""The table of `make bench`: one block per scenario, one row per subject. `results` defines the columns."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from bench.throughput.results import Result

HEAD = [
    "",
    "reg/s",
    "drain",
    "whole",
    "ours ÷",
    "calls",
    "÷ideal",
    "429s",
    "p50 s",
    "p99 s",
    "$/M",
    "in flight",
    "lost",
    "twice",
]
WIDTHS = [30, 6, 5, 5, 6, 6, 6, 6, 6, 6, 5, 9, 5, 5]
LEGEND = """\
reg/s      registrants stored per second, first form to last row     ours ÷  our speed ÷ this one's
drain      share of the ceiling (0.97 x calls/s x 30) while each webinar has 30 registrants waiting on average
whole      share of the ceiling over the whole time                  ÷ideal  calls ÷ the calls needed if all were full
p50, p99   from the form's message to the row with the join URL      $/M     AWS's price per million registrants
in flight  maximum of messages received and not yet deleted          twice   registered by more than one call
*          with fewer registrants than this scenario has"""


def table(runs: Sequence[Result], registrants: Mapping[str, int]) -> str:
    """Return the table; `registrants`: the full number of each scenario."""
    lines = [_line(HEAD)]
    for scenario, group in groupby(runs, key=lambda run: run.scenario):
        block = list(group)
        lines += ["─" * len(lines[0]), f"{scenario}: {_description(block, registrants[scenario])}"]
        ours = {(run.clock, run.model): run for run in block if run.subject == "ours"}
        for run in block:
            lines.append(_line(_cells(run, ours.get((run.clock, run.model)), registrants[scenario])))
    return "\n".join([*lines, "─" * len(lines[0]), LEGEND])


def _description(block: Sequence[Result], registrants: int) -> str:
    return next((run.description for run in block if run.registrants == registrants), block[0].description)


def _cells(run: Result, ours: Result | None, registrants: int) -> list[str]:
    aside = [run.clock] * (run.clock != "virtual") + [f"AWS {run.model}"] * (run.model != "usual")
    label = run.label + "*" * (run.registrants < registrants) + (f" ({', '.join(aside)})" if aside else "")
    compares = ours is not None and ours is not run and not run.trickle
    return [
        label,
        f"{run.speed:.1f}",
        "-" if run.drain is None else f"{run.drain:.3f}".removeprefix("0"),
        "-" if run.trickle else f"{run.whole:.3f}".removeprefix("0"),
        f"{ours.speed / run.speed:.1f}" if compares and ours and run.speed else "",
        f"{run.calls}",
        "-" if run.trickle else f"{run.calls_by_ideal:.2f}",
        f"{run.refused}",
        _seconds(run.p50_s),
        _seconds(run.p99_s),
        f"{run.dollars_per_million:.2f}",
        f"{run.in_flight}",
        f"{run.lost}",
        f"{run.doubled}",
    ]


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def _line(cells: Iterable[str]) -> str:
    padded = [
        cell.rjust(width) if place else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    ]
    return " ".join(padded)
