"""The chaos run, small: a few hundred submissions, several seeds; `make chaos` runs ten thousand."""

import random

import pytest

from tests.chaos.checks import check, digest, end_states
from tests.chaos.record import Record
from tests.chaos.report import history, masked
from tests.chaos.run import ChaosRun, Size
from tests.chaos.webinars import Kind, plans

SIZE = Size(submissions=250, webinars=24, hours=8)


def broken(record: Record) -> dict[str, list[str]]:
    """Return what does not hold, with the history of the first whom it hit."""
    found: dict[str, list[str]] = {}
    for finding in check(record):
        if finding.forbidden and finding.violations:
            key, what = finding.violations[0]
            events = [str(event) for event in history(record, key)] if key else []
            found[finding.name] = [f"{masked(key[1])} for {key[0]}" if key else "", what, *events]
    return found


def test_every_kind_of_webinar_is_among_those_of_a_full_run() -> None:
    size = Size.of(10_000)
    kinds = {plan.kind for plan in plans(random.Random(1), size.webinars, 0.0, size.hours * 3_600)}
    assert kinds == set(Kind)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_everything_holds_whatever_breaks(seed: int) -> None:
    record = ChaosRun(seed, SIZE).run()
    assert broken(record) == {}
    # It was no calm run, and the good and the bad both had their ends.
    states = end_states(record)
    assert states["registered"] > len(record.submissions) / 4
    assert sum(number for state, number in states.items() if state.startswith("rejected")) > 10
    assert record.counts["invocations killed"] > 5
    assert len(record.faults) > 10


def test_a_seed_runs_the_same_story_again() -> None:
    size = Size(submissions=100, webinars=12, hours=4)
    first, again, other = (digest(ChaosRun(seed, size).run()) for seed in (7, 7, 8))
    assert first == again != other
