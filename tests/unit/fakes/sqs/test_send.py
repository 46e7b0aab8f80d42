"""Sending to the fake SQS: what is refused, per call and per entry, and what arrives."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes import FakeSqs, VirtualClock

TEXT = {"DataType": "String", "StringValue": "v"}


@pytest.fixture
def sqs() -> FakeSqs:
    return FakeSqs()


@pytest.fixture
def url(sqs: FakeSqs) -> str:
    return sqs.add_queue("q", max_message_bytes=65_536)


def entry(number: int, body: str = "x", **more: Any) -> dict[str, Any]:
    return {"Id": str(number), "MessageBody": body, **more}


def refused_batch(sqs: FakeSqs, url: str, entries: list[dict[str, Any]]) -> Any:
    with pytest.raises(ClientError) as refused:
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert sqs.messages(url) == []
    return refused.value.response["Error"]


def test_an_unknown_queue(sqs: FakeSqs) -> None:
    with pytest.raises(sqs.exceptions.QueueDoesNotExist) as refused:
        sqs.send_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/1/no", MessageBody="x")
    assert refused.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"


@pytest.mark.parametrize(
    ("entries", "error"),
    [
        ([], "EmptyBatchRequest"),
        ([entry(n) for n in range(11)], "TooManyEntriesInBatchRequest"),
        ([entry(1), entry(1)], "BatchEntryIdsNotDistinct"),
        ([{"Id": "a:b", "MessageBody": "x"}], "InvalidBatchEntryId"),
        ([entry(n, "x" * 150_000) for n in range(7)], "BatchRequestTooLong"),
    ],
)
def test_a_batch_refused_as_a_whole(sqs: FakeSqs, url: str, entries: list[dict[str, Any]], error: str) -> None:
    answer = refused_batch(sqs, url, entries)
    assert (answer["Code"], answer["QueryErrorCode"]) == (f"AWS.SimpleQueueService.{error}", error)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"MessageBody": "x" * 65_537}, "InvalidParameterValue"),
        ({"MessageBody": "x" * 65_530, "MessageAttributes": {"a": TEXT}}, "InvalidParameterValue"),
        ({"MessageBody": "bad \x08 character"}, "InvalidMessageContents"),
        ({"MessageBody": ""}, "MissingParameter"),
        ({"DelaySeconds": 901}, "InvalidParameterValue"),
        ({"MessageGroupId": "with space"}, "InvalidParameterValue"),
        ({"MessageGroupId": "g" * 129}, "InvalidParameterValue"),
        ({"MessageAttributes": {f"a{n}": TEXT for n in range(11)}}, "InvalidParameterValue"),
        ({"MessageAttributes": {"a": {"DataType": "String", "StringValue": ""}}}, "InvalidParameterValue"),
        ({"MessageAttributes": {"a": {"DataType": "Text", "StringValue": "v"}}}, "InvalidParameterValue"),
        ({"MessageAttributes": {"a": {"DataType": "String", "StringValue": "\x00"}}}, "InvalidParameterValue"),
        ({"MessageAttributes": {"AWS.x": TEXT}}, "InvalidParameterValue"),
        ({"MessageAttributes": {"a..b": TEXT}}, "InvalidParameterValue"),
        ({"MessageAttributes": {".a": TEXT}}, "InvalidParameterValue"),
        ({"MessageAttributes": {"a b": TEXT}}, "InvalidParameterValue"),
        ({"MessageAttributes": {"a" * 257: TEXT}}, "InvalidParameterValue"),
    ],
)
def test_a_wrong_message_fails_alone(sqs: FakeSqs, url: str, wrong: dict[str, Any], code: str) -> None:
    answer = sqs.send_message_batch(QueueUrl=url, Entries=[entry(1) | wrong, entry(2, "good")])
    assert [(one["Id"], one["Code"], one["SenderFault"]) for one in answer["Failed"]] == [("1", code, True)]
    assert [one["Id"] for one in answer["Successful"]] == ["2"]
    with pytest.raises(ClientError, match=code):
        sqs.send_message(QueueUrl=url, **({"MessageBody": "x"} | wrong))
    assert [message.body for message in sqs.messages(url)] == ["good"]


def test_entries_fail_by_order_too(sqs: FakeSqs, url: str) -> None:
    sqs.fail_entries("send_message_batch", lambda one: one["MessageBody"] == "b", code="InternalError", times=1)
    entries = [entry(1, "a"), entry(2, "b")]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [(one["Id"], one["Code"], one["SenderFault"]) for one in answer["Failed"]] == [("2", "InternalError", False)]
    assert "Failed" not in sqs.send_message_batch(QueueUrl=url, Entries=entries)


def test_a_message_of_exactly_the_limit_is_taken(sqs: FakeSqs, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="x" * 65_536)
    assert len(sqs.messages(url)) == 1


def test_digests_are_those_of_aws(sqs: FakeSqs, url: str) -> None:
    # Recorded from AWS by LocalStack's snapshot tests.
    names = {"General": "Kenobi", "Hello": "There", "Help.Me": "Me"}
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in names.items()}
    sent = sqs.send_message(QueueUrl=url, MessageBody="msg", MessageAttributes=attributes)
    assert sent["MD5OfMessageBody"] == "6e2baaf3b97dbeef01c0043275f9a0e7"
    assert sent["MD5OfMessageAttributes"] == "4c360f3fdafd970e05fae2f149d997f5"
    (received,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["Hel*", "Help.*", "Hello"])["Messages"]
    assert set(received["MessageAttributes"]) == {"Hello", "Help.Me"}
    assert received["MD5OfMessageAttributes"] == "83fee93c1bcd8b9a5a923ffacdc636c7"


def test_a_delayed_message_comes_later() -> None:
    clock = VirtualClock()
    sqs = FakeSqs(clock)
    url = sqs.add_queue("q")
    sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=60)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    asked = ["ApproximateNumberOfMessagesDelayed"]
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]
    assert counts == {"ApproximateNumberOfMessagesDelayed": "1"}
    clock.sleep(60)
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1
