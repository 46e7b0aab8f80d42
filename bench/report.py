"""Report a measurement: tables on standard output, JSON in .local/bench (git-ignored)."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.processes.artefacts import FOLDER


def say(text: str) -> None:
    """Print lines, flushed so that they appear at once in a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: the first column aligned left, all others right."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [_line(row, widths) for row in [head, ["─" * width for width in widths], *rows]]
    say("\n".join(["", title, *lines]))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.rjust(width) if place else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([first, *others])


def save(name: str, content: dict[str, Any]) -> Path:
    """Write a JSON file and return its path."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps({**content, "machine": machine()}, indent=1, ensure_ascii=False) + "\n", "utf-8")
    say(f"\nWritten: {path}")
    return path


def machine() -> dict[str, Any]:
    """Describe the machine, on which the results depend; only ratios hold on other machines."""
    return {"processors": os.cpu_count(), "load_1_min": round(os.getloadavg()[0], 2), "python": sys.version.split()[0]}


def evaluate(targets: Sequence[tuple[str, float, float]]) -> bool:
    """Print for each (name, found, maximum) whether it is met; return whether all are."""
    for name, found, most in targets:
        say(f"{'met   ' if found <= most else 'MISSED'}  {name}: {found:.3f} (at most {most:.2f})")
    return all(found <= most for _, found, most in targets)
