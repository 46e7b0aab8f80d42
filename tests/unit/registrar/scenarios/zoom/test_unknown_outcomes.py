"""The whole consumer in virtual time, outcomes unknown: one retry, and Zoom is queried before the last attempt."""

from collections import Counter
from typing import Any

import pytest
from registrar import limits

from local.fake_zoom.webinars import Status
from tests.consumer import DAY_S, OTHER_WEBINAR, WEBINAR, Consumer, addresses, message
from tests.fakes import TimeIsUp
from tests.unit.registrar.samples import UNKNOWN, deferred_row, put_row, register_at_zoom

ADA = "ada@example.com"


@pytest.fixture
def consumer() -> Consumer:
    return Consumer(checked=False)


def listings(consumer: Consumer) -> list[Any]:
    return [call for call in consumer.account.calls() if call.call == "list"]


# ── The query before the last attempt ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("before", [0, 299, 300, 650])
def test_a_registrant_on_any_page_of_the_list_is_registered_without_the_last_attempt(
    consumer: Consumer, before: int
) -> None:
    register_at_zoom(consumer, *addresses(before), "Ada@Example.com")
    put_row(consumer, **deferred_row(2, **UNKNOWN))
    consumer.send_registrants(ADA)
    consumer.run()
    row = consumer.row()
    assert (row["status"], row["attempts"]) == ("registered", 2)
    assert row["join_url"] == consumer.account.registrants(WEBINAR)[-1].join_url
    assert consumer.calls() == []
    assert len(listings(consumer)) == 1 + before // 300 + 1, "pending, then approved: 300 per page"


def test_a_registrant_pending_at_zoom_is_pending_without_the_last_attempt(consumer: Consumer) -> None:
    register_at_zoom(consumer, ADA, status=Status.PENDING)
    put_row(consumer, **deferred_row(2, **UNKNOWN))
    consumer.send_registrants(ADA)
    consumer.run()
    assert (consumer.row()["status"], consumer.calls(), consumer.waiting()) == ("pending_approval", [], [])


def test_a_registrant_in_no_list_is_sent_once_more(consumer: Consumer) -> None:
    register_at_zoom(consumer, *addresses(3))
    put_row(consumer, **deferred_row(2, **UNKNOWN))
    consumer.send_registrants(ADA)
    consumer.run()
    assert (consumer.row()["status"], consumer.row()["attempts"]) == ("registered", 3)


def test_one_listing_serves_all_registrants_of_a_webinar(consumer: Consumer) -> None:
    register_at_zoom(consumer, *addresses(15), *addresses(290, prefix="else"))
    for email in addresses(30):
        put_row(consumer, email, **deferred_row(2, **UNKNOWN))
    consumer.send_registrants(*addresses(30))
    consumer.run(invocations=1)
    assert Counter(consumer.statuses().values()) == {"registered": 30}
    assert len(consumer.calls()) == 15
    assert len(listings(consumer)) == 3 + 2, "one, and the numbers of approved and pending registrants"


LIST_FAULTS: dict[str, dict[str, Any]] = {
    "502": {"kind": "html_502"},
    "reset": {"kind": "reset"},
    "hang": {"kind": "hang"},
    "empty": {"kind": "empty_body"},
    "truncated": {"kind": "truncated_json"},
    "cut": {"kind": "cut_connection"},
    "no list": {"kind": "registrants_not_a_list"},
    "huge": {"kind": "huge_body", "megabytes": 9},
    "too fast": {"kind": "rate_limit", "limit": "per_second"},
    "too often": {"kind": "rate_limit", "limit": "account_day"},
    "slow down": {"kind": "answer", "status": 429, "body": {"code": 429, "message": "Slow down."}},
    "token": {"kind": "answer", "status": 401, "body": {"code": 124, "message": "Access token is expired."}},
    "scope": {"kind": "answer", "status": 400, "body": {"code": 4711, "message": "does not contain scopes:[x:y]."}},
    "forbidden": {"kind": "answer", "status": 403, "body": {"code": 9, "message": "Forbidden"}},
    "unknown": {"kind": "answer", "status": 418, "body": {"code": 9, "message": "Teapot"}},
    "endless": {"kind": "answer", "status": 200, "body": {"registrants": [], "next_page_token": "again"}},
}


