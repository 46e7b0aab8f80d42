"""Receiving from the fake SQS: visibility, handles, limits, and what "at least once" allows."""

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes import Delivery, FakeSqs, VirtualClock

HOUR_S = 3600


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def sqs(clock: VirtualClock) -> FakeSqs:
    return FakeSqs(clock)


@pytest.fixture
def url(sqs: FakeSqs) -> str:
    return sqs.add_queue("q", visibility_timeout_s=30)


def send(sqs: FakeSqs, url: str, *bodies: str) -> None:
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)


def receive(sqs: FakeSqs, url: str, limit: int = 10, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=limit, **more).get(
        "Messages", []
    )
    return found


def bodies(sqs: FakeSqs, url: str, **more: Any) -> list[str]:
    return [message["Body"] for message in receive(sqs, url, **more)]


def counts(sqs: FakeSqs, url: str) -> tuple[int, int]:
    requested = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=requested)["Attributes"]
    return int(found[requested[0]]), int(found[requested[1]])


def hide(sqs: FakeSqs, url: str, handle: str, timeout_s: int) -> None:
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=timeout_s)


def test_a_received_message_is_hidden_for_its_visibility_timeout(sqs: FakeSqs, url: str, clock: VirtualClock) -> None:
    send(sqs, url, "x")
    assert bodies(sqs, url) == ["x"]
    assert counts(sqs, url) == (0, 1)
    clock.sleep(29.9)
    assert bodies(sqs, url) == []
    clock.sleep(0.1)
    assert bodies(sqs, url, VisibilityTimeout=5) == ["x"]
    clock.sleep(5)
    assert counts(sqs, url) == (1, 0)


def test_system_attributes_are_returned_only_if_requested(sqs: FakeSqs, url: str, clock: VirtualClock) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="97871060099")
    assert "Attributes" not in receive(sqs, url, VisibilityTimeout=0)[0]
    clock.sleep(1.5)
    (message,) = receive(sqs, url, MessageSystemAttributeNames=["All"])
    assert message["Attributes"] == {
        "ApproximateReceiveCount": "2",
        "SentTimestamp": "1795442400000",
        "ApproximateFirstReceiveTimestamp": "1795442400000",
        "SenderId": "AIDAFAKESENDER",
        "MessageGroupId": "97871060099",
    }


def test_one_receive_never_returns_a_message_twice(sqs: FakeSqs, url: str) -> None:
    send(sqs, url, "a", "b")
    assert bodies(sqs, url, VisibilityTimeout=0) == ["a", "b"]
    assert counts(sqs, url) == (2, 0)


def test_the_old_handle_is_accepted_and_deletes_nothing(sqs: FakeSqs, url: str, clock: VirtualClock) -> None:
    send(sqs, url, "x")
    old = receive(sqs, url)[0]["ReceiptHandle"]
    clock.sleep(30)
    new = receive(sqs, url)[0]["ReceiptHandle"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=old)
    assert counts(sqs, url) == (0, 1)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=new)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=new)
    assert sqs.messages(url) == []


def test_an_expired_handle_still_deletes_until_the_next_receive(sqs: FakeSqs, url: str, clock: VirtualClock) -> None:
    send(sqs, url, "x")
    handle = receive(sqs, url)[0]["ReceiptHandle"]
    clock.sleep(31)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    assert bodies(sqs, url) == []


def test_invalid_handles_fail_per_entry(sqs: FakeSqs, url: str) -> None:
    other = sqs.add_queue("other")
    send(sqs, other, "x")
    foreign = receive(sqs, other)[0]["ReceiptHandle"]
    entries = [{"Id": "a", "ReceiptHandle": "rubbish"}, {"Id": "b", "ReceiptHandle": foreign}]
    failed = sqs.delete_message_batch(QueueUrl=url, Entries=entries)["Failed"]
    assert [(one["Id"], one["Code"]) for one in failed] == [(i, "ReceiptHandleIsInvalid") for i in "ab"]
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid):
        sqs.delete_message(QueueUrl=url, ReceiptHandle="rubbish")


def test_a_visibility_timeout_can_be_ended_and_extended(sqs: FakeSqs, url: str, clock: VirtualClock) -> None:
    send(sqs, url, "back", "longer")
    back, longer = (message["ReceiptHandle"] for message in receive(sqs, url))
    entries = [
        {"Id": "0", "ReceiptHandle": back, "VisibilityTimeout": 0},
        {"Id": "1", "ReceiptHandle": longer, "VisibilityTimeout": 600},
    ]
    assert "Failed" not in sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)
    assert bodies(sqs, url) == ["back"]
    clock.sleep(599)
    assert bodies(sqs, url) == ["back"]
    clock.sleep(1)
    assert bodies(sqs, url) == ["longer"]


def test_the_visibility_timeout_is_at_most_12_hours_from_the_receive(
    sqs: FakeSqs, url: str, clock: VirtualClock
) -> None:
    send(sqs, url, "x")
    handle = receive(sqs, url, VisibilityTimeout=12 * HOUR_S)[0]["ReceiptHandle"]
    clock.sleep(60)
    hide(sqs, url, handle, 12 * HOUR_S - 60)
    with pytest.raises(ClientError, match="beyond the limit") as refused:
        hide(sqs, url, handle, 12 * HOUR_S - 59)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterValue"
    entries = [{"Id": "a", "ReceiptHandle": handle, "VisibilityTimeout": 12 * HOUR_S}]
    failed = sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)["Failed"]
    assert failed[0]["Code"] == "InvalidParameterValue"


