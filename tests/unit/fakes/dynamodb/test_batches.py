"""Batches, pages, stale reads and units of the fake DynamoDB."""

from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes import FakeDynamoDb


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"w": {"S": "1"}, "e": {"S": f"{number:03}"}, **more}


@pytest.fixture
def dynamodb() -> FakeDynamoDb:
    fake = FakeDynamoDb()
    fake.add_table("t", "w", "e")
    return fake


def fill(dynamodb: FakeDynamoDb, count: int, size_bytes: int = 1) -> None:
    for number in range(count):
        dynamodb.put_item(TableName="t", Item=row(number, v={"S": "x" * size_bytes}))


def put_requests(count: int) -> list[dict[str, Any]]:
    return [{"PutRequest": {"Item": row(number)}} for number in range(count)]


def refused(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**params)
    return str(error.value.response["Error"]["Code"])


def test_batches_over_their_limits_or_with_duplicates_are_refused_as_a_whole(dynamodb: FakeDynamoDb) -> None:
    with_duplicate = [*put_requests(2), *put_requests(1)]
    for requests in (put_requests(26), with_duplicate):
        assert refused(dynamodb.batch_write_item, RequestItems={"t": requests}) == "ValidationException"
    assert refused(dynamodb.batch_write_item, RequestItems={}) == "ValidationException"
    for keys in ([row(n) for n in range(101)], [row(1), row(1)]):
        assert refused(dynamodb.batch_get_item, RequestItems={"t": {"Keys": keys}}) == "ValidationException"
    assert dynamodb.rows("t") == []


def test_unprocessed_items_are_not_written_and_returned_unchanged(dynamodb: FakeDynamoDb) -> None:
    dynamodb.fail_entries("batch_write_item", lambda entry: entry["PutRequest"]["Item"]["e"]["S"] > "001", times=2)
    answer = dynamodb.batch_write_item(RequestItems={"t": put_requests(5)})
    assert answer["UnprocessedItems"] == {"t": put_requests(4)[2:]}
    assert [one["e"] for one in dynamodb.rows("t")] == ["000", "001", "004"]
    assert dynamodb.batch_write_item(RequestItems=answer["UnprocessedItems"])["UnprocessedItems"] == {}


def test_unprocessed_keys_come_back(dynamodb: FakeDynamoDb) -> None:
    fill(dynamodb, 3)
    dynamodb.fail_entries("batch_get_item", lambda entry: entry["Key"] == row(1), times=1)
    answer = dynamodb.batch_get_item(RequestItems={"t": {"Keys": [row(0), row(1), row(9)]}})
    assert answer["UnprocessedKeys"] == {"t": {"Keys": [row(1)]}}
    assert [item["e"] for item in answer["Responses"]["t"]] == [{"S": "000"}]


def test_a_batch_whose_entries_all_fail_is_an_error(dynamodb: FakeDynamoDb) -> None:
    dynamodb.fail_entries("batch_write_item", lambda _: True)
    assert refused(dynamodb.batch_write_item, RequestItems={"t": put_requests(2)}) == "ThrottlingException"


def test_an_answer_over_16_mb_leaves_keys_unprocessed(dynamodb: FakeDynamoDb) -> None:
    fill(dynamodb, 60, size_bytes=400_000)
    keys = [row(number) for number in range(60)]
    answer = dynamodb.batch_get_item(RequestItems={"t": {"Keys": keys}})
    got, left = answer["Responses"]["t"], answer["UnprocessedKeys"]["t"]["Keys"]
    assert len(got) + len(left) == 60
    assert 40 <= len(got) <= 43


def test_batched_items_come_in_no_order(dynamodb: FakeDynamoDb) -> None:
    fill(dynamodb, 20)
    keys = [row(number) for number in range(20)]
    found = [item["e"]["S"] for item in dynamodb.batch_get_item(RequestItems={"t": {"Keys": keys}})["Responses"]["t"]]
    assert sorted(found) == [f"{number:03}" for number in range(20)] != found


def test_pages_end_at_1_mb_and_the_paginator_finds_all(dynamodb: FakeDynamoDb) -> None:
    fill(dynamodb, 20, size_bytes=100_000)
    query = {
        "TableName": "t",
        "KeyConditionExpression": "w = :w",
        "ExpressionAttributeValues": {":w": {"S": "1"}},
    }
    first = dynamodb.query(**query)
    assert (first["Count"], first["LastEvaluatedKey"]) == (11, row(10))
    # AWS gives a key whenever the size ended the page, even when nothing follows.
    assert dynamodb.query(**query, ExclusiveStartKey=row(8))["LastEvaluatedKey"] == row(19)
    pages = dynamodb.get_paginator("query").paginate(**query)
    assert [item["e"]["S"] for page in pages for item in page["Items"]] == [f"{n:03}" for n in range(20)]
    scanned = [
        item["e"]["S"] for page in dynamodb.get_paginator("scan").paginate(TableName="t") for item in page["Items"]
    ]
    assert len(scanned) == 20


def test_an_eventually_consistent_read_may_be_stale(dynamodb: FakeDynamoDb) -> None:
    key = {"TableName": "t", "Key": row(0)}
    fill(dynamodb, 1)
    dynamodb.update_item(**key, UpdateExpression="SET v = :v", ExpressionAttributeValues={":v": {"S": "new"}})
    dynamodb.stale_reads(times=1)
    assert dynamodb.get_item(**key)["Item"]["v"] == {"S": "x"}
    assert dynamodb.get_item(**key)["Item"]["v"] == {"S": "new"}
    dynamodb.put_item(TableName="t", Item=row(7))
    dynamodb.stale_reads()
    assert "Item" not in dynamodb.get_item(TableName="t", Key=row(7))


