"""A fake DynamoDB in the shape of boto3's low-level client: get, put, update and delete of one item.

Batches are in `batches.py`, query and scan in `queries.py`, the expressions in `expressions.py`. Features that this
repository does not use raise NotModelledError: transactions, sets, `ReturnConsumedCapacity`, and more
(`test_not_modelled.py`).
"""

from typing import TYPE_CHECKING, NoReturn, cast

from tests.fakes.client import Response, operation
from tests.fakes.dynamodb.batches import Batches
from tests.fakes.dynamodb.expressions import Expressions
from tests.fakes.dynamodb.queries import Queries
from tests.fakes.dynamodb.values import copy_item
from tests.fakes.errors import NotModelledError
from tests.fakes.faults import Params

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONDITIONAL = (
    "TableName",
    "ConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValuesOnConditionCheckFailure",
)


class FakeDynamoDb(Batches, Queries):
    """The tables of one account, with all modelled calls."""

    @property
    def client(self) -> "DynamoDBClient":
        """Return itself, typed as the client it stands for."""
        return cast("DynamoDBClient", self)

    def throttle_table(self, name: str) -> None:
        """Throttle all calls to one table."""
        self.fail_always(
            error=self.throttled_code,
            when=lambda params: name in (params.get("TableName"), *params.get("RequestItems", ())),
        )

    @operation("TableName", "Key", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames")
    def get_item(self, params: Params) -> Response:
        """GetItem: one item, or no `Item` if there is none."""
        table = self._table(params["TableName"])
        key = table.key(params["Key"])
        expressions = Expressions(params)
        item = self._read(table, key, is_consistent=params.get("ConsistentRead", False))
        return {} if item is None else {"Item": copy_item(expressions.projected(item))}

    @operation("Item", *_CONDITIONAL)
    def put_item(self, params: Params) -> Response:
        """Write one item (PutItem)."""
        self._apply(self._checked_put(params))
        return {}

    @operation("Key", *_CONDITIONAL)
    def delete_item(self, params: Params) -> Response:
        """Delete one item (DeleteItem)."""
        self._apply(self._checked_delete(params))
        return {}

    @operation("Key", "UpdateExpression", "ReturnValues", *_CONDITIONAL)
    def update_item(self, params: Params) -> Response:
        """Change one item (UpdateItem)."""
        wanted = params.get("ReturnValues", "NONE")
        if wanted not in ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_NEW"):
            raise NotModelledError(f"ReturnValues: {wanted}")
        write = self._checked_update(params)
        self._apply(write)
        if wanted == "NONE":
            return {}
        item = (write.old if wanted == "ALL_OLD" else write.new) or {}
        names = write.touched if wanted == "UPDATED_NEW" else item.keys()
        attributes = {name: value for name, value in item.items() if name in names}
        return {"Attributes": copy_item(attributes)} if attributes else {}

    def transact_write_items(self, **_: object) -> NoReturn:
        """Raise NotModelledError (TransactWriteItems)."""
        raise NotModelledError("dynamodb.transact_write_items")
