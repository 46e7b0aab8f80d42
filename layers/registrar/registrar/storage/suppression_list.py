"""Who asked to be forgotten: marks without personal data, for whatever of him is still hidden on a queue.

One row of `AccountTable`, named `forgotten`: `salt`, and an attribute a person, `mark#<HMAC-SHA256 of the e-mail, keyed
with the salt>`, whose number is the moment he asked (epoch seconds). `registrar forget` writes it (cli/); the consumer
reads it once an invocation, when the first people are there: half a read unit up to 85 marks. A mark is of no use after
14 days, when no queue holds the message any more.

In: an e-mail's normal form, and when its message was submitted. Out: whether it is to be dropped.
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
    """A person's attribute: whoever does not know the e-mail cannot read it from this."""
    return PREFIX + hmac.new(salt.encode(), identity.encode(), hashlib.sha256).hexdigest()[:32]


class SuppressionList:
    """One invocation's look at the marks."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._marks: Mapping[str, float] | None = None
        self._salt = ""

    def contains(self, identity: str, submitted: float) -> bool:
        """Whether he asked to be forgotten after this was submitted (epoch seconds).

        Raises:
            StoreError: the marks cannot be read, so nobody knows.
        """
        if self._marks is None:
            self._marks = self._read()
        if not self._marks:
            return False  # as on most days: nothing is computed
        return submitted < self._marks.get(digest(self._salt, identity), 0)

    def _read(self) -> Mapping[str, float]:
        try:
            item = self._dynamodb.get_item(TableName=self._table, Key={"name": {"S": ROW}}).get("Item", {})
        except (ClientError, BotoCoreError) as error:
            raise StorageError(f"AccountTable: {error_code(error)}") from error
        self._salt = item.get("salt", {}).get("S", "")
        return {name: float(value["N"]) for name, value in item.items() if name.startswith(PREFIX)}
