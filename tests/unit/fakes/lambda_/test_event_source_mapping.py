"""The event source mapping: the event as Lambda builds it, and the effect of each response on the messages."""

from typing import Any

import pytest

from tests.fakes import Delivery, EventSourceMapping, FakeSqs, VirtualClock

VISIBILITY_S = 1800


class Stack:
    """A queue with some messages, and a mapping whose handler returns `answer`."""

    def __init__(self, count: int = 3, **mapping: Any) -> None:
        self.clock = VirtualClock()
        self.sqs = FakeSqs(self.clock)
        self.url = self.sqs.add_queue("q", visibility_timeout_s=VISIBILITY_S)
        for number in range(count):
            self.sqs.send_message(QueueUrl=self.url, MessageBody=f"m{number}")
        self.answer: Any = None
        self.mapping = EventSourceMapping(self.sqs, self.url, self.handle, **mapping)

    def handle(self, event: dict[str, Any], context: Any) -> Any:
        return self.answer(event, context) if callable(self.answer) else self.answer

    def left(self) -> list[str]:
        return [message.body for message in self.sqs.messages(self.url)]


def ids(event: dict[str, Any]) -> list[str]:
    return [record["messageId"] for record in event["Records"]]


def failures(*identifiers: Any) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": one} for one in identifiers]}


def test_the_event_is_what_lambda_sends() -> None:
    stack = Stack(count=0)
    sent = stack.sqs.send_message(
        QueueUrl=stack.url,
        MessageBody="{}",
        MessageGroupId="97871060099",
        MessageAttributes={"a": {"DataType": "String", "StringValue": "v"}},
    )
    invocation = stack.mapping.poll()
    assert invocation is not None
    (record,) = invocation.event["Records"]
    assert record.pop("receiptHandle")
    assert record == {
        "messageId": sent["MessageId"],
        "body": "{}",
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1795442400000",
            "SenderId": "AIDAFAKESENDER",
            "ApproximateFirstReceiveTimestamp": "1795442400000",
            "MessageGroupId": "97871060099",
        },
        "messageAttributes": {
            "a": {"stringValue": "v", "stringListValues": [], "binaryListValues": [], "dataType": "String"}
        },
        "md5OfBody": "99914b932bd37a50b983c5e7c90ae93b",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:q",
        "awsRegion": "us-east-1",
    }


@pytest.mark.parametrize("answer", [None, {}, failures(), {"batchItemFailures": None}, {"statusCode": 200}])
def test_nothing_reported_deletes_everything(answer: Any) -> None:
    stack = Stack()
    stack.answer = answer
    stack.mapping.poll()
    assert stack.left() == []


@pytest.mark.parametrize(
    "answer",
    [
        failures("unknown"),
        failures(""),
        failures(None),
        failures(7),
        {"batchItemFailures": [{"messageId": "x"}]},
        {"batchItemFailures": ["x"]},
        {"batchItemFailures": "x"},
        "ok",
        [],
        {"batchItemFailures": {1, 2}},
    ],
)
def test_a_wrong_report_keeps_everything(answer: Any) -> None:
    stack = Stack()
    stack.answer = answer
    invocation = stack.mapping.poll()
    assert invocation is not None
    assert invocation.reading.fault
    assert stack.left() == ["m0", "m1", "m2"]


def test_one_unknown_id_among_good_ones_keeps_everything() -> None:
    stack = Stack()
    stack.answer = lambda event, context: failures(ids(event)[0], "unknown")
    stack.mapping.poll()
    assert len(stack.left()) == 3


def test_reported_messages_stay_until_their_visibility_timeout_ends() -> None:
    stack = Stack()

    def answer(event: dict[str, Any], context: Any) -> Any:
        for record, timeout_s in zip(event["Records"][:2], (VISIBILITY_S, 60), strict=True):
            handle = record["receiptHandle"]
            stack.sqs.change_message_visibility(QueueUrl=stack.url, ReceiptHandle=handle, VisibilityTimeout=timeout_s)
        return failures(*ids(event)[:2])

    stack.answer = answer
    stack.mapping.poll()
    assert stack.left() == ["m0", "m1"]
    assert stack.mapping.poll() is None
    stack.clock.sleep(60)
    assert [record["body"] for record in (stack.mapping.take() or {})["Records"]] == ["m1"]


