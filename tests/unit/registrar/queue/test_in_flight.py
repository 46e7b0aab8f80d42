"""`InFlightMessages`: failing SQS calls and entries, visibility timeouts, and the partial batch response."""

import json
from pathlib import Path
from typing import Any

import pytest
from registrar.queue.dead_letter import DeadLetter
from registrar.queue.delivery import Delivery
from registrar.queue.in_flight import InFlightMessages
from registrar.registrants.reasons import Reason

from tests.consumer import Consumer
from tests.fakes import Delivery as DeliveryFaults
from tests.fakes.sqs.message import StoredMessage
from tests.unit.registrar.samples import delivery

HOLD_S = 330.0
ROOT = Path(__file__).parents[4]


class Queue:
    """`InFlightMessages` over a fake queue; some of its messages are in the event."""

    def __init__(self, in_event: int = 0, more: int = 0, unreliable: DeliveryFaults | None = None) -> None:
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


def of_body(queue: Queue, *bodies: str) -> Any:
    """Return a predicate for the entries whose message has one of these bodies."""

    def matches(entry: dict[str, Any]) -> bool:
        message = queue.consumer.sqs.message_of(queue.consumer.queue_url, entry["ReceiptHandle"])
        return message is not None and message.body in bodies

    return matches


def dead_letters(*deliveries: Delivery) -> list[DeadLetter]:
    return [DeadLetter(one, Reason.WEBINAR_FULL, 0.0) for one in deliveries]


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────

OPERATIONS = {
    "change_visibility": "change_message_visibility_batch",
    "delete": "delete_message_batch",
    "dead_letter": "send_message_batch",
}


@pytest.mark.parametrize("how", ["throttle", "deny", "unreachable"])
def test_an_unavailable_queue_raises_nothing_and_every_failure_is_reported(how: str) -> None:
    queue = Queue(in_event=2)
    getattr(queue.consumer.sqs, how)()
    deliveries = queue.open()
    assert queue.in_flight.receive(HOLD_S) == []
    queue.in_flight.delete(deliveries)
    queue.in_flight.defer(deliveries, queue.consumer.clock() + 10)
    assert queue.in_flight.dead_letter(dead_letters(*deliveries)) == []
    assert [operation for operation, _ in queue.failures] == [
        "change_visibility",
        "receive",
        "delete",
        "change_visibility",
        "dead_letter",
    ]
    assert all(error.isidentifier() or "." in error for _, error in queue.failures)


def test_each_failed_entry_is_reported() -> None:
    queue = Queue(in_event=10)
    queue.consumer.sqs.fail_entries(
        OPERATIONS["change_visibility"], of_body(queue, "event 1", "event 8"), "InternalError"
    )
    queue.open()
    assert queue.failures == [("change_visibility", "InternalError")] * 2


def test_dead_letter_returns_only_deliveries_that_were_sent() -> None:
    queue = Queue(in_event=10)
    deliveries = queue.open()
    queue.consumer.sqs.fail_entries(
        OPERATIONS["dead_letter"], lambda entry: entry["MessageBody"] in {"event 3", "event 4"}
    )
    accepted = queue.in_flight.dead_letter(dead_letters(*deliveries))
    assert {one.body for one in deliveries} - {one.body for one in accepted} == {"event 3", "event 4"}
    assert sorted(dead_letter.body for dead_letter in queue.consumer.dead_letters()) == sorted(
        one.body for one in accepted
    )


def test_a_failed_call_does_not_affect_the_others() -> None:
    queue = Queue(more=25)
    deliveries = [one for _ in range(3) for one in queue.in_flight.receive(HOLD_S)]
    queue.consumer.sqs.fail_next(OPERATIONS["dead_letter"], "InternalError")
    assert len(queue.in_flight.dead_letter(dead_letters(*deliveries))) == 15


def test_a_message_whose_delete_failed_is_not_reported_as_a_batch_item_failure() -> None:
    queue = Queue(in_event=1, more=1)
    deliveries = queue.open() + queue.in_flight.receive(HOLD_S)
    queue.consumer.sqs.fail_always(OPERATIONS["delete"], error="InternalError")
    queue.in_flight.delete(deliveries)
    assert queue.staying() == []
    assert len(queue.stored()) == 2


def test_a_stale_receipt_handle_is_reported_and_affects_no_other_message() -> None:
    queue = Queue(in_event=3)
    deliveries = queue.open()
    queue.in_flight.delete(deliveries[:1])
    queue.in_flight.defer(deliveries, queue.consumer.clock() + 100)
    assert len(queue.failures) == 1
    assert queue.hidden_for() == [100, 100]


