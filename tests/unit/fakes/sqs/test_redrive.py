"""The fake SQS: retention, the redrive policy, and redrives of dead letters."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes import FakeSqs, NotModelledError, VirtualClock

DAY_S = 86_400


class Queues:
    """A queue with a redrive policy of two receives, and its dead-letter queue."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.sqs = FakeSqs(self.clock)
        self.dead_url = self.sqs.add_queue("dead", retention_s=14 * DAY_S)
        self.url = self.sqs.add_queue(
            "live", visibility_timeout_s=30, retention_s=4 * DAY_S, dead_letter_url=self.dead_url, max_receive_count=2
        )
        self.arn, self.dead_arn = self.sqs.queue(self.url).arn, self.sqs.queue(self.dead_url).arn

    def receive(self, url: str) -> list[dict[str, Any]]:
        answer = self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"]
        )
        found: list[dict[str, Any]] = answer.get("Messages", [])
        return found

    def redrive(self) -> None:
        self.sqs.start_message_move_task(SourceArn=self.dead_arn, DestinationArn=self.arn)

    def exhaust_receives(self, body: str) -> str:
        message_id: str = self.sqs.send_message(QueueUrl=self.url, MessageBody=body)["MessageId"]
        for _ in range(3):
            self.receive(self.url)
            self.clock.sleep(30)
        return message_id


@pytest.fixture
def queues() -> Queues:
    return Queues()


def test_a_message_received_too_often_moves_with_id_count_and_age(queues: Queues) -> None:
    sent_ms = str(round(queues.clock() * 1000))
    message_id = queues.exhaust_receives("x")
    assert queues.sqs.messages(queues.url) == []
    (dead,) = queues.receive(queues.dead_url)
    assert dead["MessageId"] == message_id
    assert dead["Attributes"]["SentTimestamp"] == sent_ms
    assert dead["Attributes"]["ApproximateReceiveCount"] == "3"
    assert dead["Attributes"]["DeadLetterQueueSourceArn"].endswith(":live")
    assert queues.sqs.queue(queues.url).redriven == [message_id]


def test_a_message_is_received_exactly_max_receive_count_times(queues: Queues) -> None:
    queues.sqs.send_message(QueueUrl=queues.url, MessageBody="x")
    received = []
    for _ in range(4):
        received.append(len(queues.receive(queues.url)))
        queues.clock.sleep(30)
    assert received == [1, 1, 0, 0]


def test_retention_removes_a_message_in_any_state(queues: Queues) -> None:
    queues.sqs.send_message(QueueUrl=queues.url, MessageBody="x")
    queues.receive(queues.url)
    queues.clock.sleep(4 * DAY_S)
    assert queues.sqs.messages(queues.url) == []
    assert len(queues.sqs.queue(queues.url).expired) == 1


def test_the_age_on_the_dead_letter_queue_counts_from_the_sent_timestamp(queues: Queues) -> None:
    queues.exhaust_receives("x")
    queues.clock.sleep(14 * DAY_S - 91)
    assert len(queues.sqs.messages(queues.dead_url)) == 1
    queues.clock.sleep(1)
    assert queues.sqs.messages(queues.dead_url) == []


def test_a_redrive_creates_new_messages_with_the_same_body(queues: Queues) -> None:
    old_id = queues.exhaust_receives("x")
    queues.redrive()
    assert queues.sqs.messages(queues.dead_url) == []
    (back,) = queues.receive(queues.url)
    assert (back["Body"], back["Attributes"]["ApproximateReceiveCount"]) == ("x", "1")
    assert back["MessageId"] != old_id


def test_a_redrive_keeps_attributes_and_group(queues: Queues) -> None:
    reason = {"reason": {"DataType": "String", "StringValue": "webinar_full"}}
    queues.sqs.send_message(
        QueueUrl=queues.dead_url, MessageBody="x", MessageGroupId="97871060099", MessageAttributes=reason
    )
    queues.redrive()
    (back,) = queues.receive(queues.url)
    assert back["MessageAttributes"] == reason
    assert back["Attributes"]["MessageGroupId"] == "97871060099"


def test_a_redrive_without_a_destination_is_not_modelled(queues: Queues) -> None:
    with pytest.raises(NotModelledError):
        queues.sqs.start_message_move_task(SourceArn=queues.dead_arn)


def test_only_a_dead_letter_queue_can_be_redriven(queues: Queues) -> None:
    with pytest.raises(ClientError, match="must be configured as a Dead Letter Queue"):
        queues.sqs.start_message_move_task(SourceArn=queues.arn, DestinationArn=queues.dead_arn)


def test_a_redrive_policy_is_complete_or_none(queues: Queues) -> None:
    with pytest.raises(ValueError, match="redrive policy"):
        queues.sqs.add_queue("half", max_receive_count=3)
