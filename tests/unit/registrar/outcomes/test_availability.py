"""`availability`: what a webinar's settings and numbers decide, and what they leave open."""

from dataclasses import replace

import pytest
from registrar.outcomes.availability import UNDECIDED, Availability, Taken, availability
from registrar.registrants.reasons import Reason
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.responses import CallInfo, ErrorResponse, WebinarSettings

FULL = Reason.WEBINAR_FULL
OPEN = WebinarSettings(CallInfo(200), type=5, approval_type=0, restriction=0, capacity=100)


def limited(restriction: int | None = 0, capacity: int | None = 100) -> WebinarSettings:
    return replace(OPEN, restriction=restriction, capacity=capacity)


@pytest.mark.parametrize(
    ("settings", "taken", "seats"),
    [
        (limited(), Taken(95, 0), 5),
        (limited(50), Taken(45, 0), 5),
        (limited(200), Taken(95, 0), 5),
        (limited(50), Taken(40, 5), 5),  # if pending registrants use a seat; 10 if they use none
        (limited(50), Taken(51, 0), 49),  # more than the restriction have got in: it limits nothing
    ],
)
def test_free_seats_are_the_least_that_the_numbers_state(settings: WebinarSettings, taken: Taken, seats: int) -> None:
    assert availability(settings, taken, FULL) == Availability(seats=seats)


@pytest.mark.parametrize(
    ("settings", "taken"),
    [
        (limited(), Taken(100, 0)),
        (limited(), Taken(100, 7)),
        (limited(50), Taken(50, 0)),
        (limited(50, None), Taken(50, 0)),
        (limited(None, 50), Taken(50, 0)),
    ],
)
def test_a_webinar_is_full_where_a_limit_is_reached_exactly(settings: WebinarSettings, taken: Taken) -> None:
    found = availability(settings, taken, FULL)
    assert found.closed == FULL
    assert str(taken.approved) in found.detail


@pytest.mark.parametrize(
    ("settings", "taken"),
    [
        (limited(50), Taken(None, 0)),  # no number
        (limited(50), Taken(40, None)),
        (limited(50), Taken(45, 5)),  # full, or five are free: pending registrants
        (limited(50), Taken(45, 9)),
        (limited(None), Taken(5, 0)),  # a restriction may be hidden
        (limited(50, None), Taken(5, 0)),
        (limited(0, None), Taken(5, 0)),
        (limited(None, None), Taken(5, 0)),
        (limited(0, 100), Taken(101, 0)),  # the capacity limits joining, not registration
    ],
)
def test_other_numbers_decide_nothing(settings: WebinarSettings, taken: Taken) -> None:
    assert availability(settings, taken, FULL) == UNDECIDED


@pytest.mark.parametrize("refused", [None, *Reason])
def test_settings_that_no_batch_is_accepted_with_close_the_webinar(refused: Reason | None) -> None:
    off, recurring = replace(OPEN, approval_type=2), replace(OPEN, type=9)
    assert availability(off, Taken(), refused).closed == Reason.REGISTRATION_DISABLED
    assert availability(recurring, Taken(), refused).closed == Reason.WEBINAR_TYPE_UNSUPPORTED


@pytest.mark.parametrize("refused", [Reason.REGISTRATION_DISABLED, Reason.WEBINAR_TYPE_UNSUPPORTED])
def test_a_setting_that_was_changed_cures_its_refusal(refused: Reason) -> None:
    assert availability(OPEN, Taken(), refused) == Availability(is_open=True)
    assert availability(WebinarSettings(CallInfo(200)), Taken(), refused) == UNDECIDED


@pytest.mark.parametrize(
    "refused", [Reason.WEBINAR_PLAN_MISSING, Reason.PAID_REGISTRATION, Reason.ACCOUNT_ATTENDEE_LIMIT]
)
def test_a_refusal_that_no_setting_shows_is_left_open(refused: Reason) -> None:
    assert availability(OPEN, Taken(1, 0), refused) == UNDECIDED


def test_an_error_about_the_webinar_closes_it_and_no_other_error_does() -> None:
    def error(reason: Reason, scope: Scope) -> ErrorResponse:
        return ErrorResponse(CallInfo(404), ErrorKind(reason, scope), "why")

    gone = error(Reason.WEBINAR_NOT_FOUND, Scope.WEBINAR)
    assert availability(gone, Taken(), FULL) == Availability(Reason.WEBINAR_NOT_FOUND, "why")
    for reason in (Reason.MISSING_SCOPE, Reason.ZOOM_UNAVAILABLE, Reason.TOKEN_REJECTED, Reason.ZOOM_REJECTED):
        assert availability(error(reason, Scope.ACCOUNT), Taken(), FULL) == UNDECIDED
