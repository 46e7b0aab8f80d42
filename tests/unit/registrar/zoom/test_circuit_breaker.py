"""`CircuitBreaker`: three calls in a row without a response open it; after a pause it may be half-opened."""

import pytest
from registrar.zoom.circuit_breaker import CircuitBreaker

from tests.unit.registrar.samples import NOON


def breaker(calls: str, now: float = NOON) -> CircuitBreaker:
    """Return a breaker that has recorded these calls: `x` had no response, `.` had one."""
    recorded = CircuitBreaker()
    for call in calls:
        recorded.record(call == ".", now)
    return recorded


@pytest.mark.parametrize(
    ("calls", "is_open"),
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
def test_three_failures_in_a_row_open_it_and_one_response_closes_it(calls: str, is_open: bool) -> None:
    assert breaker(calls).is_open == is_open


def test_half_open_the_next_call_decides() -> None:
    opened = breaker("xxx")
    opened.half_open()
    assert not opened.is_open
    opened.record(False, NOON)
    assert opened.is_open
    opened.half_open()
    opened.record(True, NOON)
    opened.record(False, NOON)
    assert not opened.is_open, "a response restarts the count"


@pytest.mark.parametrize(("seconds", "is_pausing"), [(0, True), (39.9, True), (40, False), (10_000, False)])
def test_an_open_breaker_pauses_for_40_seconds(seconds: float, is_pausing: bool) -> None:
    assert breaker("xxx").is_pausing(NOON + seconds) == is_pausing


def test_each_failure_restarts_the_pause() -> None:
    opened = breaker("xxx")
    opened.half_open()
    opened.record(False, NOON + 50)
    assert opened.is_pausing(NOON + 80)


@pytest.mark.parametrize("calls", ["", "xx", "xxx."])
def test_a_closed_breaker_never_pauses(calls: str) -> None:
    assert not breaker(calls).is_pausing(NOON)
