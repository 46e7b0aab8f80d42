"""AcceptSubmission: the form endpoint. HTTP event → Registrant → queue → 202, or 303 for a browser.

It validates with the same code as the consumer, and accepts only after SQS has acknowledged the message.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from answer import Answer, Target
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from form import TURNSTILE_FIELD, Form, accepted_type, read_form
from redirect import location_of, next_url_of
from registrar.forms.http.accept import prefers_html
from registrar.forms.http.request import HttpRequest, Unacceptable, path_parameters
from registrar.forms.http.response import HttpResponse
from registrar.observability.metrics import Metric, Metrics, Service
from registrar.registrants.fields import FieldError, WrongField, check_webinar_id, webinar_digits
from registrar.registrants.optional_fields import Kind
from registrar.registrants.registrant import InvalidRegistrant, Registrant
from registrar.registrants.row import timestamp
from registrar.runtime import aws
from registrar.runtime.settings import AcceptSubmissionSettings
from registrar.storage.submission_table import SubmissionTable
from submissions import NotAccepted, Submissions, submission_id_of

if TYPE_CHECKING:
    from answer_pages import AnswerPages
    from turnstile import Turnstile

_NOT_A_REQUEST = (
    "This event is not a request of the HTTP API, so nothing was done. To try the form endpoint, post a form to "
    "SubmissionUrl, or test with events/submission_json.json."
)


@dataclass(frozen=True)
class Environment:
    """State that an execution environment keeps between invocations. `turnstile` is None where it is off."""

    settings: AcceptSubmissionSettings
    submissions: Submissions
    pages: "Callable[[], AnswerPages]"
    turnstile: "Turnstile | None"
    logger: Logger
    clock: Callable[[], float] = time.time


@cache
def environment() -> Environment:
    """Build the environment at the first invocation: an invalid variable is then a named error, not a failed import."""
    settings = AcceptSubmissionSettings.read()
    logger = Logger(service=Service.ACCEPT_SUBMISSION, use_rfc3339=True)
    dynamodb = aws.client("dynamodb")
    submissions = Submissions(
        SubmissionTable(dynamodb, settings.submission_table),
        aws.client("sqs"),
        settings.registration_queue_url,
        logger,
    )
    return Environment(
        settings, submissions, _pages_when_used(settings, dynamodb, logger), _turnstile(settings), logger
    )


def _pages_when_used(settings: AcceptSubmissionSettings, dynamodb: Any, logger: Logger) -> "Callable[[], AnswerPages]":
    @cache
    def pages() -> "AnswerPages":
        # Imported here, because programs and accepted forms see no page: it would double the cold start.
        from answer_pages import AnswerPages  # noqa: PLC0415
        from registrar.storage.webinar_table import WebinarTable  # noqa: PLC0415

        table = WebinarTable(dynamodb, settings.webinar_table)
        return AnswerPages(table, settings.allowed_origins, settings.turnstile_site_key, logger)

    return pages


def _turnstile(settings: AcceptSubmissionSettings) -> "Turnstile | None":
    if not settings.turnstile_site_key:
        return None
    from turnstile import Turnstile  # noqa: PLC0415  it imports requests

    return Turnstile(aws.client("secretsmanager"), settings.turnstile_secret or "")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle one HTTP request."""
    env = environment()
    env.logger.append_keys(aws_request_id=context.aws_request_id)
    if not event.keys() & {"requestContext", "headers", "body"}:
        env.logger.info("Test event ignored", detail=_NOT_A_REQUEST)
        return Answer.refused(400, _NOT_A_REQUEST).to_json().to_payload()
    with Metrics(Service.ACCEPT_SUBMISSION, env.settings.stack_name) as metrics:
        answer = accept(event, env, metrics)
        metrics.count(answer.metric)
    return _response(answer, event, env).to_payload()


def accept(event: Mapping[str, Any], env: Environment, metrics: Metrics) -> Answer:
    """Validate the form, store the submission and queue it."""
    try:
        content_type, charset = accepted_type((event.get("headers") or {}).get("content-type", ""))
        request = HttpRequest.from_event(event)
        form = read_form(request, content_type, charset)
    except Unacceptable as unacceptable:
        env.logger.info("Submission refused", status=unacceptable.status)
        return Answer.refused(unacceptable.status, unacceptable.message)
    try:
        return _accepted(request, form, env, metrics)
    except InvalidRegistrant as invalid:
        env.logger.info("Submission refused", status=422, fields=[error.field for error in invalid.errors])
        return Answer.invalid(invalid.errors, form)
    except NotAccepted as not_accepted:
        env.logger.error("Submission not accepted", status=503, error=str(not_accepted))
        return Answer.not_accepted(form)


