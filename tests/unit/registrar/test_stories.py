"""Whole stories with a healthy AWS: what Zoom says, and what becomes of people by it."""

import json
import time
from collections import Counter
from typing import Any

import pytest

from tests.consumer import DAY_S, OTHER_WEBINAR, THIRD_WEBINAR, WEBINAR, Consumer, message, people
from tests.fakes import Delivery
from tests.unit.registrar.samples import MIDNIGHT

ADA = "ada@example.com"
WEBINARS = (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR)


def refusal(status: int, code: int, text: str, **more: Any) -> dict[str, Any]:
    return {"kind": "answer", "status": status, "body": {"code": code, "message": text}, **more}


# ── Messages of which nobody can be made ─────────────────────────────────────────────────────────────────────────────


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
        (message("nobody"), "invalid_registrant"),
        (message(first_name=""), "invalid_registrant"),
        (message(first_name="\x00"), "invalid_registrant"),
        (message(first_name="N" * 65_000), "invalid_registrant"),
    ],
    ids=lambda value: value[:24],
)
def test_a_wrong_message_is_buried_as_it_was_without_a_call(consumer: Consumer, body: str, reason: str) -> None:
    consumer.send(body, group_id="g")
    consumer.run()
    (letter,) = consumer.dead_letters()
    assert (letter.body, letter.attributes["reason"], letter.group_id) == (body, reason, "g")
    assert letter.attributes.keys() == {"reason", "detail", "failed_at"}
    assert (consumer.waiting(), consumer.calls()) == ([], [])


def test_a_wrong_message_does_not_hold_up_its_neighbours(consumer: Consumer) -> None:
    consumer.send("not json", message(first_name="\x00"), message("eve@example.com"))
    consumer.run()
    assert consumer.statuses() == {ADA: "rejected", "eve@example.com": "registered"}
    assert consumer.row()["reason"] == "invalid_registrant"


def test_an_invalid_message_does_not_turn_back_who_is_registered_and_a_right_one_mends_a_wrong_one(
    consumer: Consumer,
) -> None:
    consumer.send(message(first_name=""))
    consumer.run()
    assert consumer.row()["status"] == "rejected"
    consumer.send(message())
    consumer.run()
    consumer.send(message(first_name=""))
    consumer.run()
    row = consumer.row()
    assert row["status"] == "registered"
    assert {"reason", "detail"} & row.keys() == set()
    assert consumer.reasons() == ["invalid_registrant"] * 2


def test_a_poisonous_time_of_submission_disturbs_nobody(consumer: Consumer) -> None:
    consumer.send(message(submitted_at="2026-11-23\ud80014:00:00Z"), *(message(email) for email in people(12)))
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 13}
    assert consumer.logged("Unexpected error") == []


# ── Refused by Zoom ──────────────────────────────────────────────────────────────────────────────────────────────────

PROPERTIES: list[tuple[dict[str, Any], str]] = [
    ({"start_time": "2020-01-01T00:00:00Z"}, "webinar_over"),
    ({"approval_type": 2}, "registration_disabled"),
    ({"type": 9}, "webinar_type_unsupported"),
    ({"paid": True}, "paid_registration"),
    ({"licensed": False}, "webinar_plan_missing"),
    ({"capacity": 0}, "webinar_full"),
]


@pytest.mark.parametrize(("properties", "reason"), PROPERTIES)
def test_a_webinars_refusal_buries_its_people_and_nobody_else(
    consumer: Consumer, properties: dict[str, Any], reason: str
) -> None:
    consumer.account.set_webinar(WEBINAR, **properties)
    consumer.send_people(*people(35))
    consumer.send_people(*people(5), webinar=OTHER_WEBINAR)
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"rejected": 35}
    assert Counter(consumer.statuses(OTHER_WEBINAR).values()) == {"registered": 5}
    assert consumer.reasons() == [reason] * 35
    assert consumer.waiting() == []
    assert Counter(call.webinar for call in consumer.calls()) == {WEBINAR: 1, OTHER_WEBINAR: 1}, "it is remembered"


