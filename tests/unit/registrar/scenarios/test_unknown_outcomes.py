"""Whole stories of calls whose end nobody saw: repeated once, and the last attempt only after asking Zoom."""

from collections import Counter
from typing import Any

import pytest
from registrar import limits

from local.fake_zoom.webinars import Status
from tests.consumer import DAY_S, OTHER_WEBINAR, WEBINAR, Consumer, message, people
from tests.fakes import TimeIsUp
from tests.unit.registrar.registration.test_reservation import waits, write
from tests.unit.registrar.zoom.at_zoom import register_at_zoom

ADA = "ada@example.com"
UNKNOWN = {"reason": "zoom_unavailable", "updated_at": "2026-11-23T13:00:00Z"}


@pytest.fixture
def consumer() -> Consumer:
    return Consumer(checked=False)


def listings(consumer: Consumer) -> list[Any]:
    return [call for call in consumer.account.calls() if call.call == "list"]


# ── Asking before the last attempt ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("before", [0, 299, 300, 650])
def test_who_is_on_any_page_of_the_list_is_in_without_his_last_attempt(consumer: Consumer, before: int) -> None:
    register_at_zoom(consumer, *people(before), "Ada@Example.com")
    write(consumer, **waits(2, **UNKNOWN))
    consumer.send_people(ADA)
    consumer.run()
    row = consumer.row()
    assert (row["status"], row["attempts"]) == ("registered", 2)
    assert row["join_url"] == consumer.account.registrants(WEBINAR)[-1].join_url
    assert consumer.calls() == []
    assert len(listings(consumer)) == 1 + before // 300 + 1, "pending, then approved: 300 a page"


def test_who_awaits_approval_there_is_pending_without_his_last_attempt(consumer: Consumer) -> None:
    register_at_zoom(consumer, ADA, status=Status.PENDING)
    write(consumer, **waits(2, **UNKNOWN))
    consumer.send_people(ADA)
    consumer.run()
    assert (consumer.row()["status"], consumer.calls(), consumer.waiting()) == ("pending_approval", [], [])


def test_who_is_in_no_list_is_sent_once_more(consumer: Consumer) -> None:
    register_at_zoom(consumer, *people(3))
    write(consumer, **waits(2, **UNKNOWN))
    consumer.send_people(ADA)
    consumer.run()
    assert (consumer.row()["status"], consumer.row()["attempts"]) == ("registered", 3)


def test_one_listing_serves_everybody_of_the_webinar(consumer: Consumer) -> None:
    register_at_zoom(consumer, *people(15), *people(290, prefix="else"))
    for email in people(30):
        write(consumer, email, **waits(2, **UNKNOWN))
    consumer.send_people(*people(30))
    consumer.run(invocations=1)
    assert Counter(consumer.statuses().values()) == {"registered": 30}
    assert len(consumer.calls()) == 15
    assert len(listings(consumer)) == 3


