"""`Polling`: when the queue is polled next, and when it counts as empty or slow."""

import pytest
from registrar import limits
from registrar.queue.polling import Polling

NOW = 1_000.0
INFINITE = float("inf")


def test_until_a_poll_returns_messages_polls_run_one_at_a_time() -> None:
    polling = Polling()
    polling.started()
    assert polling.seconds_until_due(NOW) == INFINITE
    polling.ended(0, NOW)
    polling.started()
    assert polling.seconds_until_due(NOW) == INFINITE


def test_a_full_queue_is_polled_by_a_bounded_number_of_receivers() -> None:
    polling, in_progress = Polling(), 0
    for _ in range(20):
        while polling.seconds_until_due(NOW) == 0:
            polling.started()
            in_progress += 1
        polling.ended(10, NOW)
        in_progress -= 1
    assert in_progress == limits.RECEIVERS - 1


@pytest.mark.parametrize(
    ("seconds", "due", "empty"), [(0, 0.2, True), (0.15, 0.05, True), (0.2, 0, False), (9, 0, False)]
)
def test_an_empty_queue_is_polled_again_after_a_pause(seconds: float, due: float, empty: bool) -> None:
    polling = Polling()
    polling.started()
    polling.ended(0, NOW)
    assert polling.seconds_until_due(NOW + seconds) == pytest.approx(due)
    assert polling.is_empty(NOW + seconds) == empty


def test_a_queue_is_not_empty_before_or_during_a_poll_or_after_one_with_messages() -> None:
    polling = Polling()
    assert not polling.is_empty(NOW)
    polling.started()
    polling.ended(0, NOW)
    polling.started()
    assert not polling.is_empty(NOW)
    polling.ended(1, NOW)
    assert not polling.is_empty(NOW)


@pytest.mark.parametrize(
    ("receives", "slow"),
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
def test_a_slow_queue_is_left_to_the_event_source_mapping(receives: list[tuple[float, int]], slow: bool) -> None:
    """Check receives (moment, messages) two and a half seconds after the start."""
    polling = Polling()
    for moment, messages in receives:
        polling.started()
        polling.ended(messages, NOW + moment)
    assert polling.is_slow(NOW + 2.5) == slow
