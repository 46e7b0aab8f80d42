"""A stored join URL that Zoom has replaced is excused only if no row could show the later call."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from local.fake_zoom.call_log import LoggedCall
from local.fake_zoom.webinars import Registrant, Status
from tests.chaos.evaluation.checks import check
from tests.chaos.evaluation.invariants import Delivered
from tests.chaos.evaluation.join_urls import replaced_urls
from tests.unit.chaos.records import ADA, NOON, record_of

OLD, NEW = "https://zoom.us/w/1", "https://zoom.us/w/2"
AT_ZOOM = Registrant("r1", ADA[1], "Ada", "Lovelace", Status.APPROVED, "2026-11-23T12:00:00Z", NEW)
FIRST, SECOND = Delivered(NOON, "A 1", "m1", 1), Delivered(NOON, "B 1", "m2", 1)
CALLS = [("A 1", 1.0, 201, ""), ("B 1", 1.1, 201, "")]
WRITES = {"A 1": [2.0], "B 1": [1.9]}


def call(at_s: float, status: int, fault: str) -> LoggedCall:
    return LoggedCall(NOON + at_s, "batch", ADA[0], 1, (ADA[1],), status, None, f"trk-{at_s}", (), fault, True)


def found_in(
    join_url: str = OLD,
    deliveries: Sequence[Delivered] = (FIRST, SECOND),
    writes: Mapping[str, Sequence[float]] = WRITES,
    calls: Sequence[tuple[str, float, int, str]] = CALLS,
    tracking_id: str = "trk-1.0",
) -> Any:
    return record_of(
        rows={ADA: {"status": "registered", "join_url": join_url, "zoom_tracking_id": tracking_id}},
        at_zoom={ADA[0]: {ADA[1]: AT_ZOOM}},
        calls=[(invocation, call(*rest)) for invocation, *rest in calls],  # type: ignore[arg-type]
        deliveries={ADA: list(deliveries)},
        writes={(invocation, ADA): [NOON + at_s for at_s in moments] for invocation, moments in writes.items()},
    )


def test_zooms_join_url_is_no_violation() -> None:
    assert replaced_urls(found_in(join_url=NEW)) == []


@pytest.mark.parametrize(
    "second", [SECOND, SECOND._replace(receive=2, message_id="m1")], ids=["another message", "the same message"]
)
def test_two_first_deliveries_at_once_are_excused_and_shown_call_by_call(second: Delivered) -> None:
    (found,) = replaced_urls(found_in(deliveries=(FIRST, second)))
    assert found.is_excused
    assert found.shown == (
        f"A 1 called at {NOON + 1:.2f} (201) and wrote the row at {NOON + 2:.2f}; then "
        f"B 1 called at {NOON + 1.1:.2f} (201) and wrote the row at {NOON + 1.9:.2f}"
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"deliveries": (FIRST._replace(receive=2), SECOND)}, id="a redelivery is reserved"),
        pytest.param({"writes": WRITES | {"A 1": [0.5, 2.0]}}, id="a reserved row is written on a condition"),
        pytest.param({"writes": {"A 1": [1.05], "B 1": [1.9]}}, id="the later row stands, with the earlier URL"),
        pytest.param({"writes": {"A 1": [2.0]}}, id="the later call was killed: its message is redelivered"),
        pytest.param({"calls": [CALLS[0], ("B 1", 1.1, 201, "reset")]}, id="the later call had no response"),
        pytest.param({"calls": [CALLS[0], ("B 1", 1.1, 500, "")]}, id="the later call was not confirmed"),
        pytest.param({"calls": CALLS[:1]}, id="no later call"),
        pytest.param({"tracking_id": "trk-9"}, id="the row is of no call"),
    ],
)
def test_any_other_replaced_join_url_is_a_violation(changes: dict[str, Any]) -> None:
    record = found_in(**changes)
    assert [one.is_excused for one in replaced_urls(record)] == [False]
    assert "join URL that Zoom has replaced" in {one.name for one in check(record) if one.forbidden and one.violations}