@pytest.mark.parametrize("how", LIST_FAULTS)
def test_while_the_query_fails_the_last_attempt_is_not_made(consumer: Consumer, how: str) -> None:
    put_row(consumer, **deferred_row(2, **UNKNOWN))
    register_at_zoom(consumer, ADA)
    consumer.account.add_fault(**LIST_FAULTS[how], call="list", times=100_000)
    consumer.account.set_latency(3_000)
    consumer.send_registrants(ADA)
    consumer.run(hours=2)
    assert consumer.calls() == []
    assert all(invocation.error is None for invocation in consumer.mapping.invocations)
    row = consumer.row()
    assert (row["status"], row["reason"], row["attempts"]) == ("deferred", "zoom_unavailable", 2)
    assert "could not be read" in row["detail"]
    consumer.account.clear_faults()
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.row()["join_url"] == consumer.account.registrants(WEBINAR)[0].join_url


def test_without_the_list_scope_the_registrant_waits_for_the_next_day_and_the_scope_is_logged(
    consumer: Consumer,
) -> None:
    consumer.account.set_profile(scopes=["webinar:write:batch_registrants:admin"])
    put_row(consumer, **deferred_row(2, **UNKNOWN))
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    row = consumer.row()
    assert (row["status"], row["deferred_until"][:13]) == ("deferred", "2026-11-24T00")
    assert "webinar:read:list_registrants:admin" in consumer.log()
    consumer.run()
    assert consumer.row()["status"] == "registered"


def test_while_the_query_fails_a_possibly_registered_registrant_is_not_rejected(consumer: Consumer) -> None:
    """An earlier call registered Ada without a response; now the webinar is full, and the list call fails."""
    full = {"code": 3043, "message": "Webinar has reached maximum attendee capacity."}
    put_row(consumer, **deferred_row(1, **UNKNOWN))
    register_at_zoom(consumer, ADA)
    consumer.account.add_fault(kind="answer", status=404, body=full, call="batch")
    consumer.account.add_fault(kind="html_502", call="list")
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    assert consumer.row()["status"] == "deferred"
    assert consumer.dead_letters() == []
    consumer.run()
    assert consumer.row()["join_url"] == consumer.account.registrants(WEBINAR)[0].join_url


