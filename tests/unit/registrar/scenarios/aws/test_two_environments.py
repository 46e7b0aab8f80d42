"""Two environments register the same registrant at once, and Zoom replaces the join URL: the row keeps the valid one.

The second environment runs between Zoom's response to the first and the row that the first one writes.
"""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.consumer import VISIBILITY_S, WEBINAR, Consumer, addresses
from tests.fakes import EventSourceMapping, TimeIsUp
from tests.fakes.faults import Params
from tests.unit.registrar.samples import ADA, deferred_row, put_row

NO_SCOPE = "Invalid access token, does not contain scopes:[webinar:read:list_registrants]."
TRIED = deferred_row(0, reason="account_daily_limit")


@pytest.fixture
def first() -> Consumer:
    consumer = Consumer(checked=False)
    consumer.account.set_switches(repeat="fresh_join_url")
    return consumer


def environment_beside(first: Consumer) -> Consumer:
    """Return another environment of the same function."""
    second = copy.copy(first)
    second.start()
    second.mapping = EventSourceMapping(second.sqs, second.queue_url, second.handle)
    return second


def run_during_the_first_call(first: Consumer, act: Callable[[], object]) -> None:
    """Act once, after Zoom's next response to a registration and before it arrives."""

    def once() -> None:
        if first.account.calls()[-1].call == "batch":
            first.transport.after_response = None
            act()

    first.transport.after_response = once


def register_again_meanwhile(first: Consumer, *emails: str) -> None:
    """Let another environment register these again, from another message, during the first one's call."""
    second = environment_beside(first)

    def act() -> None:
        first.send_registrants(*emails)
        second.run(invocations=1)

    run_during_the_first_call(first, act)


def listings(consumer: Consumer) -> list[Any]:
    return [call for call in consumer.account.calls() if call.call == "list"]


def check_join_urls(consumer: Consumer) -> None:
    at_zoom = {one.email: one.join_url for one in consumer.account.registrants(WEBINAR)}
    assert {email: row.get("join_url") for email, row in consumer.rows().items()} == at_zoom
    assert set(consumer.statuses().values()) == {"registered"}
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])
    assert consumer.account.highest_attempts() <= 3


# ── Zoom is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_join_url_that_another_environment_had_replaced_is_not_stored(first: Consumer) -> None:
    put_row(first, **TRIED)
    first.send_registrants(ADA)
    register_again_meanwhile(first, ADA)
    first.run()
    check_join_urls(first)
    assert len(first.calls()) == 2
    assert len(listings(first)) == 2, "pending, then approved"
    assert first.row()["attempts"] == 2


def test_one_listing_decides_about_all_registrants_of_a_call(first: Consumer) -> None:
    emails = addresses(12)
    for email in emails:
        put_row(first, email, **TRIED)
    first.send_registrants(*emails)
    register_again_meanwhile(first, *emails[:7])
    first.run()
    check_join_urls(first)
    assert len(listings(first)) == 2


def test_a_reservation_that_came_between_is_enough_to_ask(first: Consumer) -> None:
    """The other environment has reserved and not called: its row follows, on its own condition."""
    put_row(first, **TRIED)
    first.send_registrants(ADA)
    run_during_the_first_call(first, lambda: put_row(first, **TRIED | {"attempts": 2}))
    first.run()
    check_join_urls(first)
    assert (len(listings(first)), first.row()["attempts"]) == (2, 2)


def test_a_row_that_changes_again_while_zoom_is_asked_is_asked_about_again(first: Consumer) -> None:
    put_row(first, **TRIED)
    first.send_registrants(ADA)
    second = environment_beside(first)

    def register_again() -> None:
        first.send_registrants(ADA)
        second.run(invocations=1)

    def after_listing() -> None:
        if first.account.calls()[-1].call == "list":
            first.transport.after_response = None
            put_row(first, **deferred_row(1, reason="not_confirmed"))
            register_again()

    def after_call() -> None:
        first.transport.after_response = after_listing
        put_row(first, **deferred_row(1, reason="account_daily_limit", message_id="other"))

    run_during_the_first_call(first, after_call)
    first.run()
    check_join_urls(first)


def test_a_call_without_a_response_may_have_replaced_the_stored_join_url(first: Consumer) -> None:
    put_row(first, **TRIED)
    first.send_registrants(ADA)
    second = environment_beside(first)
    sends = iter(range(10))

    def act(params: Params) -> None:
        """After the first one's reservation, before its call."""
        if next(sends) == 0:
            first.send_registrants(ADA)
            second.run(invocations=1)
            first.account.add_fault(kind="reset", processed="yes", call="batch")

    first.dynamodb.before_next("update_item", act)
    first.run()
    check_join_urls(first)


@pytest.mark.parametrize("status", [None, "deferred"])
def test_a_killed_call_may_have_replaced_the_stored_join_url(first: Consumer, status: str | None) -> None:
    if status:
        put_row(first, **TRIED)
    first.send_registrants(ADA)
    second = environment_beside(first)

    def kill() -> None:
        first.transport.after_response = None
        raise TimeIsUp

    def act(_: Params) -> None:
        """After the first one's lookup and before its call, which is then killed."""
        first.send_registrants(ADA)
        second.run(invocations=1)
        first.transport.after_response = kill

    first.dynamodb.before_next("update_item", act)
    first.run()
    check_join_urls(first)
    assert (len(first.calls()), len(listings(first))) == (2, 2)


