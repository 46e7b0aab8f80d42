"""DynamoDB's calls about many items: BatchGetItem, BatchWriteItem, TransactWriteItems.

In: entries by table. Out: what was done, and what came back unprocessed: entries picked by `fail_entries` or
by chaos, and what is over 16 MB of an answer. If every entry is to fail, the call fails, as on AWS.
"""

from typing import Any

from tests.fakes.client import Answer, operation
from tests.fakes.dynamodb.expressions import Expressions
from tests.fakes.dynamodb.store import TableStore, Write
from tests.fakes.dynamodb.table import Key, Table, condition_failed
from tests.fakes.dynamodb.values import copy_item, item_bytes
from tests.fakes.errors import NotModelledError, ServiceError, validation_error
from tests.fakes.faults import Params

# Source: API references of the three calls.
MAX_GETS = 100
MAX_WRITES = 25
MAX_TRANSACTED = 100
MAX_ANSWER_BYTES = 16 * 1024 * 1024
# A transaction prepares and commits: two units for one.
TRANSACTED_UNITS = 2.0


class Batches(TableStore):
    """Batches and transactions."""

    @operation("RequestItems", "ReturnConsumedCapacity")
    def batch_get_item(self, params: Params) -> Answer:
        """BatchGetItem; the items come back in no order, those that are not there not at all."""
        requests: dict[str, Params] = params["RequestItems"]
        self._check_gets(requests)
        keys = [(name, key) for name, request in requests.items() for key in request["Keys"]]
        failing = self._failing("batch_get_item", [{"TableName": name, "Key": key} for name, key in keys])
        self.random.shuffle(keys)
        responses: dict[str, list[Any]] = {name: [] for name in requests}
        unprocessed: dict[str, Params] = {}
        before = {name: self.tables[name].consumed.read for name in requests}
        answer_bytes = 0
        for name, given in keys:
            request, table = requests[name], self._table(name)
            if _is_in({"TableName": name, "Key": given}, failing) or answer_bytes > MAX_ANSWER_BYTES:
                left = unprocessed.setdefault(name, {**request, "Keys": []})
                left["Keys"].append(given)
                continue
            item = self._read(table, table.key(given), consistent=request.get("ConsistentRead", False))
            if item is not None:
                answer_bytes += item_bytes(item)
                responses[name].append(copy_item(Expressions(request).projected(item)))
        units = {name: self.tables[name].consumed.read - before[name] for name in requests}
        return {"Responses": responses, "UnprocessedKeys": unprocessed} | self._all_capacity(params, units)

    @operation("RequestItems", "ReturnConsumedCapacity")
    def batch_write_item(self, params: Params) -> Answer:
        """BatchWriteItem: puts and deletes without conditions, each by itself."""
        requests: dict[str, list[Params]] = params["RequestItems"]
        entries = [{"TableName": name, **entry} for name, listed in requests.items() for entry in listed]
        writes = self._judge_writes(entries)
        failing = self._failing("batch_write_item", entries)
        unprocessed: dict[str, list[Params]] = {}
        units: dict[str, float] = dict.fromkeys(requests, 0.0)
        for entry, write in zip(entries, writes, strict=True):
            name = entry["TableName"]
            if _is_in(entry, failing):
                left = {kind: value for kind, value in entry.items() if kind != "TableName"}
                unprocessed.setdefault(name, []).append(left)
            else:
                units[name] += self._do(write)
        return {"UnprocessedItems": unprocessed} | self._all_capacity(params, units)

    @operation("TransactItems", "ReturnConsumedCapacity", "ClientRequestToken")
    def transact_write_items(self, params: Params) -> Answer:
        """TransactWriteItems: all or nothing. The ten minutes of a ClientRequestToken are not modelled."""
        actions = [next(iter(action.items())) for action in params["TransactItems"]]
        if not 1 <= len(actions) <= MAX_TRANSACTED:
            raise validation_error(
                "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have"
                f" length less than or equal to {MAX_TRANSACTED}"
            )
        self._check_distinct(actions)
        writes: list[Write] = []
        reasons: list[Answer] = []
        for kind, action in actions:
            try:
                writes.append(self._judge_action(kind, action))
                reasons.append({"Code": "None"})
            except ServiceError as refusal:
                reasons.append(_reason(refusal))
        if len(writes) < len(actions):
            codes = ", ".join(reason["Code"] for reason in reasons)
            raise ServiceError(
                "TransactionCanceledException",
                f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
                CancellationReasons=reasons,
            )
        units: dict[str, float] = {}
        for write in writes:
            name = write.table.name
            units[name] = units.get(name, 0.0) + self._do(write, TRANSACTED_UNITS)
        return self._all_capacity(params, units)

    def _check_gets(self, requests: dict[str, Params]) -> None:
        total = sum(len(request["Keys"]) for request in requests.values())
        if not requests or total > MAX_GETS:
            raise validation_error(f"Too many items requested for the BatchGetItem call, or none: {total}")
        for name, request in requests.items():
            unknown = request.keys() - {
                "Keys",
                "ConsistentRead",
                "ProjectionExpression",
                "ExpressionAttributeNames",
            }
            if unknown:
                raise NotModelledError(f"dynamodb.batch_get_item: {sorted(unknown)}")
            table = self._table(name)
            Expressions(request)
            keys = [table.key(key) for key in request["Keys"]]
            if len(set(keys)) < len(keys):
                raise validation_error("Provided list of item keys contains duplicates")

    def _judge_writes(self, entries: list[Params]) -> list[Write]:
        if not 1 <= len(entries) <= MAX_WRITES:
            raise validation_error(
                "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Member must have"
                f" length less than or equal to {MAX_WRITES}, and greater than or equal to 1"
            )
        writes: list[Write] = []
        seen: set[tuple[str, Key]] = set()
        for entry in entries:
            name = entry["TableName"]
            if "PutRequest" in entry:
                write = self._judge_put({"TableName": name, **entry["PutRequest"]})
            else:
                write = self._judge_delete({"TableName": name, **entry["DeleteRequest"]})
            if (name, write.key) in seen:
                raise validation_error("Provided list of item keys contains duplicates")
            seen.add((name, write.key))
            writes.append(write)
        return writes

    def _failing(self, name: str, entries: list[Params]) -> list[Params]:
        """Return the entries that come back unprocessed; fail the call if that is all of them."""
        failing = [entry for entry in entries if self._judge_entry(name, entry) is not None]
        if len(failing) == len(entries):
            raise ServiceError(self.throttled_code, "Throughput exceeds the current capacity of your table or index.")
        return failing

    def _check_distinct(self, actions: list[tuple[str, Params]]) -> None:
        keys: set[tuple[str, Key]] = set()
        for kind, action in actions:
            table: Table = self._table(action["TableName"])
            key = table.checked(action["Item"])[0] if kind == "Put" else table.key(action["Key"])
            if (table.name, key) in keys:
                raise validation_error("Transaction request cannot include multiple operations on one item")
            keys.add((table.name, key))

    def _judge_action(self, kind: str, action: Params) -> Write:
        judges = {
            "Put": self._judge_put,
            "Update": self._judge_update,
            "Delete": self._judge_delete,
            "ConditionCheck": self._judge_check,
        }
        return judges[kind](action)

    def _all_capacity(self, params: Params, units: dict[str, float]) -> Answer:
        capacity = self._capacity(params, units)
        return {"ConsumedCapacity": capacity} if capacity else {}


def _is_in(entry: Params, entries: list[Params]) -> bool:
    return bool(entries) and entry in entries


def _reason(refusal: ServiceError) -> Answer:
    """Return why one action cancels its transaction; a call that is wrong in itself is refused as a whole."""
    if refusal.code != condition_failed(None, shown=False).code:
        raise refusal
    return {"Code": "ConditionalCheckFailed", "Message": refusal.message, **refusal.extra}
