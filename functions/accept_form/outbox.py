"""Take a form's submission: its row, then its message, then the mark that the message is sent.

The message goes to the registration queue, or to the dead-letter queue where no registrant can be made of it, or the
form is beyond its daily ceiling. The form's count is written beside the row, so that three calls follow one another.
The count only protects: a submission is taken also if its count fails.
"""

from collections.abc import Collection, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from form_table import FormTable
from registrar import limits
from registrar.forms.providers.delivery import FormField
from registrar.forms.providers.form import Form
from registrar.forms.providers.set_aside import to_body
from registrar.registrants.fields import webinar_digits
from registrar.registrants.optional_fields import Kind
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import Registrant
from registrar.runtime.aws import error_code
from registrar.storage.registrant_table import StorageError
from registrar.storage.submission_table import Sent, Submission, SubmissionTable


class NotSent(RuntimeError):
    """SQS has not acknowledged the message. The text names the queue, and AWS's error code."""


@dataclass(frozen=True)
class FormSubmission:
    """A submission of a form. `problem` says why it is set aside; without one, there is a registrant."""

    form: Form
    submission_id: str
    submitted_at: str
    fields: Sequence[FormField]
    registrant: Registrant | None = field(default=None, repr=False)
    problem: str = ""
    mapped: Collection[str] = ()
    """The keys of the fields that fields of ours come from."""

    @property
    def row(self) -> Submission:
        """Return its row of SubmissionTable."""
        if self.registrant is None:
            return Submission(self.submission_id, self.submitted_at, None)
        kind = self.registrant.kind if self.registrant.kind is not Kind.WEBINAR else None
        return Submission(self.submission_id, self.submitted_at, self.registrant.key, kind)


@dataclass(frozen=True)
class Taken:
    """Where a submission's message lies. `message_id` is None if an earlier delivery sent it."""

    sent: Sent
    message_id: str | None = None
    problem: str = ""
    is_beyond_ceiling: bool = False


class Outbox:
    """The tables and queues of a submission; `executor` runs one call beside another."""

    def __init__(
        self,
        forms: FormTable,
        submissions: SubmissionTable,
        sqs: Any,
        registration_queue_url: str,
        dead_letter_queue_url: str,
        executor: Executor,
        logger: Logger,
    ) -> None:
        self._forms = forms
        self._submissions = submissions
        self._sqs = sqs
        self._registration_queue_url = registration_queue_url
        self._dead_letter_queue_url = dead_letter_queue_url
        self._executor = executor
        self._logger = logger

    def take(self, submission: FormSubmission) -> Taken:
        """Send a submission's message, unless an earlier delivery has.

        Raises:
            StorageError: SubmissionTable did not take the row.
            NotSent: the queue did not take the message.
        """
        counting = self._executor.submit(self._forms.count, submission.form, bool(submission.problem))
        try:
            earlier = self._submissions.claim(submission.row)
        finally:
            count = self._counted(counting)
        ceiling = submission.form.daily_ceiling
        is_beyond_ceiling = not submission.problem and count is not None and count > ceiling
        if is_beyond_ceiling:
            problem = f"the form's ceiling of {ceiling} submissions per UTC day is reached"
            submission = replace(submission, problem=problem)
        if earlier is Sent.SET_ASIDE and not submission.problem:
            earlier = self._submissions.claim(submission.row, replaces_set_aside=True)
        if earlier is not None:
            return Taken(earlier)
        sent = Sent.SET_ASIDE if submission.problem else Sent.QUEUED
        message_id = self._send(submission)
        self._mark(submission.submission_id, sent)
        return Taken(sent, message_id, submission.problem, is_beyond_ceiling)

    def _send(self, submission: FormSubmission) -> str:
        if submission.problem or submission.registrant is None:
            return self._acknowledged("DeadLetterQueue", self._dead_letter_queue_url, **_dead_letter(submission))
        return self._acknowledged(
            "RegistrationQueue",
            self._registration_queue_url,
            MessageBody=submission.registrant.to_message(),
            MessageGroupId=submission.registrant.key.webinar_id,  # fair queue
        )

    def _acknowledged(self, name: str, queue_url: str, **message: Any) -> str:
        try:
            return str(self._sqs.send_message(QueueUrl=queue_url, **message)["MessageId"])
        except (ClientError, BotoCoreError) as error:
            raise NotSent(f"{name}: {error_code(error)}") from error

    def _mark(self, submission_id: str, sent: Sent) -> None:
        """Note that the message is sent. Without it, a repeated delivery is sent again; no one is registered twice."""
        try:
            self._submissions.mark(submission_id, sent)
        except StorageError as error:
            self._logger.error("Submission not marked", submission_id=submission_id, error=str(error))

    def _counted(self, counting: "Future[int | None]") -> int | None:
        """Wait for a count: no call may be left when Lambda freezes the environment."""
        try:
            return counting.result()
        except StorageError as error:
            self._logger.error("Form not counted", error=str(error))
            return None


def _dead_letter(submission: FormSubmission) -> dict[str, Any]:
    """Return the arguments of SendMessage (contract 5). The form's id is in the body only, which SQS encrypts."""
    attributes = {
        "reason": str(Reason.UNMAPPED_FORM),
        "detail": submission.problem[: limits.DETAIL_CHARACTERS],
        "failed_at": submission.submitted_at,
    }
    return {
        "MessageBody": to_body(
            submission.form.form_id,
            submission.submission_id,
            submission.submitted_at,
            submission.fields,
            submission.mapped,
        ),
        "MessageAttributes": {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
        **_group(submission.form.webinar_id),
    }


def _group(webinar_id: str | None) -> dict[str, str]:
    """Return the message group: SQS takes no spaces, which an operator may have written in a webinar id."""
    digits = webinar_digits(webinar_id or "")
    return {"MessageGroupId": digits} if digits.isascii() and digits.isdigit() else {}
