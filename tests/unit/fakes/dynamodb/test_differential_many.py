"""The fake DynamoDB against moto: pages, batches and transactions."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.fakes.dynamodb.differential import ONE, SHOWN, Pair, action, outcome, put, query


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("dynamodb", region_name="us-east-1")


def row(number: int) -> dict[str, Any]:
    return {"w": {"S": "1"}, "e": {"S": str(number)}, "n": {"N": str(number)}}


def test_pages_and_batches(moto: Any) -> None:
    pair = Pair(moto)
    hash_value = {":w": {"S": "1"}}
    for number in range(6):
        pair.agree(*put(row(number)))
    third = {"w": {"S": "1"}, "e": {"S": "3"}}
    for call in [
        query("w = :w", hash_value),
        query("w = :w", hash_value, Limit=2),
        query("w = :w", hash_value, Limit=1, ExclusiveStartKey=third),
        query("w = :w", hash_value, Limit=3, ScanIndexForward=False, ProjectionExpression="n"),
        query("w = :w", hash_value, Select="COUNT"),
        query("w = :w", {":w": {"S": "2"}}),
        query("w = :w AND e > :e", hash_value | {":e": {"S": "2"}}),
        query("w = :w AND e BETWEEN :e AND :f", hash_value | {":e": {"S": "2"}, ":f": {"S": "4"}}),
        query("w = :w AND begins_with(e, :e)", hash_value | {":e": {"S": "2"}}),
        query("w = :w", hash_value | {":n": {"N": "3"}}, FilterExpression="n > :n", Limit=5),
        query("e = :w", hash_value),
        query("w > :w", hash_value),
        query("w = :w AND n = :w", hash_value),
    ]:
        pair.agree(*call)
    writes = [{"PutRequest": {"Item": row(7)}}, {"DeleteRequest": {"Key": third}}]
    for client in (pair.moto, pair.fake):
        client.batch_write_item(RequestItems={pair.table: writes})
    pair.agree(*query("w = :w", hash_value))
    keys = [third, {"w": {"S": "1"}, "e": {"S": "4"}}]
    answers = [
        client.batch_get_item(RequestItems={pair.table: {"Keys": keys}})["Responses"]
        for client in (pair.moto, pair.fake)
    ]
    assert answers[0] == answers[1] == {pair.table: [row(4)]}
    for repeated in ({"Keys": [third, third]}, {"Keys": [row(n) for n in range(101)]}):
        codes = [outcome(c.batch_get_item, {"RequestItems": {pair.table: repeated}}) for c in (pair.moto, pair.fake)]
        assert codes[0] == codes[1] == ("ValidationException", None, [])


def test_transactions(moto: Any) -> None:
    pair = Pair(moto)
    pair.agree(*put(row(1)))
    table, key = {"TableName": pair.table}, {"w": {"S": "1"}, "e": {"S": "1"}}
    free = {"ConditionExpression": "attribute_not_exists(w)", **SHOWN}
    new = action("Put", Item=row(2), **table)
    count = {"UpdateExpression": "SET n = n + :one", "ExpressionAttributeValues": ONE}
    for actions in [
        [new, action("ConditionCheck", Key=key, **free, **table)],
        [new, action("Update", Key=key, **count, **table)],
        [new, action("Delete", Key={**key, "e": {"S": "2"}}, **table)],
        [action("Delete", Key=key, **table), action("Put", Item=row(2), **free, **table)],
    ]:
        theirs, ours = (
            outcome(client.transact_write_items, {"TransactItems": actions}) for client in (pair.moto, pair.fake)
        )
        assert ours == theirs
        pair.agree(*query("w = :w", {":w": {"S": "1"}}))
