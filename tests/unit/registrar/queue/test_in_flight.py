"""The messages in hand: what fails in part or whole, and what of the event stays on the queue."""

import json
from pathlib import Path
from typing import Any

import pytest
from registrar.queue.dead_letter import DeadLetter
from registrar.queue.delivery import Delivery
from registrar.queue.in_flight import InFlightMessages
from registrar.registrants.reasons import Reason

from tests.consumer import Consumer
from tests.fakes import Delivery as Unreliable
from tests.fakes.sqs.message import StoredMessage
from tests.unit.registrar.samples import delivery

HOLD_S = 330.0
ROOT = Path(__file__).parents[4]


class Desk:
    """An inbox over a queue with messages of which some are in the event."""

    def __init__(self, in_event: int = 0, more: int = 0, unreliable: Unreliable | None = None) -> None:
        self.consumer = Consumer(delivery=unreliable)
        self.failures: list[tuple[str, str]] = []
        self.in_flight = InFlightMessages(
            self.consumer.sqs.client,
            self.consumer.queue_url,
            self.consumer.dead_letter_url,
            lambda operation, error: self.failures.append((operation, error)),
            self.consumer.clock,
        )
        self.consumer.send(*(f"event {index}" for index in range(in_event)))
        self.event: Any = self.consumer.mapping.take() or {"Records": []}
        self.consumer.send(*(f"more {index}" for index in range(more)))

    def open(self) -> list[Delivery]:
        return self.in_flight.open(self.event, HOLD_S)

    def stored(self) -> list[StoredMessage]:
        return self.consumer.sqs.messages(self.consumer.queue_url)

    def hidden_for(self) -> list[int]:
        return [round(message.visible_at_s - self.consumer.clock()) for message in self.stored()]

    def staying(self) -> list[str]:
        return [item["itemIdentifier"] for item in self.in_flight.partial_batch_response()["batchItemFailures"]]


def of_body(desk: Desk, *bodies: str) -> Any:
    """Pick entries by the body of their message."""

    def picked(entry: dict[str, Any]) -> bool:
        message = desk.consumer.sqs.message_of(desk.consumer.queue_url, entry["ReceiptHandle"])
        return message is not None and message.body in bodies

    return picked


def letters(*deliveries: Delivery) -> list[DeadLetter]:
    return [DeadLetter(one, Reason.WEBINAR_FULL, 0.0) for one in deliveries]


# ── Failing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

OPERATIONS = {
    "hide": "change_message_visibility_batch",
    "acknowledge": "delete_message_batch",
    "bury": "send_message_batch",
}


@pytest.mark.parametrize("how", ["throttle", "deny", "unreachable"])
def test_a_queue_that_refuses_everything_raises_nothing_and_is_told(how: str) -> None:
    desk = Desk(in_event=2)
    getattr(desk.consumer.sqs, how)()
    deliveries = desk.open()
    assert desk.in_flight.receive(HOLD_S) == []
    desk.in_flight.delete(deliveries)
    desk.in_flight.defer(deliveries, desk.consumer.clock() + 10)
    assert desk.in_flight.dead_letter(letters(*deliveries)) == []
    assert [operation for operation, _ in desk.failures] == ["hide", "receive", "acknowledge", "hide", "bury"]
    assert all(error.isidentifier() or "." in error for _, error in desk.failures)


def test_entries_that_fail_are_told_one_by_one() -> None:
    desk = Desk(in_event=10)
    desk.consumer.sqs.fail_entries(OPERATIONS["hide"], of_body(desk, "event 1", "event 8"), "InternalError")
    desk.open()
    assert desk.failures == [("hide", "InternalError")] * 2


def test_who_could_not_be_buried_is_not_among_the_buried() -> None:
    desk = Desk(in_event=10)
    deliveries = desk.open()
    desk.consumer.sqs.fail_entries(OPERATIONS["bury"], lambda entry: entry["MessageBody"] in {"event 3", "event 4"})
    accepted = desk.in_flight.dead_letter(letters(*deliveries))
    assert {one.body for one in deliveries} - {one.body for one in accepted} == {"event 3", "event 4"}
    assert sorted(letter.body for letter in desk.consumer.dead_letters()) == sorted(one.body for one in accepted)


def test_one_chunk_that_fails_does_not_take_the_others_along() -> None:
    desk = Desk(more=25)
    deliveries = [one for _ in range(3) for one in desk.in_flight.receive(HOLD_S)]
    desk.consumer.sqs.fail_next(OPERATIONS["bury"], "InternalError")
    assert len(desk.in_flight.dead_letter(letters(*deliveries))) == 15


def test_of_the_event_what_could_not_be_deleted_is_left_to_lambda_and_what_was_received_comes_back() -> None:
    desk = Desk(in_event=1, more=1)
    deliveries = desk.open() + desk.in_flight.receive(HOLD_S)
    desk.consumer.sqs.fail_always(OPERATIONS["acknowledge"], error="InternalError")
    desk.in_flight.delete(deliveries)
    assert desk.staying() == []
    assert len(desk.stored()) == 2


