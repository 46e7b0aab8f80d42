"""The checks of the end of a run that compare rows with Zoom and with the dead letters."""

from dataclasses import replace
from typing import Any

import pytest

from local.fake_zoom.webinars import Registrant, Status
from tests.chaos.evaluation.checks import check
from tests.chaos.workload.submissions import MessageKind, Submission, Validity
from tests.unit.chaos.records import ADA, NOON, record_of

URL, AT = "https://zoom.us/w/1", "2026-11-23T12:00:00Z"
APPROVED = Registrant("r1", ADA[1], "Ada", "Lovelace", Status.APPROVED, AT, URL)
PENDING = replace(APPROVED, status=Status.PENDING)
REGISTERED = {"status": "registered", "join_url": URL, "registrant_id": "r1", "registered_at": AT, "updated_at": AT}
WAITS = {"status": "pending_approval", "registrant_id": "r1", "updated_at": AT}
REJECTED = {"status": "rejected", "reason": "webinar_over", "updated_at": AT}
MESSAGE = Submission(NOON, "body", None, MessageKind.REGISTRANT, ADA)


def failed(row: dict[str, Any] | None, at_zoom: Registrant | None = None, **changes: Any) -> set[str]:
    """Return the checks that fail for one registrant."""
    record = record_of(
        submissions=[MESSAGE],
        rows={ADA: row} if row else {},
        at_zoom={ADA[0]: {ADA[1]: at_zoom}} if at_zoom else {},
        **changes,
    )
    return {finding.name for finding in check(record) if finding.violations}


def test_rows_that_are_right() -> None:
    assert failed(REGISTERED, APPROVED) == set()
    assert failed(WAITS, PENDING) == set()
    assert failed(WAITS, APPROVED, decided_by_hosts={ADA}) == set()
    assert failed(WAITS, replace(PENDING, status=Status.DENIED), validity={ADA: Validity.DENIED}) == set()
    assert failed(REJECTED, dead_letters=[("body", {"reason": "webinar_over"})]) == set()


def test_a_registered_row_is_at_zoom() -> None:
    assert failed(REGISTERED) == {"registered, and not at Zoom"}


@pytest.mark.parametrize("at_zoom", [None, APPROVED])
def test_a_pending_row_is_pending_at_zoom_until_the_host_decides(at_zoom: Registrant | None) -> None:
    assert failed(WAITS, at_zoom) == {"pending approval, and not pending at Zoom"}


@pytest.mark.parametrize(
    "row",
    [
        REGISTERED | {"reason": "not_confirmed"},
        REGISTERED | {"deferred_until": AT},
        REGISTERED | {"registrant_id": "r2"},
        {name: value for name, value in REGISTERED.items() if name != "registered_at"},
    ],
)
def test_a_rows_attributes_go_with_its_status(row: dict[str, Any]) -> None:
    assert failed(row, APPROVED) == {"rows that violate the contract"}


@pytest.mark.parametrize("status", ["deferred", None])
def test_a_registrant_that_stays_deferred_is_lost(status: str | None) -> None:
    row = {"status": status, "reason": "not_confirmed", "deferred_until": AT, "updated_at": AT} if status else None
    assert failed(row) == {"lost"}


def test_a_dead_letter_has_a_row() -> None:
    assert "dead letters without a row" in failed(None, dead_letters=[("body", {"reason": "webinar_over"})])


@pytest.mark.parametrize("reason", ["webinar_full", "not_confirmed"])
def test_a_rejected_row_has_the_reason_of_a_dead_letter(reason: str) -> None:
    assert failed(REJECTED, dead_letters=[("body", {"reason": reason})]) == {"dead letters without a row"}
