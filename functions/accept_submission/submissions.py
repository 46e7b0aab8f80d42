"""A registrant → a row in `SubmissionTable`, then a message on the registration queue; accepted only after both.

In: a checked registrant. Out: nothing, or `NotAccepted`. The row comes first, so that no submission id that anybody was
given is unknown; a row whose message was never queued expires by itself.
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from registrar import limits
from registrar.registrants.registrant import Registrant
from registrar.runtime.aws import error_code

SECONDS_PER_DAY = 86_400


class NotAccepted(RuntimeError):
    """The table or the queue did not take the submission; says which, and AWS's name for the error."""


class Submissions:
    """Where submissions go."""

    def __init__(self, dynamodb: Any, sqs: Any, table: str, queue_url: str) -> None:
        self._dynamodb = dynamodb
        self._sqs = sqs
        self._table = table
        self._queue_url = queue_url

    def take(self, submission_id: str, registrant: Registrant, submitted_at: str, now: float) -> str:
        """Note and queue a submission; returns the id of SQS's message.

        Raises:
            NotAccepted: it is not durably queued.
        """
        self._note(submission_id, registrant, submitted_at, now)
        try:
            answer = self._sqs.send_message(
                QueueUrl=self._queue_url,
                MessageBody=registrant.to_message(),
                MessageGroupId=registrant.key.webinar_id,  # a fair queue: one busy webinar does not starve the others
            )
        except (ClientError, BotoCoreError) as error:
            raise NotAccepted(f"RegistrationQueue: {error_code(error)}") from error
        return str(answer["MessageId"])

    def _note(self, submission_id: str, registrant: Registrant, submitted_at: str, now: float) -> None:
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
