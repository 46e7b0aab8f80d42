"""Write a submission to `SubmissionTable`, then send its message to the registration queue.

The row comes first, so that every submission id in a response is in the table. A row whose message was never queued
expires by TTL.
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from registrar import limits
from registrar.registrants.registrant import Registrant
from registrar.runtime.aws import error_code

SECONDS_PER_DAY = 86_400


class NotAccepted(RuntimeError):
    """The submission is not durably queued. The message names the table or the queue, and AWS's error code."""


class Submissions:
    """The table and the queue that submissions are written to."""

    def __init__(self, dynamodb: Any, sqs: Any, table: str, queue_url: str) -> None:
        self._dynamodb = dynamodb
        self._sqs = sqs
        self._table = table
        self._queue_url = queue_url

    def accept(self, submission_id: str, registrant: Registrant, submitted_at: str, now: float) -> str:
        """Store and queue a submission, and return the id of its message.

        Raises:
            NotAccepted: the table or the queue refused.
        """
        self._store(submission_id, registrant, submitted_at, now)
        try:
            response = self._sqs.send_message(
                QueueUrl=self._queue_url,
                MessageBody=registrant.to_message(),
                MessageGroupId=registrant.key.webinar_id,  # fair queue: one busy webinar does not delay the others
            )
        except (ClientError, BotoCoreError) as error:
            raise NotAccepted(f"RegistrationQueue: {error_code(error)}") from error
        return str(response["MessageId"])

    def _store(self, submission_id: str, registrant: Registrant, submitted_at: str, now: float) -> None:
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    "submission_id": {"S": submission_id},
                    "webinar_id": {"S": registrant.key.webinar_id},
                    "email": {"S": registrant.key.email},
                    "submitted_at": {"S": submitted_at},
                    "expires_at": {"N": str(int(now) + limits.SUBMISSION_DAYS * SECONDS_PER_DAY)},
                },
            )
        except (ClientError, BotoCoreError) as error:
            raise NotAccepted(f"SubmissionTable: {error_code(error)}") from error