@pytest.mark.parametrize("timeout_s", [-1, 43_201])
def test_a_timeout_out_of_range(sqs: FakeSqs, url: str, timeout_s: int) -> None:
    send(sqs, url, "x")
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        receive(sqs, url, VisibilityTimeout=timeout_s)
    handle = receive(sqs, url)[0]["ReceiptHandle"]
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        hide(sqs, url, handle, timeout_s)


def test_only_messages_in_flight_can_change_their_visibility(sqs: FakeSqs, url: str, clock: VirtualClock) -> None:
    send(sqs, url, "x")
    handle = receive(sqs, url)[0]["ReceiptHandle"]
    clock.sleep(30)
    with pytest.raises(sqs.exceptions.MessageNotInflight) as refused:
        hide(sqs, url, handle, 10)
    assert refused.value.response["Error"]["Code"] == "AWS.SimpleQueueService.MessageNotInflight"
    receive(sqs, url)
    with pytest.raises(ClientError, match="not available for visibility timeout change"):
        hide(sqs, url, handle, 10)


@pytest.mark.parametrize("wrong", [{"MaxNumberOfMessages": 11}, {"MaxNumberOfMessages": 0}, {"WaitTimeSeconds": 21}])
def test_a_receive_out_of_range(sqs: FakeSqs, url: str, wrong: dict[str, int]) -> None:
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        sqs.receive_message(QueueUrl=url, **wrong)


def test_too_many_in_flight(sqs: FakeSqs, url: str) -> None:
    sqs.queue(url).max_in_flight = 3
    send(sqs, url, *"abcd")
    assert bodies(sqs, url) == ["a", "b", "c"]
    with pytest.raises(sqs.exceptions.OverLimit):
        receive(sqs, url)


def test_a_long_poll_waits_for_the_next_visible_message(sqs: FakeSqs, url: str, clock: VirtualClock) -> None:
    send(sqs, url, "x")
    receive(sqs, url, VisibilityTimeout=7)
    assert bodies(sqs, url, WaitTimeSeconds=20) == ["x"]
    assert clock.monotonic() == 7
    sqs.delete_message(QueueUrl=url, ReceiptHandle=sqs.messages(url)[0].handle)
    assert bodies(sqs, url, WaitTimeSeconds=20) == []
    assert clock.monotonic() == 27


def test_short_polls_miss_messages_of_a_small_queue_but_lose_none() -> None:
    sqs = FakeSqs(delivery=Delivery(missed_share=0.3), seed=1)
    url = sqs.add_queue("q")
    for number in range(1_200):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    found: list[tuple[int, int]] = []  # visible messages, and how many of them a poll returned
    while visible := len([one for one in sqs.messages(url) if one.state == "ready"]):
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        found.append((visible, len(received)))
    assert {received for visible, received in found if visible >= 1_000} == {10}
    small = [received for visible, received in found if 10 <= visible < 1_000]
    assert sum(received < 10 for received in small) > 0.9 * len(small), "most likely fewer"
    assert min(small) > 0
    assert sum(received for _, received in found) == 1_200


def test_a_short_poll_of_very_few_messages_may_return_none_and_a_long_poll_does_not() -> None:
    sqs = FakeSqs(delivery=Delivery(missed_share=0.3), seed=1)
    url = sqs.add_queue("q", visibility_timeout_s=0)
    sqs.send_message(QueueUrl=url, MessageBody="one")
    short = [len(sqs.receive_message(QueueUrl=url).get("Messages", [])) for _ in range(200)]
    assert 100 < sum(short) < 180
    assert len(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)["Messages"]) == 1


def test_messages_keep_their_order_without_disorder() -> None:
    def run(disorder: int) -> list[str]:
        sqs = FakeSqs(delivery=Delivery(disorder=disorder), seed=1)
        url = sqs.add_queue("q")
        send(sqs, url, *(f"{number:02}" for number in range(40)))
        return [body for _ in range(4) for body in bodies(sqs, url)]

    assert run(0) == sorted(run(0)) == sorted(run(20)) != run(20)


def test_duplicates_are_copies_that_are_deleted_separately(clock: VirtualClock) -> None:
    sqs = FakeSqs(clock, delivery=Delivery(duplicate_rate=1.0), seed=1)
    url = sqs.add_queue("q", visibility_timeout_s=30)
    send(sqs, url, "a", "b")
    seen: Counter[str] = Counter()
    for _ in range(31):
        for message in receive(sqs, url):
            seen[message["MessageId"]] += 1
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        clock.sleep(1)
    assert sorted(seen.values()) == [2, 2]
    assert sqs.messages(url) == []


def test_a_batch_call_without_entries_or_with_too_many(sqs: FakeSqs, url: str) -> None:
    handles = [{"Id": str(number), "ReceiptHandle": "h"} for number in range(11)]
    for entries, error in (([], "EmptyBatchRequest"), (handles, "TooManyEntriesInBatchRequest")):
        with pytest.raises(ClientError, match=error):
            sqs.delete_message_batch(QueueUrl=url, Entries=entries)
        changes = [entry | {"VisibilityTimeout": 0} for entry in entries]
        with pytest.raises(ClientError, match=error):
            sqs.change_message_visibility_batch(QueueUrl=url, Entries=changes)
