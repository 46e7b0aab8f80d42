"""What a registrant reads of `make bench`: one table, a block a scenario, a row a subject.

In: result_of. Out: text. What the columns mean stands in `result_of`.
"""

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
reg/s     stored ÷ seconds from the first form to the last row      ours ÷  our speed ÷ this one's
drain     share of the ceiling, 0.97 x calls/s x 30 registrants, as long as each webinar has thirty waiting, on average
whole     share of the ceiling over the whole time                  ÷ideal  calls ÷ what full calls of thirty would take
p50, p99  from the form's message to the row with the join URL      $/M     AWS for a million registrants
in flight most messages received and not yet done, of all together  twice   registrants registered by more than one call
*         the first of this scenario's registrants only"""


def table(runs: Sequence[Result], registrants: Mapping[str, int]) -> str:
    """Return the table; `registrants`: how many each scenario has in full."""
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