def _accepted(request: HttpRequest, form: Form, env: Environment, metrics: Metrics) -> Answer:
    """Take a form that was read.

    Raises:
        InvalidRegistrant: fields are wrong. NotAccepted: the submission is not durably queued.
    """
    now = env.clock()
    registrant = _registrant(request.parameters, form, env.settings, timestamp(now))
    location = location_of(str(registrant.submission_id), next_url_of(form.next_url, env.settings.allowed_origins))
    if form.is_trapped:
        # No person fills this field: a program is answered like a person, and nothing is stored.
        env.logger.info("Submission dropped", why="the field _gotcha is filled")
        return Answer.accepted(str(registrant.submission_id), location, Metric.HONEYPOT_FILLED)
    if env.turnstile:
        _check_person(env.turnstile, request, form, registrant, env, metrics)
    message_id = env.submissions.accept(registrant, is_repeatable=form.token is not None)
    env.logger.info(
        "Submission accepted",
        submission_id=registrant.submission_id,
        message_id=message_id,
        webinar_id=registrant.key.webinar_id,
    )
    return Answer.accepted(str(registrant.submission_id), location)


def _check_person(
    turnstile: "Turnstile", request: HttpRequest, form: Form, registrant: Registrant, env: Environment, metrics: Metrics
) -> None:
    origins = env.settings.allowed_origins
    # The form may be shown by our own page, and by the pages whose origins are named.
    hostnames = {urlsplit(one).hostname or "" for one in (*origins, request.url)} if "*" not in origins else set()
    problem = turnstile.problem(form.turnstile_token, str(registrant.submission_id), hostnames)
    if problem:
        metrics.count(Metric.TURNSTILE_REFUSED)
        env.logger.info("Turnstile refused", why=problem)
        raise InvalidRegistrant([FieldError(TURNSTILE_FIELD, "must show that a person sends the form")])


def _registrant(
    parameters: Mapping[str, str], form: Form, settings: AcceptSubmissionSettings, submitted_at: str
) -> Registrant:
    """Validate all fields. The errors name every invalid field: repeated ones and webinars not allowed here, too."""
    kind, webinar_id = _kind_and_id(parameters)
    errors = [FieldError(name, "must be given only once") for name in sorted(form.fields.repeated)]
    if settings.allowed_webinars and webinar_digits(webinar_id) not in settings.allowed_webinars:
        errors.append(FieldError("webinar_id", "is not open for registration here"))
    try:
        registrant = Registrant.from_fields(webinar_id, form.fields.values)
    except InvalidRegistrant as invalid:
        known = {error.field for error in errors}
        raise InvalidRegistrant(errors + [error for error in invalid.errors if error.field not in known]) from None
    if errors:
        raise InvalidRegistrant(errors)
    submission_id = submission_id_of(form.token, registrant.key)
    # A form may name a kind, but its address decides.
    optional = replace(registrant.optional, kind=kind)
    return replace(registrant, submission_id=submission_id, submitted_at=submitted_at, optional=optional)


def _kind_and_id(parameters: Mapping[str, str]) -> tuple[Kind, str]:
    """Return which kind the address names, and the id as it was written."""
    if "meeting_id" in parameters:
        return Kind.MEETING, parameters["meeting_id"]
    return Kind.WEBINAR, parameters.get("webinar_id", "")


def _response(answer: Answer, event: Mapping[str, Any], env: Environment) -> HttpResponse:
    """Return the answer as a browser or a program wants it."""
    headers = event.get("headers") or {}
    if not prefers_html(headers.get("accept", "")):
        return answer.to_json()
    if answer.location:
        return HttpResponse.see_other(answer.location)
    kind, written = _kind_and_id(path_parameters(event))
    allowed = env.settings.allowed_webinars
    try:
        webinar_id: str | None = check_webinar_id(written)
    except WrongField:
        webinar_id = None
    target = Target(kind, webinar_id if not allowed or webinar_id in allowed else None)
    return env.pages().page(answer, target, headers, env.clock())