def test_a_listing_from_before_the_last_unknown_call_is_not_reused(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eve is queried; then Zoom processes Ada's second call without a response, and Ada's message returns."""
    monkeypatch.setattr(limits, "LULL_SECONDS", 1_000)  # keep draining, as on a busy day
    consumer.account.set_latency(15_000)
    put_row(consumer, "eve@example.com", **deferred_row(2, **UNKNOWN))
    put_row(consumer, **deferred_row(1, **UNKNOWN))
    consumer.send_registrants("eve@example.com")
    for number in range(9):
        webinar = str(97871060200 + number)
        consumer.account.set_webinar(webinar)
        consumer.send_registrants("busy@example.com", webinar=webinar)
    arrived: list[object] = []

    def arrive() -> None:
        if consumer.calls() and not arrived:
            arrived.append(None)
            consumer.account.add_fault(kind="html_502", processed="yes", call="batch", webinar=WEBINAR)
            consumer.send_registrants(ADA, "ida@example.com")

    consumer.transport.after_response = arrive
    consumer.run(invocations=1)
    assert consumer.row()["status"] == "registered"
    assert [call.emails for call in consumer.calls() if ADA in call.emails] == [(ADA, "ida@example.com")]
    assert consumer.row()["attempts"] == 2
    assert len(listings(consumer)) == 2 * 2 + 2, "two, and the numbers of registrants before Eve's last attempt"


# ── Convergence ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("repeat", ["existing", "fresh_join_url", "left_out"])
@pytest.mark.parametrize("processed", ["no", "half", "yes"])
@pytest.mark.parametrize("kind", ["hang", "reset", "html_502"])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_after_unknown_outcomes_every_row_has_zooms_join_url(
    consumer: Consumer, kind: str, processed: str, repeat: str, times: int
) -> None:
    consumer.account.set_switches(repeat=repeat)
    consumer.account.add_fault(kind=kind, processed=processed, call="batch", times=times)
    consumer.send_registrants(*addresses(6))
    consumer.run()
    known = {one.email: one.join_url for one in consumer.account.registrants(WEBINAR)}
    assert {email: row.get("join_url") for email, row in consumer.rows().items()} == known
    assert len(known) == 6
    assert consumer.account.highest_attempts() <= 3
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])


@pytest.mark.parametrize("kill_at", range(1, 40))
def test_killed_after_any_response_of_zoom_only_the_invalid_registrant_is_rejected(
    consumer: Consumer, kill_at: int
) -> None:
    """Five registrants to query, an unnamed invalid one, an ended webinar; kill after Zoom's n-th response."""
    responses = iter(range(1, 10_000))

    def kill() -> None:
        if next(responses) == kill_at:
            raise TimeIsUp

    consumer.transport.after_response = kill
    consumer.account.set_switches(bad_item_named="not_named")
    consumer.account.set_webinar(WEBINAR, refused_emails=["person20@example.com"])
    consumer.account.set_webinar(OTHER_WEBINAR, start_time="2020-01-01T00:00:00Z")
    for email in addresses(5):
        put_row(consumer, email, **deferred_row(2, **UNKNOWN))
    register_at_zoom(consumer, *addresses(3))
    consumer.send_registrants(*addresses(30))
    consumer.send_registrants(*addresses(3), webinar=OTHER_WEBINAR)
    started = consumer.clock()
    consumer.run()
    statuses = consumer.statuses()
    assert {email for email, status in statuses.items() if status != "registered"} == {"person20@example.com"}
    assert statuses["person20@example.com"] == "rejected"
    assert consumer.account.highest_attempts() <= 3
    assert Counter(consumer.reasons()) == {"zoom_rejected": 1, "webinar_over": 3}
    assert consumer.waiting() == []
    assert consumer.clock() - started < DAY_S


@pytest.mark.parametrize("how", ["refused", "no list", "yes"])
def test_past_the_age_limit_zoom_is_queried_before_the_rejection(consumer: Consumer, how: str) -> None:
    consumer.account.add_fault(kind="html_502", call="batch", processed="yes")
    if how != "yes":
        consumer.account.add_fault(**LIST_FAULTS["502" if how == "refused" else how], call="list", times=9)
    consumer.send(message(ADA))
    consumer.clock.sleep(5 * DAY_S)
    consumer.run()
    assert consumer.reasons() == ([] if how == "yes" else ["zoom_unavailable"])
    assert consumer.row()["status"] == ("registered" if how == "yes" else "rejected")
    assert len(consumer.calls()) == 1, "an older message is still tried once"


# ── A later 403 ──────────────────────────────────────────────────────────────────────────────────────────────────────


FORBIDDEN: dict[str, Any] = {"kind": "answer", "status": 403, "body": {"code": 9, "message": "Forbidden"}}


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("listings_refused", [0, 1, 5])
def test_a_registrant_registered_without_a_response_is_not_rejected_for_a_later_403(
    consumer: Consumer, number: int, listings_refused: int
) -> None:
    consumer.account.add_fault(kind="html_502", call="batch", processed="yes")
    consumer.account.add_fault(**FORBIDDEN, call="batch", times=5)
    if listings_refused:
        consumer.account.add_fault(**FORBIDDEN, call="list", times=listings_refused)
    consumer.send_registrants(*addresses(number))
    consumer.run(hours=30)
    assert consumer.reasons() == []
    assert Counter(consumer.statuses().values()) == {"registered": number}


@pytest.mark.parametrize("number", [2, 30])
def test_a_registrant_refused_by_403_only_is_rejected_within_an_hour(consumer: Consumer, number: int) -> None:
    for call in ("batch", "list"):
        consumer.account.add_fault(**FORBIDDEN, call=call, times=5_000)
    consumer.send_registrants(*addresses(number))
    consumer.run(hours=1)
    assert consumer.reasons() == ["zoom_rejected"] * number


# ── Two messages of one registrant ───────────────────────────────────────────────────────────────────────────────────


def test_a_killed_call_is_counted_after_its_message_was_abandoned_unsent(
    consumer: Consumer,
) -> None:
    def kill() -> None:
        raise TimeIsUp

    consumer.account.add_fault(kind="html_502", call="batch", times=100)
    consumer.transport.after_response = kill
    (killed,) = consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    consumer.transport.after_response = None
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    consumer.dynamodb.throttle("batch_get_item")
    while next(one for one in consumer.sqs.messages(consumer.queue_url) if one.message_id == killed).receive_count < 2:
        consumer.run(invocations=1)
    consumer.dynamodb.heal("batch_get_item")
    consumer.run(hours=6)
    assert consumer.account.highest_attempts() == 3
    consumer.account.clear_faults()
    consumer.run()
    assert (consumer.row()["status"], consumer.waiting()) == ("registered", [])
