"""Draining beside the peers, in virtual and in real time: `python -m bench.drain`, which is `make bench`.

In: `--scenario`, `--subject`, `--model`, `--clock` to run only these; `--jobs`. Out: one table, .local/bench/drain.json
and drain.svg; exit status 1 if a target is missed.

Virtual runs are the same whatever else the machine does, so there are as many at once as it has processors. Runs in
real time sleep nearly always, and go two at a time after the others.
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
    """Run, print, write; returns the exit status."""
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
    parser.add_argument("--scenario", choices=SCENARIOS, action="append", help="only this one; may be repeated")
    parser.add_argument("--subject", choices=SUBJECTS, action="append", help="only this one; may be repeated")
    parser.add_argument("--model", choices=MODELS, help="how fast AWS is")
    parser.add_argument("--clock", choices=[VIRTUAL, REAL], help="only the runs on this clock")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="virtual runs at once (default: %(default)s)"
    )
    return parser.parse_args()


def _chosen(given: argparse.Namespace) -> list[Run]:
    """Of everything, what was asked for; or just what was asked for, if the plan has nothing of it."""
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
    """Run them, with a bar; returns their result in the same order."""
    found: dict[Run, Result] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(runs))
        for clock, at_once in ((VIRTUAL, jobs), (REAL, REAL_AT_ONCE)):
            # The longest first, or one of them is waited for in the end.
            waiting = sorted(
                (run for run in runs if run.clock == clock), key=lambda run: -SCENARIOS[run.scenario].registrants
            )
            # A process of its own for each: what libraries keep, and what is patched, ends with it.
            with ProcessPoolExecutor(at_once, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
                futures = {pool.submit(run): run for run in waiting}
                for run, result in _finished(futures):
                    found[run] = result
                    progress.update(task, advance=1, description=f"{run}")
                    if not console.is_terminal:  # a bar would only be shown in the end
                        console.print(f"{len(found)} of {len(runs)}: {run}", highlight=False)
    return [found[run] for run in runs]


def _finished(futures: dict[Future[Result], Run]) -> Iterable[tuple[Run, Result]]:
    for future in as_completed(futures):
        yield futures[future], future.result()


def _json(run: Result) -> dict[str, object]:
    return asdict(run) | {"calls_by_ideal": run.calls_by_ideal, "dollars_per_million": run.dollars_per_million}


if __name__ == "__main__":
    sys.exit(main())
