"""The whole consumer in virtual time: refusals of a webinar that an operator cures the same day.

Each costs a registrant one attempt; a redrive asks Zoom first; the last attempt of the day is kept.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from registrar import limits

from tests.consumer import WEBINAR, Consumer, addresses
from tests.unit.registrar.samples import deferred_row, put_row

MANY = addresses(40)


def redrive(consumer: Consumer) -> None:
    """Send all dead letters back a while later, as an operator does, and let the consumer run for an hour."""
    consumer.clock.sleep(600)
    bodies = [dead_letter.body for dead_letter in consumer.dead_letters()]
    consumer.sqs.queues[consumer.dead_letter_url].messages.clear()
    consumer.send(*bodies)
    consumer.run(hours=1)


def attempts(consumer: Consumer) -> Counter[int]:
    """Return how many registrants have used how many attempts today, as Zoom counts them."""
    return Counter(one.attempts for one in consumer.account.attempts())


# ── Every curable refusal ────────────────────────────────────────────────────────────────────────────────────────────

Change = Callable[[Consumer], object]


def properties(**values: Any) -> Change:
    return lambda consumer: consumer.account.set_webinar(WEBINAR, **values)


def answer(status: int, code: int, text: str) -> Change:
    """Return what makes Zoom refuse every batch with this."""
    fault = {"kind": "answer", "status": status, "body": {"code": code, "message": text}, "call": "batch"}
    return lambda consumer: consumer.account.add_fault(**fault, times=1_000)


NO_PLAN = "Webinar plan is missing. You must subscribe to the webinar plan and enable webinar for this user"
CURES: dict[str, tuple[Change, Change, str]] = {
    "full": (properties(capacity=0), properties(capacity=1_000), "webinar_full"),
    "full, though seats are free": (
        answer(400, 3000, "Webinar has reached maximum attendee capacity."),
        lambda consumer: consumer.account.clear_faults(),
        "webinar_full",
    ),
    "registration off": (properties(approval_type=2), properties(approval_type=0), "registration_disabled"),
    "registration off, 404": (
        answer(404, 404, "Registration has not been enabled for this meeting: 97871060099."),
        lambda consumer: consumer.account.clear_faults(),
        "registration_disabled",
    ),
    "no plan": (properties(licensed=False), properties(licensed=True), "webinar_plan_missing"),
    "no plan, 200": (
        answer(200, 200, NO_PLAN),
        lambda consumer: consumer.account.clear_faults(),
        "webinar_plan_missing",
    ),
    "form changed": (
        lambda consumer: (
            consumer.account.set_switches(questions_in_batch="refused"),
            consumer.account.set_webinar(WEBINAR, required_questions=["last_name", "org"]),
        ),
        properties(required_questions=["last_name"]),
        "invalid_registrant",
    ),
    "type": (properties(type=9), properties(type=5), "webinar_type_unsupported"),
    "not accessible": (
        answer(400, 1010, "User does not belong to this account."),
        lambda consumer: consumer.account.clear_faults(),
        "webinar_not_accessible",
    ),
    "paid": (properties(paid=True), properties(paid=False), "paid_registration"),
    "not found": (
        answer(404, 3001, "Webinar does not exist."),
        lambda consumer: consumer.account.clear_faults(),
        "webinar_not_found",
    ),
}


@pytest.mark.parametrize("name", CURES)
def test_after_the_cure_a_redrive_on_the_same_day_registers_every_registrant(consumer: Consumer, name: str) -> None:
    refuse, cure, reason = CURES[name]
    refuse(consumer)
    consumer.send_registrants(*MANY)
    consumer.run(hours=1)
    assert consumer.reasons() == [reason] * 40
    # Where Zoom contradicts itself, one registrant shows what is true.
    assert attempts(consumer) == ({1: 29, 2: 1} if "free" in name else {1: 30})

    cure(consumer)
    redrive(consumer)

    assert Counter(consumer.statuses().values()) == {"registered": 40}
    assert consumer.account.highest_attempts() <= 3


@pytest.mark.parametrize("name", CURES)
def test_without_the_scopes_to_read_one_registrant_shows_whether_it_is_cured(consumer: Consumer, name: str) -> None:
    refuse, cure, reason = CURES[name]
    consumer.account.set_profile(scopes=["webinar:write:batch_registrants:admin"])
    refuse(consumer)
    consumer.send_registrants(*MANY)
    consumer.run(hours=1)
    assert consumer.reasons() == [reason] * 40
    assert attempts(consumer) == ({1: 29, 2: 1} if reason == "webinar_full" else {1: 30})

    cure(consumer)
    redrive(consumer)

    ends = Counter(consumer.statuses().values())
    # The registrant that was refused alone keeps the last attempt, and waits for the next day.
    assert ends == ({"registered": 39, "deferred": 1} if reason == "webinar_full" else {"registered": 40})
    assert max(attempts(consumer)) == 2
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 40}


@pytest.mark.parametrize("name", ["full", "registration off", "type"])
def test_a_redrive_before_the_cure_costs_no_attempt_where_zoom_shows_the_cause(consumer: Consumer, name: str) -> None:
    refuse, _, reason = CURES[name]
    refuse(consumer)
    consumer.send_registrants(*addresses(12))
    consumer.run(hours=1)
    calls = len(consumer.calls())

    for _ in range(3):
        redrive(consumer)

    assert consumer.reasons() == [reason] * 12
    assert len(consumer.calls()) == calls
    assert attempts(consumer) == {1: 12}


@pytest.mark.parametrize("name", ["no plan", "paid"])
def test_a_redrive_before_the_cure_costs_one_registrant_an_attempt_where_zoom_does_not_show_it(
    consumer: Consumer, name: str
) -> None:
    refuse, cure, reason = CURES[name]
    refuse(consumer)
    consumer.send_registrants(*addresses(12))
    consumer.run(hours=1)

    redrive(consumer)

    assert consumer.reasons() == [reason] * 12
    assert attempts(consumer) == {1: 11, 2: 1}
    assert [call.registrants for call in consumer.calls()] == [12, 1]
    cure(consumer)
    redrive(consumer)
    assert Counter(consumer.statuses().values()) == {"registered": 12}


def test_the_account_attendee_limit_costs_one_registrant_a_second_attempt(consumer: Consumer) -> None:
    consumer.account.set_profile(attendee_limit=0)
    consumer.send_registrants(*addresses(12))
    consumer.run(hours=3)
    assert consumer.reasons() == ["account_attendee_limit"] * 12
    assert attempts(consumer) == {1: 11, 2: 1}

    consumer.account.set_profile(attendee_limit=None)
    redrive(consumer)

    assert Counter(consumer.statuses().values()) == {"registered": 11, "rejected": 1}
    assert max(attempts(consumer)) == 2


def test_a_refusal_during_isolation_takes_no_last_attempt(consumer: Consumer) -> None:
    """One is invalid; five valid ones are left for singles, by their last attempts, when the webinar becomes full."""
    emails = addresses(30)
    consumer.account.set_webinar(WEBINAR, refused_emails=[emails[29]], capacity=25)
    consumer.account.set_switches(bad_item_named="not_named")
    consumer.send_registrants(*emails)
    consumer.run(hours=1)
    assert Counter(consumer.statuses().values()) == {"registered": 25, "rejected": 5}
    assert Counter(consumer.reasons()) == {"zoom_rejected": 1, "webinar_full": 4} or Counter(consumer.reasons()) == {
        "webinar_full": 5
    }
    assert all(row["attempts"] <= 2 for row in consumer.rows().values() if row.get("reason") == "webinar_full")

    consumer.account.set_webinar(WEBINAR, capacity=100)
    redrive(consumer)

    assert Counter(consumer.statuses().values()) == {"registered": 29, "rejected": 1}
    assert consumer.rows()[emails[29]]["reason"] == "zoom_rejected"


def test_an_invalid_registrant_among_those_for_the_free_seats_costs_the_others_one_attempt(consumer: Consumer) -> None:
    """Zoom refuses the call for the five seats; then each of them is sent alone, and none together again."""
    eve, *others = addresses(10)
    put_row(consumer, others[-1], **deferred_row(1, reason="webinar_full", status="rejected"))
    consumer.account.set_webinar(WEBINAR, capacity=5, refused_emails=[eve])
    consumer.send_registrants(eve, *others)
    consumer.run(hours=1)
    assert [call.registrants for call in consumer.calls()] == [5, 1, 1, 1, 1, 1, 1]
    assert consumer.account.highest_attempts() == 2
    assert Counter(consumer.statuses().values()) == {"registered": 5, "rejected": 5}


def test_after_an_outage_one_registrant_shows_whether_the_free_seats_can_be_taken(consumer: Consumer) -> None:
    """Zoom answers questions, but no calls: that uses an attempt of one registrant, and not of all in the call."""
    for email in addresses(10):
        put_row(consumer, email, **deferred_row(1, reason="webinar_full", status="rejected"))
    for _ in range(limits.BREAKER_CALLS):
        consumer.env.breaker.record(responded=False, now=consumer.clock())
    consumer.clock.sleep(limits.DEFERRAL_FIRST_SECONDS)
    consumer.account.set_webinar(WEBINAR, capacity=5)
    consumer.account.add_fault(kind="html_502", call="batch")
    consumer.send_registrants(*addresses(10))
    consumer.run(invocations=1)
    assert [call.registrants for call in consumer.calls()] == [1]
    consumer.run(hours=12)
    assert Counter(consumer.statuses().values()) == {"registered": 5, "rejected": 5}
