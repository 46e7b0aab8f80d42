"""One table in moto and in the fake, to compare the outcomes of the same calls."""

import uuid
from typing import Any

from botocore.exceptions import ClientError

from tests.fakes.dynamodb.client import FakeDynamoDb

KEY = {"w": {"S": "1"}, "e": {"S": "ada@example.com"}}
FULL = {
    **KEY,
    "n": {"N": "5"},
    "b": {"S": "hello"},
    "flag": {"BOOL": True},
    "l": {"L": [{"N": "1"}]},
    "m": {"M": {"k": {"S": "v"}}},
}
ONE = {":one": {"N": "1"}}
SHOWN: dict[str, Any] = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}

Call = tuple[str, dict[str, Any]]


class Pair:
    """One new table in moto and in the fake."""

    def __init__(self, moto: Any) -> None:
        """Make the table `w`, `e` twice; `moto` is a boto3 client under `mock_aws`."""
        self.table = f"t-{uuid.uuid4()}"
        self.moto = moto
        self.fake = FakeDynamoDb()
        self.fake.add_table(self.table, "w", "e")
        moto.create_table(
            TableName=self.table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in "we"],
            KeySchema=[
                {"AttributeName": "w", "KeyType": "HASH"},
                {"AttributeName": "e", "KeyType": "RANGE"},
            ],
        )

    def agree(self, name: str, params: dict[str, Any]) -> Any:
        """Make the call to both, check that the outcomes are equal, and return it."""
        params = {"TableName": self.table} | params
        theirs, ours = (outcome(getattr(client, name), params) for client in (self.moto, self.fake))
        assert ours == theirs, (name, params)
        return ours


def outcome(call: Any, params: dict[str, Any]) -> Any:
    """Return the comparable part of a response, or the code and item of an error."""
    try:
        answer = call(**params)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response.get("Item")
    # moto returns the units of an update without being requested to.
    for name in ("ResponseMetadata", "ConsumedCapacity", "ItemCollectionMetrics"):
        answer.pop(name, None)
    return answer


def put(item: dict[str, Any] | None = None, **more: Any) -> Call:
    """Return a PutItem, of the full item if none is given."""
    return "put_item", {"Item": FULL if item is None else item, **more}


def get(**more: Any) -> Call:
    """Return a GetItem of the sample key."""
    return "get_item", {"Key": KEY, **more}


def delete(**more: Any) -> Call:
    """Return a DeleteItem of the sample key."""
    return "delete_item", {"Key": KEY, **more}


def change(expression: str, values: dict[str, Any] | None = None, **more: Any) -> Call:
    """Return an UpdateItem of the sample key."""
    given_values = {"ExpressionAttributeValues": values} if values is not None else {}
    return "update_item", {"Key": KEY, "UpdateExpression": expression, **given_values, **more}


def query(condition: str, values: dict[str, Any], **more: Any) -> Call:
    """Return a Query."""
    return "query", {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, **more}
