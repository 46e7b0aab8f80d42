"""What AWS refuses or normalises and moto does not, so that no differential test covers it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes import FakeDynamoDb

KEY = {"id": {"S": "1"}}
ONE = {":one": {"N": "1"}}


@pytest.fixture
def dynamodb() -> FakeDynamoDb:
    fake = FakeDynamoDb()
    fake.add_table("t", "id")
    fake.put_item(TableName="t", Item={**KEY, "n": {"N": "5"}, "l": {"L": []}})
    return fake


def refused(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**({"TableName": "t"} | params))
    assert error.value.response["Error"]["Code"] == "ValidationException"
    return str(error.value.response["Error"]["Message"])


def holds(dynamodb: FakeDynamoDb, condition: str, values: dict[str, Any]) -> bool:
    try:
        dynamodb.update_item(
            TableName="t",
            Key=KEY,
            UpdateExpression="SET seen = :one",
            ConditionExpression=condition,
            ExpressionAttributeValues=values | ONE,
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


@pytest.mark.parametrize(
    ("given", "returned"),
    [("1.50", "1.5"), ("1E3", "1000"), ("-0", "0"), ("007", "7"), ("100", "100"), ("1e-3", "0.001")],
)
def test_numbers_come_back_in_normal_form(dynamodb: FakeDynamoDb, given: str, returned: str) -> None:
    dynamodb.put_item(TableName="t", Item={**KEY, "n": {"N": given}})
    assert dynamodb.get_item(TableName="t", Key=KEY)["Item"]["n"] == {"N": returned}


@pytest.mark.parametrize(
    "value",
    [
        {"N": "NaN"},
        {"N": "1e126"},
        {"S": "a", "N": "1"},
        {},
    ],
)
def test_values_that_cannot_be_stored(dynamodb: FakeDynamoDb, value: dict[str, Any]) -> None:
    assert refused(dynamodb.put_item, Item={**KEY, "v": value})


def test_an_item_of_exactly_400_kb_is_stored_and_one_byte_more_is_not(dynamodb: FakeDynamoDb) -> None:
    fitting = "x" * (400 * 1024 - len("id" + "1" + "v"))
    dynamodb.put_item(TableName="t", Item={**KEY, "v": {"S": fitting}})
    assert "Item size" in refused(dynamodb.put_item, Item={**KEY, "v": {"S": fitting + "x"}})
    update = {"UpdateExpression": "SET more = :one", "ExpressionAttributeValues": ONE}
    assert "Item size to update" in refused(dynamodb.update_item, Key=KEY, **update)


@pytest.mark.parametrize("key", [{"id": {"N": "1"}}, {"id": {"S": ""}}, {"other": {"S": "1"}}, {}])
def test_keys_of_another_schema(dynamodb: FakeDynamoDb, key: dict[str, Any]) -> None:
    assert refused(dynamodb.get_item, Key=key)


def test_keys_that_are_too_long(dynamodb: FakeDynamoDb) -> None:
    dynamodb.get_item(TableName="t", Key={"id": {"S": "x" * 2048}})
    assert refused(dynamodb.get_item, Key={"id": {"S": "ö" * 1025}})


@pytest.mark.parametrize(
    "condition",
    [
        "n == :one",
        "n = :one AND",
        "n = :one = :one",
        "attribute_exists(:one)",
        "foo(n, :one)",
        "attribute_exists(n, s)",
        "n > :one)",
        "(n > :one",
        "n & :one",
    ],
)
def test_broken_conditions(dynamodb: FakeDynamoDb, condition: str) -> None:
    params = {"ConditionExpression": condition, "ExpressionAttributeValues": ONE}
    assert refused(dynamodb.put_item, Item=KEY, **params).startswith("Invalid ConditionExpression: ")


def test_undefined_names_and_empty_names(dynamodb: FakeDynamoDb) -> None:
    update = {"UpdateExpression": "SET #a = :one", "ExpressionAttributeValues": ONE}
    assert "not defined" in refused(dynamodb.update_item, Key=KEY, **update)
    named = {"UpdateExpression": "SET a = :one", "ExpressionAttributeValues": ONE}
    assert "must not be empty" in refused(dynamodb.update_item, Key=KEY, ExpressionAttributeNames={}, **named)


def test_reserved_words_are_refused_in_any_case_and_everywhere(dynamodb: FakeDynamoDb) -> None:
    for word in ("status", "Name", "DATE", "ttl", "count"):
        assert "reserved keyword" in refused(
            dynamodb.put_item, Item=KEY, ConditionExpression=f"attribute_exists({word})"
        )
        assert "reserved keyword" in refused(dynamodb.get_item, Key=KEY, ProjectionExpression=word)
        assert "reserved keyword" in refused(dynamodb.update_item, Key=KEY, UpdateExpression=f"REMOVE {word}")


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ("n < :v", {"S": "x"}, False),
        ("n >= :v", {"S": "x"}, False),
        ("zz = yy OR n = :v", {"N": "4"}, False),
    ],
)
def test_comparisons_with_missing_attributes_or_other_types(
    dynamodb: FakeDynamoDb, condition: str, value: dict[str, Any], expected: bool
) -> None:
    assert holds(dynamodb, condition, {":v": value}) is expected


def test_constants_that_have_no_order(dynamodb: FakeDynamoDb) -> None:
    params = {"ConditionExpression": "n < :v", "ExpressionAttributeValues": {":v": {"BOOL": True}}}
    assert "Incorrect operand type" in refused(dynamodb.put_item, Item=KEY, **params)


@pytest.mark.parametrize("number", ["1", "2"])
def test_updated_new_returns_exactly_the_updated_attributes(dynamodb: FakeDynamoDb, number: str) -> None:
    # moto adds the key of an item that it creates, and leaves out attributes whose value stays the same.
    for _ in range(2):
        response = dynamodb.update_item(
            TableName="t",
            Key={"id": {"S": number}},
            UpdateExpression="SET n = :one REMOVE l",
            ExpressionAttributeValues=ONE,
            ReturnValues="UPDATED_NEW",
        )
        assert response["Attributes"] == {"n": {"N": "1"}}


def test_remove_creates_no_item(dynamodb: FakeDynamoDb) -> None:
    dynamodb.update_item(TableName="t", Key={"id": {"S": "2"}}, UpdateExpression="REMOVE n")
    assert len(dynamodb.rows("t")) == 1
    dynamodb.update_item(TableName="t", Key={"id": {"S": "2"}})
    assert len(dynamodb.rows("t")) == 2


def test_changing_a_returned_item_does_not_change_the_stored_one(dynamodb: FakeDynamoDb) -> None:
    item = dynamodb.get_item(TableName="t", Key=KEY)["Item"]
    item["n"]["N"] = "6"
    item["l"]["L"].append({"S": "y"})
    assert dynamodb.get_item(TableName="t", Key=KEY)["Item"]["l"] == {"L": []}
    assert dynamodb.get_item(TableName="t", Key=KEY)["Item"]["n"] == {"N": "5"}


@pytest.mark.parametrize("parameter", ["UpdateExpression", "ConditionExpression"])
def test_an_expression_has_4_096_bytes_at_most(dynamodb: FakeDynamoDb, parameter: str) -> None:
    def expressions(size: int) -> dict[str, Any]:
        text = {"UpdateExpression": "SET seen = :one", "ConditionExpression": "attribute_exists(id)"}
        text[parameter] = text[parameter].ljust(size)
        return {"Key": KEY, **text, "ExpressionAttributeValues": ONE}

    dynamodb.update_item(TableName="t", **expressions(4_096))
    message = refused(dynamodb.update_item, **expressions(4_097))
    assert message == (
        f"Invalid {parameter}: Expression size has exceeded the maximum allowed size; expression size: 4097"
    )


def test_a_placeholder_has_255_bytes_at_most(dynamodb: FakeDynamoDb) -> None:
    def call(name: str) -> dict[str, Any]:
        names = {f"#{name}": "seen"}
        expression = f"SET #{name} = :one"
        return {
            "Key": KEY,
            "UpdateExpression": expression,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": ONE,
        }

    dynamodb.update_item(TableName="t", **call("n" * 254))
    assert "255" in refused(dynamodb.update_item, **call("n" * 255))
