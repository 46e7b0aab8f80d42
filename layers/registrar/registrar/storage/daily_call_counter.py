"""`AccountTable`, the calls of a day: how many are given out, for all environments together.

In: a UTC day, a number of calls, a limit. Out: how many are given out by then. Errors: `DailyCallCounterError`.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from registrar.runtime.aws import error_code

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_SECONDS = 3 * 86_400  # a day's row is of no use after that day


class DailyCallCounterError(RuntimeError):
    """The counter could not be asked: our side."""


class AccountDailyCallCounter:
    """One row a day, added to on the condition that it stays within the limit."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str, clock: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock

    def take(self, day: str, calls: int, limit: int) -> int | None:
        """Give out so many calls; returns the day's sum with them, or None, and nothing given out, past the limit.

        Raises:
            DayCounterError: the table refused or did not answer.
        """
        if calls > limit:
            return None
        try:
            response = self._dynamodb.update_item(
                TableName=self._table,
                Key={"name": {"S": f"zoom_calls#{day}"}},
                UpdateExpression="SET expires_at = :expires_at ADD calls :calls",
                ConditionExpression="attribute_not_exists(calls) OR calls <= :room",
                ExpressionAttributeValues={
                    ":calls": {"N": str(calls)},
                    ":room": {"N": str(limit - calls)},
                    ":expires_at": {"N": str(int(self._clock()) + KEPT_SECONDS)},
                },
                ReturnValues="UPDATED_NEW",  # costs nothing
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return None
        except (ClientError, BotoCoreError) as error:
            raise DailyCallCounterError(f"AccountTable: {error_code(error)}") from error
        return int(response["Attributes"]["calls"]["N"])
