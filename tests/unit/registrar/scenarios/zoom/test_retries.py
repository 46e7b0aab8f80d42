"""The whole consumer in virtual time, AWS healthy: no confirmation, no response, limits or no token end well."""

import json
import time
from collections import Counter
from typing import Any

import pytest

from tests.consumer import DAY_S, OTHER_WEBINAR, THIRD_WEBINAR, WEBINAR, Consumer, addresses
from tests.fakes import TimeIsUp
from tests.unit.registrar.samples import MIDNIGHT

ADA = "ada@example.com"
WEBINARS = (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR)


UNREADABLE: list[tuple[dict[str, Any], str]] = [
    *(({"kind": kind}, "zoom_unavailable") for kind in ("empty_body", "truncated_json", "cut_connection")),
    *(
        ({"kind": "answer", "status": status, "body": "<html>Access denied</html>"}, "zoom_unavailable")
        for status in (200, 401, 403, 404, 429)
    ),
    ({"kind": "registrants_not_a_list"}, "not_confirmed"),
]


@pytest.mark.parametrize(("fault", "reason"), UNREADABLE, ids=str)
def test_an_unreadable_response_defers_until_a_readable_one(
    consumer: Consumer, fault: dict[str, Any], reason: str
) -> None:
    consumer.account.add_fault(**fault, call="batch")
    consumer.send_registrants(*addresses(3))
    consumer.run(invocations=1)
    assert {(row["status"], row["reason"], row["attempts"]) for row in consumer.rows().values()} == {
        ("deferred", reason, 1)
    }
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 3}


@pytest.mark.parametrize("kind", ["unexpected_registrant", "same_email_twice"])
def test_a_response_with_unexpected_items_confirms_those_it_names(consumer: Consumer, kind: str) -> None:
    consumer.account.add_fault(kind=kind)
    consumer.send_registrants(*addresses(3))
    consumer.run()
    assert set(consumer.statuses()) == set(addresses(3))
    assert all("somebody.else" not in row["join_url"] for row in consumer.rows().values())


@pytest.mark.parametrize("form", ["without_join_url", "empty_join_url", "null_join_url"])
def test_a_registrant_awaiting_approval_is_pending_and_leaves_the_queue(consumer: Consumer, form: str) -> None:
    consumer.account.set_webinar(WEBINAR, approval_type=1)
    consumer.account.set_switches(pending_item=form)
    consumer.account.add_fault(kind="answer", status=201, body={"registrants": [{"email": ADA, "registrant_id": "r1"}]})
    consumer.send_registrants(ADA)
    consumer.run()
    row = consumer.row()
    assert (row["status"], row["registrant_id"]) == ("pending_approval", "r1")
    assert "join_url" not in row
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])


NONE_CONFIRMED = {"kind": "answer", "status": 201, "body": {"registrants": []}, "call": "batch", "times": 1_000}


def test_a_registrant_unconfirmed_three_times_and_unknown_to_zoom_is_dead_lettered(consumer: Consumer) -> None:
    consumer.account.add_fault(**NONE_CONFIRMED)
    consumer.send_registrants(ADA)
    consumer.run()
    assert consumer.reasons() == ["not_confirmed"]
    assert consumer.account.highest_attempts() == 3


def test_an_unconfirmed_registrant_that_cannot_be_queried_waits_without_using_the_last_attempt(
    consumer: Consumer,
) -> None:
    consumer.account.add_fault(**NONE_CONFIRMED)
    consumer.account.set_profile(scopes=["webinar:write:batch_registrants:admin"])
    consumer.send_registrants(ADA)
    started = consumer.clock()
    consumer.run()
    assert consumer.reasons() == ["not_confirmed"]
    assert consumer.clock() - started > 4 * DAY_S
    assert consumer.account.highest_attempts() == 2


@pytest.mark.parametrize("fault", [{"kind": "html_502"}, {"kind": "reset"}, {"kind": "hang"}])
@pytest.mark.parametrize("processed", ["no", "half", "yes"])
def test_an_unknown_outcome_is_retried_and_ends_registered(
    consumer: Consumer, fault: dict[str, Any], processed: str
) -> None:
    consumer.account.add_fault(**fault, processed=processed)
    consumer.send_registrants(*addresses(4))
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 4}
    assert consumer.account.highest_attempts() == 2


