"""Set, clear and read the pause flag, which running invocations read every few seconds (`storage/pause_flag.py`)."""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from registrar.registrants.row import moment_of, timestamp
from registrar.storage.pause_flag import ATTRIBUTE, ROW

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.terminal.errors import Unreachable
from registrar_cli.terminal.formatting import local_time
from registrar_cli.terminal.suggestions import suggest

_KEY = {"name": {"S": ROW}}


class PauseFlag:
    """The row of AccountTable that pauses all sending."""

    def __init__(self, dynamodb: Any, table: str, clock: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock

    @classmethod
    def of(cls, session: Session) -> "PauseFlag":
        """Open the flag of the session's stack."""
        return cls(session.dynamodb, session.stack.resource("AccountTable"))

    def set(self) -> str:
        """Pause; return since when (ISO-8601, UTC): a flag that is set already keeps its time."""
        expression = f"SET {ATTRIBUTE} = if_not_exists({ATTRIBUTE}, :now)"
        now = {":now": {"S": timestamp(self._clock())}}
        item = self._update(expression, ExpressionAttributeValues=now, ReturnValues="ALL_NEW")["Attributes"]
        return str(item[ATTRIBUTE]["S"])

    def clear(self) -> None:
        """End the pause."""
        self._update(f"REMOVE {ATTRIBUTE}")

    def since(self) -> str | None:
        """Return since when sending is paused; None if it is not."""
        try:
            item = self._dynamodb.get_item(TableName=self._table, Key=_KEY).get("Item", {})
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading AccountTable") from error
        return item[ATTRIBUTE]["S"] if ATTRIBUTE in item else None

    def _update(self, expression: str, **more: Any) -> dict[str, Any]:
        try:
            response: dict[str, Any] = self._dynamodb.update_item(
                TableName=self._table, Key=_KEY, UpdateExpression=expression, **more
            )
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "updating AccountTable") from error
        return response


def note_pause(session: Session) -> None:
    """Print a remark if sending is paused, for a result in which someone is not registered."""
    try:
        since = moment_of(PauseFlag.of(session).since())
    except Unreachable:
        return  # the caller's own result does not depend on it
    if since is not None:
        at = local_time(since, time.time())
        session.output.note(f"Sending is paused since {at}: no one is sent to Zoom. To go on: {suggest('resume')}")