def test_an_exception_keeps_everything() -> None:
    stack = Stack()
    stack.answer = lambda event, context: 1 / 0
    invocation = stack.mapping.poll()
    assert invocation is not None
    assert isinstance(invocation.error, ZeroDivisionError)
    assert len(stack.left()) == 3


def test_a_handler_is_killed_at_its_timeout() -> None:
    stack = Stack(timeout_s=300)
    reached = []

    def answer(event: dict[str, Any], context: Any) -> Any:
        reached.append(context.get_remaining_time_in_millis())
        stack.clock.sleep(250)
        reached.append(context.get_remaining_time_in_millis())
        stack.clock.sleep(250)
        reached.append(-1)

    stack.answer = answer
    invocation = stack.mapping.poll()
    assert invocation is not None
    assert invocation.was_killed
    assert reached == [300_000, 50_000]
    assert invocation.ended_at_s - invocation.started_at_s == 300
    assert len(stack.left()) == 3


def test_without_the_kill_a_late_response_deletes_nothing() -> None:
    stack = Stack(timeout_s=10, kills=False)
    stack.answer = lambda event, context: stack.clock.sleep(11)
    stack.mapping.poll()
    assert len(stack.left()) == 3


def test_a_killed_environment_makes_no_more_calls() -> None:
    stack = Stack(timeout_s=10)

    def answer(event: dict[str, Any], context: Any) -> None:
        try:
            stack.clock.sleep(20)
        finally:
            handle = event["Records"][0]["receiptHandle"]
            stack.sqs.delete_message(QueueUrl=stack.url, ReceiptHandle=handle)

    stack.answer = answer
    stack.mapping.poll()
    assert len(stack.left()) == 3


def test_failed_assertions_of_the_test_are_raised() -> None:
    stack = Stack()

    def answer(event: dict[str, Any], context: Any) -> None:
        raise AssertionError("seen by the test")

    stack.answer = answer
    with pytest.raises(AssertionError, match="seen by the test"):
        stack.mapping.poll()


def test_without_reported_failures_only_exceptions_keep_messages() -> None:
    stack = Stack(reports_item_failures=False)
    stack.answer = failures("unknown")
    stack.mapping.poll()
    assert stack.left() == []


def test_a_batch_larger_than_ten_takes_several_receives() -> None:
    stack = Stack(count=25, batch_size=1000)
    invocation = stack.mapping.poll()
    assert invocation is not None
    assert len(invocation.message_ids) == 25


def test_run_polls_until_the_queue_is_empty_and_sleeps_meanwhile() -> None:
    stack = Stack(count=25)
    seen: dict[str, int] = {}

    def answer(event: dict[str, Any], context: Any) -> Any:
        for identifier in ids(event):
            seen[identifier] = seen.get(identifier, 0) + 1
        return failures(*(identifier for identifier in ids(event) if seen[identifier] < 3))

    stack.answer = answer
    invocations = stack.mapping.run()
    assert set(seen.values()) == {3}
    assert stack.left() == []
    assert len(invocations) == 9
    assert stack.clock.monotonic() == pytest.approx(2 * VISIBILITY_S, abs=5)


def test_run_stops_at_its_limits() -> None:
    stack = Stack(count=25)
    stack.answer = lambda event, context: failures(*ids(event))
    assert len(stack.mapping.run(max_invocations=2)) == 2
    stop_s = stack.clock() + 100
    stack.mapping.run(until_s=stop_s)
    assert stack.clock() == stop_s


def test_the_pollers_make_no_short_polls_and_are_not_counted() -> None:
    clock = VirtualClock()
    sqs = FakeSqs(clock, delivery=Delivery(missed_share=1.0))
    url = sqs.add_queue("q")
    for _ in range(20):
        sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.unreachable("receive_message", "delete_message")
    mapping = EventSourceMapping(sqs, url, lambda event, context: None)
    assert [len(one.message_ids) for one in mapping.run()] == [10, 10]
    assert dict(sqs.calls) == {"send_message": 20}