def test_an_unknown_webinar_buries_with_all_that_support_asks_for(consumer: Consumer) -> None:
    consumer.account.delete_webinar(WEBINAR)
    consumer.send_people(ADA)
    consumer.run()
    (letter,) = consumer.dead_letters()
    batch_id = letter.attributes["batch_id"]
    assert letter.attributes == {
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


def test_the_fortieth_buried_by_the_same_answer_has_its_batch_id_and_no_attempt(consumer: Consumer) -> None:
    consumer.account.delete_webinar(WEBINAR)
    consumer.send_people(*people(40))
    consumer.run()
    assert len({letter.attributes["batch_id"] for letter in consumer.dead_letters()}) == 1
    assert Counter("attempts" in row for row in consumer.rows().values()) == {True: 30, False: 10}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (refusal(400, 3027, "Host can not register"), "host_not_allowed"),
        (refusal(400, 3034, "please input your work email address"), "email_not_allowed"),
        (refusal(400, 300, "Validation Failed."), "zoom_rejected"),
        (refusal(418, 1, f"Teapot for {ADA}, Ada Lovelace"), "zoom_rejected"),
    ],
)
def test_a_refusal_of_somebody_alone_buries_him_without_naming_him(
    consumer: Consumer, fault: dict[str, Any], reason: str
) -> None:
    consumer.account.add_fault(**fault)
    consumer.send_people(ADA)
    consumer.run()
    (letter,) = consumer.dead_letters()
    assert letter.attributes["reason"] == reason
    assert not any(word in repr(letter.attributes) + repr(consumer.row()["detail"]) for word in ("ada@", "Lovelace"))


def test_a_refusal_of_somebody_among_others_defers_the_batch_and_buries_nobody(consumer: Consumer) -> None:
    consumer.account.add_fault(**refusal(400, 300, "Validation Failed."))
    consumer.send_people(*people(5))
    consumer.run(invocations=1)
    assert Counter(consumer.statuses().values()) == {"deferred": 5}
    assert consumer.dead_letters() == []
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 5}


def test_a_redriven_registrant_is_tried_again_and_the_same_message_is_not(consumer: Consumer) -> None:
    consumer.account.set_webinar(WEBINAR, capacity=0)
    consumer.send_people(ADA)
    consumer.run()
    consumer.account.set_webinar(WEBINAR, capacity=10)
    consumer.send(consumer.dead_letters()[0].body)
    consumer.run()
    row = consumer.row()
    assert (row["status"], row["attempts"]) == ("registered", 2)
    assert {"reason", "detail", "deferred_until"} & row.keys() == set()


def test_the_accounts_limit_defers_an_hour_once_and_then_buries(consumer: Consumer) -> None:
    consumer.account.set_profile(attendee_limit=0)
    consumer.send_people(ADA)
    consumer.run(invocations=1)
    assert consumer.row()["deferred_until"] == "2026-11-23T15:00:00Z"
    consumer.run()
    assert (consumer.reasons(), len(consumer.calls())) == (["account_attendee_limit"], 2)


# ── Not confirmed ────────────────────────────────────────────────────────────────────────────────────────────────────

UNREADABLE = ["empty_body", "truncated_json", "cut_connection", "registrants_not_a_list"]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_answer_that_cannot_be_read_registers_nobody_until_one_can(consumer: Consumer, kind: str) -> None:
    consumer.account.add_fault(kind=kind)
    consumer.send_people(*people(3))
    consumer.run(invocations=1)
    assert {(row["status"], row["reason"], row["attempts"]) for row in consumer.rows().values()} == {
        ("deferred", "not_confirmed", 1)
    }
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 3}


@pytest.mark.parametrize("kind", ["stranger", "same_email_twice"])
def test_an_odd_answer_confirms_whom_it_names(consumer: Consumer, kind: str) -> None:
    consumer.account.add_fault(kind=kind)
    consumer.send_people(*people(3))
    consumer.run()
    assert set(consumer.statuses()) == set(people(3))
    assert all("somebody.else" not in row["join_url"] for row in consumer.rows().values())


