"""Compare draining a queue with the peers, in virtual and in real time (`python -m bench.drain`, or `make bench`).

It prints a table and writes .local/bench/drain.json and drain.svg. The exit status is 1 if a target is missed.

The load of the machine does not change virtual runs, so as many run at once as there are processors. Runs in real time
mostly sleep; they run after the others, two at once.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict
from multiprocessing import get_context

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import report
from bench.processes.artefacts import FOLDER
from bench.simulation.aws_model import MODELS
from bench.throughput import chart
from bench.throughput.plan import REAL, SCENARIOS, VIRTUAL, Run, everything
from bench.throughput.results import Result
from bench.throughput.subjects import SUBJECTS
from bench.throughput.table import table
from bench.throughput.targets import evaluate

REAL_AT_ONCE = 2


def main() -> int:
    """Run, print, and write the files; return the exit status."""
    given = _arguments()
    found = _run(_chosen(given), given.jobs)
    report.say(table(found, {name: scenario.registrants for name, scenario in SCENARIOS.items()}))
    usual = {(run.scenario, run.subject): run for run in found if run.clock == VIRTUAL and run.model == "usual"}
    targets = evaluate(usual, [run for run in found if run.subject == "ours"])
    report.say("\n" + "\n".join(map(str, targets)))
    report.save("drain", {"runs": [_json(run) for run in found], "targets": [asdict(target) for target in targets]})
    path = FOLDER / "drain.svg"
    path.write_text(chart.draw(list(usual.values())), "utf-8")
    report.say(f"Written: {path}")
    return 0 if all(target.met for target in targets) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.drain", description=__doc__.partition("\n")[0])
    parser.add_argument("--scenario", choices=SCENARIOS, action="append", help="run only this one; may be repeated")
    parser.add_argument("--subject", choices=SUBJECTS, action="append", help="run only this one; may be repeated")
    parser.add_argument("--model", choices=MODELS, help="run only this model of AWS")
    parser.add_argument("--clock", choices=[VIRTUAL, REAL], help="run only on this clock")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="number of virtual runs at once (default: %(default)s)"
    )
    return parser.parse_args()


def _chosen(given: argparse.Namespace) -> list[Run]:
    """Return the requested runs of the plan, or else runs of all that was requested."""
    runs = [
        run
        for run in everything()
        if run.scenario in (given.scenario or SCENARIOS)
        and run.subject in (given.subject or SUBJECTS)
        and given.model in (None, run.model)
        and given.clock in (None, run.clock)
    ]
    return runs or [
        Run(scenario, subject, given.clock or VIRTUAL, given.model or "usual")
        for scenario in given.scenario or SCENARIOS
        for subject in given.subject or SUBJECTS
    ]


def _run(runs: Sequence[Run], jobs: int) -> list[Result]:
    """Run them with a progress bar; return their results in the same order."""
    found: dict[Run, Result] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(runs))
        for clock, at_once in ((VIRTUAL, jobs), (REAL, REAL_AT_ONCE)):
            # The longest first, so that none of them ends much later than the others.
            waiting = sorted(
                (run for run in runs if run.clock == clock), key=lambda run: -SCENARIOS[run.scenario].registrants
            )
            # One process per run: caches of libraries and patches end with it.
            with ProcessPoolExecutor(at_once, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
                futures = {pool.submit(run): run for run in waiting}
                for run, result in _finished(futures):
                    found[run] = result
                    progress.update(task, advance=1, description=f"{run}")
                    if not console.is_terminal:  # the bar is only printed at the end there
                        console.print(f"{len(found)} of {len(runs)}: {run}", highlight=False)
    return [found[run] for run in runs]


def _finished(futures: dict[Future[Result], Run]) -> Iterable[tuple[Run, Result]]:
    for future in as_completed(futures):
        yield futures[future], future.result()


def _json(run: Result) -> dict[str, object]:
    return asdict(run) | {"calls_by_ideal": run.calls_by_ideal, "dollars_per_million": run.dollars_per_million}


if __name__ == "__main__":
    sys.exit(main())
