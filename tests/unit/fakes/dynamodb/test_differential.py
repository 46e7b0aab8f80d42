"""The fake DynamoDB against moto: the same calls, the same answers and error codes.

Where moto is not AWS the case is left out here and stands in `test_refusals.py`: numbers in normal
form, duplicates in sets, REMOVE without an item, values of different types compared, broken conditions.
"""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from tests.fakes.dynamodb.differential import KEY, ONE, SHOWN, Call, Pair, change, delete, get, put
from tests.fakes.dynamodb.tokens import RESERVED


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("dynamodb", region_name="us-east-1")


def test_the_reserved_words_are_the_same() -> None:
    assert frozenset(ReservedKeywords.get_reserved_keywords()) == RESERVED


NAMES: dict[str, Any] = {"ExpressionAttributeNames": {"#s": "status"}}
STORIES: dict[str, list[Call]] = {
    "nothing there": [get(), delete(ReturnValues="ALL_OLD")],
    "put and get": [put(), get(), get(ProjectionExpression="n, #b", ExpressionAttributeNames={"#b": "b"})],
    "old values": [put(ReturnValues="ALL_OLD"), put(KEY, ReturnValues="ALL_OLD"), delete(ReturnValues="ALL_OLD")],
    "wrong return values": [put(ReturnValues="ALL_NEW"), delete(ReturnValues="UPDATED_NEW")],
    "keys": [
        put({"w": {"S": "1"}}),
        put({**KEY, "w": {"S": ""}}),
        put({**KEY, "w": {"N": "1"}}),
        get(Key={"w": {"S": "1"}}),
        get(Key={**KEY, "e": {"S": ""}}),
    ],
    "values": [
        put({**KEY, "n": {"N": "abc"}}),
        put({**KEY, "s": {"SS": []}}),
        put({**KEY, "s": {"NULL": False}}),
        put({**KEY, "n": {"N": "1" * 39}}),
        put({**KEY, "s": {"S": "x" * 410_000}}),
    ],
    "no such table": [get(TableName="no"), put(TableName="no")],
    "condition": [
        put(ConditionExpression="attribute_exists(w)", **SHOWN),
        put(),
        put(ConditionExpression="attribute_not_exists(w)"),
        put(ConditionExpression="attribute_not_exists(w)", **SHOWN),
        delete(ConditionExpression="n > :one", ExpressionAttributeValues={":one": {"N": "9"}}, **SHOWN),
    ],
    "counting": [
        change("SET n = n + :one", ONE),
        change("SET n = if_not_exists(n, :one) + :one", ONE, ReturnValues="ALL_NEW"),
        change("SET n = if_not_exists(n, :one) + :one", ONE, ReturnValues="UPDATED_OLD"),
        change("SET n = :one - n, o = n", ONE, ReturnValues="UPDATED_NEW"),
        change("ADD n :one, p :one", ONE, ReturnValues="ALL_OLD"),
        get(),
    ],
    "sets": [
        put(),
        change("ADD tags :t", {":t": {"SS": ["y", "z"]}}, ReturnValues="ALL_NEW"),
        change("DELETE tags :t", {":t": {"SS": ["y", "q"]}}, ReturnValues="ALL_NEW"),
        change("DELETE tags :t", {":t": {"SS": ["x", "z"]}}, ReturnValues="ALL_NEW"),
        change("DELETE n :one", ONE),
    ],
    "removing": [
        put(),
        change("REMOVE n, b, zz", ReturnValues="ALL_NEW"),
        change("REMOVE l", ReturnValues="UPDATED_OLD"),
    ],
    "operands": [
        put(),
        change("SET b = b + :one", ONE),
        change("SET n = n + :s", {":s": {"S": "x"}}),
        change("ADD b :one", ONE),
        change("ADD n :s", {":s": {"S": "x"}}),
        change("SET n = zz", None),
    ],
    "placeholders": [
        change("SET status = :one", ONE),
        change("SET name = :one", ONE),
        change("SET #s = :one", ONE, ReturnValues="ALL_NEW", **NAMES),
        change("SET n = :two", ONE),
        change("SET n = :one", ONE | {":two": {"N": "2"}}),
        change("SET n = :one", ONE, **NAMES),
        change("REMOVE n", {}),
        get(ProjectionExpression="date"),
        get(**NAMES),
    ],
    "grammar": [
        change("", None),
        change("SET w = :one", ONE),
        change("SET n = :one, n = :one", ONE),
        change("SET n = :one REMOVE n", ONE),
        change("SET n = :one SET o = :one", ONE),
        change("FOO n = :one", ONE),
        change("SET n = :one REMOVE", ONE),
        change("SET n :one", ONE),
    ],
}


@pytest.mark.parametrize("story", STORIES)
def test_the_same_calls_have_the_same_outcome(moto: Any, story: str) -> None:
    pair = Pair(moto)
    for name, params in STORIES[story]:
        pair.agree(name, params)


CONDITIONS = [
    "n = :v", "n <> :v", "n IN (:v)", "zz <> :v", "zz = :v", "NOT zz = :v", "zz < :v", "NOT n = :v",
    "begins_with(b, :v)", "contains(b, :v)", "contains(tags, :v)", "begins_with(zz, :v)", "contains(zz, :v)",
    "attribute_type(n, :v)", "size(b) = :v", "size(tags) = :v", "n = :v OR b = :v", "n = :v AND b = :v",
    "NOT (n = :v OR b = :v)", "b = :v and n <> :v", "attribute_exists(n) AND n = :v", "(n = :v)", "((n = :v))",
    "attribute_not_exists(zz) OR n = :v", "tags = :v", "m = :v", "l = :v", "flag = :v", "status = :v",
    "zz IN (:v)", "n = :v OR n = :v AND zz = :v",
]  # fmt: skip
VALUES: list[dict[str, Any]] = [
    {"N": "5"}, {"N": "5.0"}, {"N": "4"}, {"S": "hello"}, {"S": "he"}, {"BOOL": True}, {"SS": ["y", "x"]},
    {"M": {"k": {"S": "v"}}}, {"L": [{"N": "1"}]}, {"S": "N"}, {"S": "x"},
]  # fmt: skip
# Constants of a type that an operator never takes: AWS refuses the call, moto compares, or breaks.
NEVER_TAKEN = {"zz < :v": {"BOOL", "SS", "M", "L"}, "begins_with(b, :v)": {"N", "BOOL", "SS", "M", "L"}}
NEVER_TAKEN["begins_with(zz, :v)"] = NEVER_TAKEN["begins_with(b, :v)"]
NEVER_TAKEN["attribute_type(n, :v)"] = {"N", "BOOL", "SS", "M", "L"}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_hold_for_the_same_values(moto: Any, condition: str) -> None:
    pair = Pair(moto)
    for value in VALUES:
        if set(value) & NEVER_TAKEN.get(condition, set()):
            continue
        pair.agree(*put())
        pair.agree(*put(KEY, ConditionExpression=condition, ExpressionAttributeValues={":v": value}))
