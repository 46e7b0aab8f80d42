"""Compare warm deliveries to AcceptForm with submissions to AcceptSubmission (`python -m bench.forms [ROUNDS]`).

Both functions run as they are built, in fresh interpreters that alternate, so that load on the machine affects both.
The time of an invocation is its CPU time, plus the calls to AWS that follow one another, as long as the model of the
benchmarks assumes them (simulation/aws_model.py): waiting for them here would measure the machine's other work. A
delivery is one of Typeform, signed; a submission is JSON. It takes two minutes and writes .local/bench/forms.json.
"""

import json
import os
import statistics
import subprocess
import sys
from collections import Counter

from bench import report
from bench.processes.artefacts import PYTHON, REPOSITORY, Artefact, build
from bench.processes.lambda_environment import VARIABLES
from bench.simulation.aws_model import USUAL

ROUNDS = 5
INVOCATIONS = 300  # in each round
TARGET = 1.50  # of AcceptSubmission's median
RUN_SECONDS = 120
_ROW = USUAL.write_row_s
CALL_SECONDS = {"PutItem": _ROW, "UpdateItem": _ROW, "SendMessage": USUAL.receive_s}


class RunError(RuntimeError):
    """A run failed; the message is its output."""


def main(rounds: int) -> int:
    """Measure, print, and write the JSON file; return the exit status."""
    report.say("Building the functions …")
    built = build()
    subjects = {"form_endpoint": built.form_endpoint, "webhook": built.webhook}
    cpu_ms: dict[str, list[float]] = {kind: [] for kind in subjects}
    in_turn: dict[str, list[str]] = {}
    for number in range(1, rounds + 1):
        report.say(f"Invoking both functions, round {number} of {rounds} …")
        for kind, artefact in subjects.items():
            spent, in_turn[kind] = _run(artefact, kind)
            cpu_ms[kind] += [1_000 * seconds for seconds in spent]
    medians = {
        kind: statistics.median(cpu_ms[kind]) + sum(1_000 * CALL_SECONDS[call] for call in in_turn[kind])
        for kind in subjects
    }
    rows = [
        [artefact.name, f"{medians[kind]:.1f}", f"{statistics.median(cpu_ms[kind]):.1f}", _listed(in_turn[kind])]
        for kind, artefact in subjects.items()
    ]
    report.table("A warm invocation", ["ms, medians", "in all", "CPU", "calls that follow one another"], rows)
    ratio = medians["webhook"] / medians["form_endpoint"]
    met = report.evaluate([("our webhook ÷ our form endpoint, median", ratio, TARGET)])
    report.save("forms", {"rounds": rounds, "median_ms": medians, "calls": in_turn, "ratio": ratio})
    return 0 if met else 1


def _listed(calls: list[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in Counter(calls).items())


def _run(artefact: Artefact, kind: str) -> tuple[list[float], list[str]]:
    """Return the CPU seconds of each warm invocation, and the calls of one that follow one another."""
    program = REPOSITORY / "bench" / "processes" / "warm_invocations.py"
    command = [str(PYTHON), "-I", "-S", "-B", str(program), kind, str(INVOCATIONS), *map(str, artefact.path)]
    environment = {**VARIABLES, "PATH": os.environ.get("PATH", os.defpath)}
    done = subprocess.run(  # noqa: S603  this project's own program
        command, env=environment, capture_output=True, encoding="utf-8", timeout=RUN_SECONDS, check=False
    )
    if done.returncode != 0:
        raise RunError(f"{artefact.name} failed:\n{done.stderr[-4_000:]}")
    found = json.loads(done.stderr.splitlines()[-1])
    return found["cpu"], found["in_turn"]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
