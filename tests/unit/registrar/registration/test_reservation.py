"""Reservation: another environment changes the row just before the conditional write."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from registrar.registration.reservation import Reservation
from registrar.registration.settlement import Settlement
from registrar.runtime.deadline import Deadline

from tests.consumer import DAY_S, WEBINAR, Consumer, addresses
from tests.unit.registrar.samples import (
    MIDNIGHT,
    TODAY,
    deferred_row,
    delivery,
    put_row,
    queued_registrant,
    register_at_zoom,
)

ADA = "ada@example.com"
REGISTERED = {"status": "registered", "join_url": "https://zoom.us/w/other"}


def run_raced(consumer: Consumer, before: dict[str, object], meanwhile: dict[str, object] | None) -> None:
    """Run with Ada's row as `before`; just before the reservation, another environment writes `meanwhile`."""
    put_row(consumer, **before)

    def write_meanwhile(_: object) -> None:
        if meanwhile is not None:
            put_row(consumer, **meanwhile)

    consumer.dynamodb.before_next("put_item", write_meanwhile)
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)


@pytest.mark.parametrize(
    ("before", "meanwhile", "calls", "end"),
    [
        pytest.param(deferred_row(0), None, 1, ("registered", 1), id="no other environment"),
        pytest.param(
            deferred_row(1), deferred_row(2), 1, ("registered", 3), id="another attempt: the last one is taken"
        ),
        pytest.param(deferred_row(1), deferred_row(3), 0, ("deferred", 3), id="the last attempt was taken: no call"),
        pytest.param(deferred_row(2), deferred_row(3), 0, ("deferred", 3), id="both had one left: one of them sends"),
        pytest.param(deferred_row(1), REGISTERED, 0, ("registered", None), id="registered meanwhile: no call"),
        pytest.param(
            deferred_row(3, attempts_on="2026-11-22"), deferred_row(1), 1, ("registered", 2), id="a new day's first"
        ),
        pytest.param(deferred_row(3), None, 0, ("deferred", 3), id="none was left before"),
    ],
)
def test_without_a_reservation_there_is_no_call(
    consumer: Consumer,
    before: dict[str, object],
    meanwhile: dict[str, object] | None,
    calls: int,
    end: tuple[str, int | None],
) -> None:
    run_raced(consumer, before, meanwhile)
    assert len(consumer.calls()) == calls
    row = consumer.row()
    assert (row["status"], row.get("attempts")) == end
    if meanwhile is REGISTERED:
        assert row["join_url"] == "https://zoom.us/w/other"
        assert consumer.waiting() == []


@pytest.mark.parametrize("is_at_zoom", [True, False])
def test_zoom_is_queried_before_the_last_attempt_if_another_environment_made_the_previous_one(
    consumer: Consumer, is_at_zoom: bool
) -> None:
    """Two attempts were left at lookup; the other environment's attempt may have registered Ada."""
    if is_at_zoom:
        register_at_zoom(consumer, ADA)
    run_raced(consumer, deferred_row(1), deferred_row(2))
    assert [call.call for call in consumer.account.calls()] == ["list"] * 2 + ["batch"] * (not is_at_zoom)
    assert consumer.row()["status"] == "registered"
    assert consumer.row()["attempts"] == 3


@pytest.mark.parametrize("attempts_on", [TODAY, "2026-11-22"])
def test_a_failed_query_after_the_reservation_returns_the_attempt(consumer: Consumer, attempts_on: str) -> None:
    consumer.account.add_fault(kind="html_502", call="list", times=10)
    run_raced(consumer, deferred_row(1, attempts_on=attempts_on), deferred_row(2))
    assert consumer.calls() == []
    assert (consumer.row()["status"], consumer.row()["attempts"]) == ("deferred", 2)


def test_attempts_made_before_isolation_stops_are_counted(consumer: Consumer) -> None:
    """Ada has two messages: this environment sent one once, unreserved; another sent the other twice, reserved."""
    consumer.account.set_webinar(WEBINAR, blocked_domains=["blocked.example.com"])
    consumer.send_registrants("eve@blocked.example.com", ADA)
    consumer.dynamodb.before_next("put_item", lambda _: put_row(consumer, **deferred_row(2)))
    consumer.run(invocations=1)
    assert [call.registrants for call in consumer.calls() if ADA in call.emails] == [2]
    assert (consumer.row()["reason"], consumer.row()["attempts"]) == ("registrant_daily_limit", 3)


def test_a_registrant_without_attempts_is_deferred_past_midnight(consumer: Consumer) -> None:
    run_raced(consumer, deferred_row(3), None)
    row = consumer.row()
    assert (row["status"], row["reason"]) == ("deferred", "registrant_daily_limit")
    assert "2026-11-24T00:00:01Z" <= row["deferred_until"] <= "2026-11-24T00:20:01Z"
    consumer.run()
    assert consumer.row()["status"] == "registered"
    (call,) = consumer.calls()
    assert MIDNIGHT < call.time < MIDNIGHT + 1_300


def test_registrants_deferred_to_midnight_are_spread_over_twenty_minutes(consumer: Consumer) -> None:
    for email in addresses(40):
        put_row(consumer, email, **deferred_row(3))
    consumer.send_registrants(*addresses(40))
    consumer.run(invocations=1)
    moments = sorted(row["deferred_until"] for row in consumer.rows().values())
    assert len(moments) == 40
    assert (moments[0][:15], moments[-1][:15]) == ("2026-11-24T00:0", "2026-11-24T00:1")


