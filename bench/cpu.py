"""Compare the CPU time per registrant with the naive consumer (`python -m bench.cpu [ROUNDS] [REGISTRANTS]`).

It takes about ten minutes, prints a table and writes .local/bench/cpu.json. They hold, for our built consumer and the
naive one, both warm, with ten webinars: CPU time per registrant, calls, and DynamoDB's units per registrant.

Both run on the same stateful fakes, behind the last step of botocore and requests (wire.py). So building, signing and
parsing AWS calls counts, where batches differ from single calls. The CPU time of the fakes is subtracted.

The naive consumer is measured with events of 10 messages, and of 1,000, which need a batch window. Our consumer
receives and deletes messages itself, which Lambda does for the naive one at no CPU time; this counts against us.
"""

import json
import os
import statistics
import subprocess
import sys
from typing import Any, Final, NamedTuple

from bench import report
from bench.processes.artefacts import REPOSITORY, Artefact, build
from bench.processes.lambda_environment import VARIABLES

ROUNDS = 5
REGISTRANTS = 10_000
WEBINARS = 10
TARGET = 0.40  # of the naive function
READ_UNITS, WRITE_UNITS = 0.5, 1.0  # per registrant, in RegistrantTable
SECONDS = 900  # per run

OURS: Final = "our consumer"
NAIVE: Final = "naive consumer, events of 10"
NAIVE_WINDOW: Final = "naive consumer, events of 1,000"


class Run(NamedTuple):
    """One run's results per registrant: CPU in µs, the part of it in requests, calls, [read, write] units."""

    cpu_us: float
    requests_us: float
    calls: dict[str, float]
    units: dict[str, list[float]]

    @property
    def without_requests_us(self) -> float:
        return self.cpu_us - self.requests_us


def main(rounds: int, registrants: int) -> int:
    """Measure, print, and write the JSON file; return the exit status."""
    report.say("Building the functions and their peers …")
    built = build()
    # Byte code does not matter to a warm function; with it the naive one only loads sooner.
    subjects = [(OURS, built.consumer, 10)]
    subjects += [(NAIVE, built.precompiled_consumer, 10), (NAIVE_WINDOW, built.precompiled_consumer, 1_000)]
    runs: dict[str, list[Run]] = {name: [] for name, _, _ in subjects}
    for number in range(1, rounds + 1):
        for name, artefact, batch in subjects:
            run = _run(artefact, registrants, batch)
            runs[name].append(run)
            report.say(f"Round {number} of {rounds}: {name}: {run.cpu_us:.0f} µs per registrant")
    ratios = {name: _ratios(runs[OURS], runs[name]) for name in (NAIVE, NAIVE_WINDOW)}
    _print(runs, ratios)
    units = [run.units for run in runs[OURS]]
    exact = all(one["Registrants"] == [READ_UNITS, WRITE_UNITS] for one in units)
    report.say("")
    met = report.evaluate([(f"our consumer ÷ {name}, CPU", ratio["cpu"], TARGET) for name, ratio in ratios.items()])
    wanted = f"{READ_UNITS} read and {WRITE_UNITS} write units per registrant, exactly"
    report.say(f"{'met   ' if exact else 'MISSED'}  our consumer, RegistrantTable: {wanted}")
    report.save(
        "cpu",
        {
            "rounds": rounds,
            "registrants": registrants,
            "webinars": WEBINARS,
            "runs": {name: [run._asdict() for run in several] for name, several in runs.items()},
            "ratios": ratios,
        },
    )
    return 0 if met and exact else 1


def _run(artefact: Artefact, registrants: int, batch: int) -> Run:
    path = os.pathsep.join(map(str, (*artefact.path, REPOSITORY)))
    environment = {**VARIABLES, "PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": path}
    command = [sys.executable, "-B", "-m", "bench.processes.cpu_subject", str(registrants), str(WEBINARS), str(batch)]
    done = subprocess.run(  # noqa: S603  this project's own program
        # Formatting and writing log lines counts, reading them does not.
        command,
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{artefact.name} failed:\n{done.stderr[-4_000:]}")
    found: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    return Run(
        cpu_us=found["cpu_seconds"] / registrants * 1e6,
        requests_us=found["requests_seconds"] / registrants * 1e6,
        calls={name: number / registrants for name, number in sorted(found["calls"].items())},
        units={name: [number / registrants for number in both] for name, both in found["units"].items()},
    )


def _ratios(ours: list[Run], peers: list[Run]) -> dict[str, float]:
    """Return the medians of the rounds' ratios: a disturbance of a round affects both."""
    pairs = list(zip(ours, peers, strict=True))
    return {
        "cpu": statistics.median(one.cpu_us / peer.cpu_us for one, peer in pairs),
        "without_requests": statistics.median(
            one.without_requests_us / peer.without_requests_us for one, peer in pairs
        ),
    }


def _print(runs: dict[str, list[Run]], ratios: dict[str, dict[str, float]]) -> None:
    rows = []
    for name, several in runs.items():
        cpu, without = (statistics.median(getattr(run, part) for run in several) for part in _PARTS)
        ratio = ratios.get(name)
        shown = [f"{ratio['cpu']:.2f}", f"{ratio['without_requests']:.2f}"] if ratio else ["", ""]
        calls = several[0].calls
        aws = sum(number for call, number in calls.items() if call != "Zoom")
        read, write = several[0].units["Registrants"]
        account = several[0].units["Account"][1]
        cells = [f"{cpu:.0f}", shown[0], f"{without:.0f}", shown[1], f"{calls['Zoom']:.3f}", f"{aws:.3f}"]
        rows.append([name, *cells, f"{read:.2f}", f"{write:.2f}", f"{account:.4f}"])
    head = ["per registrant", "CPU µs", "ours ÷ this", "without requests", "ours ÷ this", "Zoom calls", "AWS calls"]
    head += ["read units", "write units", "of AccountTable"]
    report.table("Work per registrant, warm", head, rows)


_PARTS: Final = ("cpu_us", "without_requests_us")

if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    sys.exit(main(*(given + [ROUNDS, REGISTRANTS][len(given) :])))
