"""BatchGetItem and BatchWriteItem, of puts, of one table.

Entries selected by `fail_entries` or by chaos, or beyond what their partition can serve, are returned as unprocessed,
and so are keys beyond 16 MB of a response. If all entries fail, the call fails, as on AWS.
"""

from typing import Any

from tests.fakes.client import Response, operation
from tests.fakes.dynamodb.store import TableStore, Throttled, Write
from tests.fakes.dynamodb.table import Table
from tests.fakes.dynamodb.values import copy_item, item_bytes
from tests.fakes.errors import NotModelledError, validation_error
from tests.fakes.faults import Params

# Source: API references of both calls.
MAX_GETS = 100
MAX_WRITES = 25
MAX_RESPONSE_BYTES = 16 * 1024 * 1024


class Batches(TableStore):
    """Calls for several items."""

    @operation("RequestItems")
    def batch_get_item(self, params: Params) -> Response:
        """BatchGetItem; the items come back in no order, those that are not there not at all."""
        table, request = self._one_table(params)
        if request.keys() != {"Keys"}:
            raise NotModelledError(f"dynamodb.batch_get_item: {sorted(request)}")
        keys = list(request["Keys"])
        different = len({table.key(key) for key in keys})
        if not 1 <= len(keys) <= MAX_GETS or different < len(keys):
            raise validation_error(f"No keys, more than {MAX_GETS}, or duplicates: {len(keys)}, {different} different")
        failing = self._failing("batch_get_item", [{"Key": key} for key in keys])
        self.random.shuffle(keys)
        found: list[Any] = []
        left: list[Any] = []
        response_bytes = 0
        for key in keys:
            if {"Key": key} in failing or response_bytes > MAX_RESPONSE_BYTES:
                left.append(key)
                continue
            try:
                item = self._read(table, table.key(key))
            except Throttled:
                left.append(key)
                continue
            if item is not None:
                response_bytes += item_bytes(item)
                found.append(copy_item(item))
        self._check_some_processed(left, keys)
        return {
            "Responses": {table.name: found},
            "UnprocessedKeys": {table.name: {"Keys": left}} if left else {},
        }

    @operation("RequestItems")
    def batch_write_item(self, params: Params) -> Response:
        """BatchWriteItem: puts without conditions, each by itself."""
        table, entries = self._one_table(params)
        writes = self._checked_writes(table, entries)
        failing = self._failing("batch_write_item", entries)
        left: list[Any] = []
        for entry, write in zip(entries, writes, strict=True):
            if entry in failing:
                left.append(entry)
                continue
            try:
                self._apply(write)
            except Throttled:
                left.append(entry)
        self._check_some_processed(left, entries)
        return {"UnprocessedItems": {table.name: left} if left else {}}

    def _one_table(self, params: Params) -> tuple[Table, Any]:
        requests: Params = params["RequestItems"]
        if not requests:
            raise validation_error("1 validation error detected: Value at 'requestItems' failed to satisfy constraint")
        if len(requests) > 1:
            raise NotModelledError(f"a batch of several tables: {sorted(requests)}")
        ((name, request),) = requests.items()
        return self._table(name), request

    def _checked_writes(self, table: Table, entries: list[Params]) -> list[Write]:
        if not 1 <= len(entries) <= MAX_WRITES:
            raise validation_error(
                "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Member must have"
                f" length less than or equal to {MAX_WRITES}, and greater than or equal to 1"
            )
        if any("PutRequest" not in entry for entry in entries):
            raise NotModelledError("dynamodb.batch_write_item: anything but PutRequest")
        writes = [self._checked_put({"TableName": table.name, **entry["PutRequest"]}) for entry in entries]
        if len({write.key for write in writes}) < len(writes):
            raise validation_error("Provided list of item keys contains duplicates")
        return writes

    def _failing(self, name: str, entries: list[Params]) -> list[Params]:
        """Return the entries to leave unprocessed."""
        return [entry for entry in entries if self._entry_fault(name, entry) is not None]

    def _check_some_processed(self, left: list[Any], entries: list[Any]) -> None:
        """Fail the call if all of its entries are left."""
        if len(left) == len(entries):
            raise self._throttled()
