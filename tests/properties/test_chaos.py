"""A small chaos run with several seeds; `make chaos` runs ten thousand submissions."""

import random

import pytest

from tests.chaos.evaluation.checks import check, digest, end_states
from tests.chaos.evaluation.record import Record
from tests.chaos.evaluation.report import history, masked
from tests.chaos.run import ChaosRun, Size
from tests.chaos.workload.webinars import Kind, plans

SIZE = Size(submissions=250, webinars=24, hours=8)


def failed_checks(record: Record) -> dict[str, list[str]]:
    """Return the failed checks, each with the history of its first violation."""
    found: dict[str, list[str]] = {}
    for finding in check(record):
        if finding.forbidden and finding.violations:
            key, what = finding.violations[0]
            events = [str(event) for event in history(record, key)] if key else []
            found[finding.name] = [f"{masked(key[1])} for {key[0]}" if key else "", what, *events]
    return found


def test_a_full_run_has_every_kind_of_webinar() -> None:
    size = Size.of(10_000)
    kinds = {plan.kind for plan in plans(random.Random(1), size.webinars, 0.0, size.hours * 3_600)}
    assert kinds == set(Kind)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_checks_pass_regardless_of_the_faults(seed: int) -> None:
    record = ChaosRun(seed, SIZE).run()
    assert failed_checks(record) == {}
    # There were faults and kills, and both registered and rejected registrants.
    states = end_states(record)
    assert states["registered"] > len(record.submissions) / 4
    assert sum(number for state, number in states.items() if state.startswith("rejected")) > 10
    assert record.counts["invocations killed"] > 5
    assert len(record.faults) > 10


def test_the_same_seed_gives_the_same_run() -> None:
    size = Size(submissions=100, webinars=12, hours=4)
    first, again, other = (digest(ChaosRun(seed, size).run()) for seed in (7, 7, 8))
    assert first == again != other
