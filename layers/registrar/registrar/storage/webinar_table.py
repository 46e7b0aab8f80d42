"""Read and write `WebinarTable`: what Zoom last said about a webinar or meeting, one row each (contract 11).

DescribeWebinar writes the facts, and the consumer that a registrant was refused because it is full. Neither touches the
other's attributes, so that none of both is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits
from registrar.registrants.row import timestamp
from registrar.runtime.aws import error_code
from registrar.storage.registrant_table import SECONDS_PER_DAY, StorageError
from registrar.zoom.webinar_facts import WEBINAR, WebinarFacts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY: Final = "webinar_id"
_FULL: Final = "full_since"
_NEXT: Final = "next_lookup_at"  # epoch seconds; absent after a successful lookup
_WRITTEN: Final = [field.name for field in fields(WebinarFacts) if field.name not in {_KEY, _FULL}]


class WebinarTable:
    """The facts by webinar id; webinars and meetings share one space of ids."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def read(self, webinar_id: str, kind: str = WEBINAR) -> WebinarFacts | None:
        """Return what is known about this webinar or meeting, however old; None if nothing is.

        An id that Zoom knows as the other kind does not exist as this one.

        Raises:
            StorageError: the table cannot be read.
        """
        try:
            item = self._dynamodb.get_item(TableName=self._table, Key={_KEY: {"S": webinar_id}}).get("Item")
        except (ClientError, BotoCoreError) as error:
            raise _storage_error(error) from error
        if not item:
            return None
        facts = WebinarFacts.from_attributes({name: _plain(value) for name, value in item.items()})
        if facts.looked_up_at is None and facts.full_since is None:
            return None  # the first lookup is under way, or failed
        if not facts.exists and facts.kind != kind:
            return None  # it may exist as this kind
        return facts.of_kind(kind)

    def begin_lookup(self, webinar_id: str, now: float) -> bool:
        """Return whether to look this id up now: not while another lookup runs, nor just after one that failed.

        Raises:
            StorageError: the write failed.
        """
        values = {"now": int(now), "next": int(now) + limits.LOOKUP_AGAIN_SECONDS}
        values["expires_at"] = int(now) + limits.UNKNOWN_WEBINAR_DAYS * SECONDS_PER_DAY
        return self._update_if(
            webinar_id,
            f"SET {_NEXT} = :next, expires_at = if_not_exists(expires_at, :expires_at)",
            f"attribute_not_exists({_NEXT}) OR {_NEXT} <= :now",
            values,
        )

    def end_lookup(self, webinar_id: str) -> None:
        """Let another lookup begin at once: this one did not ask Zoom.

        Raises:
            StorageError: the write failed.
        """
        self._update(webinar_id, f"REMOVE #{_NEXT}", {}, [_NEXT])

    def write(self, facts: WebinarFacts, now: float) -> None:
        """Replace what Zoom said, and leave `full_since` as it is.

        Raises:
            StorageError: the write failed.
        """
        days = limits.WEBINAR_DAYS if facts.exists else limits.UNKNOWN_WEBINAR_DAYS
        stated = facts.to_attributes()
        values = {name: stated[name] for name in _WRITTEN if name in stated}
        values["expires_at"] = int(now) + days * SECONDS_PER_DAY
        absent = [_NEXT, *(name for name in _WRITTEN if name not in values)]
        removal = f" REMOVE {', '.join(f'#{name}' for name in absent)}"
        self._update(
            facts.webinar_id, f"SET {', '.join(f'#{name} = :{name}' for name in values)}{removal}", values, absent
        )

    def mark_full(self, webinar_id: str, now: float) -> None:
        """Note that Zoom has just refused a registrant because the webinar is full.

        Raises:
            StorageError: the write failed.
        """
        values = {
            _FULL: timestamp(now),
            "kind": WEBINAR,  # no meeting is registered for yet
            "expires_at": int(now) + limits.WEBINAR_DAYS * SECONDS_PER_DAY,
        }
        expression = "SET #full_since = :full_since, #kind = if_not_exists(#kind, :kind), #expires_at = :expires_at"
        self._update(webinar_id, expression, values)

    def mark_stale(self, webinar_id: str) -> None:
        """Have known facts looked up when they are next needed: Zoom refuses registrants, which they may not say.

        Raises:
            StorageError: the write failed.
        """
        values = {"never": timestamp(0)}
        self._update_if(webinar_id, "SET looked_up_at = :never", "attribute_exists(looked_up_at)", values)

    def mark_open(self, webinar_id: str, full_since: str) -> None:
        """Remove `full_since`, unless another registrant was refused in the meantime.

        Raises:
            StorageError: the write failed.
        """
        self._update_if(webinar_id, f"REMOVE {_FULL}", f"{_FULL} = :known", {"known": full_since})

    def _update(self, webinar_id: str, expression: str, values: Mapping[str, Any], absent: Sequence[str] = ()) -> None:
        """Update the row; every name in the expression begins with #, as DynamoDB reserves some of them."""
        names = {f"#{name}": name for name in (*values, *absent)}
        self._call(webinar_id, UpdateExpression=expression, ExpressionAttributeNames=names, **_values(values))

    def _update_if(self, webinar_id: str, expression: str, condition: str, values: Mapping[str, Any]) -> bool:
        """Update the row, or return False where the condition does not hold."""
        try:
            self._call(webinar_id, UpdateExpression=expression, ConditionExpression=condition, **_values(values))
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _call(self, webinar_id: str, **arguments: Any) -> None:
        try:
            self._dynamodb.update_item(TableName=self._table, Key={_KEY: {"S": webinar_id}}, **arguments)
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            raise
        except (ClientError, BotoCoreError) as error:
            raise _storage_error(error) from error


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    return (
        {"ExpressionAttributeValues": {f":{name}": _typed(value) for name, value in values.items()}} if values else {}
    )


def _storage_error(error: ClientError | BotoCoreError) -> StorageError:
    return StorageError(f"WebinarTable: {error_code(error)}")


def _typed(value: Any) -> dict[str, Any]:
    """Return a JSON value as DynamoDB's typed one."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, Mapping):
        return {"M": {name: _typed(one) for name, one in value.items()}}
    if isinstance(value, list | tuple):
        return {"L": [_typed(one) for one in value]}
    return {"S": value}


def _plain(value: Mapping[str, Any]) -> Any:
    """Return DynamoDB's typed value as a JSON value."""
    [(kind, content)] = value.items()
    if kind == "N":
        return int(content)
    if kind == "M":
        return {name: _plain(one) for name, one in content.items()}
    if kind == "L":
        return [_plain(one) for one in content]
    return content
