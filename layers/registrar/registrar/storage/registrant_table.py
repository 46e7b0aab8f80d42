"""Read and write rows of `RegistrantTable`, in batches where no condition is needed."""

import random as random_numbers
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits
from registrar._compat import batched
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, timestamp
from registrar.runtime.aws import error_code
from registrar.storage.throttling import Backoff, is_throttled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SECONDS_PER_DAY = 86_400

# The attributes that identify a row's state: a change is refused if any of them is not as it was read.
_STATE = ("status", "attempts", "attempts_on", "message_id", "join_url")


class StorageError(RuntimeError):
    """An AWS error: the table could not be read or written. The message stays on the queue."""


class Throttled(StorageError):
    """DynamoDB took too few rows in the time there was: it is busy, and goes on taking others."""


class Changed(NamedTuple):
    """The row as it is now; `written` is False if the change left it as it was."""

    row: Row | None
    written: bool


class RegistrantTable:
    """Reads and writes rows by key."""

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        retention_days: int,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random_numbers.random,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._retention_seconds = retention_days * SECONDS_PER_DAY
        self._clock = clock
        self._sleep = sleep
        self._backoff = Backoff(clock, sleep, random)

    def read(self, keys: Iterable[Key]) -> dict[Key, Row]:
        """Return the rows that exist.

        Eventually consistent; anyone sent because of it is first reserved with a conditional write.

        Raises:
            StorageError: some rows could not be read.
        """
        rows: dict[Key, Row] = {}

        def read(keys: list[Any]) -> list[Any]:
            response: Any = self._dynamodb.batch_get_item(RequestItems={self._table: {"Keys": keys}})
            rows.update((_key(item), Row.from_item(item)) for item in response["Responses"].get(self._table, []))
            return list(response.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", []))

        until = self._backoff.until(None)
        for chunk in batched(keys, limits.ROWS_PER_READ):
            _, error = self._process(read, [_key_item(key) for key in chunk], until)
            if error is not None:
                raise error
        return rows

    def put(self, rows: Mapping[Key, Row]) -> tuple[set[Key], list[StorageError]]:
        """Write `registered` rows unconditionally, 25 per call, where there was none; return saved keys and errors."""
        until = self._backoff.until(None)
        saved: set[Key] = set()
        errors: list[StorageError] = []
        for chunk in batched(rows.items(), limits.ROWS_PER_WRITE):
            requests = [{"PutRequest": {"Item": _key_item(key) | self._stamped(row).to_item()}} for key, row in chunk]
            left, error = self._process(self._write, requests, until)
            unsaved = {_key(request["PutRequest"]["Item"]) for request in left}
            saved |= {key for key, _ in chunk if key not in unsaved}
            if error is not None:
                errors.append(error)
        return saved, errors

    def change(
        self,
        key: Key,
        known: Row | None,
        change: Callable[[Row | None], Row | None],
        until: float | None = None,
    ) -> Changed:
        """Change one row with a conditional write; `known` is the row as last read.

        `change` gets the current row and returns the new one, or None to leave it as it is. It is called again when
        another writer has changed the row. A throttled write is tried again until this moment (epoch seconds).

        Raises:
            StorageError: the write failed, or other writers changed the row at every try.
        """
        current, until = known, self._backoff.until(until)
        for wait in _waits():
            new = change(current)
            if new is None:
                return Changed(current, written=False)
            stamped = self._stamped(new)
            write = partial(self._put_unless_changed, current)
            try:
                _, failure = self._process(write, [_key_item(key) | stamped.to_item()], until)
            except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
                item: Any = error.response.get("Item")
                current = Row.from_item(item) if item else None
                self._sleep(wait)
                continue
            if failure is not None:
                raise failure
            return Changed(stamped, written=True)
        raise StorageError(f"RegistrantTable: a row was changed by others at each of {limits.CONFLICT_TRIES} tries")

    def note_submission(self, key: Key, submitted_at: str, until: float) -> None:
        """Note in a row that it has settled this submission, unless it says so of a later one, or no longer exists.

        Nothing else is changed: `registrar forget` may have erased the row, and another environment may replace it.

        Raises:
            StorageError: the write failed.
        """

        def update(_: list[Any]) -> list[Any]:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key_item(key),
                UpdateExpression="SET last_submitted_at = :new",
                ConditionExpression="attribute_exists(webinar_id) AND "
                "(attribute_not_exists(last_submitted_at) OR last_submitted_at < :new)",
                ExpressionAttributeValues={":new": {"S": submitted_at}},
            )
            return []

        try:
            _, failure = self._process(update, [key], until)
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return
        if failure is not None:
            raise failure

    def _put_unless_changed(self, current: Row | None, items: list[Any]) -> list[Any]:
        self._dynamodb.put_item(
            TableName=self._table,
            Item=items[0],
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **_unless_changed(current),
        )
        return []

    def _write(self, requests: list[Any]) -> list[Any]:
        """Write rows; return those that DynamoDB left unprocessed."""
        response = self._dynamodb.batch_write_item(RequestItems={self._table: requests})
        return list(response.get("UnprocessedItems", {}).get(self._table, []))

    def _process(
        self, call: Callable[[list[Any]], list[Any]], left: list[Any], until: float
    ) -> tuple[list[Any], StorageError | None]:
        """Call DynamoDB with what is left, again while it throttles; return what is left in the end, and the error.

        `call` returns what DynamoDB left unprocessed. A failed condition is raised as it is.
        """
        for _ in self._backoff.tries(until):
            try:
                left = call(left)
            except self._dynamodb.exceptions.ConditionalCheckFailedException:
                raise
            except (ClientError, BotoCoreError) as error:
                if not is_throttled(error):
                    failure = StorageError(f"RegistrantTable: {error_code(error)}")
                    failure.__cause__ = error
                    return left, failure
            if not left:
                return [], None
        return left, Throttled(f"RegistrantTable: throttled, {len(left)} rows left")

    def _stamped(self, row: Row) -> Row:
        now = self._clock()
        return replace(row, updated_at=timestamp(now), expires_at=int(now) + self._retention_seconds)


def _unless_changed(current: Row | None) -> dict[str, Any]:
    """Return the condition that the row is still as it was read."""
    if current is None:
        return {"ConditionExpression": "attribute_not_exists(webinar_id)"}
    item = current.to_item()
    present = {name: item[name] for name in _STATE if name in item}
    clauses = [f"#{name} = :{name}" if name in present else f"attribute_not_exists(#{name})" for name in _STATE]
    return {
        "ConditionExpression": " AND ".join(clauses),
        "ExpressionAttributeNames": {f"#{name}": name for name in _STATE},
        "ExpressionAttributeValues": {f":{name}": value for name, value in present.items()},
    }


def _waits() -> list[float]:
    """Return the wait after each conflict, in seconds, doubling from 0.05."""
    return [0.05 * 2**number for number in range(limits.CONFLICT_TRIES)]


def _key_item(key: Key) -> dict[str, Any]:
    return {"webinar_id": {"S": key.webinar_id}, "email": {"S": key.email}}


def _key(item: Mapping[str, Any]) -> Key:
    return Key(item["webinar_id"]["S"], item["email"]["S"])