def test_a_failed_connection_uses_no_attempt(consumer: Consumer) -> None:
    consumer.transport.is_down = True
    consumer.send_registrants(ADA)
    consumer.run(invocations=6)
    row = consumer.row()
    assert (row["status"], row["reason"]) == ("deferred", "zoom_unavailable")
    assert row.get("attempts", 0) <= 1
    consumer.transport.is_down = False
    consumer.run()
    assert consumer.row()["status"] == "registered"


def test_a_rate_limit_is_waited_out_within_the_invocation(consumer: Consumer) -> None:
    consumer.account.add_fault(kind="rate_limit", limit="per_second", times=3)
    consumer.send_registrants(ADA)
    (invocation,) = consumer.run()
    assert consumer.row()["status"] == "registered"
    assert "attempts" not in consumer.row()
    assert invocation.ended_at_s - invocation.started_at_s < 10


@pytest.mark.parametrize("form", ["iso", "http_date", "seconds", "absent"])
def test_the_account_daily_limit_stops_all_sending_until_midnight(consumer: Consumer, form: str) -> None:
    consumer.account.set_switches(retry_after_daily=form)
    consumer.account.set_limits(heavy_per_day=0)
    for webinar in WEBINARS:
        consumer.send_registrants(*addresses(12), webinar=webinar)
    consumer.run(hours=9)
    refused = consumer.calls()
    assert len(refused) <= 4, "a call after the stop is of messages received after it"
    assert consumer.account.highest_attempts() == 0
    consumer.account.set_limits(heavy_per_day=100)
    consumer.run()
    assert sum(Counter(consumer.statuses(webinar).values())["registered"] for webinar in WEBINARS) == 36
    assert MIDNIGHT < consumer.calls()[len(refused)].time < MIDNIGHT + 1_300


