"""The suppression list: erased people whose messages may still be on a queue, without personal data.

It is the row `forgotten` of `AccountTable`: `salt`, and one attribute per person, `mark#<HMAC-SHA256 of the e-mail,
keyed with the salt>`, whose value is the time of the erasure (epoch seconds). `registrar forget` writes it (cli/). The
consumer reads it once per invocation, with the first registrants: half a read unit for up to 85 entries. An entry is
not needed after 14 days, the longest that SQS keeps a message.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from registrar.runtime.aws import error_code
from registrar.storage.registrant_table import StorageError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROW: Final = "forgotten"
PREFIX: Final = "mark#"


def digest(salt: str, identity: str) -> str:
    """Return the name of a person's attribute, which does not reveal the e-mail."""
    return PREFIX + hmac.new(salt.encode(), identity.encode(), hashlib.sha256).hexdigest()[:32]


class SuppressionList:
    """Reads the entries once, for one invocation."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._entries: Mapping[str, float] | None = None
        self._salt = ""

    def contains(self, identity: str, submitted: float) -> bool:
        """Return whether the person was erased after this was submitted (epoch seconds).

        Raises:
            StorageError: the list cannot be read.
        """
        if self._entries is None:
            self._entries = self._read()
        if not self._entries:
            return False  # the usual case, without an HMAC
        return submitted < self._entries.get(digest(self._salt, identity), 0)

    def _read(self) -> Mapping[str, float]:
        try:
            item = self._dynamodb.get_item(TableName=self._table, Key={"name": {"S": ROW}}).get("Item", {})
        except (ClientError, BotoCoreError) as error:
            raise StorageError(f"AccountTable: {error_code(error)}") from error
        self._salt = item.get("salt", {}).get("S", "")
        return {name: float(value["N"]) for name, value in item.items() if name.startswith(PREFIX)}
