"""DynamoDB's calls that look for items: Query and Scan of a table.

In: key condition, filter, projection, limit and start key. Out: a page of items, and the key to go on from.
Indexes and parallel scans are not modelled.
"""

from collections.abc import Iterable

from tests.fakes.client import Answer, operation
from tests.fakes.dynamodb.expressions import Expressions
from tests.fakes.dynamodb.parser import Node
from tests.fakes.dynamodb.store import TableStore
from tests.fakes.dynamodb.table import Key, Table, read_units
from tests.fakes.dynamodb.values import Item, copy_item, item_bytes
from tests.fakes.errors import NotModelledError, ServiceError, validation_error
from tests.fakes.faults import Params

# API references of Query and Scan: a page ends at 1 MB read.
MAX_PAGE_BYTES = 1024 * 1024
_RANGE_CONDITIONS = frozenset({"=", "<", "<=", ">", ">=", "between", "begins_with"})
_COMMON = (
    "TableName",
    "FilterExpression",
    "ProjectionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "Limit",
    "ExclusiveStartKey",
    "ConsistentRead",
    "Select",
    "ReturnConsumedCapacity",
)


class Queries(TableStore):
    """Query and scan."""

    @operation("KeyConditionExpression", "ScanIndexForward", *_COMMON)
    def query(self, params: Params) -> Answer:
        """Query."""
        table = self._table(params["TableName"])
        expressions = Expressions(params)
        parsed = expressions.get("KeyConditionExpression")
        if parsed is None or parsed.condition is None:
            raise validation_error("Either the KeyConditions or KeyConditionExpression parameter must be specified")
        hash_value = _hash_value(table, expressions, parsed.condition)
        found = table.partition(hash_value, forward=params.get("ScanIndexForward", True))
        fitting = ((key, item) for key, item in found if expressions.holds("KeyConditionExpression", item))
        return self._page(params, table, expressions, fitting)

    @operation(*_COMMON)
    def scan(self, params: Params) -> Answer:
        """Scan."""
        table = self._table(params["TableName"])
        return self._page(params, table, Expressions(params), table.everything())

    def _page(
        self, params: Params, table: Table, expressions: Expressions, found: Iterable[tuple[Key, Item]]
    ) -> Answer:
        if params.get("Limit", 1) < 1:
            raise validation_error("Limit must be greater than or equal to 1")
        rest = list(found)
        if "ExclusiveStartKey" in params:
            rest = _after(table.key(params["ExclusiveStartKey"]), rest)
        page, size, more = _first_page(rest, params.get("Limit"))
        units = read_units(size, consistent=params.get("ConsistentRead", False))
        table.consumed.read += units
        chosen = [item for _, item in page if expressions.holds("FilterExpression", item)]
        answer: Answer = {"Count": len(chosen), "ScannedCount": len(page)}
        if params.get("Select") != "COUNT":
            answer["Items"] = [copy_item(expressions.projected(item)) for item in chosen]
        if more:
            answer["LastEvaluatedKey"] = table.key_item(page[-1][0])
        capacity = self._capacity(params, {table.name: units})
        return answer | ({"ConsumedCapacity": capacity[0]} if capacity else {})


def _first_page(rest: list[tuple[Key, Item]], limit: int | None) -> tuple[list[tuple[Key, Item]], int, bool]:
    """Return the page, its bytes, and whether it ended by a limit: then there is a key to go on from, items or not."""
    size = 0
    for count, (_, item) in enumerate(rest, start=1):
        size += item_bytes(item)
        if count == limit or size >= MAX_PAGE_BYTES:
            return rest[:count], size, True
    return rest, size, False


def _after(start: Key, found: list[tuple[Key, Item]]) -> list[tuple[Key, Item]]:
    keys = [key for key, _ in found]
    if start not in keys:
        # AWS goes on from where the key would be; no caller of ours starts from a key that it did not get.
        raise NotModelledError("ExclusiveStartKey of an item that is not there")
    return found[keys.index(start) + 1 :]


def _hash_value(table: Table, expressions: Expressions, condition: Node) -> str:
    """Return the partition that a key condition asks for, and refuse what is no key condition."""
    parts = condition.children if condition.kind == "and" else (condition,)
    hash_value, others = None, []
    for part in parts:
        path, *constants = part.children
        is_plain = path.kind == "path" and all(constant.kind == "value" for constant in constants)
        if not is_plain or part.kind not in _RANGE_CONDITIONS:
            raise _no_key_condition()
        if expressions.name(path) == table.hash_key and part.kind == "=" and hash_value is None:
            hash_value = expressions.operand(constants[0], {})
        else:
            others.append(expressions.name(path))
    if hash_value is None:
        raise validation_error(f"Query condition missed key schema element: {table.hash_key}")
    if others not in ([], [table.range_key]):
        raise _no_key_condition()
    if not hash_value.get("S"):
        raise validation_error("One or more parameter values were invalid: Condition parameter type does not match")
    return str(hash_value["S"])


def _no_key_condition() -> ServiceError:
    return validation_error("Query key condition not supported")
