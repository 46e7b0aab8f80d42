"""Write rows of `SubmissionTable`: a submission id in a response has its row before its message is sent (contract 2).

A submission whose id is random is written once. One whose id is derived may arrive several times, even at the same
moment: whoever claims it sends its message and then marks it, so that all later deliveries are answered without a
message. After a crash between the two, the next delivery sends it. A row whose message was never queued expires by TTL.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits
from registrar.registrants.registrant import Key
from registrar.registrants.row import timestamp
from registrar.runtime.aws import error_code
from registrar.storage.registrant_table import SECONDS_PER_DAY, StorageError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Sent(StrEnum):
    """Where a submission's message lies. The value is the attribute that says since when."""

    QUEUED = "queued_at"
    SET_ASIDE = "set_aside_at"  # on the dead-letter queue: no registrant could be made of it


@dataclass(frozen=True, slots=True)
class Submission:
    """A row. `key` is None if no registrant can be made of the submission; `kind` is stored for meetings only."""

    submission_id: str
    submitted_at: str
    key: Key | None
    kind: str | None = None


class SubmissionTable:
    """Every method raises StorageError if the table refuses or does not answer."""

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock
        self._sleep = sleep

    def read(self, submission_id: str) -> Submission | None:
        """Return a submission, also one that was written a moment ago: browsers ask for it at once.

        One that is set aside has no key, even if a registrant was made of it: no one is registered yet.
        """
        response = self._call(self._dynamodb.get_item, Key={"submission_id": {"S": submission_id}}, ConsistentRead=True)
        row = response.get("Item")
        if not row:
            return None
        texts = {name: value["S"] for name, value in row.items() if "S" in value}
        key = Key(texts["webinar_id"], texts["email"]) if "email" in texts and Sent.SET_ASIDE not in texts else None
        return Submission(submission_id, texts["submitted_at"], key, texts.get("kind"))

    def write(self, submission: Submission) -> None:
        """Write a submission with a random id."""
        self._call(self._dynamodb.put_item, Item=self._item(submission))

    def claim(self, submission: Submission, replaces_set_aside: bool = False) -> Sent | None:
        """Write a submission with a derived id, and return where its message lies; None: the caller has to send it.

        While another delivery is being sent, this waits for its end, or until it can only have crashed.
        `replaces_set_aside`: a message on the dead-letter queue does not count.
        """
        while True:
            try:
                self._claim(submission, replaces_set_aside)
            except self._dynamodb.exceptions.ConditionalCheckFailedException as refused:
                earlier: Any = refused.response.get("Item", {})
            else:
                return None
            # A submission that was set aside and later queued has been replaced, so that no row has both.
            for sent in Sent:
                if sent in earlier:
                    return sent
            self._sleep(limits.CLAIM_POLL_SECONDS)

    def mark(self, submission_id: str, sent: Sent) -> None:
        """Note that SQS has acknowledged the message; a row that was erased meanwhile stays erased."""
        try:
            self._call(
                self._dynamodb.update_item,
                Key={"submission_id": {"S": submission_id}},
                UpdateExpression=f"SET {sent} = :now",
                ConditionExpression="attribute_exists(submission_id)",
                ExpressionAttributeValues={":now": {"S": timestamp(self._clock())}},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def readdress(self, submission_id: str, key: Key, corrected: Key) -> None:
        """Point a submission to the registrant that an operator made of it; one of another registrant stays."""
        values = {":webinar": key.webinar_id, ":email": key.email, ":to": corrected.webinar_id, ":as": corrected.email}
        try:
            self._call(
                self._dynamodb.update_item,
                Key={"submission_id": {"S": submission_id}},
                UpdateExpression="SET webinar_id = :to, email = :as",
                ConditionExpression="webinar_id = :webinar AND email = :email",
                ExpressionAttributeValues={name: {"S": text} for name, text in values.items()},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def _claim(self, submission: Submission, replaces_set_aside: bool) -> None:
        now = self._clock()
        unsent = "attribute_not_exists(queued_at) AND attribute_not_exists(set_aside_at) AND claimed_at < :crashed"
        if replaces_set_aside:
            unsent = "attribute_not_exists(queued_at) AND (attribute_exists(set_aside_at) OR claimed_at < :crashed)"
        self._call(
            self._dynamodb.put_item,
            Item=self._item(submission) | {"claimed_at": {"N": f"{now:.3f}"}},
            ConditionExpression=f"attribute_not_exists(submission_id) OR ({unsent})",
            ExpressionAttributeValues={":crashed": {"N": f"{now - limits.CLAIM_SECONDS:.3f}"}},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    def _item(self, submission: Submission) -> dict[str, Any]:
        texts = {"submission_id": submission.submission_id, "submitted_at": submission.submitted_at}
        if submission.key is not None:
            texts |= {"webinar_id": submission.key.webinar_id, "email": submission.key.email}
        if submission.kind is not None:
            texts["kind"] = submission.kind
        expires_at = int(self._clock()) + limits.SUBMISSION_DAYS * SECONDS_PER_DAY
        return {**{name: {"S": text} for name, text in texts.items()}, "expires_at": {"N": str(expires_at)}}

    def _call(self, call: Callable[..., Any], **arguments: Any) -> Any:
        try:
            return call(TableName=self._table, **arguments)
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            raise
        except (ClientError, BotoCoreError) as error:
            raise StorageError(f"SubmissionTable: {error_code(error)}") from error
