"""Many messages through all fakes: none is lost or invented, threads do no harm, and it is fast."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tests.fakes import Delivery, EventSourceMapping, FakeDynamoDb, FakeSqs, VirtualClock

MESSAGES = 5_000


def fill(sqs: FakeSqs, url: str, count: int) -> set[str]:
    sent: set[str] = set()
    for start in range(0, count, 10):
        entries = [{"Id": str(n), "MessageBody": f"m{start + n}"} for n in range(10)]
        sent |= {one["MessageId"] for one in sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]}
    return sent


class Consumer:
    """Counts each message in a table, and reports the ones that it could not count."""

    def __init__(self, clock: VirtualClock, dynamodb: FakeDynamoDb) -> None:
        self._clock = clock
        self._dynamodb = dynamodb
        self._rng = random.Random(3)

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        failed = [record["messageId"] for record in event["Records"] if not self._count(record["body"])]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

    def _count(self, body: str) -> bool:
        # Ten of them take 1.0 s on average, so some batches reach the timeout and are killed.
        self._clock.sleep(self._rng.uniform(0.05, 0.15))
        try:
            self._dynamodb.update_item(
                TableName="t",
                Key={"id": {"S": body}},
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )
        except (ClientError, BotoCoreError):
            return False
        return True


def test_no_message_is_lost_in_a_chaotic_run() -> None:
    clock = VirtualClock()
    unreliable = Delivery(duplicate_rate=0.05, missed_share=0.3, disorder=50)
    sqs = FakeSqs(clock, delivery=unreliable, validate=False, record=False, seed=1)
    dynamodb = FakeDynamoDb(clock, validate=False, record=False)
    dynamodb.add_table("t", "id")
    dead_url = sqs.add_queue("dead", retention_s=1_209_600)
    url = sqs.add_queue(
        "q", visibility_timeout_s=60, retention_s=1_209_600, dead_letter_url=dead_url, max_receive_count=4
    )
    sent = fill(sqs, url, MESSAGES)
    dynamodb.chaos(0.2, lost_rate=0.1, seed=2)
    mapping = EventSourceMapping(sqs, url, Consumer(clock, dynamodb), timeout_s=1.1)
    mapping.run()
    assert any(invocation.was_killed for invocation in mapping.invocations)
    queue = sqs.queue(url)
    assert sqs.messages(url) == []
    assert queue.expired == []
    assert set(queue.deleted) | set(queue.redriven) == sent
    assert queue.redriven
    assert len(sqs.messages(dead_url)) == len(queue.redriven)
    rows = {row["id"]: int(row["n"]) for row in dynamodb.rows("t")}
    assert set(rows) <= {f"m{number}" for number in range(MESSAGES)}
    dead = {message.body for message in sqs.messages(dead_url)}
    assert set(rows) | dead == {f"m{number}" for number in range(MESSAGES)}


def test_threads_receive_each_message_once_and_count_correctly() -> None:
    clock = VirtualClock()
    sqs = FakeSqs(clock, record=False)
    dynamodb = FakeDynamoDb(clock, record=False)
    dynamodb.add_table("t", "id")
    url = sqs.add_queue("q", visibility_timeout_s=3600)
    sent = fill(sqs, url, 1_000)
    seen: list[str] = []
    start = threading.Barrier(8)

    def consume() -> None:
        start.wait(timeout=10)
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                seen.append(message["MessageId"])
                dynamodb.update_item(
                    TableName="t",
                    Key={"id": {"S": "all"}},
                    UpdateExpression="ADD n :one",
                    ExpressionAttributeValues={":one": {"N": "1"}},
                )
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    with ThreadPoolExecutor(8) as pool:
        for running in [pool.submit(consume) for _ in range(8)]:
            running.result()
    assert (len(seen), set(seen)) == (1_000, sent)
    assert dynamodb.rows("t") == [{"id": "all", "n": 1_000}]
    assert (sqs.calls["delete_message"], dynamodb.calls["update_item"]) == (1_000, 1_000)
    assert sqs.messages(url) == []
