"""The runs of `make bench`: every scenario with the subjects for which it matters, on either clock."""

import time
from dataclasses import dataclass

from bench.simulation import loopback
from bench.simulation.aws_model import FASTER, MODELS, NONE_AHEAD, SLOWER, USUAL
from bench.simulation.testbed import Testbed
from bench.throughput.results import Result, result_of
from bench.throughput.scenarios import AT_ONCE, BUSY, FAST, GROWTH, LOOPBACK, ONE_PARTITION, TRICKLES, Scenario
from bench.throughput.subjects import CLASSIC_10, CLASSIC_1000, NAIVE, OURS, SCRIPT, SUBJECTS, TUNED, Subject

VIRTUAL, REAL = "virtual", "loopback"
SCENARIOS = {one.name: one for one in (*BUSY, *FAST, *ONE_PARTITION, *AT_ONCE, *TRICKLES, *GROWTH, *LOOPBACK)}


@dataclass(frozen=True)
class Run:
    """One subject in one scenario, by name, so that it can be sent to another process."""

    scenario: str
    subject: str
    clock: str = VIRTUAL
    model: str = USUAL.name
    registrants: int | None = None

    def __call__(self) -> Result:
        """Run it and return the result."""
        scenario, subject = SCENARIOS[self.scenario], SUBJECTS[self.subject]
        limits = [limit for limit in (self.registrants, subject.max_registrants) if limit is not None]
        return measure(scenario.of(min([scenario.registrants, *limits])), subject, self.clock, self.model)

    def __str__(self) -> str:
        aside = "" if self.clock == VIRTUAL and self.model == USUAL.name else f" ({self.clock}, {self.model} AWS)"
        return f"{self.scenario}: {SUBJECTS[self.subject].label}{aside}"


def measure(scenario: Scenario, subject: Subject, clock: str = VIRTUAL, model: str = USUAL.name) -> Result:
    """Put a subject through a scenario."""
    began_s = time.monotonic()
    if clock == VIRTUAL:
        testbed = Testbed.virtual(scenario, MODELS[model])
        work = subject.begin(testbed)
        testbed.run(work.actors)
        return result_of(testbed, subject, clock, work, time.monotonic() - began_s)
    with loopback.testbed(scenario, MODELS[model]) as testbed:
        work = (loopback.OUR_FUNCTION if subject is OURS else subject).begin(testbed)
        testbed.run(work.actors)
        return result_of(testbed, subject, clock, work, time.monotonic() - began_s)


def everything() -> list[Run]:
    """Return all runs, scenario by scenario."""
    scenarios, subjects = list(SCENARIOS), list(SUBJECTS)

    def place(run: Run) -> tuple[int, bool, int]:
        return scenarios.index(run.scenario), run.model != USUAL.name, subjects.index(run.subject)

    return sorted([*_virtual(), *_other_models(), *_real()], key=place)


def _virtual() -> list[Run]:
    # Zoom rejects so many calls of the naive one that one run is enough.
    runs = _of(BUSY[0], [NAIVE])
    for scenario in (*BUSY, *TRICKLES):
        runs += _of(scenario, [OURS, TUNED, SCRIPT, CLASSIC_10, CLASSIC_1000])
    for scenario in FAST:
        runs += _of(scenario, [OURS, TUNED, SCRIPT, CLASSIC_1000])
    for scenario in AT_ONCE:
        runs += _of(scenario, [OURS, SCRIPT, CLASSIC_1000])
    for scenario in (*ONE_PARTITION, *GROWTH):
        runs += _of(scenario, [OURS])
    return runs


def _other_models() -> list[Run]:
    """Return runs with other latencies of AWS, and without prefetching."""
    busy = [
        Run(BUSY[1].name, subject.name, model=model.name)
        for model in (FASTER, SLOWER)
        for subject in (OURS, SCRIPT, CLASSIC_1000)
    ]
    quiet = [Run(TRICKLES[0].name, OURS.name, model=model.name) for model in (NONE_AHEAD, FASTER, SLOWER)]
    return [*busy, *quiet, Run(TRICKLES[1].name, OURS.name, model=NONE_AHEAD.name)]


def _real() -> list[Run]:
    """Return the runs in real time, each beside the same run in virtual time."""
    several, fast, quiet = LOOPBACK
    pairs: list[tuple[Scenario, Subject, int | None]] = [
        (several, OURS, None),
        (several, TUNED, 600),
        (several, SCRIPT, 1_200),
        (several, CLASSIC_1000, None),
        (fast, OURS, None),
        (quiet, OURS, None),
    ]
    return [
        Run(scenario.name, subject.name, clock, registrants=registrants)
        for scenario, subject, registrants in pairs
        for clock in (VIRTUAL, REAL)
    ]


def _of(scenario: Scenario, subjects: list[Subject]) -> list[Run]:
    return [Run(scenario.name, subject.name) for subject in subjects]
