"""AcceptSubmission: the form endpoint. HTTP event → Registrant → queue → 202.

It validates with the same code as the consumer, and answers 202 only after SQS has acknowledged the message.
"""

import time
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from form import read_form
from form_fields import Form
from registrar import limits
from registrar.forms.http.request import HttpRequest, Unacceptable
from registrar.observability.metrics import Metric, Metrics, Service
from registrar.registrants.fields import FieldError, webinar_digits
from registrar.registrants.registrant import InvalidRegistrant, Registrant
from registrar.registrants.row import timestamp
from registrar.runtime import aws
from registrar.runtime.settings import AcceptSubmissionSettings
from response import HttpResponse
from submissions import NotAccepted, Submissions

# By the response's status; every other status counts as SubmissionsRefused.
_METRICS = {202: Metric.SUBMISSIONS_ACCEPTED, 503: Metric.SUBMISSIONS_NOT_TAKEN}
_NOT_A_REQUEST = (
    "This event is not a request of the HTTP API, so nothing was done. To try the form endpoint, post a form to "
    "SubmissionUrl, or test with events/submission_json.json."
)


@dataclass(frozen=True)
class Environment:
    """State that an execution environment keeps between invocations."""

    settings: AcceptSubmissionSettings
    submissions: Submissions
    logger: Logger


@cache
def environment() -> Environment:
    """Build the environment at the first invocation: an invalid variable is then a named error, not a failed import."""
    settings = AcceptSubmissionSettings.read()
    submissions = Submissions(
        aws.client("dynamodb"), aws.client("sqs"), settings.submission_table, settings.registration_queue_url
    )
    return Environment(settings, submissions, Logger(service=Service.ACCEPT_SUBMISSION, use_rfc3339=True))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle one HTTP request."""
    env = environment()
    env.logger.append_keys(aws_request_id=context.aws_request_id)
    if not event.keys() & {"requestContext", "headers", "body"}:
        env.logger.info("Test event ignored", detail=_NOT_A_REQUEST)
        return HttpResponse.refused(400, _NOT_A_REQUEST).to_payload("")
    with Metrics(Service.ACCEPT_SUBMISSION, env.settings.stack_name) as metrics:
        response = accept(event, env)
        metrics.count(_METRICS.get(response.status, Metric.SUBMISSIONS_REFUSED))
    return response.to_payload(event.get("headers", {}).get("accept", ""))


def accept(event: dict[str, Any], env: Environment) -> HttpResponse:
    """Validate the form, store the submission and queue it."""
    now, submission_id = time.time(), str(uuid.uuid4())
    try:
        request = HttpRequest.from_event(event)
        form = read_form(request)
        webinar_id = request.parameters.get("webinar_id", "")
        registrant = _registrant(webinar_id, form, env.settings, submission_id, timestamp(now))
        message_id = env.submissions.accept(submission_id, registrant, timestamp(now), now)
    except Unacceptable as unacceptable:
        env.logger.info("Submission refused", status=unacceptable.status)
        return HttpResponse.refused(unacceptable.status, unacceptable.message)
    except InvalidRegistrant as invalid:
        env.logger.info("Submission refused", status=422, fields=[error.field for error in invalid.errors])
        return HttpResponse.invalid_fields(invalid.errors)
    except NotAccepted as not_accepted:
        env.logger.error("Submission not accepted", status=503, error=str(not_accepted))
        return HttpResponse.not_accepted(limits.RETRY_AFTER_SECONDS)
    env.logger.info(
        "Submission accepted",
        submission_id=submission_id,
        message_id=message_id,
        webinar_id=registrant.key.webinar_id,
    )
    return HttpResponse.accepted(submission_id)


def _registrant(
    webinar_id: str, form: Form, settings: AcceptSubmissionSettings, submission_id: str, submitted_at: str
) -> Registrant:
    """Validate all fields. The errors name every invalid field: repeated ones and webinars not allowed here, too."""
    errors = [FieldError(name, "must be given only once") for name in sorted(form.repeated)]
    if settings.allowed_webinars and webinar_digits(webinar_id) not in settings.allowed_webinars:
        errors.append(FieldError("webinar_id", "is not open for registration here"))
    try:
        registrant = Registrant.from_fields(webinar_id, form.fields, submission_id, submitted_at)
    except InvalidRegistrant as invalid:
        known = {error.field for error in errors}
        raise InvalidRegistrant(errors + [error for error in invalid.errors if error.field not in known]) from None
    if errors:
        raise InvalidRegistrant(errors)
    return registrant