LISTS_BROKEN: dict[str, dict[str, Any]] = {
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


@pytest.mark.parametrize("how", LISTS_BROKEN)
def test_while_nobody_can_be_asked_the_last_attempt_is_not_risked(consumer: Consumer, how: str) -> None:
    write(consumer, **waits(2, **UNKNOWN))
    register_at_zoom(consumer, ADA)
    consumer.account.add_fault(**LISTS_BROKEN[how], call="list", times=100_000)
    consumer.account.set_latency(3_000)
    consumer.send_people(ADA)
    consumer.run(hours=2)
    assert consumer.calls() == []
    assert all(invocation.error is None for invocation in consumer.mapping.invocations)
    row = consumer.row()
    assert (row["status"], row["reason"], row["attempts"]) == ("deferred", "zoom_unavailable", 2)
    assert "could not be asked" in row["detail"]
    consumer.account.clear_faults()
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.row()["join_url"] == consumer.account.registrants(WEBINAR)[0].join_url


def test_who_cannot_be_asked_about_for_lack_of_a_scope_waits_for_tomorrow_and_the_scope_is_told(
    consumer: Consumer,
) -> None:
    consumer.account.set_profile(scopes=["webinar:write:batch_registrants:admin"])
    write(consumer, **waits(2, **UNKNOWN))
    consumer.send_people(ADA)
    consumer.run(invocations=1)
    row = consumer.row()
    assert (row["status"], row["deferred_until"][:13]) == ("deferred", "2026-11-24T00")
    assert "webinar:read:list_registrants:admin" in consumer.log()
    consumer.run()
    assert consumer.row()["status"] == "registered"


def test_who_may_be_in_is_not_rejected_as_long_as_zoom_cannot_be_asked(consumer: Consumer) -> None:
    """An earlier call registered her unseen; now the webinar is full, and the list does not answer."""
    full = {"code": 3043, "message": "Webinar has reached maximum attendee capacity."}
    write(consumer, **waits(1, **UNKNOWN))
    register_at_zoom(consumer, ADA)
    consumer.account.add_fault(kind="answer", status=404, body=full, call="batch")
    consumer.account.add_fault(kind="html_502", call="list")
    consumer.send_people(ADA)
    consumer.run(invocations=1)
    assert consumer.row()["status"] == "deferred"
    assert consumer.dead_letters() == []
    consumer.run()
    assert consumer.row()["join_url"] == consumer.account.registrants(WEBINAR)[0].join_url


def test_a_list_begun_before_the_last_unknown_call_is_not_believed(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eve is asked about; then Ada's second call is processed unseen, and she comes back in the same invocation."""
    monkeypatch.setattr(limits, "LULL_SECONDS", 1_000)  # it goes on, as on a busy day
    consumer.account.set_latency(15_000)
    write(consumer, "eve@example.com", **waits(2, **UNKNOWN))
    write(consumer, **waits(1, **UNKNOWN))
    consumer.send_people("eve@example.com")
    for number in range(9):
        webinar = str(97871060200 + number)
        consumer.account.set_webinar(webinar)
        consumer.send_people("busy@example.com", webinar=webinar)
    told: list[object] = []

    def arrive() -> None:
        if consumer.calls() and not told:
            told.append(None)
            consumer.account.add_fault(kind="html_502", processed="yes", call="batch", webinar=WEBINAR)
            consumer.send_people(ADA, "ida@example.com")

    consumer.line.after_answer = arrive
    consumer.run(invocations=1)
    assert consumer.row()["status"] == "registered"
    assert [call.emails for call in consumer.calls() if ADA in call.emails] == [(ADA, "ida@example.com")]
    assert consumer.row()["attempts"] == 2
    assert len(listings(consumer)) == 4


# ── Converging ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("repeat", ["existing", "fresh_join_url", "left_out"])
@pytest.mark.parametrize("processed", ["no", "half", "yes"])
@pytest.mark.parametrize("kind", ["hang", "reset", "html_502"])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_whatever_was_processed_unseen_everybody_has_the_join_url_that_zoom_knows(
    consumer: Consumer, kind: str, processed: str, repeat: str, times: int
) -> None:
    consumer.account.set_switches(repeat=repeat)
    consumer.account.add_fault(kind=kind, processed=processed, call="batch", times=times)
    consumer.send_people(*people(6))
    consumer.run()
    known = {one.email: one.join_url for one in consumer.account.registrants(WEBINAR)}
    assert {email: row.get("join_url") for email, row in consumer.rows().items()} == known
    assert len(known) == 6
    assert consumer.account.highest_attempts() <= 3
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])


