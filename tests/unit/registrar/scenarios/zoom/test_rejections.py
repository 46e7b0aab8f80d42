"""The whole consumer in virtual time, AWS healthy: what is dead-lettered, and with which reason."""

from collections import Counter
from typing import Any

import pytest

from local.fake_zoom.switches import NotAccessible, PlanMissingStatus, RegistrationOff
from tests.consumer import OTHER_WEBINAR, THIRD_WEBINAR, WEBINAR, Consumer, addresses, message

ADA = "ada@example.com"
WEBINARS = (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR)


def error_response(status: int, code: int, text: str, **more: Any) -> dict[str, Any]:
    """Return a fault of the fake Zoom: it answers this once."""
    return {"kind": "answer", "status": status, "body": {"code": code, "message": text}, **more}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("not json", "malformed_message"),
        ("[]", "malformed_message"),
        ("{}", "malformed_message"),
        (message(webinar=None), "malformed_message"),
        (message(first_name=7), "malformed_message"),
        ("x" * 65_536, "malformed_message"),
        (message(webinar="../x"), "invalid_registrant"),
        (message(webinar="1 OR 1"), "invalid_registrant"),
        (message("no e-mail"), "invalid_registrant"),
        (message(first_name="", last_name=""), "invalid_registrant"),
        (message(first_name="\x00"), "invalid_registrant"),
        (message(first_name="N" * 65_000), "invalid_registrant"),
    ],
    ids=lambda value: value[:24],
)
def test_a_malformed_message_is_dead_lettered_unchanged_without_a_call(
    consumer: Consumer, body: str, reason: str
) -> None:
    consumer.send(body, group_id="g")
    consumer.run()
    (dead_letter,) = consumer.dead_letters()
    assert (dead_letter.body, dead_letter.attributes["reason"], dead_letter.group_id) == (body, reason, "g")
    assert dead_letter.attributes.keys() == {"reason", "detail", "failed_at"}
    assert (consumer.waiting(), consumer.calls()) == ([], [])


def test_a_malformed_message_does_not_hold_up_valid_ones(consumer: Consumer) -> None:
    consumer.send("not json", message(first_name="\x00"), message("eve@example.com"))
    consumer.run()
    assert consumer.statuses() == {ADA: "rejected", "eve@example.com": "registered"}
    assert consumer.row()["reason"] == "invalid_registrant"


def test_a_valid_message_registers_after_an_invalid_one_and_not_the_other_way_round(
    consumer: Consumer,
) -> None:
    consumer.send(message(first_name="", last_name=""))
    consumer.run()
    assert consumer.row()["status"] == "rejected"
    consumer.send(message())
    consumer.run()
    consumer.send(message(first_name="", last_name=""))
    consumer.run()
    row = consumer.row()
    assert row["status"] == "registered"
    assert {"reason", "detail"} & row.keys() == set()
    assert consumer.reasons() == ["invalid_registrant"] * 2


def test_an_unreadable_submission_time_fails_no_registration(consumer: Consumer) -> None:
    consumer.send(message(submitted_at="2026-11-23\ud80014:00:00Z"), *(message(email) for email in addresses(12)))
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 13}
    assert consumer.logged("Unexpected error") == []


CLOSED_WEBINARS: list[tuple[dict[str, Any], str]] = [
    ({"start_time": "2020-01-01T00:00:00Z"}, "webinar_over"),
    ({"approval_type": 2}, "registration_disabled"),
    ({"type": 9}, "webinar_type_unsupported"),
    ({"paid": True}, "paid_registration"),
    ({"licensed": False}, "webinar_plan_missing"),
    ({"accessible": False}, "webinar_not_accessible"),
]


@pytest.mark.parametrize(("properties", "reason"), CLOSED_WEBINARS)
def test_a_closed_webinar_dead_letters_its_registrants_and_no_others(
    consumer: Consumer, properties: dict[str, Any], reason: str
) -> None:
    consumer.account.set_webinar(WEBINAR, **properties)
    consumer.send_registrants(*addresses(35))
    consumer.send_registrants(*addresses(5), webinar=OTHER_WEBINAR)
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"rejected": 35}
    assert Counter(consumer.statuses(OTHER_WEBINAR).values()) == {"registered": 5}
    assert consumer.reasons() == [reason] * 35
    assert consumer.waiting() == []
    assert Counter(call.webinar for call in consumer.calls()) == {WEBINAR: 1, OTHER_WEBINAR: 1}, (
        "the closed webinar is remembered"
    )


WORDINGS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    *(({"approval_type": 2}, {"registration_off": form}, "registration_disabled") for form in RegistrationOff),
    *(({"accessible": False}, {"not_accessible": form}, "webinar_not_accessible") for form in NotAccessible),
    *(({"licensed": False}, {"plan_missing_status": form}, "webinar_plan_missing") for form in PlanMissingStatus),
]


