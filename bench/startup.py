"""Compare start-up with other functions (`python -m bench.startup [ROUNDS]`, about five minutes).

RegisterBatch and AcceptSubmission are compared with the naive functions, AcceptForm with AcceptSubmission.

It prints two tables and writes .local/bench/startup.json. One has the time from a start until the function is imported,
until its first invocation has built its environment, and until that invocation has ended. The other has the import time
of each package.

Every start is a fresh interpreter with the built function (artefacts.py); the kinds alternate, so that load on the
machine affects all of them. The target is about the median CPU time until "built": our clients are created in the first
invocation and the naive ones at import, so an earlier point would favour us. Not measured: reading files that are not
cached yet (the naive functions have two and a half times the bytes), and Lambda's part.
"""

import json
import os
import statistics
import subprocess
import sys
from typing import Any, NamedTuple

from bench import report
from bench.processes import packages
from bench.processes.artefacts import PYTHON, REPOSITORY, Artefact, Artefacts, build
from bench.processes.lambda_environment import VARIABLES

ROUNDS = 15
PACKAGE_ROUNDS = 9
TARGET = 0.50  # of the naive function
WEBHOOK_TARGET = 1.30  # of our form endpoint
STAGES = ("imported", "built", "invoked")
SHOWN_MS = 1.0  # faster packages are only in the JSON
NOT_NEEDED = {"aws_xray_sdk", "dns", "pydantic"}
START_SECONDS = 60

# -I, -S: no user packages, no site-packages. -B: no byte code is written, as on Lambda.
_INTERPRETER = (str(PYTHON), "-I", "-S", "-B")


