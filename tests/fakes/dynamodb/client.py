"""DynamoDB as boto3's low-level client shows it: get, put, update and delete of one item.

In: calls with typed values and expressions. Out: boto3's answers. Batches and transactions are in
`batches.py`, query and scan in `queries.py`, the expressions in `expressions.py`.
"""

from typing import TYPE_CHECKING, cast

from tests.fakes.client import Answer, operation
from tests.fakes.dynamodb.batches import Batches
from tests.fakes.dynamodb.expressions import Expressions
from tests.fakes.dynamodb.queries import Queries
from tests.fakes.dynamodb.store import Write
from tests.fakes.dynamodb.values import copy_item
from tests.fakes.errors import validation_error
from tests.fakes.faults import Params

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONDITIONAL = (
    "TableName",
    "ConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValues",
    "ReturnValuesOnConditionCheckFailure",
    "ReturnConsumedCapacity",
)
_BATCHES = {"batch_get_item", "batch_write_item"}


class FakeDynamoDb(Batches, Queries):
    """The tables of one account, with all calls that the fake knows."""

    @property
    def client(self) -> "DynamoDBClient":
        """Return itself, typed as the client it stands for."""
        return cast("DynamoDBClient", self)

    def throttle_table(self, name: str) -> None:
        """Throttle all calls that touch one table; batches give its entries back as unprocessed."""
        for batch in _BATCHES:
            self.fail_entries(batch, lambda entry: entry["TableName"] == name)
        self.fail_always(error=self.throttled_code, when=lambda params: params.get("TableName") == name)

    @operation(
        "TableName",
        "Key",
        "ConsistentRead",
        "ProjectionExpression",
        "ExpressionAttributeNames",
        "ReturnConsumedCapacity",
    )
    def get_item(self, params: Params) -> Answer:
        """GetItem."""
        table = self._table(params["TableName"])
        key = table.key(params["Key"])
        expressions = Expressions(params)
        before = table.consumed.read
        item = self._read(table, key, consistent=params.get("ConsistentRead", False))
        answer: Answer = {} if item is None else {"Item": copy_item(expressions.projected(item))}
        return self._with_capacity(answer, params, table.consumed.read - before)

    @operation("Item", *_CONDITIONAL)
    def put_item(self, params: Params) -> Answer:
        """PutItem."""
        _check_return_values(params, "NONE", "ALL_OLD")
        return self._finish(params, self._judge_put(params))

    @operation("Key", *_CONDITIONAL)
    def delete_item(self, params: Params) -> Answer:
        """DeleteItem."""
        _check_return_values(params, "NONE", "ALL_OLD")
        return self._finish(params, self._judge_delete(params))

    @operation("Key", "UpdateExpression", *_CONDITIONAL)
    def update_item(self, params: Params) -> Answer:
        """UpdateItem."""
        return self._finish(params, self._judge_update(params))

    def _finish(self, params: Params, write: Write) -> Answer:
        units = self._do(write)
        asked = params.get("ReturnValues", "NONE")
        answer: Answer = {}
        if asked == "ALL_OLD":
            answer = self._attributes(write.old)
        elif asked == "ALL_NEW":
            answer = self._attributes(write.new)
        elif asked == "UPDATED_OLD":
            answer = self._attributes(write.old, write.touched)
        elif asked == "UPDATED_NEW":
            answer = self._attributes(write.new, write.touched)
        return self._with_capacity(answer, params, units)

    def _with_capacity(self, answer: Answer, params: Params, units: float) -> Answer:
        capacity = self._capacity(params, {params["TableName"]: units})
        return answer | ({"ConsumedCapacity": capacity[0]} if capacity else {})


def _check_return_values(params: Params, *allowed: str) -> None:
    if params.get("ReturnValues", "NONE") not in allowed:
        raise validation_error("Return values set to invalid value")
