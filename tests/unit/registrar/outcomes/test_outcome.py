"""Zoom's response to a batch → exactly one outcome per registrant (contract 6)."""

import pytest
from registrar.outcomes.outcome import (
    Decision,
    Deferred,
    Outcome,
    PendingApproval,
    Registered,
    Rejected,
    decide,
    no_attempt_left,
)
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.reasons import FINAL_FOR_WEBINAR, FINAL_WHEN_ALONE, Reason
from registrar.registrants.row import Row, Status
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.responses import NO_CALL, BatchResponse, CallInfo, Confirmation, Confirmations, ErrorResponse

from tests.unit.registrar.samples import MIDNIGHT, NOON, TODAY, TOMORROW, queued_registrant, row

CALL = CallInfo(400, 1, "WEB_1", "batch-1")
AGE_LIMIT_S = 96 * 3_600
CONFIRMATION = Confirmation("https://zoom.us/w/1", "r1")


def error_response(
    reason: Reason, scope: Scope = Scope.REGISTRANT, counts: bool = True, retry_after: str | None = None
) -> ErrorResponse:
    return ErrorResponse(CALL, ErrorKind(reason, scope, counts), "why", retry_after)


def decided(response: BatchResponse, *batch: QueuedRegistrant, now: float = NOON, day: str = TODAY) -> list[Decision]:
    return decide(batch, response, day, now, lambda: 0.0, alone=len(batch) == 1)


def outcome(response: BatchResponse, *batch: QueuedRegistrant, now: float = NOON) -> Outcome:
    return decided(response, *batch, now=now)[0].outcome


def wait(found: Outcome, now: float = NOON) -> float:
    assert isinstance(found, Deferred)
    return found.until - now


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", sorted(FINAL_FOR_WEBINAR))
@pytest.mark.parametrize("number", [1, 30])
def test_a_webinar_error_rejects_the_whole_batch(reason: Reason, number: int) -> None:
    batch = [queued_registrant(f"p{index}@example.com") for index in range(number)]
    assert {found.outcome for found in decided(error_response(reason, Scope.WEBINAR), *batch)} == {
        Rejected(reason, "why")
    }


@pytest.mark.parametrize("reason", sorted(FINAL_WHEN_ALONE))
def test_a_registrant_error_is_final_only_for_a_registrant_sent_alone(reason: Reason) -> None:
    assert outcome(error_response(reason), queued_registrant()) == Rejected(reason, "why")
    both = decided(error_response(reason), queued_registrant(), queued_registrant("eve@example.com"))
    assert [found.outcome for found in both] == [Deferred(reason, NOON + 40, "why")] * 2


@pytest.mark.parametrize(
    "reason",
    [Reason.MISSING_SCOPE, Reason.TOKEN_REJECTED, Reason.RATE_LIMITED, Reason.ZOOM_UNAVAILABLE, Reason.NOT_CONFIRMED],
)
@pytest.mark.parametrize("number", [1, 2])
def test_other_errors_defer_with_growing_delays(reason: Reason, number: int) -> None:
    for receive_count, seconds in ((1, 40), (2, 80), (9, 900)):
        batch = [queued_registrant(f"p{index}@example.com", receive_count=receive_count) for index in range(number)]
        assert wait(outcome(error_response(reason, Scope.ACCOUNT), *batch)) == seconds


@pytest.mark.parametrize(
    ("header", "seconds"), [(None, 40), ("7", 40), ("100", 100), ("2020-01-01T00:00:00Z", 40), ("nonsense", 40)]
)
def test_a_retry_after_beyond_the_backoff_is_respected(header: str | None, seconds: float) -> None:
    response = error_response(Reason.RATE_LIMITED, Scope.RATE_LIMIT, counts=False, retry_after=header)
    assert wait(outcome(response, queued_registrant())) == seconds


@pytest.mark.parametrize(
    ("header", "until"),
    [(None, MIDNIGHT + 1), ("2026-11-24T00:00:00Z", MIDNIGHT + 40), ("60", NOON + 100), ("0", MIDNIGHT + 1)],
)
def test_the_account_daily_limit_defers_until_retry_after_or_the_next_day(header: str | None, until: float) -> None:
    response = error_response(Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT, counts=False, retry_after=header)
    assert outcome(response, queued_registrant()) == Deferred(Reason.ACCOUNT_DAILY_LIMIT, until, "why")


def test_the_registrant_daily_limit_defers_until_the_next_day() -> None:
    response = error_response(Reason.REGISTRANT_DAILY_LIMIT)
    assert outcome(response, queued_registrant()) == Deferred(Reason.REGISTRANT_DAILY_LIMIT, MIDNIGHT + 1, "why")


def test_the_account_attendee_limit_defers_an_hour_once_and_then_rejects() -> None:
    response = error_response(Reason.ACCOUNT_ATTENDEE_LIMIT, Scope.WEBINAR)
    assert wait(outcome(response, queued_registrant())) == 3_600
    assert wait(outcome(response, queued_registrant(row=row(reason="zoom_unavailable")))) == 3_600
    for status in (Status.DEFERRED, Status.REJECTED):  # after the hour, and after a redrive
        waited = queued_registrant(row=row(status, reason="account_attendee_limit"))
        assert outcome(response, waited) == Rejected(Reason.ACCOUNT_ATTENDEE_LIMIT, "why")


# ── The age limit ────────────────────────────────────────────────────────────────────────────────────────────────────

