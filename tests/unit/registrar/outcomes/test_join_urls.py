"""Which join URL is stored where two calls registered the same registrant."""

import pytest
from registrar.outcomes.join_urls import (
    may_have_replaced,
    settled_unless_overtaken,
    with_listed_url,
)
from registrar.outcomes.outcome import Decision, Deferred, Outcome, PendingApproval, Registered, Rejected
from registrar.registrants.reasons import Reason
from registrar.registrants.row import Row
from registrar.zoom.responses import NO_CALL, CallInfo, Confirmation

from tests.unit.registrar.samples import NOON, TODAY, queued_registrant, row

OURS, OTHERS = Registered("https://zoom.us/w/1", "r1"), Registered("https://zoom.us/w/2", "r1")
UNKNOWN, UNAVAILABLE = Deferred(Reason.NOT_CONFIRMED, NOON), Deferred(Reason.ZOOM_UNAVAILABLE, NOON)
CALLED = CallInfo(201, batch_id="b1")
RESERVED = row(attempts=1, attempts_on=TODAY, message_id="m1")
STORED = row("registered", join_url="https://zoom.us/w/2", registrant_id="r1", message_id="m1")


def decision(outcome: Outcome, known: Row | None = RESERVED, call: CallInfo = CALLED) -> Decision:
    return Decision(queued_registrant(row=known, reserved=True), outcome, call)


@pytest.mark.parametrize(
    "current", [None, row(attempts=2, attempts_on=TODAY), row(attempts=1, attempts_on=TODAY), STORED]
)
def test_a_registration_is_not_stored_over_a_row_that_another_environment_has_changed(current: Row | None) -> None:
    assert settled_unless_overtaken(current, decision(OURS), TODAY, NOON) is None


@pytest.mark.parametrize("known", [RESERVED, STORED, row("registered"), row("rejected")])
def test_a_registration_is_stored_over_the_row_as_it_was_before_the_call(known: Row) -> None:
    stored = settled_unless_overtaken(known, decision(OURS, known), TODAY, NOON)
    assert stored
    assert (stored.status, stored.join_url) == ("registered", OURS.join_url)


def test_a_registration_that_is_stored_is_not_written_again() -> None:
    assert settled_unless_overtaken(STORED, decision(OTHERS, STORED), TODAY, NOON) is None


@pytest.mark.parametrize(
    ("current", "is_stored"), [(None, True), (row(attempts=2), True), (row("rejected"), True), (STORED, False)]
)
def test_any_other_outcome_is_stored_except_over_a_registration(current: Row | None, is_stored: bool) -> None:
    assert bool(settled_unless_overtaken(current, decision(UNKNOWN), TODAY, NOON)) is is_stored


@pytest.mark.parametrize(
    ("outcome", "current", "call", "is_expected"),
    [
        (OURS, STORED, CALLED, True),
        (OTHERS, STORED, CALLED, False),  # the same join URL
        (OURS, None, CALLED, True),
        (OURS, row(attempts=2), CALLED, True),
        (OURS, row("registered"), CALLED, True),  # without a join URL
        (UNKNOWN, STORED, CALLED, True),
        (UNAVAILABLE, STORED, CallInfo(batch_id="b1"), True),
        (Rejected(Reason.ZOOM_UNAVAILABLE), STORED, CallInfo(502), True),
        (UNAVAILABLE, STORED, NO_CALL, False),
        (Deferred(Reason.RATE_LIMITED, NOON), STORED, CallInfo(429), False),
        (Rejected(Reason.WEBINAR_OVER), STORED, CallInfo(400), False),
        (PendingApproval("r1"), STORED, CALLED, False),
    ],
)
def test_zoom_is_asked_where_another_call_may_have_replaced_the_join_url(
    outcome: Outcome, current: Row | None, call: CallInfo, is_expected: bool
) -> None:
    assert may_have_replaced(decision(outcome, call=call), current) is is_expected


@pytest.mark.parametrize("outcome", [OURS, UNKNOWN])
def test_the_listed_join_url_decides(outcome: Outcome) -> None:
    listed = with_listed_url(decision(outcome, STORED), Confirmation("https://zoom.us/w/3", "r3"))
    assert listed.outcome == Registered("https://zoom.us/w/3", "r3")


@pytest.mark.parametrize("listed", [None, Confirmation(None, "r1")])
def test_without_a_listed_join_url_the_later_response_stays_and_no_response_yields_to_the_row(
    listed: Confirmation | None,
) -> None:
    assert with_listed_url(decision(OURS, STORED), listed).outcome == OURS
    assert with_listed_url(decision(UNKNOWN, STORED), listed).outcome == OTHERS
