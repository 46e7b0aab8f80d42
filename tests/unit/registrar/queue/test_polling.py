"""When the queue is asked again."""

import pytest
from registrar import limits
from registrar.queue.polling import Polling

NOW = 1_000.0
INFINITE = float("inf")


def test_one_receive_after_the_other_until_one_brings_something() -> None:
    polling = Polling()
    polling.started()
    assert polling.seconds_until_due(NOW) == INFINITE
    polling.ended(0, NOW)
    polling.started()
    assert polling.seconds_until_due(NOW) == INFINITE


def test_a_full_queue_is_received_from_several_times_at_once_and_no_oftener() -> None:
    polling, under_way = Polling(), 0
    for _ in range(20):
        while polling.seconds_until_due(NOW) == 0:
            polling.started()
            under_way += 1
        polling.ended(10, NOW)
        under_way -= 1
    assert under_way == limits.RECEIVERS - 1


@pytest.mark.parametrize(
    ("seconds", "due", "quiet"), [(0, 0.2, True), (0.15, 0.05, True), (0.2, 0, False), (9, 0, False)]
)
def test_an_empty_queue_is_asked_again_after_a_while(seconds: float, due: float, quiet: bool) -> None:
    polling = Polling()
    polling.started()
    polling.ended(0, NOW)
    assert polling.seconds_until_due(NOW + seconds) == pytest.approx(due)
    assert polling.is_empty(NOW + seconds) == quiet


def test_a_queue_is_not_quiet_before_it_was_asked_nor_while_it_is_being_asked_nor_after_it_brought_something() -> None:
    polling = Polling()
    assert not polling.is_empty(NOW)
    polling.started()
    polling.ended(0, NOW)
    polling.started()
    assert not polling.is_empty(NOW)
    polling.ended(1, NOW)
    assert not polling.is_empty(NOW)


@pytest.mark.parametrize(
    ("receives", "slack"),
    [
        ([], False),
        ([(0, 10)], False),
        ([(0, 10), (2.1, 10)], False),
        ([(0, 4)], True),
        ([(1, 4)], False),
        ([(0, 4), (2, 0)], True),
        ([(0, 4), (1, 5), (2, 4)], False),
        ([(-9, 10), (0, 0)], True),
    ],
)
def test_whoever_comes_slowly_is_left_to_the_mapping(receives: list[tuple[float, int]], slack: bool) -> None:
    """Receives by moment and messages; looked at two and a half seconds after the beginning."""
    polling = Polling()
    for moment, messages in receives:
        polling.started()
        polling.ended(messages, NOW + moment)
    assert polling.is_slow(NOW + 2.5) == slack