DEFERRING_RESPONSES: list[BatchResponse] = [
    Confirmations(CALL, {}),
    error_response(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT),
    error_response(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False),
    error_response(Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT, counts=False),
    error_response(Reason.ACCOUNT_ATTENDEE_LIMIT, Scope.WEBINAR),
]


@pytest.mark.parametrize("response", DEFERRING_RESPONSES)
def test_past_the_age_limit_a_deferral_becomes_a_rejection(response: BatchResponse) -> None:
    assert isinstance(outcome(response, queued_registrant(sent_at=NOON - AGE_LIMIT_S)), Deferred)
    assert isinstance(outcome(response, queued_registrant(sent_at=NOON - AGE_LIMIT_S - 1)), Rejected)


def test_past_the_age_limit_a_success_still_counts() -> None:
    old = queued_registrant(sent_at=NOON - 2 * AGE_LIMIT_S)
    assert outcome(Confirmations(CALL, {"ada@example.com": CONFIRMATION}), old) == Registered(
        "https://zoom.us/w/1", "r1"
    )
    assert outcome(Confirmations(CALL, {"ada@example.com": Confirmation(None, "r")}), old) == PendingApproval("r")


@pytest.mark.parametrize("age", [0, AGE_LIMIT_S + 1])
def test_a_registrant_without_attempts_is_deferred_to_the_next_day_at_any_age(age: float) -> None:
    found = no_attempt_left(queued_registrant(sent_at=NOON - age), NOON, lambda: 0.0)
    assert isinstance(found.outcome, Deferred)
    assert found.outcome.reason == Reason.REGISTRANT_DAILY_LIMIT
    assert MIDNIGHT < found.outcome.until <= MIDNIGHT + 1_200
    assert found.attempts == 0


@pytest.mark.parametrize(("was_deferred", "kind"), [(False, Deferred), (True, Rejected)])
def test_without_a_call_the_age_limit_rejects_only_registrants_deferred_before(was_deferred: bool, kind: type) -> None:
    response = ErrorResponse(NO_CALL, ErrorKind(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False), "no token")
    old = queued_registrant(sent_at=NOON - AGE_LIMIT_S - 1)
    old.was_deferred = was_deferred
    assert isinstance(outcome(response, old), kind)


# ── Success ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_registrant_gets_one_decision_by_their_own_email() -> None:
    batch = [queued_registrant(f"p{index}@example.com") for index in range(4)]
    confirmed = {
        "p2@example.com": CONFIRMATION,
        "p0@example.com": Confirmation(None, None),
        "unexpected@example.com": CONFIRMATION,
    }
    found = decided(Confirmations(CALL, confirmed), *batch)
    assert [one.registrant for one in found] == batch
    assert [type(one.outcome) for one in found] == [PendingApproval, Deferred, Registered, Deferred]
    assert found[1].outcome == Deferred(Reason.NOT_CONFIRMED, NOON + 40)
    assert {one.call for one in found} == {CALL}


# ── Attempts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

UNCONFIRMED, CONFIRMED = Confirmations(CALL, {}), Confirmations(CALL, {"ada@example.com": CONFIRMATION})
UNCOUNTED = error_response(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False)
COUNTED = error_response(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT)
RESERVED = row(attempts=1, attempts_on=TODAY)


@pytest.mark.parametrize(
    ("response", "current", "reserved", "change"),
    [
        pytest.param(COUNTED, None, False, 1, id="failed: counted now"),
        pytest.param(UNCONFIRMED, None, False, 1, id="not confirmed: counted now"),
        pytest.param(UNCOUNTED, None, False, 0, id="not processed: not counted"),
        pytest.param(CONFIRMED, None, False, 0, id="registered: nothing ever failed"),
        pytest.param(COUNTED, RESERVED, True, 0, id="failed: was counted before"),
        pytest.param(UNCONFIRMED, RESERVED, True, 0, id="not confirmed: was counted before"),
        pytest.param(UNCOUNTED, RESERVED, True, -1, id="not processed: returned"),
        pytest.param(CONFIRMED, RESERVED, True, 0, id="registered: was counted before"),
    ],
)
def test_the_decision_holds_the_change_of_the_rows_count(
    response: BatchResponse, current: Row | None, reserved: bool, change: int
) -> None:
    assert decided(response, queued_registrant(row=current, reserved=reserved))[0].attempts == change


def test_a_call_that_ends_after_midnight_is_counted_for_the_new_day() -> None:
    over_midnight = queued_registrant(row=RESERVED, reserved=True)
    assert decided(COUNTED, over_midnight, day=TOMORROW, now=MIDNIGHT)[0].attempts == 1
    assert decided(UNCOUNTED, over_midnight, day=TOMORROW, now=MIDNIGHT)[0].attempts == 0


@pytest.mark.parametrize(
    ("current", "reserved", "response", "past_midnight"),
    [
        (None, False, COUNTED, False),
        (row(attempts=2, attempts_on=TODAY), True, COUNTED, False),
        (row(attempts=3, attempts_on=TODAY), True, COUNTED, True),
        (row(attempts=3, attempts_on=TODAY), True, UNCONFIRMED, True),
        (row(attempts=3, attempts_on=TODAY), True, UNCOUNTED, False),
        (row(attempts=3, attempts_on="2026-11-22"), False, COUNTED, False),
    ],
)
def test_a_registrant_that_used_the_last_attempt_is_deferred_to_the_next_day(
    current: Row | None, reserved: bool, response: BatchResponse, past_midnight: bool
) -> None:
    until = NOON + wait(outcome(response, queued_registrant(row=current, reserved=reserved)))
    assert (until > MIDNIGHT) == past_midnight
