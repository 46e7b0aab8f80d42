"""Who is to be forgotten, for whatever of him is still hidden on a queue: marks without personal data.

One row of `AccountTable`, named `forgotten`: `salt`, and an attribute a person, `mark#<HMAC-SHA256 of the e-mail, keyed
with the salt>`, whose number is the moment he asked (epoch seconds). The consumer reads it once an invocation: a
message of a marked person that was submitted before that moment is acknowledged, without a call, a row or a letter. A
mark is of no use after 14 days, when no queue holds the message any more: the next mark clears it away, and the row
ends by its TTL.

In: an e-mail's normal form. Out: the row. Errors: `Unreachable`.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli import aws_clients

ROW: Final = "forgotten"
PREFIX: Final = "mark#"
KEPT_SECONDS: Final = 14 * 86_400  # SQS's longest retention


def mark_of(salt: str, identity: str) -> str:
    """A person's attribute: whoever does not know the e-mail cannot read it from this."""
    return PREFIX + hmac.new(salt.encode(), identity.encode(), hashlib.sha256).hexdigest()[:32]


class Tombstones:
    """Writes."""

    def __init__(self, dynamodb: Any, table: str, clock: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock

    def add(self, identity: str) -> None:
        """Mark a person, and clear away the marks that are too old."""
        now = int(self._clock())
        salt, marks = self._read()
        old = [name for name, at in marks.items() if at < now - KEPT_SECONDS]
        names = {f"#old{place}": name for place, name in enumerate(old)}
        remove = f" REMOVE {', '.join(names)}" if names else ""
        self._update(
            f"SET #mark = :now, expires_at = :end{remove}",
            {"#mark": mark_of(salt, identity), **names},
            {":now": {"N": str(now)}, ":end": {"N": str(now + KEPT_SECONDS)}},
        )

    def _read(self) -> tuple[str, Mapping[str, int]]:
        """The salt, made once, and the marks."""
        item = self._update("SET salt = if_not_exists(salt, :salt)", {}, {":salt": {"S": secrets.token_hex(16)}})
        marks = {name: int(value["N"]) for name, value in item.items() if name.startswith(PREFIX)}
        return item["salt"]["S"], marks

    def _update(self, expression: str, names: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
        more = {"ExpressionAttributeNames": names} if names else {}
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key={"name": {"S": ROW}},
                UpdateExpression=expression,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
                **more,
            )
        except (ClientError, BotoCoreError) as error:
            raise aws_clients.in_words(error, "marking in AccountTable") from error
        found: dict[str, Any] = answer["Attributes"]
        return found