@pytest.mark.parametrize("death", range(1, 40))
def test_killed_after_any_answer_of_zoom_nobody_is_lost_and_nobody_is_innocently_rejected(
    consumer: Consumer, death: int
) -> None:
    """Five people to ask about, a culprit who is not named, a webinar that is over: the n-th answer is the last."""
    answers = iter(range(1, 10_000))

    def die() -> None:
        if next(answers) == death:
            raise TimeIsUp

    consumer.line.after_answer = die
    consumer.account.set_switches(bad_item_named="not_named")
    consumer.account.set_webinar(WEBINAR, refused_emails=["person20@example.com"])
    consumer.account.set_webinar(OTHER_WEBINAR, start_time="2020-01-01T00:00:00Z")
    for email in people(5):
        write(consumer, email, **waits(2, **UNKNOWN))
    register_at_zoom(consumer, *people(3))
    consumer.send_people(*people(30))
    consumer.send_people(*people(3), webinar=OTHER_WEBINAR)
    started = consumer.clock()
    consumer.run()
    ends = consumer.statuses()
    assert {email for email, status in ends.items() if status != "registered"} == {"person20@example.com"}
    assert ends["person20@example.com"] == "rejected"
    assert consumer.account.highest_attempts() <= 3
    assert Counter(consumer.reasons()) == {"zoom_rejected": 1, "webinar_over": 3}
    assert consumer.waiting() == []
    assert consumer.clock() - started < DAY_S


@pytest.mark.parametrize("how", ["refused", "no list", "yes"])
def test_too_old_and_not_confirmed_he_is_looked_for_before_he_is_buried(consumer: Consumer, how: str) -> None:
    consumer.account.add_fault(kind="html_502", call="batch", processed="yes")
    if how != "yes":
        consumer.account.add_fault(**LISTS_BROKEN["502" if how == "refused" else how], call="list", times=9)
    consumer.send(message(ADA))
    consumer.clock.sleep(5 * DAY_S)
    consumer.run()
    assert consumer.reasons() == ([] if how == "yes" else ["zoom_unavailable"])
    assert consumer.row()["status"] == ("registered" if how == "yes" else "rejected")
    assert len(consumer.calls()) == 1, "an older message is still tried once"


# ── Refused afterwards ───────────────────────────────────────────────────────────────────────────────────────────────


FORBIDDEN: dict[str, Any] = {"kind": "answer", "status": 403, "body": {"code": 9, "message": "Forbidden"}}


@pytest.mark.parametrize("names", [1, 2])
@pytest.mark.parametrize("listings_refused", [0, 1, 5])
def test_who_is_in_unseen_is_not_rejected_for_a_403_that_came_later(
    consumer: Consumer, names: int, listings_refused: int
) -> None:
    consumer.account.add_fault(kind="html_502", call="batch", processed="yes")
    consumer.account.add_fault(**FORBIDDEN, call="batch", times=5)
    if listings_refused:
        consumer.account.add_fault(**FORBIDDEN, call="list", times=listings_refused)
    consumer.send_people(*people(names))
    consumer.run(hours=30)
    assert consumer.reasons() == []
    assert Counter(consumer.statuses().values()) == {"registered": names}


@pytest.mark.parametrize("names", [2, 30])
def test_whoever_was_only_ever_forbidden_is_told_so_soon(consumer: Consumer, names: int) -> None:
    for call in ("batch", "list"):
        consumer.account.add_fault(**FORBIDDEN, call=call, times=5_000)
    consumer.send_people(*people(names))
    consumer.run(hours=1)
    assert consumer.reasons() == ["zoom_rejected"] * names


# ── Two messages of one person ───────────────────────────────────────────────────────────────────────────────────────


def test_a_killed_call_is_counted_though_its_message_was_given_back_unsent_before_it_was_tried_again(
    consumer: Consumer,
) -> None:
    def die() -> None:
        raise TimeIsUp

    consumer.account.add_fault(kind="html_502", call="batch", times=100)
    consumer.line.after_answer = die
    (killed,) = consumer.send_people(ADA)
    consumer.run(invocations=1)
    consumer.line.after_answer = None
    consumer.send_people(ADA)
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