def test_a_handle_that_is_no_longer_good_is_told_and_disturbs_nobody() -> None:
    desk = Desk(in_event=3)
    deliveries = desk.open()
    desk.in_flight.delete(deliveries[:1])
    desk.in_flight.defer(deliveries, desk.consumer.clock() + 100)
    assert len(desk.failures) == 1
    assert desk.hidden_for() == [100, 100]


# ── Holding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_events_messages_and_the_received_ones_are_hidden_for_the_same_time() -> None:
    desk = Desk(in_event=10, more=5)
    desk.open()
    desk.in_flight.receive(HOLD_S)
    assert set(desk.hidden_for()) == {330}
    assert len(desk.in_flight.unsettled) == 15


def test_nothing_to_receive_is_no_failure() -> None:
    desk = Desk()
    assert desk.in_flight.receive(HOLD_S) == []
    assert desk.failures == []


def test_a_receive_asks_without_waiting_for_ten_with_what_a_delivery_needs() -> None:
    desk = Desk(more=12)
    received = desk.in_flight.receive(HOLD_S)
    assert [one.body for one in received] == [f"more {index}" for index in range(10)]
    (asked,) = desk.consumer.sqs.requests_of("receive_message")
    assert asked["WaitTimeSeconds"] == 0
    one = received[0]
    assert (one.receive_count, one.group_id, one.from_event) == (1, "97871060099", False)
    assert one.sent_at == desk.consumer.clock()


@pytest.mark.parametrize(("wait", "timeouts"), [(-5, 1), (0.2, 1), (100, 100), (39_600, 39_600), (80_000, 39_600)])
def test_deferring_hides_as_long_as_sqs_allows_even_at_the_end_of_an_invocation(wait: float, timeouts: int) -> None:
    desk = Desk(in_event=10)
    deliveries = desk.open()
    desk.consumer.clock.sleep(300)
    desk.in_flight.defer(deliveries, desk.consumer.clock() + wait)
    assert desk.failures == []
    assert set(desk.hidden_for()) == {timeouts}
    assert desk.in_flight.unsettled == []


def test_what_is_given_back_can_be_received_at_once() -> None:
    desk = Desk(in_event=3)
    desk.in_flight.abandon(desk.open(), lambda _: 0)
    assert [one.receive_count for one in desk.in_flight.receive(HOLD_S)] == [2, 2, 2]


def test_giving_back_waits_by_the_receive_count() -> None:
    desk = Desk(in_event=1)
    desk.in_flight.abandon(desk.open(), lambda receive_count: 77.4 * receive_count)
    assert desk.hidden_for() == [77]


# ── The answer to Lambda ─────────────────────────────────────────────────────────────────────────────────────────────


def test_only_what_was_acknowledged_leaves_the_event() -> None:
    desk = Desk(in_event=4)
    acknowledged, deferred, given_back, forgotten = desk.open()
    desk.in_flight.delete([acknowledged])
    desk.in_flight.defer([deferred], desk.consumer.clock() + 10)
    desk.in_flight.abandon([given_back], lambda _: 0)
    assert desk.staying() == [deferred.message_id, given_back.message_id, forgotten.message_id]
    assert desk.in_flight.unsettled == [forgotten]


def test_ids_of_received_messages_never_stand_in_the_answer() -> None:
    desk = Desk(in_event=1, more=10)
    (one,) = desk.open()
    desk.in_flight.receive(HOLD_S)
    assert desk.staying() == [one.message_id]


def test_burying_alone_does_not_acknowledge() -> None:
    desk = Desk(in_event=1)
    deliveries = desk.open()
    desk.in_flight.dead_letter(letters(*deliveries))
    assert desk.staying() == [deliveries[0].message_id]


def test_a_message_delivered_twice_in_one_invocation_is_two_deliveries() -> None:
    desk = Desk(in_event=1)
    (first,) = desk.open()
    desk.consumer.clock.sleep(331)
    (second,) = desk.in_flight.receive(HOLD_S)
    assert second.message_id == first.message_id
    assert len(desk.in_flight.unsettled) == 2
    desk.in_flight.delete([first, second])
    assert desk.stored() == []
    assert desk.staying() == []


def test_the_same_id_twice_in_an_event_is_answered_for_twice_at_most() -> None:
    desk = Desk(in_event=1)
    desk.event["Records"] *= 2
    deliveries = desk.open()
    assert set(desk.staying()) == {deliveries[0].message_id}
    desk.in_flight.delete(deliveries)
    assert desk.staying() == []


# ── Deliveries ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_delivery_is_the_same_from_an_event_and_from_a_receive() -> None:
    desk = Desk(in_event=1)
    (from_event,) = desk.open()
    desk.in_flight.abandon([from_event], lambda _: 0)
    (received,) = desk.in_flight.receive(HOLD_S)
    assert (from_event.message_id, from_event.body, from_event.sent_at, from_event.group_id) == (
        *(received.message_id, received.body, received.sent_at),
        received.group_id,
    )
    assert (from_event.from_event, received.from_event) == (True, False)
    assert delivery() == delivery()


def test_the_sample_event_can_be_opened() -> None:
    event = json.loads((ROOT / "events" / "registrations.json").read_text(encoding="utf-8"))
    assert len(Desk().in_flight.open(event, HOLD_S)) == len(event["Records"]) > 0