@pytest.mark.parametrize(
    ("break_it", "writes"),
    [
        (lambda consumer: consumer.dynamodb.throttle("put_item"), 0),
        (lambda consumer: consumer.dynamodb.deny("put_item"), 0),
        (lambda consumer: consumer.dynamodb.unreachable("put_item"), 0),
        (lambda consumer: consumer.dynamodb.lose_answer("put_item"), 1),
    ],
    ids=["throttled", "denied", "out of reach", "answer lost"],
)
def test_a_failed_reservation_makes_no_call(
    consumer: Consumer, break_it: Callable[[Consumer], Any], writes: int
) -> None:
    put_row(consumer, **deferred_row(1))
    break_it(consumer)
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    assert consumer.calls() == []
    assert consumer.row()["attempts"] == 1 + writes, "counted without a call, never the other way round"
    consumer.dynamodb.heal()
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.account.highest_attempts() == 1


def test_a_row_that_keeps_changing_is_retried_later(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    put_row(consumer, **deferred_row(0))
    numbers, put_item = iter(range(100)), consumer.dynamodb.put_item

    def put_item_too_late(**params: Any) -> Any:
        put_row(consumer, **deferred_row(0, message_id=f"other{next(numbers)}"))
        return put_item(**params)

    with monkeypatch.context() as patch:
        patch.setattr(consumer.dynamodb, "put_item", put_item_too_late)
        consumer.send_registrants(ADA)
        consumer.run(invocations=1)
    assert (consumer.calls(), len(consumer.waiting())) == ([], 1)
    consumer.run()
    assert consumer.row()["status"] == "registered"


def test_reservations_on_a_slow_table_stop_before_the_function_times_out(consumer: Consumer) -> None:
    """Thirty reservations of eight seconds each would take four minutes."""
    for email in addresses(30):
        put_row(consumer, email, **deferred_row(1))
    consumer.send_registrants(*addresses(30))
    consumer.dynamodb.latency_s["put_item"] = 8.0
    consumer.dynamodb.unreachable("put_item")
    (first,) = consumer.run(invocations=1)
    assert first.error is None
    assert first.ended_at_s - first.started_at_s < 60
    assert consumer.calls() == []
    assert len(consumer.waiting()) == 30


def test_a_call_that_zoom_did_not_process_returns_its_reserved_attempt(consumer: Consumer) -> None:
    """A 429 of the account's day proves that Zoom did not process the call."""
    put_row(consumer, **deferred_row(2, reason="zoom_rejected"))
    consumer.account.set_limits(heavy_per_day=0)
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    assert (consumer.row()["attempts"], consumer.row()["reason"]) == (2, "account_daily_limit")
    assert consumer.account.highest_attempts() == 0


@pytest.mark.parametrize("wording", ["documented", "batch", "2021"])
def test_a_429_that_names_a_registrant_defers_them_and_counts_one_attempt_of_the_others(
    consumer: Consumer, wording: str
) -> None:
    emails = addresses(10)
    consumer.account.set_switches(registrant_limit_wording=wording)
    consumer.account.add_fault(kind="rate_limit", limit="registrant_day")
    consumer.account.add_fault(kind="html_502", call="batch")
    consumer.send_registrants(*emails)
    started = consumer.clock()
    consumer.run(invocations=1)
    rows = consumer.rows()
    named = rows.pop(emails[0])
    assert (named["reason"], named["attempts"]) == ("registrant_daily_limit", 3)
    assert {(row["reason"], row["attempts"]) for row in rows.values()} == {("zoom_unavailable", 2)}
    assert [call.registrants for call in consumer.calls()] == [10, 9]
    consumer.run()
    assert set(consumer.statuses().values()) == {"registered"}
    last = consumer.calls()[-1]
    assert (last.emails, last.time > MIDNIGHT) == ((emails[0],), True)
    assert consumer.clock() - started < DAY_S


# ── Duplicates that wait for the batch in progress ───────────────────────────────────────────────────────────────────


def reservation(consumer: Consumer) -> Reservation:
    settlement = cast(Settlement, SimpleNamespace(storage_failed=False))
    deadline = Deadline(lambda: 300.0, consumer.clock(), 240, consumer.clock)
    return Reservation(consumer.env.table, settlement, deadline, consumer.random.random, consumer.clock)


def test_a_first_delivery_is_reserved_if_a_redelivered_duplicate_waits(consumer: Consumer) -> None:
    ada = queued_registrant(message_id="m1")
    ada.add_waiting(delivery("m2", receive_count=2))
    assert reservation(consumer).reserve([ada], TODAY) == [ada]
    assert (consumer.row()["attempts"], ada.attempts_left(TODAY)) == (2, 1)


def test_a_first_delivery_is_not_reserved_if_it_waits_itself_a_second_time(consumer: Consumer) -> None:
    ada = queued_registrant(message_id="m1")
    ada.add_waiting(delivery("m1", receive_count=2))
    assert reservation(consumer).reserve([ada], TODAY) == [ada]
    assert consumer.rows() == {}


def test_a_duplicate_that_arrives_during_the_reservation_is_not_taken_for_counted(consumer: Consumer) -> None:
    ada = queued_registrant(message_id="m1", receive_count=2)
    consumer.dynamodb.before_next("put_item", lambda _: ada.add_waiting(delivery("m2", receive_count=2)))
    assert reservation(consumer).reserve([ada], TODAY) == [ada]
    assert (consumer.row()["attempts"], ada.attempts_left(TODAY)) == (2, 0)