@pytest.mark.parametrize(("properties", "switches", "reason"), WORDINGS, ids=str)
def test_in_every_wording_a_closed_webinar_costs_one_attempt_and_opens_the_same_day(
    consumer: Consumer, properties: dict[str, Any], switches: dict[str, Any], reason: str
) -> None:
    consumer.account.set_webinar(WEBINAR, **properties)
    consumer.account.set_switches(**switches)
    consumer.send_registrants(*addresses(30))
    consumer.run()
    assert len(consumer.calls()) == 1
    assert consumer.reasons() == [reason] * 30
    assert {row["attempts"] for row in consumer.rows().values()} == {1}

    consumer.account.set_webinar(WEBINAR, approval_type=0, accessible=True, licensed=True)
    consumer.send(*(dead_letter.body for dead_letter in consumer.dead_letters()))
    consumer.run(hours=1)
    assert Counter(consumer.statuses().values()) == {"registered": 30}


def test_a_dead_letter_of_an_unknown_webinar_carries_all_that_support_asks_for(consumer: Consumer) -> None:
    consumer.account.delete_webinar(WEBINAR)
    consumer.send_registrants(ADA)
    consumer.run()
    (dead_letter,) = consumer.dead_letters()
    batch_id = dead_letter.attributes["batch_id"]
    assert dead_letter.attributes == {
        "reason": "webinar_not_found",
        "detail": f"Webinar does not exist: {WEBINAR}.",
        "zoom_status": "404",
        "zoom_code": "3001",
        "zoom_tracking_id": consumer.calls()[0].tracking_id,
        "batch_id": batch_id,
        "failed_at": "2026-11-23T14:00:00Z",
    }
    row = consumer.row()
    assert (row["reason"], row["attempts"], row["attempts_on"]) == ("webinar_not_found", 1, "2026-11-23")


def test_registrants_rejected_without_a_call_share_its_batch_id_and_count_no_attempt(consumer: Consumer) -> None:
    consumer.account.delete_webinar(WEBINAR)
    consumer.send_registrants(*addresses(40))
    consumer.run()
    assert len({dead_letter.attributes["batch_id"] for dead_letter in consumer.dead_letters()}) == 1
    assert Counter("attempts" in row for row in consumer.rows().values()) == {True: 30, False: 10}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (error_response(400, 3027, "Host can not register"), "host_not_allowed"),
        (error_response(400, 3034, "please input your work email address"), "email_not_allowed"),
        (error_response(400, 300, "Validation Failed."), "zoom_rejected"),
        (error_response(418, 1, f"Teapot for {ADA}, Ada Lovelace"), "zoom_rejected"),
    ],
)
def test_a_registrant_refused_alone_is_dead_lettered_without_personal_data(
    consumer: Consumer, fault: dict[str, Any], reason: str
) -> None:
    consumer.account.add_fault(**fault)
    consumer.send_registrants(ADA)
    consumer.run()
    (dead_letter,) = consumer.dead_letters()
    assert dead_letter.attributes["reason"] == reason
    assert not any(
        word in repr(dead_letter.attributes) + repr(consumer.row()["detail"]) for word in ("ada@", "Lovelace")
    )


def test_a_refused_batch_is_split_into_smaller_calls(consumer: Consumer) -> None:
    consumer.account.add_fault(**error_response(400, 300, "Validation Failed."))
    consumer.send_registrants(*addresses(5))
    consumer.run(invocations=1)
    assert Counter(consumer.statuses().values()) == {"registered": 5}
    assert [call.registrants for call in consumer.calls()] == [5, 3, 2]
    assert consumer.dead_letters() == []


def test_a_redriven_dead_letter_is_tried_again(consumer: Consumer) -> None:
    consumer.account.set_webinar(WEBINAR, capacity=0)
    consumer.send_registrants(ADA)
    consumer.run()
    consumer.account.set_webinar(WEBINAR, capacity=10)
    consumer.send(consumer.dead_letters()[0].body)
    consumer.run()
    row = consumer.row()
    assert (row["status"], row["attempts"]) == ("registered", 2)
    assert {"reason", "detail", "deferred_until"} & row.keys() == set()


def test_the_account_attendee_limit_defers_an_hour_once_and_then_dead_letters(consumer: Consumer) -> None:
    consumer.account.set_profile(attendee_limit=0)
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    assert consumer.row()["deferred_until"] == "2026-11-23T15:00:00Z"
    consumer.run()
    assert (consumer.reasons(), len(consumer.calls())) == (["account_attendee_limit"], 2)
