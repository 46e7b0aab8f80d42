"""A fourth attempt is excused only if an earlier one could not be known."""

from collections.abc import Mapping, Sequence

import pytest

from local.fake_zoom.call_log import LoggedCall
from tests.chaos.evaluation.attempts import attempts
from tests.chaos.evaluation.invariants import Delivered
from tests.unit.chaos.records import ADA, NOON, record_of

FIRST = Delivered(NOON, "B 1", "m1", 1)  # its outcome is never stored
OTHER = Delivered(NOON + 10, "A 1", "m2", 1)
CALLS = [("B 1", 1.0), ("A 1", 11.0), ("A 1", 12.0), ("A 1", 13.0)]
WRITES = {"A 1": [11.5, 12.5]}  # counted before the third and the fourth call


def call(at_s: float) -> LoggedCall:
    return LoggedCall(NOON + at_s, "batch", ADA[0], 1, (ADA[1],), 400, 300, "", (), "", True)


def known(
    deliveries: Sequence[Delivered],
    writes: Mapping[str, Sequence[float]],
    calls: Sequence[tuple[str, float]] = CALLS,
) -> tuple[int, int, bool]:
    record = record_of(
        calls=[(invocation, call(at_s)) for invocation, at_s in calls],
        deliveries={ADA: list(deliveries)},
        writes={(invocation, ADA): [NOON + at_s for at_s in moments] for invocation, moments in writes.items()},
    )
    (found,) = attempts(record)
    return found.number, found.known, found.is_excused


def test_an_attempt_of_a_first_delivery_without_a_row_is_excused() -> None:
    assert known([FIRST, OTHER], WRITES) == (4, 3, True)


@pytest.mark.parametrize(
    ("deliveries", "writes"),
    [
        pytest.param([FIRST, OTHER], WRITES | {"B 1": [11.2]}, id="its outcome was stored meanwhile"),
        pytest.param(
            [FIRST, OTHER, Delivered(NOON + 10, "B 2", "m1", 2)],
            WRITES | {"B 2": [10.5]},
            id="its message was redelivered, and a row was written",
        ),
        pytest.param([FIRST._replace(receive=2), OTHER], WRITES, id="it should have been counted before the call"),
    ],
)
def test_an_attempt_that_could_be_known_is_not_excused(
    deliveries: Sequence[Delivered], writes: Mapping[str, Sequence[float]]
) -> None:
    assert known(deliveries, writes) == (4, 4, False)


def test_a_row_written_for_an_earlier_message_is_no_decision_on_the_next_one() -> None:
    messages = [("m1", 0, "W 1"), ("m2", 10, "X 1"), ("m3", 20, "X 1"), ("m4", 30, "W 1")]
    deliveries = [Delivered(NOON + at_s, invocation, message, 1) for message, at_s, invocation in messages]
    calls = [("W 1", 1.0), ("X 1", 11.0), ("X 1", 21.0), ("W 1", 31.0)]
    assert known(deliveries, {"W 1": [2.0], "X 1": [10.9, 12.0, 20.9, 22.0]}, calls) == (4, 4, False)


@pytest.mark.parametrize(
    ("deliveries", "writes"),
    [
        pytest.param([FIRST, OTHER], WRITES | {"B 1": [12.9]}, id="its outcome was stored after the decision"),
        pytest.param(
            [FIRST, OTHER, Delivered(NOON + 10, "B 2", "m1", 2)],
            WRITES,
            id="redelivered, and returned to the queue without a row",
        ),
    ],
)
def test_a_row_written_after_the_decision_does_not_make_an_attempt_known(
    deliveries: Sequence[Delivered], writes: Mapping[str, Sequence[float]]
) -> None:
    assert known(deliveries, writes) == (4, 3, True)
