"""Run the chaos simulation once and print its progress and results (`python -m tests.chaos`, or `make chaos`).

The exit status is 0 only if every check passes.
"""

import argparse
import sys
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.chaos.evaluation.checks import check
from tests.chaos.evaluation.record import Record
from tests.chaos.evaluation.report import show
from tests.chaos.run import ChaosRun, Size

SUBMISSIONS = 10_000


def main() -> int:
    """Run it and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same run (default: %(default)s)")
    parser.add_argument(
        "--submissions", type=int, default=SUBMISSIONS, help="number of messages (default: %(default)s)"
    )
    parser.add_argument("--webinars", type=int, help="number of webinars: a few large ones, most of them small")
    parser.add_argument("--hours", type=float, help="simulated hours in which submissions arrive and faults occur")
    given = parser.parse_args()
    usual = Size.of(given.submissions)
    size = Size(given.submissions, given.webinars or usual.webinars, given.hours or usual.hours)
    # Bound to the real output: during the run the consumer's output is captured.
    console = Console(file=sys.stdout, highlight=False)
    began_s = time.monotonic()
    record = run(console, given.seed, size)
    findings = check(record)
    show(console, record, findings, given.seed)
    console.print(f"It took {time.monotonic() - began_s:.0f} s.")
    return int(any(finding.forbidden and finding.violations for finding in findings))


def run(console: Console, seed: int, size: Size) -> Record:
    """Run it with a progress bar of deleted messages, to which a redrive adds some."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=size.submissions)

        def report_progress(settled: int, hours: float) -> None:
            description = f"simulated hour {hours:3.0f}" + (", no more faults" if hours > size.hours else "")
            progress.update(task, completed=settled, total=max(size.submissions, settled), description=description)

        return ChaosRun(seed, size, report_progress).run()


if __name__ == "__main__":
    sys.exit(main())