class Start(NamedTuple):
    """Milliseconds by stage: wall-clock and CPU time."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]
    modules: int


class StartError(RuntimeError):
    """A start failed; the message is its output."""


def main(rounds: int) -> int:
    """Measure, print, and write the JSON file; return the exit status."""
    report.say("Building the functions and their peers …")
    built = build()
    consumers = [built.consumer, built.naive_consumer, built.precompiled_consumer]
    form_endpoints = [built.form_endpoint, built.naive_form_endpoint, built.precompiled_form_endpoint]
    subjects = [(one, "consumer") for one in consumers] + [(one, "form_endpoint") for one in form_endpoints]
    subjects.append((built.webhook, "webhook"))
    starts: dict[str, list[Start]] = {one.name: [] for one, _ in subjects}
    for number in range(rounds + 1):
        report.say(f"Starting all functions, round {number} of {rounds} …")
        for artefact, kind in subjects:
            start = _start(artefact, kind)
            if number:  # round 0 fills the file cache
                starts[artefact.name].append(start)
    medians = {name: _median(several) for name, several in starts.items()}
    ratios = {name: _ratios(medians, name) for name in (built.consumer.name, built.form_endpoint.name)}
    _print_starts(medians)
    imported = _print_packages(built)
    unneeded = {name: sorted(found & NOT_NEEDED) for name, found in imported["modules"].items() if "our" in name}
    report.say("")
    targets = [(f"{name}, CPU until built", ratio["cpu"], TARGET) for name, ratio in ratios.items()]
    webhook = _ratio(medians, built.webhook.name, built.form_endpoint.name)
    met = report.evaluate([*targets, ("our webhook ÷ our form endpoint, CPU until built", webhook, WEBHOOK_TARGET)])
    for name, found in unneeded.items():
        report.say(f"{'MISSED' if found else 'met   '}  {name} imports no unneeded package: {found or 'none'}")
    report.save(
        "startup",
        {
            "rounds": rounds,
            "stages": STAGES,
            "milliseconds": {name: start._asdict() for name, start in medians.items()},
            "ratios_until_built": ratios,
            "webhook_to_form_endpoint": webhook,
            "packages_ms": imported["costs"],
            "not_needed_but_imported": unneeded,
        },
    )
    return 0 if met and not any(unneeded.values()) else 1


def _run(artefact: Artefact, kind: str, *options: str) -> str:
    """Start a function once; return what it wrote to standard error."""
    program = REPOSITORY / "bench" / "processes" / "cold_start.py"
    command = [*_INTERPRETER, *options, str(program), kind, *map(str, artefact.path)]
    environment = {**VARIABLES, "PATH": os.environ.get("PATH", os.defpath)}
    done = subprocess.run(  # noqa: S603  this project's own program
        command, env=environment, capture_output=True, encoding="utf-8", timeout=START_SECONDS, check=False
    )
    if done.returncode != 0:
        raise StartError(f"{artefact.name} failed to start:\n{done.stderr[-4_000:]}")
    return done.stderr


def _start(artefact: Artefact, kind: str) -> Start:
    output: dict[str, Any] = json.loads(_run(artefact, kind).splitlines()[-1])
    wall, cpu = zip(*((1_000 * stage[0], 1_000 * stage[1]) for stage in output["spent"]), strict=True)
    return Start(wall, cpu, output["modules"])


def _median(several: list[Start]) -> Start:
    def by_stage(values: list[tuple[float, ...]]) -> tuple[float, ...]:
        return tuple(round(statistics.median(stage), 1) for stage in zip(*values, strict=True))

    return Start(by_stage([one.wall for one in several]), by_stage([one.cpu for one in several]), several[0].modules)


def _ratios(medians: dict[str, Start], name: str) -> dict[str, float]:
    """Return the ratios of ours to the naive one, and to the naive one with valid byte code."""
    peer = name.replace("our", "naive")
    built = STAGES.index("built")
    return {
        "cpu": _ratio(medians, name, peer),
        "wall": medians[name].wall[built] / medians[peer].wall[built],
        "cpu_to_compiled": _ratio(medians, name, f"{peer}, compiled"),
    }


def _ratio(medians: dict[str, Start], name: str, other: str) -> float:
    """Return the ratio of CPU times until built."""
    built = STAGES.index("built")
    return medians[name].cpu[built] / medians[other].cpu[built]


def _print_starts(medians: dict[str, Start]) -> None:
    rows = []
    for name, start in medians.items():
        mine = medians[name.removesuffix(", compiled").replace("naive", "our")]
        cells = [f"{ms:.0f}" for ms in (*start.cpu, *start.wall)]
        quotients = [mine.cpu[place] / start.cpu[place] for place in range(len(STAGES))]
        shown = ["" if mine is start else f"{quotient:.2f}" for quotient in quotients]
        rows.append([name, *cells, str(start.modules), *shown])
    head = ["ms, medians", *(f"CPU {stage}" for stage in STAGES), *(f"wall {stage}" for stage in STAGES), "modules"]
    report.table("Start-up", [*head, *(f"ours ÷ this, {stage}" for stage in STAGES)], rows)


def _print_packages(built: Artefacts) -> dict[str, Any]:
    """Print the import times; of the naive functions with byte code, so without compiling."""
    subjects = [
        (built.consumer, "consumer"),
        (built.precompiled_consumer, "consumer"),
        (built.form_endpoint, "form_endpoint"),
        (built.precompiled_form_endpoint, "form_endpoint"),
        (built.webhook, "webhook"),
    ]
    costs: dict[str, dict[str, packages.Cost]] = {}
    modules: dict[str, set[str]] = {}
    for artefact, kind in subjects:
        report.say(f"Measuring the imports of {artefact.name} …")
        found = [packages.imports(_run(artefact, kind, "-X", "importtime")) for _ in range(PACKAGE_ROUNDS)]
        costs[artefact.name] = packages.least(packages.costs(start) for start in found)
        modules[artefact.name] = {one.module.partition(".")[0] for one in found[0]}
    names = sorted({name for one in costs.values() for name in one}, key=lambda name: -_dearest(costs, name))
    rows = [
        [
            name,
            *(
                f"{one[name].own_ms:.1f} ({one[name].with_others_ms:.1f})" if name in one else "-"
                for one in costs.values()
            ),
        ]
        for name in names
        if _dearest(costs, name) >= SHOWN_MS
    ]
    title = "Imports: ms of a package's modules (with everything that it was the first to import)"
    report.table(title, ["package", *costs], rows)
    as_json = {name: {package: cost._asdict() for package, cost in one.items()} for name, one in costs.items()}
    return {"costs": as_json, "modules": modules}


def _dearest(costs: dict[str, dict[str, packages.Cost]], name: str) -> float:
    return max(one[name].own_ms for one in costs.values() if name in one)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
