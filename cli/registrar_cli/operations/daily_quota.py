"""Read how many of today's (UTC) Zoom calls are used, as the consumer counts them in `AccountTable`."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from registrar.registrants.row import utc_day

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session


class QuotaUse(NamedTuple):
    """The calls used today, and the calls this stack may make per day."""

    calls: int
    of: int

    @property
    def percent(self) -> float:
        """Return the used share in percent."""
        return 100 * self.calls / self.of if self.of else 0.0


class DailyQuota:
    """Reads the counter of Zoom calls."""

    def __init__(self, dynamodb: Any, table: str, calls_per_day: int, clock: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._calls_per_day = calls_per_day
        self._clock = clock

    @classmethod
    def of(cls, session: Session) -> "DailyQuota":
        """Open the counter of the session's stack, whose limit is its share of the account's calls."""
        stack = session.stack
        calls_per_day = int(stack.number("ZoomCallsPerDay") * stack.number("ZoomBudgetShare") / 100)
        return cls(session.dynamodb, stack.resource("AccountTable"), calls_per_day)

    def used(self) -> QuotaUse:
        """Return today's use."""
        key = {"name": {"S": f"zoom_calls#{utc_day(self._clock())}"}}
        try:
            item = self._dynamodb.get_item(TableName=self._table, Key=key).get("Item", {})
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading AccountTable") from error
        return QuotaUse(int(item.get("calls", {}).get("N", 0)), self._calls_per_day)
