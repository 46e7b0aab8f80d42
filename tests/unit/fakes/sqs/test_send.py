"""Sending to the fake SQS: refused calls and entries, and accepted messages."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes import FakeSqs, NotModelledError

TEXT = {"DataType": "String", "StringValue": "v"}
BINARY = {"DataType": "Binary", "BinaryValue": b"v"}


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


def test_entries_fail_by_injected_faults_too(sqs: FakeSqs, url: str) -> None:
    sqs.fail_entries("send_message_batch", lambda one: one["MessageBody"] == "b", code="InternalError", times=1)
    entries = [entry(1, "a"), entry(2, "b")]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [(one["Id"], one["Code"], one["SenderFault"]) for one in answer["Failed"]] == [("2", "InternalError", False)]
    assert "Failed" not in sqs.send_message_batch(QueueUrl=url, Entries=entries)


def test_a_message_of_exactly_the_limit_is_accepted(sqs: FakeSqs, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="x" * 65_536)
    assert len(sqs.messages(url)) == 1


def test_the_digest_is_that_of_aws(sqs: FakeSqs, url: str) -> None:
    # Recorded from AWS by LocalStack's snapshot tests.
    assert sqs.send_message(QueueUrl=url, MessageBody="msg")["MD5OfMessageBody"] == "6e2baaf3b97dbeef01c0043275f9a0e7"


def test_attributes_are_returned_only_if_requested(sqs: FakeSqs, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes={"a": TEXT})
    assert "MessageAttributes" not in sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"][0]
    (received,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert received["MessageAttributes"] == {"a": TEXT}


@pytest.mark.parametrize("more", [{"DelaySeconds": 60}, {"MessageAttributes": {"a": BINARY}}])
def test_delays_and_binary_attributes_are_not_modelled(sqs: FakeSqs, url: str, more: dict[str, Any]) -> None:
    with pytest.raises(NotModelledError):
        sqs.send_message_batch(QueueUrl=url, Entries=[entry(1) | more])


def test_attributes_chosen_by_name_are_not_modelled(sqs: FakeSqs, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="x")
    with pytest.raises(NotModelledError):
        sqs.receive_message(QueueUrl=url, MessageAttributeNames=["a"])