class Meter:
    """The units that one call consumes."""

    def __init__(self, dynamodb: FakeDynamoDb) -> None:
        self._dynamodb = dynamodb

    def __call__(self, name: str, **params: Any) -> tuple[float, float]:
        units = self._dynamodb.tables["t"].consumed
        before = (units.read, units.write)
        # What a refused write consumes is measured too.
        with suppress(self._dynamodb.exceptions.ConditionalCheckFailedException):
            getattr(self._dynamodb, name)(**params)
        return units.read - before[0], units.write - before[1]


def test_units_are_counted_as_aws_bills_them(dynamodb: FakeDynamoDb) -> None:
    meter = Meter(dynamodb)
    small, big = row(1), row(2, v={"S": "x" * 5000})
    assert meter("put_item", TableName="t", Item=small) == (0, 1)
    assert meter("put_item", TableName="t", Item=big) == (0, 5)
    assert meter("put_item", TableName="t", Item=row(2)) == (0, 5)
    assert meter("put_item", TableName="t", Item=big) == (0, 5)
    assert meter("get_item", TableName="t", Key=row(2)) == (1.0, 0)
    assert meter("get_item", TableName="t", Key=row(9)) == (0.5, 0)
    refusal = {"ConditionExpression": "attribute_not_exists(w)"}
    assert meter("put_item", TableName="t", Item=big, **refusal) == (0, 5)
    keys = {"Keys": [row(1), row(2), row(9)]}
    assert meter("batch_get_item", RequestItems={"t": keys}) == (2.0, 0)
    assert meter("batch_write_item", RequestItems={"t": put_requests(2)}) == (0, 2)
    assert meter("delete_item", TableName="t", Key=row(2)) == (0, 5)
    assert meter("scan", TableName="t") == (0.5, 0)


# ── What a partition can serve ───────────────────────────────────────────────────────────────────────────────────────


def write(dynamodb: FakeDynamoDb, count: int, partition: str = "1", size_bytes: int = 1) -> int:
    """Write rows of one partition by batches; return how many were written before the first refusal."""
    for number in range(0, count, 25):
        items = [row(n, v={"S": "x" * size_bytes}) | {"w": {"S": partition}} for n in range(number, number + 25)]
        requests = {"t": [{"PutRequest": {"Item": one}} for one in items]}
        try:
            left = len(dynamodb.batch_write_item(RequestItems=requests)["UnprocessedItems"].get("t", []))
        except dynamodb.exceptions.ThrottlingException:
            left = 25
        if left:
            return number + 25 - left
    return count


@pytest.mark.parametrize(("size_bytes", "rows"), [(1, 1_000), (1_500, 500), (2_500, 333)])
def test_a_partition_takes_a_thousand_write_units_per_second(
    dynamodb: FakeDynamoDb, size_bytes: int, rows: int
) -> None:
    dynamodb.limit_partitions()
    assert write(dynamodb, 2_000, size_bytes=size_bytes) == rows
    assert write(dynamodb, 50, partition="2", size_bytes=size_bytes) == 50, "another partition has its own"
    assert dynamodb.get_item(TableName="t", Key=row(0))["Item"], "and so do reads"
    dynamodb.clock.sleep(0.1)
    assert write(dynamodb, 2_000, size_bytes=size_bytes) in (rows // 10, rows // 10 + 1)
    dynamodb.clock.sleep(60)
    assert write(dynamodb, 2_000, size_bytes=size_bytes) == rows, "what was not used is lost"


@pytest.mark.parametrize("call", ["put_item", "update_item", "delete_item"])
def test_a_single_write_beyond_it_is_refused_without_effect(dynamodb: FakeDynamoDb, call: str) -> None:
    fill(dynamodb, 1)
    before = dynamodb.rows("t")
    dynamodb.limit_partitions(burst_s=0.001)
    dynamodb.put_item(TableName="t", Item=row(0, v={"S": "x"}))
    changed: dict[str, Any] = {
        "put_item": {"Item": row(0, v={"S": "y"})},
        "update_item": {
            "Key": row(0),
            "UpdateExpression": "SET v = :v",
            "ExpressionAttributeValues": {":v": {"S": "y"}},
        },
        "delete_item": {"Key": row(0)},
    }[call]
    assert refused(getattr(dynamodb, call), TableName="t", **changed) == "ThrottlingException"
    assert dynamodb.rows("t") == before
    dynamodb.clock.sleep(0.001)
    getattr(dynamodb, call)(TableName="t", **changed)
    assert dynamodb.rows("t") != before


def test_a_partition_serves_three_thousand_read_units_per_second(dynamodb: FakeDynamoDb) -> None:
    fill(dynamodb, 100, 4_096 - 7)
    dynamodb.limit_partitions()
    keys = {"t": {"Keys": [row(number) for number in range(100)]}}
    for _ in range(60):  # half a unit each
        assert dynamodb.batch_get_item(RequestItems=keys)["UnprocessedKeys"] == {}
    for call, params in (
        (dynamodb.batch_get_item, {"RequestItems": keys}),
        (dynamodb.get_item, {"TableName": "t", "Key": row(0)}),
        (
            dynamodb.query,
            {
                "TableName": "t",
                "KeyConditionExpression": "w = :w",
                "ExpressionAttributeValues": {":w": {"S": "1"}},
            },
        ),
    ):
        assert refused(call, **params) == "ThrottlingException"
    dynamodb.clock.sleep(0.01)
    answer = dynamodb.batch_get_item(RequestItems=keys)
    assert (len(answer["Responses"]["t"]), len(answer["UnprocessedKeys"]["t"]["Keys"])) == (60, 40)
