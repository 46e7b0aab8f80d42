"""The scope of an error: a registrant's, a webinar's, the account's, or the transport's."""

from collections import Counter
from typing import Any

import pytest

from tests.consumer import OTHER_WEBINAR, THIRD_WEBINAR, WEBINAR, Consumer, addresses, message

ADA = "ada@example.com"


def error_response(status: int, code: int | None, text: str, **more: Any) -> dict[str, Any]:
    """Return a fault of the fake Zoom: it answers a batch call with this."""
    body = {"message": text} | ({} if code is None else {"code": code})
    return {"kind": "answer", "status": status, "body": body, "call": "batch", **more}


def outcomes(consumer: Consumer, webinar: str = WEBINAR) -> Counter[tuple[str, str | None]]:
    return Counter((row["status"], row.get("reason")) for row in consumer.rows(webinar).values())


# ── The account ──────────────────────────────────────────────────────────────────────────────────────────────────────

ACCOUNT_ERRORS = [
    (error_response(401, 124, "Invalid access token."), "token_rejected"),
    (error_response(401, 124, "Access token is expired."), "token_rejected"),
    (error_response(401, None, ""), "token_rejected"),
    (error_response(400, 4711, "Invalid access token, does not contain scopes:[webinar:write]."), "missing_scope"),
    (error_response(401, 104, "Invalid access token, does not contain scopes."), "missing_scope"),
    (error_response(400, 4700, "Invalid access token, does not contain scopes."), "missing_scope"),
    (error_response(429, 429, "You have reached the maximum daily rate limit for this API."), "account_daily_limit"),
]


@pytest.mark.parametrize(("fault", "reason"), ACCOUNT_ERRORS)
def test_an_account_error_stops_all_sending_and_counts_no_attempt(
    consumer: Consumer, fault: dict[str, Any], reason: str
) -> None:
    consumer.account.add_fault(**fault, times=2)  # a refused token is replaced once
    for webinar in (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR):
        consumer.send_registrants(*addresses(5), webinar=webinar)
    consumer.run(invocations=1)
    assert len({call.webinar for call in consumer.calls()}) == 1
    assert [row["reason"] for row in consumer.dynamodb.rows("Registrants")] == [reason] * 5
    assert all("attempts" not in row for row in consumer.dynamodb.rows("Registrants"))
    assert consumer.logged("Sending stopped")[0]["reason"] == reason
    consumer.account.clear_faults()
    consumer.run()
    assert {row["status"] for row in consumer.dynamodb.rows("Registrants")} == {"registered"}
    assert consumer.account.highest_attempts() == 1


# ── A webinar ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_webinar_found_closed_during_isolation_gets_no_further_call(consumer: Consumer) -> None:
    consumer.account.add_fault(**error_response(400, 300, "Validation Failed."))
    consumer.account.set_webinar(WEBINAR, start_time="2020-01-01T00:00:00Z")
    consumer.send_registrants(*addresses(30))
    consumer.send_registrants(*addresses(3), webinar=OTHER_WEBINAR)
    consumer.run(invocations=1)
    assert [call.registrants for call in consumer.calls() if call.webinar == WEBINAR] == [30, 6]
    assert outcomes(consumer) == {("rejected", "webinar_over"): 30}
    assert outcomes(consumer, OTHER_WEBINAR) == {("registered", None): 3}


def test_forbidden_stops_the_webinar_and_dead_letters_only_registrants_refused_alone(consumer: Consumer) -> None:
    consumer.account.add_fault(**error_response(403, 9, "Forbidden"), webinar=WEBINAR, times=1_000)
    consumer.send_registrants(*addresses(31))
    consumer.send_registrants(*addresses(3), webinar=OTHER_WEBINAR)
    consumer.run(invocations=1)
    assert outcomes(consumer) == {("deferred", "zoom_rejected"): 31}, "of these, one was not sent at all"
    assert [call.registrants for call in consumer.calls() if call.webinar == WEBINAR] == [30]
    assert outcomes(consumer, OTHER_WEBINAR) == {("registered", None): 3}
    consumer.run()
    alone = {call.emails[0] for call in consumer.calls() if call.registrants == 1}
    assert set(addresses(31)) <= alone
    assert outcomes(consumer) == {("rejected", "zoom_rejected"): 31}
    assert consumer.account.highest_attempts() <= 3


def test_the_account_attendee_limit_is_remembered_within_the_invocation(consumer: Consumer) -> None:
    consumer.account.set_profile(attendee_limit=0)
    consumer.send_registrants(*addresses(60))
    consumer.run(invocations=1)
    assert [call.registrants for call in consumer.calls()] == [30]
    assert outcomes(consumer) == {("deferred", "account_attendee_limit"): 60}
    assert Counter(row.get("attempts") for row in consumer.rows().values()) == {1: 30, None: 30}


