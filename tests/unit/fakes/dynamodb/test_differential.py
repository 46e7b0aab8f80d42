"""The fake DynamoDB against moto: the same calls, the same answers and error codes.

Cases in which moto differs from AWS are in `test_refusals.py`: numbers in normal form, REMOVE without an item,
comparing values of different types, broken conditions.
"""

from typing import Any

import pytest
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from tests.fakes.dynamodb.tokens import RESERVED
from tests.unit.fakes.dynamodb.differential import KEY, ONE, SHOWN, Call, Pair, change, delete, get, outcome, put, query


def test_the_reserved_words_are_the_same() -> None:
    assert frozenset(ReservedKeywords.get_reserved_keywords()) == RESERVED


NAMES: dict[str, Any] = {"ExpressionAttributeNames": {"#s": "status"}}
SEQUENCES: dict[str, list[Call]] = {
    "nothing there": [get(), delete()],
    "put and get": [put(), get(), get(ProjectionExpression="n, #b", ExpressionAttributeNames={"#b": "b"})],
    "put, replaced and deleted": [put(), put(KEY), get(), delete(), get()],
    "keys": [
        put({"w": {"S": "1"}}),
        put({**KEY, "w": {"S": ""}}),
        put({**KEY, "w": {"N": "1"}}),
        get(Key={"w": {"S": "1"}}),
        get(Key={**KEY, "e": {"S": ""}}),
    ],
    "values": [
        put({**KEY, "n": {"N": "abc"}}),
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
        change("ADD n :one", ONE, ReturnValues="ALL_NEW"),
        change("SET o = if_not_exists(n, :one), p = :one", ONE, ReturnValues="UPDATED_NEW"),
        change("SET o = :one ADD n :one, p :one", ONE, ReturnValues="ALL_OLD"),
        change("SET o = n, q = if_not_exists(zz, n)", ReturnValues="UPDATED_NEW"),
        get(),
    ],
    "removing": [
        put(),
        change("REMOVE n, b, zz", ReturnValues="ALL_NEW"),
        change("REMOVE l", ReturnValues="ALL_OLD"),
        get(),
    ],
    "operands": [
        put(),
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


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_the_same_calls_have_the_same_outcome(moto: Any, sequence: str) -> None:
    pair = Pair(moto)
    for name, params in SEQUENCES[sequence]:
        pair.agree(name, params)


CONDITIONS = [
    "n = :v", "zz = :v", "zz < :v", "n = :v OR b = :v", "n = :v AND b = :v", "b = :v and n = :v",
    "attribute_exists(n) AND n = :v", "(n = :v)", "((n = :v))", "attribute_not_exists(zz) OR n = :v",
    "m = :v", "l = :v", "flag = :v", "status = :v", "n = :v OR n = :v AND zz = :v",
    "(attribute_not_exists(zz) OR zz < :v) AND (attribute_not_exists(n) OR n = :v)",
]  # fmt: skip
VALUES: list[dict[str, Any]] = [
    {"N": "5"}, {"N": "5.0"}, {"N": "4"}, {"S": "hello"}, {"S": "hell"}, {"BOOL": True},
    {"M": {"k": {"S": "v"}}}, {"L": [{"N": "1"}]}, {"S": "N"},
]  # fmt: skip
# Constants without an order: AWS refuses the call, moto compares.
UNORDERED = {"BOOL", "M", "L"}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_hold_for_the_same_values(moto: Any, condition: str) -> None:
    pair = Pair(moto)
    for value in VALUES:
        if "<" in condition and value.keys() & UNORDERED:
            continue
        pair.agree(*put())
        pair.agree(*put(KEY, ConditionExpression=condition, ExpressionAttributeValues={":v": value}))


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
        query("w = :w", hash_value, ExclusiveStartKey=third, ProjectionExpression="n"),
        query("w = :w", {":w": {"S": "2"}}),
        query("w = :w", hash_value | {":n": {"N": "3"}}, FilterExpression="n > :n"),
        query("e = :w", hash_value),
    ]:
        pair.agree(*call)
    for client in (pair.moto, pair.fake):
        client.batch_write_item(RequestItems={pair.table: [{"PutRequest": {"Item": row(7)}}]})
    pair.agree(*query("w = :w", hash_value))
    keys = [{"w": {"S": "1"}, "e": {"S": "99"}}, {"w": {"S": "1"}, "e": {"S": "4"}}]
    answers = [
        client.batch_get_item(RequestItems={pair.table: {"Keys": keys}})["Responses"]
        for client in (pair.moto, pair.fake)
    ]
    assert answers[0] == answers[1] == {pair.table: [row(4)]}
    for repeated in ({"Keys": [third, third]}, {"Keys": [row(n) for n in range(101)]}):
        codes = [outcome(c.batch_get_item, {"RequestItems": {pair.table: repeated}}) for c in (pair.moto, pair.fake)]
        assert codes[0] == codes[1] == ("ValidationException", None)
