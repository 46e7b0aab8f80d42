"""Add people to the suppression list, which the consumer reads (`registrar/storage/suppression_list.py`).

Entries expire after 14 days, when no queue holds the message any more: the next calls of `add` remove them, and the
row itself ends by its TTL. The row has space for 8,000 entries.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from registrar.storage.suppression_list import PREFIX, ROW, digest

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session

RETENTION_SECONDS: Final = 14 * 86_400  # SQS's longest retention
REMOVED_PER_CALL: Final = 250  # entries: DynamoDB takes 4 KB per expression, and 300 operators


class SuppressionListWriter:
    """Writes the row of AccountTable that holds the list."""

    def __init__(
        self,
        dynamodb: Any,
        table: str,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock
        self._sleep = sleep

    @classmethod
    def of(cls, session: Session) -> "SuppressionListWriter":
        """Open the list of the session's stack."""
        return cls(session.dynamodb, session.stack.resource("AccountTable"))

    def add(self, identity: str) -> None:
        """Add an entry as of the end of this second, and remove expired ones, as many as one call can.

        Returns after that second: anything submitted from then on is new, and is not dropped.
        """
        now, salt, entries = self._read()
        old = [name for name, at in entries.items() if at < now - RETENTION_SECONDS]
        names = {f"#old{place}": name for place, name in enumerate(old[:REMOVED_PER_CALL])}
        remove = f" REMOVE {', '.join(names)}" if names else ""
        self._update(
            f"SET #mark = :now, expires_at = :end{remove}",
            {"#mark": digest(salt, identity), **names},
            {":now": {"N": str(now)}, ":end": {"N": str(now + RETENTION_SECONDS)}},
        )
        # Both AWS and the form endpoint use whole seconds, so the order within one second is unknown.
        self._sleep(1)

    def _read(self) -> tuple[int, str, Mapping[str, int]]:
        """Return the time in epoch seconds, the salt, which is created once, and the entries."""
        response = self._update("SET salt = if_not_exists(salt, :salt)", {}, {":salt": {"S": secrets.token_hex(16)}})
        item = response["Attributes"]
        entries = {name: int(value["N"]) for name, value in item.items() if name.startswith(PREFIX)}
        return self._moment(response) + 1, item["salt"]["S"], entries

    def _moment(self, response: Mapping[str, Any]) -> int:
        """Return AWS's time, which messages carry: if this machine's clock were fast, new submissions would be lost."""
        date = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        return int(parsedate_to_datetime(date).timestamp() if date else self._clock())

    def _update(self, expression: str, names: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
        more = {"ExpressionAttributeNames": names} if names else {}
        try:
            response: dict[str, Any] = self._dynamodb.update_item(
                TableName=self._table,
                Key={"name": {"S": ROW}},
                UpdateExpression=expression,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
                **more,
            )
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "updating AccountTable") from error
        return response
