"""Zoom's answer → what becomes of each person: everybody exactly one outcome (contract 6)."""

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
from registrar.zoom.client import NO_CALL, BatchResponse, CallInfo, Confirmation, Confirmations, ErrorResponse
from registrar.zoom.errors import ErrorKind, Scope

from tests.unit.registrar.samples import MIDNIGHT, NOON, TODAY, TOMORROW, person, row

CALL = CallInfo(400, 1, "WEB_1", "batch-1")
AGE_LIMIT_S = 96 * 3_600
IN = Confirmation("https://zoom.us/w/1", "r1")


def refusal(
    reason: Reason, scope: Scope = Scope.REGISTRANT, counts: bool = True, retry_after: str | None = None
) -> ErrorResponse:
    return ErrorResponse(CALL, ErrorKind(reason, scope, counts), "why", retry_after)


def judged(answer: BatchResponse, *people: QueuedRegistrant, now: float = NOON, day: str = TODAY) -> list[Decision]:
    return decide(people, answer, day, now, lambda: 0.0, alone=len(people) == 1)


def outcome(answer: BatchResponse, *people: QueuedRegistrant, now: float = NOON) -> Outcome:
    return judged(answer, *people, now=now)[0].outcome


def wait(found: Outcome, now: float = NOON) -> float:
    assert isinstance(found, Deferred)
    return found.until - now


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", sorted(FINAL_FOR_WEBINAR))
@pytest.mark.parametrize("number", [1, 30])
def test_a_webinars_refusal_rejects_everybody(reason: Reason, number: int) -> None:
    batch = [person(f"p{index}@example.com") for index in range(number)]
    assert {found.outcome for found in judged(refusal(reason, Scope.WEBINAR), *batch)} == {Rejected(reason, "why")}


@pytest.mark.parametrize("reason", sorted(FINAL_WHEN_ALONE))
def test_a_refusal_of_somebody_is_final_only_when_he_is_alone(reason: Reason) -> None:
    assert outcome(refusal(reason), person()) == Rejected(reason, "why")
    both = judged(refusal(reason), person(), person("eve@example.com"))
    assert [found.outcome for found in both] == [Deferred(reason, NOON + 40, "why")] * 2


@pytest.mark.parametrize(
    "reason",
    [Reason.MISSING_SCOPE, Reason.TOKEN_REJECTED, Reason.RATE_LIMITED, Reason.ZOOM_UNAVAILABLE, Reason.NOT_CONFIRMED],
)
@pytest.mark.parametrize("number", [1, 2])
def test_what_is_nobodys_fault_defers_and_waits_longer_each_time(reason: Reason, number: int) -> None:
    for receive_count, seconds in ((1, 40), (2, 80), (9, 900)):
        batch = [person(f"p{index}@example.com", receive_count=receive_count) for index in range(number)]
        assert wait(outcome(refusal(reason, Scope.ACCOUNT), *batch)) == seconds


@pytest.mark.parametrize(
    ("header", "seconds"), [(None, 40), ("7", 40), ("100", 100), ("2020-01-01T00:00:00Z", 40), ("nonsense", 40)]
)
def test_zooms_wish_to_wait_longer_is_granted(header: str | None, seconds: float) -> None:
    answer = refusal(Reason.RATE_LIMITED, Scope.RATE_LIMIT, counts=False, retry_after=header)
    assert wait(outcome(answer, person())) == seconds


@pytest.mark.parametrize(
    ("header", "until"),
    [(None, MIDNIGHT + 1), ("2026-11-24T00:00:00Z", MIDNIGHT + 40), ("60", NOON + 100), ("0", MIDNIGHT + 1)],
)
def test_the_accounts_day_waits_for_what_zoom_says_or_the_next_day(header: str | None, until: float) -> None:
    answer = refusal(Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT, counts=False, retry_after=header)
    assert outcome(answer, person()) == Deferred(Reason.ACCOUNT_DAILY_LIMIT, until, "why")


def test_a_persons_day_waits_for_the_next_one() -> None:
    answer = refusal(Reason.REGISTRANT_DAILY_LIMIT)
    assert outcome(answer, person()) == Deferred(Reason.REGISTRANT_DAILY_LIMIT, MIDNIGHT + 1, "why")


def test_the_account_limit_defers_an_hour_once_and_then_rejects() -> None:
    answer = refusal(Reason.ACCOUNT_ATTENDEE_LIMIT, Scope.WEBINAR)
    assert wait(outcome(answer, person())) == 3_600
    assert wait(outcome(answer, person(row=row(reason="zoom_unavailable")))) == 3_600
    assert wait(outcome(answer, person(row=row(Status.REJECTED, reason="account_attendee_limit")))) == 3_600
    waited = person(row=row(reason="account_attendee_limit"))
    assert outcome(answer, waited) == Rejected(Reason.ACCOUNT_ATTENDEE_LIMIT, "why")


# ── The age limit ────────────────────────────────────────────────────────────────────────────────────────────────────

WAITING_ANSWERS: list[BatchResponse] = [
    Confirmations(CALL, {}),
    refusal(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT),
    refusal(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False),
    refusal(Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT, counts=False),
    refusal(Reason.ACCOUNT_ATTENDEE_LIMIT, Scope.WEBINAR),
]