# ── Visibility ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_event_and_received_messages_get_the_same_visibility_timeout() -> None:
    queue = Queue(in_event=10, more=5)
    queue.open()
    queue.in_flight.receive(HOLD_S)
    assert set(queue.hidden_for()) == {330}
    assert len(queue.in_flight.unsettled) == 15


def test_an_empty_queue_is_no_failure() -> None:
    queue = Queue()
    assert queue.in_flight.receive(HOLD_S) == []
    assert queue.failures == []


def test_a_receive_requests_ten_messages_without_long_polling() -> None:
    queue = Queue(more=12)
    received = queue.in_flight.receive(HOLD_S)
    assert [one.body for one in received] == [f"more {index}" for index in range(10)]
    (request,) = queue.consumer.sqs.requests_of("receive_message")
    assert request["WaitTimeSeconds"] == 0
    one = received[0]
    assert (one.receive_count, one.group_id, one.from_event) == (1, "97871060099", False)
    assert one.sent_at == queue.consumer.clock()


@pytest.mark.parametrize(("wait", "timeout"), [(-5, 1), (0.2, 1), (100, 100), (39_600, 39_600), (80_000, 39_600)])
def test_deferring_sets_a_visibility_timeout_within_sqss_limits(wait: float, timeout: int) -> None:
    queue = Queue(in_event=10)
    deliveries = queue.open()
    queue.consumer.clock.sleep(300)
    queue.in_flight.defer(deliveries, queue.consumer.clock() + wait)
    assert queue.failures == []
    assert set(queue.hidden_for()) == {timeout}
    assert queue.in_flight.unsettled == []


def test_an_abandoned_message_can_be_received_at_once() -> None:
    queue = Queue(in_event=3)
    queue.in_flight.abandon(queue.open(), lambda _: 0)
    assert [one.receive_count for one in queue.in_flight.receive(HOLD_S)] == [2, 2, 2]


def test_the_abandon_delay_depends_on_the_receive_count() -> None:
    queue = Queue(in_event=1)
    queue.in_flight.abandon(queue.open(), lambda receive_count: 77.4 * receive_count)
    assert queue.hidden_for() == [77]


# ── The partial batch response ───────────────────────────────────────────────────────────────────────────────────────


def test_only_deleted_messages_are_left_out_of_the_response() -> None:
    queue = Queue(in_event=4)
    deleted, deferred, abandoned, unsettled = queue.open()
    queue.in_flight.delete([deleted])
    queue.in_flight.defer([deferred], queue.consumer.clock() + 10)
    queue.in_flight.abandon([abandoned], lambda _: 0)
    assert queue.staying() == [deferred.message_id, abandoned.message_id, unsettled.message_id]
    assert queue.in_flight.unsettled == [unsettled]


def test_the_response_never_holds_ids_of_received_messages() -> None:
    queue = Queue(in_event=1, more=10)
    (one,) = queue.open()
    queue.in_flight.receive(HOLD_S)
    assert queue.staying() == [one.message_id]


def test_a_dead_letter_alone_does_not_delete_the_message() -> None:
    queue = Queue(in_event=1)
    deliveries = queue.open()
    queue.in_flight.dead_letter(dead_letters(*deliveries))
    assert queue.staying() == [deliveries[0].message_id]


def test_a_message_delivered_twice_in_one_invocation_is_two_deliveries() -> None:
    queue = Queue(in_event=1)
    (first,) = queue.open()
    queue.consumer.clock.sleep(331)
    (second,) = queue.in_flight.receive(HOLD_S)
    assert second.message_id == first.message_id
    assert len(queue.in_flight.unsettled) == 2
    queue.in_flight.delete([first, second])
    assert queue.stored() == []
    assert queue.staying() == []


def test_an_id_twice_in_an_event_is_reported_until_it_is_deleted() -> None:
    queue = Queue(in_event=1)
    queue.event["Records"] *= 2
    deliveries = queue.open()
    assert set(queue.staying()) == {deliveries[0].message_id}
    queue.in_flight.delete(deliveries)
    assert queue.staying() == []


# ── Deliveries ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_delivery_is_the_same_from_an_event_and_from_a_receive() -> None:
    queue = Queue(in_event=1)
    (from_event,) = queue.open()
    queue.in_flight.abandon([from_event], lambda _: 0)
    (received,) = queue.in_flight.receive(HOLD_S)
    assert (from_event.message_id, from_event.body, from_event.sent_at, from_event.group_id) == (
        *(received.message_id, received.body, received.sent_at),
        received.group_id,
    )
    assert (from_event.from_event, received.from_event) == (True, False)
    assert delivery() == delivery()


def test_the_sample_event_can_be_opened() -> None:
    event = json.loads((ROOT / "events" / "registrations.json").read_text(encoding="utf-8"))
    assert len(Queue().in_flight.open(event, HOLD_S)) == len(event["Records"]) > 0
