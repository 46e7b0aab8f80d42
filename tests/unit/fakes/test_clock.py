"""The virtual clock: time moves only by sleeping, and a killed environment stops."""

import pytest

from tests.fakes import TimeIsUp, VirtualClock


def test_time_moves_only_by_sleeping() -> None:
    clock = VirtualClock(start_s=1000.0)
    assert (clock(), clock(), clock.monotonic()) == (1000.0, 1000.0, 0.0)
    clock.sleep(2.5)
    assert (clock(), clock.monotonic()) == (1002.5, 2.5)


def test_a_negative_sleep_is_refused_as_by_time_sleep() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        VirtualClock().sleep(-1)


def test_the_clock_never_goes_back() -> None:
    clock = VirtualClock(start_s=1000.0)
    clock.advance_to(1010.0)
    clock.advance_to(1005.0)
    assert clock() == 1010.0


def test_the_kill_happens_at_its_moment_and_passes_except_exception() -> None:
    clock = VirtualClock(start_s=1000.0)
    clock.kill_at(1005.0)
    clock.sleep(4.9)
    with pytest.raises(TimeIsUp):
        clock.sleep(100)
    with pytest.raises(TimeIsUp):
        clock()
    assert not issubclass(TimeIsUp, Exception)
    clock.kill_at(None)
    assert clock() == 1005.0
