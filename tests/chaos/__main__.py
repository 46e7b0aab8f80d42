"""`python -m tests.chaos`: one chaos run, with its progress, its figures and its verdict.

In: `--seed`, `--submissions`, `--webinars`, `--hours`. Out: tables; exit code 0 only if everything holds.
"""

import argparse
import sys
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.chaos.checks import check
from tests.chaos.record import Record
from tests.chaos.report import show
from tests.chaos.run import ChaosRun, Size

SUBMISSIONS = 10_000


def main() -> int:
    """Run it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same run (default: %(default)s)")
    parser.add_argument("--submissions", type=int, default=SUBMISSIONS, help="messages (default: %(default)s)")
    parser.add_argument("--webinars", type=int, help="webinars, a few huge and most of them tiny")
    parser.add_argument("--hours", type=float, help="in the story: how long people come and things break")
    given = parser.parse_args()
    usual = Size.of(given.submissions)
    size = Size(given.submissions, given.webinars or usual.webinars, given.hours or usual.hours)
    # Bound to the real output: while the run lasts, what the consumer prints is caught.
    console = Console(file=sys.stdout, highlight=False)
    began_s = time.monotonic()
    record = run(console, given.seed, size)
    findings = check(record)
    show(console, record, findings, given.seed)
    console.print(f"It took {time.monotonic() - began_s:.0f} s.")
    return int(any(finding.forbidden and finding.violations for finding in findings))


def run(console: Console, seed: int, size: Size) -> Record:
    """Run it with a bar: of the messages acknowledged, of which a redrive adds some."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=size.submissions)

        def note(settled: int, hours: float) -> None:
            shown = f"hour {hours:3.0f} of the story" + (", all is well again" if hours > size.hours else "")
            progress.update(task, completed=settled, total=max(size.submissions, settled), description=shown)

        return ChaosRun(seed, size, note).run()


if __name__ == "__main__":
    sys.exit(main())