def test_the_daily_quota_is_never_exceeded() -> None:
    consumer = Consumer(calls_per_day=2)
    for webinar in WEBINARS:
        consumer.send_registrants(*addresses(3), webinar=webinar)
    consumer.run()
    assert consumer.waiting() == []
    days = Counter(int(call.time // DAY_S) for call in consumer.calls())
    assert set(days.values()) <= {1, 2}
    assert len(days) > 1


@pytest.mark.parametrize("wording", ["documented", "batch", "2021"])
def test_a_registrant_without_zoom_attempts_waits_for_the_next_day(consumer: Consumer, wording: str) -> None:
    consumer.account.set_switches(registrant_limit_wording=wording)
    consumer.account.add_fault(kind="rate_limit", limit="registrant_day")
    consumer.send_registrants(ADA)
    consumer.run()
    assert consumer.row()["status"] == "registered"
    first, second = consumer.calls()
    assert first.time < MIDNIGHT < second.time
    assert ADA not in consumer.log()


@pytest.mark.parametrize(
    "header", ["999999999", "9999-12-31T23:59:59-14:00", "Tue, 24 Nov 2026 99999999999999:00:00 GMT"]
)
def test_an_absurd_retry_after_is_capped(consumer: Consumer, header: str) -> None:
    consumer.account.add_fault(kind="answer", status=503, headers={"Retry-After": header}, body="")
    consumer.send_registrants(ADA)
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.logged("Unexpected error") == []
    assert consumer.clock() < consumer.calls()[0].time + 2 * DAY_S


def test_a_refused_token_is_renewed_without_using_an_attempt(consumer: Consumer) -> None:
    consumer.account.revoke_tokens()
    consumer.send_registrants(ADA)
    consumer.run()
    assert (consumer.row()["status"], consumer.refreshes) == ("registered", 1)
    assert "attempts" not in consumer.row()


@pytest.mark.parametrize("how", ["missing", "refused"])
def test_without_a_valid_token_registrants_wait_and_no_attempt_is_used(consumer: Consumer, how: str) -> None:
    consumer.functions.register("RefreshToken", lambda event, context: {})
    if how == "missing":
        consumer.secrets.put_secret_value(SecretId="Token", SecretString="{}")
    consumer.account.revoke_tokens()
    consumer.send_registrants(*addresses(12))
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


def test_a_missing_scope_stops_sending_and_uses_no_attempt(consumer: Consumer) -> None:
    consumer.account.set_profile(scopes=())
    for webinar in WEBINARS:
        consumer.send_registrants(*addresses(3), webinar=webinar)
    consumer.run(invocations=1)
    assert len(consumer.calls()) == 1
    assert (len(consumer.waiting()), consumer.account.highest_attempts()) == (9, 0)


@pytest.mark.parametrize("seconds_before", [0.5, 3, 60])
@pytest.mark.parametrize("latency_ms", [0, 2_000])
def test_around_midnight_there_are_never_four_attempts_per_day(seconds_before: float, latency_ms: int) -> None:
    consumer = Consumer(start_s=MIDNIGHT - seconds_before)
    consumer.account.set_latency(latency_ms)
    # Rate limits make a call that starts today reach Zoom tomorrow; then no response is usable.
    consumer.account.add_fault(kind="rate_limit", limit="per_second", times=2)
    consumer.account.add_fault(kind="html_502", call="batch", times=50)
    consumer.send_registrants(*addresses(3))
    consumer.run(hours=30)
    assert consumer.account.highest_attempts() == 3


def _response(status: int, code: int, message: str) -> dict[str, Any]:
    return {"kind": "answer", "call": "batch", "status": status, "body": {"code": code, "message": message}}


def test_a_call_counted_yesterday_and_made_today_counts_for_today() -> None:
    refused = _response(400, 300, "Validation Failed.")
    consumer = Consumer(start_s=MIDNIGHT - 1.2)
    consumer.account.add_fault(**refused)  # all six, yesterday
    consumer.account.add_fault(kind="rate_limit", limit="per_second", call="batch")  # three of them wait …
    consumer.account.add_fault(**refused)  # … and are sent today; then sending stops before the rows are written
    consumer.account.add_fault(**_response(401, 124, "Access token is expired."), times=2)
    consumer.account.add_fault(kind="html_502", call="batch", times=500)
    consumer.send_registrants(*addresses(6))
    consumer.run(hours=20)
    assert consumer.account.highest_attempts() == 3


def test_a_killed_call_of_today_counted_yesterday_counts_for_today() -> None:
    consumer = Consumer(start_s=MIDNIGHT - 1_800)
    consumer.account.add_fault(kind="html_502", call="batch")
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    consumer.clock.advance_to(MIDNIGHT - 0.5)
    consumer.account.add_fault(kind="rate_limit", limit="per_second", call="batch")
    consumer.account.add_fault(kind="html_502", call="batch", times=50)
    responses = iter(range(100))

    def kill() -> None:
        if next(responses) == 1:
            raise TimeIsUp

    consumer.transport.after_response = kill
    consumer.run(hours=20)
    assert consumer.account.highest_attempts() == 3


def test_a_call_across_midnight_is_counted_once_on_the_new_day() -> None:
    consumer = Consumer(start_s=MIDNIGHT - 1_800, checked=False)
    consumer.account.set_profile(scopes=["webinar:write:batch_registrants:admin"])  # Zoom cannot be queried
    consumer.secrets.put_secret_value(
        SecretId="Token", SecretString=json.dumps({"access_token": consumer.account.mint_token()})
    )
    consumer.start()
    consumer.account.add_fault(kind="html_502", call="batch")
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    consumer.clock.advance_to(MIDNIGHT - 5)
    consumer.account.add_fault(kind="hang", call="batch")
    consumer.run(hours=2)
    assert consumer.statuses() == {ADA: "registered"}


@pytest.mark.parametrize("status", [200, 400])
def test_token_errors_with_a_counting_status_use_three_attempts(consumer: Consumer, status: int) -> None:
    consumer.account.add_fault(**_response(status, 124, "Invalid access token."), times=5_000)
    consumer.send_registrants(ADA)
    consumer.run(hours=9)
    assert (consumer.account.highest_attempts(), consumer.row()["attempts"]) == (3, 3)


def test_dates_are_utc_in_any_time_zone(monkeypatch: pytest.MonkeyPatch, consumer: Consumer) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Pacific/Kiritimati")
        time.tzset()
        consumer.account.add_fault(kind="html_502", call="batch", times=3)
        consumer.send_registrants(ADA)
        consumer.run(hours=9)
        row = consumer.row()
    time.tzset()
    assert (row["attempts"], row["attempts_on"]) == (3, "2026-11-23")
    assert row["deferred_until"].startswith("2026-11-24T00:")
