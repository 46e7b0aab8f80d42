"""Features of DynamoDB that the fake lacks raise NotModelledError: a test never passes on a guess."""

from typing import Any

import pytest

from tests.fakes import FakeDynamoDb, NotModelledError

KEY = {"w": {"S": "1"}, "e": {"S": "ada@example.com"}}
VALUES = {":v": {"S": "x"}}
TABLE = {"TableName": "t"}


@pytest.fixture
def dynamodb() -> FakeDynamoDb:
    fake = FakeDynamoDb()
    fake.add_table("t", "w", "e")
    fake.put_item(TableName="t", Item={**KEY, "n": {"N": "5"}, "s": {"S": "hello"}})
    return fake


@pytest.mark.parametrize(
    "condition",
    [
        "s <> :v",
        "NOT s = :v",
        "not (s = :v)",
        "s BETWEEN :v AND :v",
        "s IN (:v)",
        "attribute_exists(w) OR begins_with(s, :v)",
        "contains(s, :v)",
        "attribute_type(s, :v)",
        "size(s) = :v",
        "a.b = :v",
        "a[0] = :v",
    ],
)
def test_conditions(dynamodb: FakeDynamoDb, condition: str) -> None:
    with pytest.raises(NotModelledError):
        dynamodb.put_item(**TABLE, Item=KEY, ConditionExpression=condition, ExpressionAttributeValues=VALUES)
    with pytest.raises(NotModelledError):
        dynamodb.scan(**TABLE, FilterExpression=condition, ExpressionAttributeValues=VALUES)


@pytest.mark.parametrize(
    "expression",
    ["DELETE s :v", "SET s = :v DELETE n :v", "SET n = n + :v", "SET n = :v - n", "SET l = list_append(l, :v)"],
)
def test_updates(dynamodb: FakeDynamoDb, expression: str) -> None:
    with pytest.raises(NotModelledError):
        dynamodb.update_item(**TABLE, Key=KEY, UpdateExpression=expression, ExpressionAttributeValues=VALUES)


@pytest.mark.parametrize("condition", ["w = :v AND e = :v", "e > :v AND w = :v", "w > :v", "w = :v AND n = :v"])
def test_key_conditions_of_more_than_the_hash_key(dynamodb: FakeDynamoDb, condition: str) -> None:
    with pytest.raises(NotModelledError):
        dynamodb.query(**TABLE, KeyConditionExpression=condition, ExpressionAttributeValues=VALUES)


@pytest.mark.parametrize(
    "value",
    [{"SS": ["x"]}, {"NS": ["1"]}, {"BS": [b"x"]}, {"M": {"k": {"SS": ["x"]}}}, {"B": b"x"}, {"L": [{"NULL": True}]}],
)
def test_values(dynamodb: FakeDynamoDb, value: dict[str, Any]) -> None:
    with pytest.raises(NotModelledError):
        dynamodb.put_item(**TABLE, Item={**KEY, "v": value})
    update = {"UpdateExpression": "ADD v :v", "ExpressionAttributeValues": {":v": value}}
    with pytest.raises(NotModelledError):
        dynamodb.update_item(**TABLE, Key=KEY, **update)


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("transact_write_items", {"TransactItems": [{"Put": {**TABLE, "Item": KEY}}]}),
        ("batch_write_item", {"RequestItems": {"t": [{"DeleteRequest": {"Key": KEY}}]}}),
        ("batch_get_item", {"RequestItems": {"t": {"Keys": [KEY], "AttributesToGet": ["n"]}}}),
        ("batch_get_item", {"RequestItems": {"t": {"Keys": [KEY], "ConsistentRead": True}}}),
        ("batch_get_item", {"RequestItems": {"t": {"Keys": [KEY]}, "u": {"Keys": [KEY]}}}),
        ("put_item", {**TABLE, "Item": KEY, "ReturnValues": "ALL_OLD"}),
        ("delete_item", {**TABLE, "Key": KEY, "ReturnValues": "ALL_OLD"}),
        ("update_item", {**TABLE, "Key": KEY, "ReturnValues": "UPDATED_OLD"}),
        ("get_item", {**TABLE, "Key": KEY, "ReturnConsumedCapacity": "TOTAL"}),
        ("scan", {**TABLE, "Limit": 1}),
        ("scan", {**TABLE, "Select": "COUNT"}),
        ("scan", {**TABLE, "IndexName": "by-date"}),
    ],
)
def test_calls_and_parameters(dynamodb: FakeDynamoDb, name: str, params: dict[str, Any]) -> None:
    with pytest.raises(NotModelledError):
        getattr(dynamodb, name)(**params)
    assert len(dynamodb.rows("t")) == 1