# ── Transport ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (error_response(408, None, "Request Timeout"), "zoom_unavailable"),
        (error_response(425, None, "Too Early"), "zoom_unavailable"),
        (error_response(409, 409, "Conflict"), "zoom_unavailable"),
        (error_response(500, 500, "Internal error"), "zoom_unavailable"),
        (error_response(503, None, ""), "zoom_unavailable"),
        (error_response(302, None, ""), "zoom_unavailable"),
        (error_response(429, 429, "Slow down."), "rate_limited"),
        (error_response(429, None, ""), "rate_limited"),
    ],
)
def test_a_transport_error_defers_the_whole_batch_and_splits_nothing(
    consumer: Consumer, fault: dict[str, Any], reason: str
) -> None:
    consumer.account.add_fault(**fault, webinar=WEBINAR)
    consumer.send_registrants(*addresses(30))
    consumer.send_registrants(*addresses(3), webinar=OTHER_WEBINAR)
    consumer.run(invocations=1)
    assert [call.registrants for call in consumer.calls() if call.webinar == WEBINAR][:1] == [30]
    assert len([call for call in consumer.calls() if call.webinar == WEBINAR]) <= 2, "again at most, once they are due"
    assert outcomes(consumer, OTHER_WEBINAR) == {("registered", None): 3}
    consumer.run()
    assert outcomes(consumer) == {("registered", None): 30}
    assert consumer.account.highest_attempts() == 2


@pytest.mark.parametrize("limit", ["per_second", "concurrent"])
def test_a_rate_limited_batch_is_repeated_at_once(consumer: Consumer, limit: str) -> None:
    consumer.account.add_fault(kind="rate_limit", limit=limit, times=4)
    consumer.send_registrants(*addresses(30))
    (invocation,) = consumer.run()
    assert [call.registrants for call in consumer.calls()] == [30] * 5
    assert outcomes(consumer) == {("registered", None): 30}
    assert invocation.ended_at_s - invocation.started_at_s < 15


# ── A registrant ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [400, 402, 404, 405, 406, 410, 413, 415, 418, 422, 451, 499, 200, 201])
def test_an_unknown_error_of_a_batch_rejects_no_registrant(consumer: Consumer, status: int) -> None:
    consumer.account.add_fault(**error_response(status, 77_777, f"Never heard of, {ADA}"), times=1)
    consumer.send_registrants(ADA, *addresses(8))
    consumer.run(invocations=1)
    assert outcomes(consumer) == {("registered", None): 9}
    assert consumer.dead_letters() == []


def test_a_batch_that_used_a_raced_last_attempt_rejects_no_valid_registrant(consumer: Consumer) -> None:
    """The row counts two attempts only when the third is reserved; the batch is refused for another registrant."""
    emails = addresses(10)
    consumer.account.set_webinar(WEBINAR, refused_emails=[emails[0]])
    consumer.account.set_switches(bad_item_named="not_named")
    valid = emails[5]
    key = {"webinar_id": {"S": WEBINAR}, "email": {"S": valid}}
    row = key | {"status": {"S": "deferred"}, "reason": {"S": "zoom_unavailable"}, "message_id": {"S": "other"}}
    counted = {"attempts": {"N": "1"}, "attempts_on": {"S": "2026-11-23"}}
    table = consumer.dynamodb.tables["Registrants"]
    table.write((WEBINAR, valid), row | counted)

    def attempt_elsewhere(_: object) -> None:
        """Count an attempt that another environment made for the registrant's other message."""
        table.write((WEBINAR, valid), row | counted | {"attempts": {"N": "2"}})

    consumer.dynamodb.before_next("put_item", attempt_elsewhere)
    consumer.send_registrants(*emails)
    consumer.run(invocations=1)
    assert consumer.statuses()[valid] == "deferred"
    assert {email for email, status in consumer.statuses().items() if status == "rejected"} == {emails[0]}
    consumer.run()
    assert consumer.statuses()[valid] == "registered"


def test_duplicates_with_different_names_share_the_rejection(consumer: Consumer) -> None:
    consumer.account.set_webinar(WEBINAR, refused_emails=[ADA])
    consumer.send(message(ADA), message("ADA@Example.com", first_name="Augusta"), message("eve@example.com"))
    consumer.run()
    assert consumer.statuses() == {ADA: "rejected", "eve@example.com": "registered"}
    assert len(consumer.dead_letters()) == 2