def test_a_killed_redelivery_may_have_replaced_the_join_url_that_an_earlier_delivery_stored(first: Consumer) -> None:
    """SQS delivers a message twice at once: one delivery reserves, the other is stored, the first one is killed."""
    (message_id,) = first.send_registrants(ADA)
    second = environment_beside(first)

    def kill() -> None:
        raise TimeIsUp

    def store_and_kill(_: Params) -> None:
        """After the second one's reservation and before its call."""
        put_row(first, status="registered", join_url="https://zoom.us/w/first", message_id=message_id)
        second.transport.after_response = kill

    first.mapping.take()  # the first delivery
    first.clock.sleep(VISIBILITY_S)
    second.dynamodb.before_next("update_item", store_and_kill)
    second.run(invocations=1)
    second.transport.after_response = None
    first.run()
    check_join_urls(first)
    assert len(first.calls()) == 1


def test_a_refused_call_may_have_registered_some_and_replaced_their_join_urls(first: Consumer) -> None:
    first.account.set_webinar(WEBINAR, refused_emails=("bad@example.com",))
    first.account.set_switches(refused_batch_stores="items_before_the_bad_one")
    first.send_registrants(ADA, "bad@example.com")
    second = environment_beside(first)

    def register_before_the_call(_: Params) -> None:
        first.send_registrants(ADA)
        second.run(invocations=1)

    first.dynamodb.before_next("update_item", register_before_the_call)
    first.run()
    assert first.statuses() == {ADA: "registered", "bad@example.com": "rejected"}
    assert [first.row()["join_url"]] == [one.join_url for one in first.account.registrants(WEBINAR)]


def test_after_failed_deletes_one_listing_serves_all_batches(first: Consumer) -> None:
    first.send_registrants(*addresses(60))
    first.sqs.deny("delete_message_batch")
    first.run(invocations=1)
    assert len(first.waiting()) == 50, "Lambda deletes those of the event"
    first.sqs.heal()
    first.run()
    check_join_urls(first)
    assert (len(first.calls()), len(listings(first))) == (2, 2)


# ── Zoom is not asked ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_join_url_is_not_asked_about(first: Consumer) -> None:
    first.account.set_switches(repeat="existing")
    put_row(first, **TRIED)
    first.send_registrants(ADA)
    register_again_meanwhile(first, ADA)
    first.run()
    check_join_urls(first)
    assert listings(first) == []


def test_a_lost_response_to_the_write_is_not_asked_about(first: Consumer) -> None:
    """The AWS client repeats the write, whose condition the first try has made false."""
    put_row(first, **TRIED)
    first.send_registrants(ADA)
    put = first.dynamodb.put_item

    def put_twice(**params: Any) -> Any:
        if params["Item"]["status"]["S"] == "registered":
            put(**params)
        return put(**params)

    first.dynamodb.put_item = put_twice  # type: ignore[method-assign]
    first.run()
    check_join_urls(first)
    assert listings(first) == []


def test_a_new_message_of_a_registered_registrant_is_not_asked_about(first: Consumer) -> None:
    first.send_registrants(ADA)
    first.run()
    first.send_registrants(ADA)
    first.run()
    check_join_urls(first)
    assert (len(first.calls()), listings(first)) == (1, [])


# ── Zoom cannot be asked ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("failures", [1, 5, 100])
def test_while_the_list_cannot_be_read_the_message_waits(first: Consumer, failures: int) -> None:
    put_row(first, **TRIED)
    first.send_registrants(ADA)
    register_again_meanwhile(first, ADA)
    first.account.add_fault(kind="html_502", call="list", times=failures)
    first.run()
    check_join_urls(first)
    assert (len(first.calls()), len(listings(first))) == (2, failures + 2)


def test_a_registration_is_stored_over_a_reservation_although_the_list_cannot_be_read(first: Consumer) -> None:
    put_row(first, **TRIED)
    first.send_registrants(ADA)
    run_during_the_first_call(first, lambda: put_row(first, **TRIED | {"attempts": 2}))
    first.account.add_fault(kind="html_502", call="list", times=1_000)
    first.run()
    check_join_urls(first)
    assert len(first.calls()) == 1


@pytest.mark.parametrize("why", ["scope", "webinar", "age"])
def test_what_can_never_be_asked_ends_with_the_later_row(first: Consumer, why: str) -> None:
    put_row(first, **TRIED)
    first.send_registrants(ADA)
    register_again_meanwhile(first, ADA)
    message = {"scope": NO_SCOPE, "webinar": "Webinar does not exist: 97871060099."}.get(why, "")
    body = {"code": {"scope": 4711, "webinar": 3001}.get(why, 500), "message": message}
    status = {"scope": 400, "webinar": 404}.get(why, 502)
    first.account.add_fault(kind="answer", status=status, body=body, call="list", times=100_000)
    first.run()
    assert first.row()["status"] == "registered"
    assert (first.waiting(), first.dead_letters(), len(first.calls())) == ([], [], 2)
