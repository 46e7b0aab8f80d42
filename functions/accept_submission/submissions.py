"""Write a submission to `SubmissionTable`, then send its message to the registration queue.

The row comes first, so that every submission id in a response is in the table. A row whose message was never queued
expires by TTL. A form that is rendered with a token has one submission for each registrant, however often it is posted.
"""

from typing import Any
from uuid import UUID, uuid4, uuid5

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from registrar.registrants.optional_fields import Kind
from registrar.registrants.registrant import Key, Registrant
from registrar.runtime.aws import error_code
from registrar.storage.registrant_table import StorageError
from registrar.storage.submission_table import Sent, Submission, SubmissionTable


class NotAccepted(RuntimeError):
    """The submission is not durably queued. The message names what failed, and its error code."""


def submission_id_of(token: UUID | None, key: Key) -> str:
    """Return the id: derived from the form's token and the registrant, or random without a token."""
    return str(uuid5(token, f"{key.webinar_id} {key.email}") if token else uuid4())


class Submissions:
    """The table and the queue that submissions are written to."""

    def __init__(self, table: SubmissionTable, sqs: Any, queue_url: str, logger: Logger) -> None:
        self._table = table
        self._sqs = sqs
        self._queue_url = queue_url
        self._logger = logger

    def accept(self, registrant: Registrant, is_repeatable: bool) -> str | None:
        """Store and queue a submission, and return the id of its message; None if it was queued by an earlier post.

        Raises:
            NotAccepted: the table or the queue refused.
        """
        row = Submission(
            str(registrant.submission_id),
            str(registrant.submitted_at),
            registrant.key,
            registrant.kind if registrant.kind == Kind.MEETING else None,
        )
        try:
            if is_repeatable:
                if self._table.claim(row):
                    return None
            else:
                self._table.write(row)
        except StorageError as error:
            raise NotAccepted(str(error)) from error
        message_id = self._send(registrant)
        if is_repeatable:
            self._mark(row.submission_id)
        return message_id

    def _send(self, registrant: Registrant) -> str:
        try:
            response = self._sqs.send_message(
                QueueUrl=self._queue_url,
                MessageBody=registrant.to_message(),
                MessageGroupId=registrant.key.webinar_id,  # fair queue: one busy webinar does not delay the others
            )
        except (ClientError, BotoCoreError) as error:
            raise NotAccepted(f"RegistrationQueue: {error_code(error)}") from error
        return str(response["MessageId"])

    def _mark(self, submission_id: str) -> None:
        """Note that the message is queued. Without it, a second click queues it again; no one is registered twice."""
        try:
            self._table.mark(submission_id, Sent.QUEUED)
        except StorageError as error:
            self._logger.error("Submission not marked", submission_id=submission_id, error=str(error))
