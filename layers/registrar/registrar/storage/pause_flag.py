"""The pause flag: while it is set, no execution environment sends registrants to Zoom.

It is the row `paused` of `AccountTable`, with the time in `paused_at`; without the attribute, sending goes on.
`registrar pause` and `resume` write it (cli/). Disabling the event source mapping alone would let running invocations
go on receiving and sending for `DrainSeconds`.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits
from registrar.runtime.aws import error_code
from registrar.storage.registrant_table import StorageError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROW: Final = "paused"
ATTRIBUTE: Final = "paused_at"


class PauseFlag:
    """Reads the flag for one invocation, at most every few seconds: half a read unit each time."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str, clock: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock
        self._read_at = float("-inf")
        self._is_set = False

    def is_set(self) -> bool:
        """Return whether sending is paused, as of `PAUSE_CHECK_SECONDS` ago at most.

        Raises:
            StorageError: the flag cannot be read. The next call returns what was read before.
        """
        if self._clock() - self._read_at >= limits.PAUSE_CHECK_SECONDS:
            self._read_at = self._clock()
            try:
                response = self._dynamodb.get_item(TableName=self._table, Key={"name": {"S": ROW}})
            except (ClientError, BotoCoreError) as error:
                raise StorageError(f"AccountTable: {error_code(error)}") from error
            self._is_set = ATTRIBUTE in response.get("Item", {})
        return self._is_set
