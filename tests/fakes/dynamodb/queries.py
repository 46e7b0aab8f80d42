"""Query and Scan, with key condition, filter, projection and start key.

Not modelled: conditions on the range key, `Limit`, indexes, parallel scans.
"""

from collections.abc import Iterable

from tests.fakes.client import Response, operation
from tests.fakes.dynamodb.expressions import Expressions
from tests.fakes.dynamodb.parser import Node
from tests.fakes.dynamodb.store import TableStore
from tests.fakes.dynamodb.table import Key, Table, read_units
from tests.fakes.dynamodb.values import Item, copy_item, item_bytes
from tests.fakes.errors import NotModelledError, validation_error
from tests.fakes.faults import Params

# API references of Query and Scan: a page ends at 1 MB read.
MAX_PAGE_BYTES = 1024 * 1024
_COMMON = (
    "TableName",
    "FilterExpression",
    "ProjectionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ExclusiveStartKey",
)


class Queries(TableStore):
    """Calls that return pages of items."""

    @operation("KeyConditionExpression", *_COMMON)
    def query(self, params: Params) -> Response:
        """Return a page of one partition (Query)."""
        table = self._table(params["TableName"])
        expressions = Expressions(params)
        parsed = expressions.get("KeyConditionExpression")
        if parsed is None or parsed.condition is None:
            raise validation_error("Either the KeyConditions or KeyConditionExpression parameter must be specified")
        hash_value = _hash_value(table, expressions, parsed.condition)
        answer, units = self._page(params, table, expressions, table.partition(hash_value))
        self._consume_read(table, hash_value, units)
        return answer

    @operation("ConsistentRead", *_COMMON)
    def scan(self, params: Params) -> Response:
        """Return a page of the table (Scan)."""
        table = self._table(params["TableName"])
        answer, units = self._page(params, table, Expressions(params), table.everything())
        table.consumed.read += units  # of many partitions: their limits do not apply
        return answer

    def _page(
        self, params: Params, table: Table, expressions: Expressions, found: Iterable[tuple[Key, Item]]
    ) -> tuple[Response, float]:
        """Return the page, and the units of reading it."""
        rest = list(found)
        if "ExclusiveStartKey" in params:
            rest = _after(table.key(params["ExclusiveStartKey"]), rest)
        page, size, more = _first_page(rest)
        chosen = [item for _, item in page if expressions.holds("FilterExpression", item)]
        items = [copy_item(expressions.projected(item)) for item in chosen]
        answer: Response = {"Items": items, "Count": len(chosen), "ScannedCount": len(page)}
        if more:
            answer["LastEvaluatedKey"] = table.key_item(page[-1][0])
        return answer, read_units(size)


def _first_page(rest: list[tuple[Key, Item]]) -> tuple[list[tuple[Key, Item]], int, bool]:
    """Return the page, its bytes, and whether its size ended it: then AWS returns a LastEvaluatedKey."""
    size = 0
    for count, (_, item) in enumerate(rest, start=1):
        size += item_bytes(item)
        if size >= MAX_PAGE_BYTES:
            return rest[:count], size, True
    return rest, size, False


def _after(start: Key, found: list[tuple[Key, Item]]) -> list[tuple[Key, Item]]:
    keys = [key for key, _ in found]
    if start not in keys:
        # AWS continues from where the key would be; our code only passes keys that it received.
        raise NotModelledError("ExclusiveStartKey of a missing item")
    return found[keys.index(start) + 1 :]


def _hash_value(table: Table, expressions: Expressions, condition: Node) -> str:
    """Return the partition of a key condition."""
    if condition.kind != "=" or [child.kind for child in condition.children] != ["path", "value"]:
        raise NotModelledError("KeyConditionExpression: anything but `hash key = :value`")
    path, constant = condition.children
    if expressions.name(path) != table.hash_key:
        raise validation_error(f"Query condition missed key schema element: {table.hash_key}")
    value = expressions.values[constant.text]
    if not value.get("S"):
        raise validation_error("One or more parameter values were invalid: Condition parameter type does not match")
    return str(value["S"])
