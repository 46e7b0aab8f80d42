"""BatchGetItem and BatchWriteItem, of puts.

Entries selected by `fail_entries` or by chaos are returned as unprocessed, and so are keys beyond 16 MB of a response.
If all entries fail, the call fails, as on AWS.
"""

from typing import Any

from tests.fakes.client import Response, operation
from tests.fakes.dynamodb.expressions import Expressions
from tests.fakes.dynamodb.store import TableStore, Write
from tests.fakes.dynamodb.table import Key
from tests.fakes.dynamodb.values import copy_item, item_bytes
from tests.fakes.errors import NotModelledError, ServiceError, validation_error
from tests.fakes.faults import Params

# Source: API references of both calls.
MAX_GETS = 100
MAX_WRITES = 25
MAX_RESPONSE_BYTES = 16 * 1024 * 1024


class Batches(TableStore):
    """Calls for several items."""

    @operation("RequestItems")
    def batch_get_item(self, params: Params) -> Response:
        """Return the items that exist, in no order (BatchGetItem)."""
        requests: dict[str, Params] = params["RequestItems"]
        self._check_gets(requests)
        keys = [(name, key) for name, request in requests.items() for key in request["Keys"]]
        failing = self._failing("batch_get_item", [{"TableName": name, "Key": key} for name, key in keys])
        self.random.shuffle(keys)
        responses: dict[str, list[Any]] = {name: [] for name in requests}
        unprocessed: dict[str, Params] = {}
        response_bytes = 0
        for name, given in keys:
            request, table = requests[name], self._table(name)
            if _is_in({"TableName": name, "Key": given}, failing) or response_bytes > MAX_RESPONSE_BYTES:
                left = unprocessed.setdefault(name, {**request, "Keys": []})
                left["Keys"].append(given)
                continue
            item = self._read(table, table.key(given), consistent=request.get("ConsistentRead", False))
            if item is not None:
                response_bytes += item_bytes(item)
                responses[name].append(copy_item(Expressions(request).projected(item)))
        return {"Responses": responses, "UnprocessedKeys": unprocessed}

    @operation("RequestItems")
    def batch_write_item(self, params: Params) -> Response:
        """Put items without conditions, each independently (BatchWriteItem)."""
        requests: dict[str, list[Params]] = params["RequestItems"]
        entries = [{"TableName": name, **entry} for name, listed in requests.items() for entry in listed]
        writes = self._checked_writes(entries)
        failing = self._failing("batch_write_item", entries)
        unprocessed: dict[str, list[Params]] = {}
        for entry, write in zip(entries, writes, strict=True):
            if _is_in(entry, failing):
                unprocessed.setdefault(entry["TableName"], []).append({"PutRequest": entry["PutRequest"]})
            else:
                self._apply(write)
        return {"UnprocessedItems": unprocessed}

    def _check_gets(self, requests: dict[str, Params]) -> None:
        total = sum(len(request["Keys"]) for request in requests.values())
        if not requests or total > MAX_GETS:
            raise validation_error(f"Too many items requested for the BatchGetItem call, or none: {total}")
        for name, request in requests.items():
            unknown = request.keys() - {"Keys", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"}
            if unknown:
                raise NotModelledError(f"dynamodb.batch_get_item: {sorted(unknown)}")
            table = self._table(name)
            Expressions(request)
            keys = [table.key(key) for key in request["Keys"]]
            if len(set(keys)) < len(keys):
                raise validation_error("Provided list of item keys contains duplicates")

    def _checked_writes(self, entries: list[Params]) -> list[Write]:
        if not 1 <= len(entries) <= MAX_WRITES:
            raise validation_error(
                "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Member must have"
                f" length less than or equal to {MAX_WRITES}, and greater than or equal to 1"
            )
        writes: list[Write] = []
        seen: set[tuple[str, Key]] = set()
        for entry in entries:
            name = entry["TableName"]
            if "PutRequest" not in entry:
                raise NotModelledError("dynamodb.batch_write_item: anything but PutRequest")
            write = self._checked_put({"TableName": name, **entry["PutRequest"]})
            if (name, write.key) in seen:
                raise validation_error("Provided list of item keys contains duplicates")
            seen.add((name, write.key))
            writes.append(write)
        return writes

    def _failing(self, name: str, entries: list[Params]) -> list[Params]:
        """Return the entries to leave unprocessed; fail the call if that is all of them."""
        failing = [entry for entry in entries if self._entry_fault(name, entry) is not None]
        if len(failing) == len(entries):
            raise ServiceError(self.throttled_code, "Throughput exceeds the current capacity of your table or index.")
        return failing


def _is_in(entry: Params, entries: list[Params]) -> bool:
    return bool(entries) and entry in entries