@pytest.mark.parametrize("answer", WAITING_ANSWERS)
def test_past_the_age_limit_who_would_wait_again_is_rejected(answer: BatchResponse) -> None:
    assert isinstance(outcome(answer, person(sent_at=NOON - AGE_LIMIT_S)), Deferred)
    assert isinstance(outcome(answer, person(sent_at=NOON - AGE_LIMIT_S - 1)), Rejected)


def test_past_the_age_limit_a_success_still_counts() -> None:
    old = person(sent_at=NOON - 2 * AGE_LIMIT_S)
    assert outcome(Confirmations(CALL, {"ada@example.com": IN}), old) == Registered("https://zoom.us/w/1", "r1")
    assert outcome(Confirmations(CALL, {"ada@example.com": Confirmation(None, "r")}), old) == PendingApproval("r")


@pytest.mark.parametrize("age", [0, AGE_LIMIT_S + 1])
def test_without_an_attempt_left_he_waits_for_the_next_day_however_old(age: float) -> None:
    found = no_attempt_left(person(sent_at=NOON - age), NOON, lambda: 0.0)
    assert isinstance(found.outcome, Deferred)
    assert found.outcome.reason == Reason.REGISTRANT_DAILY_LIMIT
    assert MIDNIGHT < found.outcome.until <= MIDNIGHT + 1_200
    assert found.attempts == 0


@pytest.mark.parametrize(("was_deferred", "kind"), [(False, Deferred), (True, Rejected)])
def test_where_no_call_was_made_only_who_waits_again_is_too_old(was_deferred: bool, kind: type) -> None:
    answer = ErrorResponse(NO_CALL, ErrorKind(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False), "no token")
    old = person(sent_at=NOON - AGE_LIMIT_S - 1)
    old.was_deferred = was_deferred
    assert isinstance(outcome(answer, old), kind)


# ── Success ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_everybody_gets_exactly_one_verdict_by_his_own_email() -> None:
    batch = [person(f"p{index}@example.com") for index in range(4)]
    people = {"p2@example.com": IN, "p0@example.com": Confirmation(None, None), "stranger@example.com": IN}
    found = judged(Confirmations(CALL, people), *batch)
    assert [one.registrant for one in found] == batch
    assert [type(one.outcome) for one in found] == [PendingApproval, Deferred, Registered, Deferred]
    assert found[1].outcome == Deferred(Reason.NOT_CONFIRMED, NOON + 40)
    assert {one.call for one in found} == {CALL}


# ── Attempts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

UNCONFIRMED, CONFIRMED = Confirmations(CALL, {}), Confirmations(CALL, {"ada@example.com": IN})
FREE = refusal(Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False)
COSTLY = refusal(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT)
RESERVED = row(attempts=1, attempts_on=TODAY)


@pytest.mark.parametrize(
    ("answer", "current", "reserved", "change"),
    [
        pytest.param(COSTLY, None, False, 1, id="failed: counted now"),
        pytest.param(UNCONFIRMED, None, False, 1, id="not confirmed: counted now"),
        pytest.param(FREE, None, False, 0, id="not processed: not counted"),
        pytest.param(CONFIRMED, None, False, 0, id="registered: nothing ever failed"),
        pytest.param(COSTLY, RESERVED, True, 0, id="failed: was counted before"),
        pytest.param(UNCONFIRMED, RESERVED, True, 0, id="not confirmed: was counted before"),
        pytest.param(FREE, RESERVED, True, -1, id="not processed: given back"),
        pytest.param(CONFIRMED, RESERVED, True, 0, id="registered: was counted before"),
    ],
)
def test_what_the_count_has_still_to_change_by(
    answer: BatchResponse, current: Row | None, reserved: bool, change: int
) -> None:
    assert judged(answer, person(row=current, reserved=reserved))[0].attempts == change


def test_a_call_that_ends_after_midnight_is_counted_for_the_new_day_whatever_was_reserved() -> None:
    over_midnight = person(row=RESERVED, reserved=True)
    assert judged(COSTLY, over_midnight, day=TOMORROW, now=MIDNIGHT)[0].attempts == 1
    assert judged(FREE, over_midnight, day=TOMORROW, now=MIDNIGHT)[0].attempts == 0


@pytest.mark.parametrize(
    ("current", "reserved", "answer", "past_midnight"),
    [
        (None, False, COSTLY, False),
        (row(attempts=2, attempts_on=TODAY), True, COSTLY, False),
        (row(attempts=3, attempts_on=TODAY), True, COSTLY, True),
        (row(attempts=3, attempts_on=TODAY), True, UNCONFIRMED, True),
        (row(attempts=3, attempts_on=TODAY), True, FREE, False),
        (row(attempts=3, attempts_on="2026-11-22"), False, COSTLY, False),
    ],
)
def test_who_has_no_attempt_left_waits_for_the_next_day(
    current: Row | None, reserved: bool, answer: BatchResponse, past_midnight: bool
) -> None:
    until = NOON + wait(outcome(answer, person(row=current, reserved=reserved)))
    assert (until > MIDNIGHT) == past_midnight