@pytest.mark.parametrize("form", ["without_join_url", "empty_join_url", "null_join_url"])
def test_who_awaits_approval_is_pending_and_leaves_the_queue(consumer: Consumer, form: str) -> None:
    consumer.account.set_webinar(WEBINAR, approval_type=1)
    consumer.account.set_switches(pending_item=form)
    consumer.account.add_fault(kind="answer", status=201, body={"registrants": [{"email": ADA, "registrant_id": "r1"}]})
    consumer.send_people(ADA)
    consumer.run()
    row = consumer.row()
    assert (row["status"], row["registrant_id"]) == ("pending_approval", "r1")
    assert "join_url" not in row
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])


def test_who_is_never_confirmed_is_tried_three_times_a_day_and_buried_at_the_age_limit(consumer: Consumer) -> None:
    consumer.account.add_fault(kind="answer", status=201, body={"registrants": []}, times=1_000)
    consumer.send_people(ADA)
    started = consumer.clock()
    consumer.run()
    assert consumer.reasons() == ["not_confirmed"]
    assert consumer.clock() - started > 4 * DAY_S
    days = {entry.day: entry.attempts for entry in consumer.account.attempts()}
    assert max(days.values()) == 3
    assert sum(days.values()) <= 5 * 3 + 1, "the last try comes after the age limit"


# ── Zoom is away, or has had enough ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", [{"kind": "html_502"}, {"kind": "reset"}, {"kind": "hang"}])
@pytest.mark.parametrize("processed", ["no", "half", "yes"])
def test_an_unknown_outcome_is_repeated_and_ends_well(
    consumer: Consumer, fault: dict[str, Any], processed: str
) -> None:
    consumer.account.add_fault(**fault, processed=processed)
    consumer.send_people(*people(4))
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 4}
    assert consumer.account.highest_attempts() == 2


def test_a_line_that_is_down_costs_nobody_an_attempt(consumer: Consumer) -> None:
    consumer.line.is_down = True
    consumer.send_people(ADA)
    consumer.run(invocations=6)
    row = consumer.row()
    assert (row["status"], row["reason"]) == ("deferred", "zoom_unavailable")
    assert row.get("attempts", 0) <= 1
    consumer.line.is_down = False
    consumer.run()
    assert consumer.row()["status"] == "registered"


def test_in_an_outage_people_come_back_within_fifteen_minutes(consumer: Consumer) -> None:
    consumer.line.is_down = True
    consumer.send_people(ADA)
    consumer.run(hours=5)
    consumer.line.is_down = False
    healed = consumer.clock()
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.clock() - healed <= 15 * 60 + 10


def test_too_fast_is_waited_out_within_the_invocation(consumer: Consumer) -> None:
    consumer.account.add_fault(kind="rate_limit", limit="per_second", times=3)
    consumer.send_people(ADA)
    (invocation,) = consumer.run()
    assert consumer.row()["status"] == "registered"
    assert "attempts" not in consumer.row()
    assert invocation.ended_at_s - invocation.started_at_s < 10


@pytest.mark.parametrize("form", ["iso", "http_date", "seconds", "absent"])
def test_the_accounts_day_stops_everything_until_midnight(consumer: Consumer, form: str) -> None:
    consumer.account.set_switches(retry_after_daily=form)
    consumer.account.set_limits(heavy_per_day=0)
    for webinar in WEBINARS:
        consumer.send_people(*people(12), webinar=webinar)
    consumer.run(hours=9)
    refused = consumer.calls()
    assert len(refused) <= 4, "whoever is sent after a stop was received after it"
    assert consumer.account.highest_attempts() == 0
    consumer.account.set_limits(heavy_per_day=100)
    consumer.run()
    assert sum(Counter(consumer.statuses(webinar).values())["registered"] for webinar in WEBINARS) == 36
    assert MIDNIGHT < consumer.calls()[len(refused)].time < MIDNIGHT + 1_300


