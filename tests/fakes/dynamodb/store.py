"""The base of the fake DynamoDB: tables, conditional writes, consumed units, stale reads."""

from dataclasses import dataclass
from typing import Any, Unpack

from boto3.dynamodb.types import TypeDeserializer

from tests.fakes.client import FakeClient, Options
from tests.fakes.clock import VirtualClock
from tests.fakes.dynamodb.expressions import Expressions
from tests.fakes.dynamodb.table import Key, Table, check_size, condition_failed, read_units, write_units
from tests.fakes.dynamodb.throughput import PartitionLimits
from tests.fakes.dynamodb.update import update
from tests.fakes.dynamodb.values import Item, item_bytes
from tests.fakes.errors import ServiceError
from tests.fakes.faults import Params


@dataclass
class Write:
    """A write that was checked and not yet applied."""

    table: Table
    key: Key
    old: Item | None
    new: Item | None
    touched: tuple[str, ...] = ()


class Throttled(ServiceError):
    """The error of a call that exceeds what a partition can serve."""


class TableStore(FakeClient):
    """The tables of one account."""

    service = "dynamodb"

    def __init__(self, clock: VirtualClock | None = None, **options: Unpack[Options]) -> None:
        """Create it without tables."""
        super().__init__(clock, **options)
        self.tables: dict[str, Table] = {}
        self._stale_left: int | None = 0
        self._stale_for_s = float("inf")
        self._written_at_s: dict[tuple[str, Key], float] = {}
        self._partition_limits: PartitionLimits | None = None

    def add_table(self, name: str, hash_key: str, range_key: str | None = None) -> None:
        """Create a table whose key attributes are strings."""
        self.tables[name] = Table(name, hash_key, range_key)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return all items of a table, sorted by key, as plain Python values (numbers as Decimal)."""
        reader: Any = TypeDeserializer()
        with self.lock:
            items = self._table(name).items()
        return [{key: reader.deserialize(value) for key, value in item.items()} for item in items]

    def stale_reads(self, times: int | None = None, *, for_s: float = float("inf")) -> None:
        """Let gets see each item as before its last write: `times` items, None: until 0.

        Only for items written less than `for_s` seconds ago: on AWS stale reads end "usually within a second".
        """
        self._stale_left, self._stale_for_s = times, for_s

    def limit_partitions(self, *, burst_s: float = 1.0) -> None:
        """Serve no more units per second of one partition key than DynamoDB does; without it there is no limit."""
        self._partition_limits = PartitionLimits.of(self.clock, burst_s)

    def _table(self, name: str) -> Table:
        if name not in self.tables:
            raise ServiceError("ResourceNotFoundException", "Requested resource not found")
        return self.tables[name]

    def _read(self, table: Table, key: Key, *, is_consistent: bool = False) -> Item | None:
        """Read one item, and count its units."""
        item = table.get(key)
        age_s = self.clock() - self._written_at_s.get((table.name, key), float("-inf"))
        if not is_consistent and self._stale_left != 0 and age_s < self._stale_for_s:
            item = table.get_before(key)
            if self._stale_left is not None:
                self._stale_left -= 1
        self._consume_read(table, key[0], (1 + is_consistent) * read_units(item_bytes(item or {})))
        return item

    def _consume_read(self, table: Table, hash_value: str, units: float) -> None:
        """Count the units of a read of one partition, or refuse it."""
        if self._partition_limits and not self._partition_limits.reads.take((table.name, hash_value), units):
            raise self._throttled()
        table.consumed.read += units

    def _consume_write(self, write: Write, units: float) -> None:
        """Count the units of a write, or refuse it."""
        if self._partition_limits and not self._partition_limits.writes.take((write.table.name, write.key[0]), units):
            raise self._throttled()
        write.table.consumed.write += units

    def _throttled(self) -> Throttled:
        return Throttled(self.throttled_code, "Throughput exceeds the current capacity of your table or index.")

    def _checked_put(self, params: Params) -> Write:
        table = self._table(params["TableName"])
        key, new = table.checked(params["Item"])
        return self._check_condition(params, Write(table, key, table.get(key), new))

    def _checked_delete(self, params: Params) -> Write:
        table = self._table(params["TableName"])
        key = table.key(params["Key"])
        return self._check_condition(params, Write(table, key, table.get(key), None))

    def _checked_update(self, params: Params) -> Write:
        table = self._table(params["TableName"])
        key = table.key(params["Key"])
        old = table.get(key)
        expressions = Expressions(params)
        # The condition first, as on AWS: where it fails, the update is not evaluated.
        self._check_condition(params, Write(table, key, old, old), expressions)
        outcome = update(expressions, old or table.key_item(key), table.keys)
        if old is None and outcome.only_removes:
            return Write(table, key, None, None)
        check_size(outcome.item, "Item size to update has exceeded the maximum allowed size")
        return Write(table, key, old, outcome.item, tuple(outcome.touched))

    def _check_condition(self, params: Params, write: Write, expressions: Expressions | None = None) -> Write:
        """Return the write if its condition holds."""
        if not (expressions or Expressions(params)).holds("ConditionExpression", write.old or {}):
            # A refused write consumes units too.
            self._consume_write(write, write_units(write.old))
            shown = params.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            raise condition_failed(write.old, shown=shown)
        return write

    def _apply(self, write: Write) -> None:
        """Apply a write, and count its units."""
        self._consume_write(write, write_units(write.old, write.new))
        self._written_at_s[write.table.name, write.key] = self.clock()
        write.table.write(write.key, write.new)
