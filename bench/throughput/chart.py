"""The chart of `make bench` (SVG): each subject's share of the ceiling, and how long registrants wait on a quiet queue.

It shows the runs of the usual model in virtual time.
"""

from collections.abc import Callable, Sequence
from html import escape
from math import log10

from bench.throughput.results import Result

WIDTH = 900
LEFT, RIGHT = 190, 60  # of the bars
BAR, GAP, TITLE = 16, 6, 30
OURS, PEER, TEXT, FAINT = "#1f6feb", "#9aa4b2", "#1c2128", "#d0d7de"
FASTEST_S, SLOWEST_S = 0.1, 100.0  # of the scale of waiting

Bar = Callable[[list[str], int, Result], None]


def draw(runs: Sequence[Result]) -> str:
    """Return the chart as SVG."""
    busy = [run for run in runs if not run.trickle and run.scenario.startswith(("busy", "at-once"))]
    quiet = [run for run in runs if run.trickle and not run.scenario.startswith("loopback")]
    parts: list[str] = []
    y = 10
    y = _heading(parts, y, "Share of the speed that Zoom's rate limit allows, over the whole time")
    for scenario in dict.fromkeys(run.scenario for run in busy):
        y = _group(parts, y, [run for run in busy if run.scenario == scenario], _share)
    if quiet:
        y = _heading(parts, y + 20, "Seconds from the form to the join URL: median and 99th percentile")
        for scenario in dict.fromkeys(run.scenario for run in quiet):
            y = _group(parts, y, [run for run in quiet if run.scenario == scenario], _waiting)
        y = _scale(parts, y)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 10}"'
        f' font-family="sans-serif" font-size="13">'
        f'<rect width="{WIDTH}" height="{y + 10}" fill="white"/>{"".join(parts)}</svg>\n'
    )


def _heading(parts: list[str], y: int, text: str) -> int:
    parts.append(f'<text x="10" y="{y + 18}" font-size="17" font-weight="bold" fill="{TEXT}">{escape(text)}</text>')
    return y + TITLE


def _group(parts: list[str], y: int, runs: Sequence[Result], bar: Bar) -> int:
    parts.append(
        f'<text x="10" y="{y + 16}" fill="{TEXT}">{escape(f"{runs[0].scenario}: {runs[0].description}")}</text>'
    )
    y += TITLE - 6
    for run in runs:
        weight = "bold" if run.subject == "ours" else "normal"
        label = f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end" font-weight="{weight}" fill="{TEXT}">'
        parts.append(f"{label}{escape(run.label)}</text>")
        bar(parts, y, run)
        y += BAR + GAP
    return y + GAP


def _share(parts: list[str], y: int, run: Result) -> None:
    full_width = WIDTH - LEFT - RIGHT
    parts.append(f'<rect x="{LEFT}" y="{y}" width="{full_width}" height="{BAR}" fill="none" stroke="{FAINT}"/>')
    width = run.whole * full_width
    parts.append(f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{_colour(run)}"/>')
    parts.append(_number(WIDTH - RIGHT + 8, y, f"{run.whole:.0%}"))


def _waiting(parts: list[str], y: int, run: Result) -> None:
    begin, end = _x(run.p50_s), _x(run.p99_s)
    middle = y + BAR / 2
    parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{middle}" y2="{middle}" stroke="{FAINT}"/>')
    size = f'width="{max(2.0, end - begin):.1f}" height="{BAR - 8}"'
    parts.append(f'<rect x="{begin:.1f}" y="{y + 4}" {size} fill="{_colour(run)}"/>')
    parts.append(f'<circle cx="{begin:.1f}" cy="{middle}" r="6" fill="{_colour(run)}"/>')
    parts.append(_number(end + 8, y, f"{run.p50_s:.2f} … {run.p99_s:.2f}"))


def _scale(parts: list[str], y: int) -> int:
    for seconds in (0.1, 0.3, 1, 3, 10, 30, 100):
        x = _x(seconds)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{y + 5}" stroke="{TEXT}"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 19}" text-anchor="middle" fill="{TEXT}">{seconds:g} s</text>')
    return y + 24


def _x(seconds: float) -> float:
    held = min(max(seconds, FASTEST_S), SLOWEST_S)
    return LEFT + log10(held / FASTEST_S) / log10(SLOWEST_S / FASTEST_S) * (WIDTH - LEFT - RIGHT)


def _colour(run: Result) -> str:
    return OURS if run.subject == "ours" else PEER


def _number(x: float, y: int, text: str) -> str:
    # A white edge keeps the number readable over the line.
    edge = 'paint-order="stroke" stroke="white" stroke-width="5"'
    return f'<text x="{x:.1f}" y="{y + 13}" fill="{TEXT}" {edge}>{escape(text)}</text>'