def test_our_own_share_of_the_day_is_kept() -> None:
    consumer = Consumer(calls_per_day=2)
    for webinar in WEBINARS:
        consumer.send_people(*people(3), webinar=webinar)
    consumer.run()
    assert consumer.waiting() == []
    days = Counter(int(call.time // DAY_S) for call in consumer.calls())
    assert set(days.values()) <= {1, 2}
    assert len(days) > 1


@pytest.mark.parametrize("wording", ["documented", "batch", "2021"])
def test_a_person_whose_day_is_used_up_elsewhere_waits_for_the_next(consumer: Consumer, wording: str) -> None:
    consumer.account.set_switches(registrant_limit_wording=wording)
    consumer.account.add_fault(kind="rate_limit", limit="registrant_day")
    consumer.send_people(ADA)
    consumer.run()
    assert consumer.row()["status"] == "registered"
    first, second = consumer.calls()
    assert first.time < MIDNIGHT < second.time
    assert ADA not in consumer.log()


@pytest.mark.parametrize("header", ["999999999", "9999-12-31T23:59:59-14:00", "Tue, 24 Nov 2026 99999999999999:00:00 GMT"])
def test_nobody_is_lost_by_a_mad_retry_after(consumer: Consumer, header: str) -> None:
    consumer.account.add_fault(kind="answer", status=503, headers={"Retry-After": header}, body="")
    consumer.send_people(ADA)
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.logged("Unexpected error") == []
    assert consumer.clock() < consumer.calls()[0].time + 2 * DAY_S


# ── The token ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_that_is_refused_is_renewed_and_nobody_notices(consumer: Consumer) -> None:
    consumer.account.revoke_tokens()
    consumer.send_people(ADA)
    consumer.run()
    assert (consumer.row()["status"], consumer.refreshes) == ("registered", 1)
    assert "attempts" not in consumer.row()


@pytest.mark.parametrize("how", ["missing", "refused"])
def test_without_a_good_token_everybody_waits_and_nobody_pays(consumer: Consumer, how: str) -> None:
    consumer.functions.register("RefreshToken", lambda event, context: {})
    if how == "missing":
        consumer.secrets.put_secret_value(SecretId="Token", SecretString="{}")
    consumer.account.revoke_tokens()
    consumer.send_people(*people(12))
    consumer.run(hours=2)
    assert len(consumer.waiting()) == 12
    assert consumer.account.highest_attempts() == 0
    assert {row.get("reason") for row in consumer.rows().values()} == {"token_rejected"}
    (stopped, *_) = consumer.logged("Sending stopped")
    assert "ZoomTokenSecret" in stopped["detail"]
    consumer.secrets.put_secret_value(
        SecretId="Token", SecretString=json.dumps({"access_token": consumer.account.mint_token()})
    )
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 12}


def test_a_missing_scope_stops_the_sending_and_costs_nobody_an_attempt(consumer: Consumer) -> None:
    consumer.account.set_profile(scopes=())
    for webinar in WEBINARS:
        consumer.send_people(*people(3), webinar=webinar)
    consumer.run(invocations=1)
    assert len(consumer.calls()) == 1
    assert (len(consumer.waiting()), consumer.account.highest_attempts()) == (9, 0)


# ── All is well ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hundred_people_of_three_webinars_are_registered_in_one_invocation(consumer: Consumer) -> None:
    for webinar in WEBINARS:
        consumer.send_people(*people(34), webinar=webinar)
    invocations = consumer.run()
    assert len(invocations) == 1
    assert sorted(call.registrants for call in consumer.calls()) == [4, 4, 4, 30, 30, 30]
    assert not any(call.violations for call in consumer.calls())
    for webinar in WEBINARS:
        known = {one.email: one for one in consumer.account.registrants(webinar)}
        for email, row in consumer.rows(webinar).items():
            assert (row["status"], row["join_url"]) == ("registered", known[email].join_url)
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])
    assert consumer.account.peaks()["batch"] <= 10


def test_a_smooth_registration_has_exactly_the_contracts_attributes(consumer: Consumer) -> None:
    (message_id,) = consumer.send(
        message("Ada@Example.com", submission_id="0b0c", submitted_at="2026-11-23T14:00:00Z", company="ignored")
    )
    consumer.run()
    row = consumer.row()
    (known,) = consumer.account.registrants(WEBINAR)
    assert row == {
        "webinar_id": WEBINAR,
        "email": ADA,
        "status": "registered",
        "join_url": known.join_url,
        "registrant_id": known.registrant_id,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "submission_id": "0b0c",
        "submitted_at": "2026-11-23T14:00:00Z",
        "message_id": message_id,
        "registered_at": "2026-11-23T14:00:00Z",
        "updated_at": "2026-11-23T14:00:00Z",
        "expires_at": int(1_795_442_400 + 400 * DAY_S),
        "zoom_tracking_id": consumer.calls()[0].tracking_id,
    }
    assert known.email == "Ada@Example.com"
    assert consumer.dynamodb.calls == {"batch_get_item": 1, "batch_write_item": 1, "update_item": 1}


