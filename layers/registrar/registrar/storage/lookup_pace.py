"""The pace of lookups of webinars, for all execution environments together: a row of `AccountTable`.

The pages are public, so anyone can ask for any webinar id. Without a pace, a flood of ids would use up the Light calls
of the Zoom account.
"""

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits
from registrar.runtime.aws import error_code
from registrar.storage.registrant_table import StorageError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROW: Final = "webinar_lookups"


class LookupPace:
    """Counts the lookups of the current second."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def take(self, now: float) -> bool:
        """Return whether another lookup may start now.

        Raises:
            StorageError: the row cannot be written.
        """
        values = {":now": {"N": str(int(now))}, ":one": {"N": "1"}}
        return self._update(
            "SET counted_at = :now, lookups = :one",
            "attribute_not_exists(counted_at) OR counted_at < :now",
            values,
        ) or self._update(
            "ADD lookups :one",
            "counted_at = :now AND lookups < :limit",
            values | {":limit": {"N": str(limits.LOOKUPS_PER_SECOND)}},
        )

    def _update(self, expression: str, condition: str, values: dict[str, Any]) -> bool:
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"name": {"S": ROW}},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        except (ClientError, BotoCoreError) as error:
            raise StorageError(f"AccountTable: {error_code(error)}") from error
        return True
