"""Read rows and submissions by key, webinar, status and e-mail; only `forget` deletes them, only `retry` marks them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status
from registrar.storage.registrant_table import RegistrantTable, StorageError

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.terminal.errors import Unreachable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KeyedRow = tuple[Key, Row]

# Attributes of a row without its texts. DynamoDB charges for the whole row all the same, but sends less.
_STATUS: Final[Mapping[str, Any]] = {
    "ProjectionExpression": "webinar_id, email, #status, reason, deferred_until, corrected_to",
    "ExpressionAttributeNames": {"#status": "status"},
}
_UNUSED = 0  # days until rows expire: the command line writes none


class RegistrantRows:
    """Reads and deletes rows of RegistrantTable and SubmissionTable.

    Every method raises `Unreachable` where the table does not answer, or refuses.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, submission_table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._submission_table = submission_table
        self._store = RegistrantTable(dynamodb, table, _UNUSED)

    @classmethod
    def of(cls, session: Session) -> "RegistrantRows":
        """Open the tables of the session's stack."""
        return cls(session.dynamodb, session.stack.registrant_table, session.stack.resource("SubmissionTable"))

    def read(self, keys: Iterable[Key]) -> dict[Key, Row]:
        """Return the rows that exist for these keys."""
        try:
            return self._store.read(keys)
        except StorageError as error:
            raise as_cli_error(error, f"reading {self._table}") from error

    def of_webinar(self, webinar_id: str, status: str | None = None) -> Iterator[KeyedRow]:
        """Yield a webinar's rows, of one status if given, sorted by e-mail."""
        parameters: dict[str, Any] = {
            "KeyConditionExpression": "webinar_id = :webinar",
            "ExpressionAttributeValues": {":webinar": {"S": webinar_id}},
        }
        if status:
            parameters |= {"FilterExpression": "#status = :status", "ExpressionAttributeNames": {"#status": "status"}}
            parameters["ExpressionAttributeValues"] |= {":status": {"S": status}}
        return map(_keyed_row, self._pages(self._dynamodb.get_paginator("query"), self._table, parameters))

    def statuses(self, webinar_id: str) -> Iterator[KeyedRow]:
        """Yield a webinar's rows with status, reason and next try only; reads them all."""
        parameters = {
            **_STATUS,
            "KeyConditionExpression": "webinar_id = :webinar",
            "ExpressionAttributeValues": {":webinar": {"S": webinar_id}},
        }
        return map(_keyed_row, self._pages(self._dynamodb.get_paginator("query"), self._table, parameters))

    def deferred(self, webinar_id: str | None = None) -> Iterator[KeyedRow]:
        """Yield the deferred rows, with the same attributes; without a webinar, reads the whole table."""
        parameters: dict[str, Any] = {**_STATUS, "FilterExpression": "#status = :status"}
        values = {":status": {"S": Status.DEFERRED}}
        if webinar_id is None:
            parameters |= {"ExpressionAttributeValues": values}
            return map(_keyed_row, self._pages(self._dynamodb.get_paginator("scan"), self._table, parameters))
        parameters["KeyConditionExpression"] = "webinar_id = :webinar"
        parameters["ExpressionAttributeValues"] = values | {":webinar": {"S": webinar_id}}
        return map(_keyed_row, self._pages(self._dynamodb.get_paginator("query"), self._table, parameters))

    def with_email(self, email: str) -> list[KeyedRow]:
        """Return the rows of an e-mail in all webinars; scans the whole table, which has no index by e-mail."""
        return list(map(_keyed_row, self._pages(self._dynamodb.get_paginator("scan"), self._table, _with_email(email))))

    def submission(self, submission_id: str) -> Mapping[str, str] | None:
        """Return `webinar_id`, `email` and `submitted_at` of a submission; None for an unknown id."""
        key = {"submission_id": {"S": submission_id}}
        try:
            item = self._dynamodb.get_item(TableName=self._submission_table, Key=key).get("Item")
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading SubmissionTable") from error
        return {name: str(value["S"]) for name, value in item.items() if "S" in value} if item else None

    def submissions_of(self, email: str) -> list[str]:
        """Return the ids of an e-mail's submissions; scans the whole table."""
        items = self._pages(self._dynamodb.get_paginator("scan"), self._submission_table, _with_email(email))
        return [item["submission_id"]["S"] for item in items]

    def mark_corrected(self, corrected: Mapping[Key, str]) -> None:
        """Note on each row the webinar to which its dead letter was sent; registered registrants keep their row."""
        for key, webinar_id in corrected.items():
            self._mark_corrected(key, webinar_id)

    def _mark_corrected(self, key: Key, webinar_id: str) -> None:
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"webinar_id": {"S": key.webinar_id}, "email": {"S": key.email}},
                UpdateExpression="SET corrected_to = :webinar",
                ConditionExpression="#status = :rejected",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":webinar": {"S": webinar_id},
                    ":rejected": {"S": Status.REJECTED},
                },
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return  # no row, or registered meanwhile
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, f"writing {self._table}") from error

    def delete(self, key: Key, status: str) -> bool:
        """Delete a row that still has this status; return False if it has another."""
        item = {"webinar_id": {"S": key.webinar_id}, "email": {"S": key.email}}
        return self._delete(
            self._table,
            item,
            ConditionExpression="#status = :status",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"S": status}},
        )

    def delete_submission(self, submission_id: str) -> None:
        """Delete a submission."""

        self._delete(self._submission_table, {"submission_id": {"S": submission_id}})

    def _pages(self, paginator: Any, table: str, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        try:
            for page in paginator.paginate(TableName=table, **parameters):
                yield from page["Items"]
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, f"reading {table}") from error

    def _delete(self, table: str, key: Mapping[str, Any], **condition: Any) -> bool:
        try:
            self._dynamodb.delete_item(TableName=table, Key=key, **condition)
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, f"deleting from {table}") from error
        return True


def as_cli_error(error: StorageError, doing: str) -> Unreachable:
    """Convert an error of the layer's storage: to that of AWS, if it has one as its cause."""
    cause = error.__cause__
    if isinstance(cause, (ClientError, BotoCoreError)):
        return aws.as_cli_error(cause, doing)
    return Unreachable(f"{error} ({doing}).", "Try again in a moment.")


def _with_email(email: str) -> dict[str, Any]:
    return {"FilterExpression": "email = :email", "ExpressionAttributeValues": {":email": {"S": email}}}


def _keyed_row(item: Mapping[str, Any]) -> KeyedRow:
    return Key(item["webinar_id"]["S"], item["email"]["S"]), Row.from_item(item)