def test_duplicates_fold_into_one_item_of_one_call(consumer: Consumer) -> None:
    consumer.account.set_switches(duplicates="refused")
    consumer.send_people("Ada@example.com", " ada@EXAMPLE.com ", ADA, "eve@example.com")
    consumer.send_people(ADA, webinar=OTHER_WEBINAR)
    consumer.run()
    assert sorted(call.registrants for call in consumer.calls()) == [1, 2]
    assert consumer.waiting() == []


def test_who_is_registered_is_skipped_whatever_he_is_called_now(consumer: Consumer) -> None:
    consumer.send_people(ADA)
    consumer.run()
    before = consumer.row()
    consumer.send(message("ADA@example.com", first_name="Augusta"))
    consumer.run()
    assert consumer.row() == before
    assert (len(consumer.calls()), consumer.waiting()) == (1, [])


def test_with_no_time_to_drain_only_the_event_is_handled() -> None:
    consumer = Consumer(drain_seconds=0)
    consumer.send_people(*people(25))
    invocations = consumer.run()
    assert [len(invocation.message_ids) for invocation in invocations] == [10, 10, 5]
    assert [call.registrants for call in consumer.calls()] == [10, 10, 5]
    assert consumer.sqs.calls["receive_message"] == 0


def test_when_time_runs_out_the_rest_goes_back_at_once_and_nothing_is_begun_that_cannot_be_stored() -> None:
    consumer = Consumer()
    consumer.account.set_latency(20_000)
    for number in range(20):
        webinar = str(97871060200 + number)
        consumer.account.set_webinar(webinar)
        consumer.send_people(ADA, webinar=webinar)
    first = consumer.run(invocations=1)[0]
    assert first.error is None
    assert first.ended_at_s - first.started_at_s < 300
    later = consumer.run()
    assert later[0].started_at_s - first.ended_at_s <= 1
    assert {row["status"] for row in consumer.dynamodb.rows("Registrants")} == {"registered"}
    assert consumer.account.highest_attempts() == 1


def test_a_queue_that_delivers_twice_and_in_disorder_registers_everybody_once() -> None:
    consumer = Consumer(delivery=Delivery(duplicate_rate=0.5, short_poll_rate=0.5, disorder=10), seed=3)
    consumer.send_people(*people(60))
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 60}
    assert (consumer.waiting(), consumer.account.highest_attempts()) == ([], 1)


def test_a_message_older_than_the_age_limit_is_still_tried_once(consumer: Consumer) -> None:
    consumer.send_people(ADA)
    consumer.clock.sleep(5 * DAY_S)
    consumer.run()
    assert consumer.row()["status"] == "registered"


# ── Midnight ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seconds_before", [0.5, 3, 60])
@pytest.mark.parametrize("latency_ms", [0, 2_000])
def test_attempts_around_midnight_never_make_four_in_a_day(seconds_before: float, latency_ms: int) -> None:
    consumer = Consumer(start_s=MIDNIGHT - seconds_before)
    consumer.account.set_latency(latency_ms)
    # Too fast, so that a call that begins today reaches Zoom tomorrow; and then no answer that could be used.
    consumer.account.add_fault(kind="rate_limit", limit="per_second", times=2)
    consumer.account.add_fault(kind="html_502", times=50)
    consumer.send_people(*people(3))
    consumer.run(hours=30)
    assert consumer.account.highest_attempts() == 3


def test_a_clock_is_only_read_in_utc(monkeypatch: pytest.MonkeyPatch, consumer: Consumer) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Pacific/Kiritimati")
        time.tzset()
        consumer.account.add_fault(kind="html_502", times=3)
        consumer.send_people(ADA)
        consumer.run(hours=9)
        row = consumer.row()
    time.tzset()
    assert (row["attempts"], row["attempts_on"]) == (3, "2026-11-23")
    assert row["deferred_until"].startswith("2026-11-24T00:")
