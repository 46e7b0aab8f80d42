"""Who is to be forgotten, written for the consumer: marks, as `registrar/forgotten.py` reads them.

A mark is of no use after 14 days, when no queue holds the message any more: the next mark clears it away, and the row
ends by its TTL. The row has room for 8,000 of them.

In: an e-mail's normal form. Out: the row. Errors: `Unreachable`.
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


class SuppressionListWriter:
    """Writes."""

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
        """Mark a person, as of the end of this second, and clear away the marks that are too old.

        Returns when that second is over: whatever is submitted from then on is new, and is not dropped.
        """
        now, salt, entries = self._read()
        old = [name for name, at in entries.items() if at < now - RETENTION_SECONDS]
        names = {f"#old{place}": name for place, name in enumerate(old)}
        remove = f" REMOVE {', '.join(names)}" if names else ""
        self._update(
            f"SET #mark = :now, expires_at = :end{remove}",
            {"#mark": digest(salt, identity), **names},
            {":now": {"N": str(now)}, ":end": {"N": str(now + RETENTION_SECONDS)}},
        )
        # AWS tells its time in whole seconds, and so does the door: nobody can say who came first within one.
        self._sleep(1)

    def _read(self) -> tuple[int, str, Mapping[str, int]]:
        """The moment (epoch seconds), the salt, made once, and the marks."""
        response = self._update("SET salt = if_not_exists(salt, :salt)", {}, {":salt": {"S": secrets.token_hex(16)}})
        item = response["Attributes"]
        entries = {name: int(value["N"]) for name, value in item.items() if name.startswith(PREFIX)}
        return self._moment(response) + 1, item["salt"]["S"], entries

    def _moment(self, response: Mapping[str, Any]) -> int:
        """AWS's time, as messages have it: by a clock of this machine that is fast, somebody new would be dropped."""
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
            raise aws.as_cli_error(error, "marking in AccountTable") from error
        return response
