"""Three calls in a row without an answer stop the sending; a look comes before the next one."""

import pytest
from registrar.zoom.circuit_breaker import CircuitBreaker

from tests.unit.registrar.samples import NOON


def breaker(answers: str, now: float = NOON) -> CircuitBreaker:
    """Return a breaker that has seen these calls: `x` had no answer, `.` had one."""
    seen = CircuitBreaker()
    for answer in answers:
        seen.record(answer == ".", now)
    return seen


@pytest.mark.parametrize(
    ("answers", "is_open"),
    [
        ("", False),
        ("x", False),
        ("xx", False),
        ("xxx", True),
        ("xxxx", True),
        ("xx.", False),
        ("xx.xx", False),
        ("xx.xxx", True),
        ("xxx.", False),
        (".xxx", True),
    ],
)
def test_three_in_a_row_open_it_and_one_answer_closes_it(answers: str, is_open: bool) -> None:
    assert breaker(answers).is_open == is_open


def test_half_closed_one_call_decides() -> None:
    opened = breaker("xxx")
    opened.half_open()
    assert not opened.is_open
    opened.record(False, NOON)
    assert opened.is_open
    opened.half_open()
    opened.record(True, NOON)
    opened.record(False, NOON)
    assert not opened.is_open, "an answer has begun a new count"


@pytest.mark.parametrize(("seconds", "is_pausing"), [(0, True), (39.9, True), (40, False), (10_000, False)])
def test_after_a_call_that_failed_nothing_is_tried_for_a_while(seconds: float, is_pausing: bool) -> None:
    assert breaker("xxx").is_pausing(NOON + seconds) == is_pausing


def test_the_pause_begins_anew_with_each_call_that_fails() -> None:
    opened = breaker("xxx")
    opened.half_open()
    opened.record(False, NOON + 50)
    assert opened.is_pausing(NOON + 80)


@pytest.mark.parametrize("answers", ["", "xx", "xxx."])
def test_closed_it_never_pauses(answers: str) -> None:
    assert not breaker(answers).is_pausing(NOON)
