"""Count the Zoom calls of a UTC day in `AccountTable`, for all execution environments together."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from registrar.runtime.aws import error_code

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_RETENTION_SECONDS = 3 * 86_400  # the row of a day is not used after that day


class DailyCallCounterError(RuntimeError):
    """An AWS error: the counter could not be updated."""


class AccountDailyCallCounter:
    """Keeps one row per day, which grows only while it stays within the limit."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str, clock: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock

    def take(self, day: str, calls: int, limit: int) -> int | None:
        """Allocate `calls`; return the day's sum including them, or None and allocate none if it would pass `limit`.

        Raises:
            DailyCallCounterError: the write failed.
        """
        if calls > limit:
            return None
        try:
            response = self._dynamodb.update_item(
                TableName=self._table,
                Key={"name": {"S": f"zoom_calls#{day}"}},
                UpdateExpression="SET expires_at = :expires_at ADD calls :calls",
                ConditionExpression="attribute_not_exists(calls) OR calls <= :highest",
                ExpressionAttributeValues={
                    ":calls": {"N": str(calls)},
                    ":highest": {"N": str(limit - calls)},
                    ":expires_at": {"N": str(int(self._clock()) + _RETENTION_SECONDS)},
                },
                ReturnValues="UPDATED_NEW",  # costs nothing
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return None
        except (ClientError, BotoCoreError) as error:
            raise DailyCallCounterError(f"AccountTable: {error_code(error)}") from error
        return int(response["Attributes"]["calls"]["N"])
