"""AcceptForm: the webhook of form providers. Delivery → form → signature → fields → Registrant → queue → 200.

It answers 200 only after SQS has acknowledged the message. What is genuine, and still no registrant, is set aside on
the dead-letter queue, because most providers deliver nothing a second time after an error.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from form_secrets import FormSecrets, SecretsUnreadable
from form_table import FormTable
from outbox import FormSubmission, NotSent, Outbox, Taken
from registrar import limits
from registrar.forms.http.request import HttpRequest, Unacceptable, path_parameters
from registrar.forms.providers.delivery import Delivery, accepts_type, read_delivery
from registrar.forms.providers.form import Form
from registrar.forms.providers.identity import submission_id_of
from registrar.forms.providers.mapping import Unmapped, map_fields
from registrar.forms.providers.signatures import is_authentic
from registrar.observability.metrics import Metric, Metrics, Service
from registrar.registrants.fields import webinar_digits
from registrar.registrants.registrant import InvalidRegistrant, Registrant
from registrar.registrants.row import timestamp
from registrar.runtime import aws
from registrar.runtime.settings import AcceptFormSettings
from registrar.storage.registrant_table import StorageError
from registrar.storage.submission_table import Sent, SubmissionTable
from reply import Reply

_NOT_A_REQUEST = (
    "This event is not a request of the HTTP API, so nothing was done. To try a form, run registrar forms try, or test "
    "with events/form_delivery.json."
)
_NOT_AUTHENTIC = (
    "The signature is missing, wrong or too old. Compare the secret with the one of: registrar forms secret."
)


@dataclass(frozen=True)
class Environment:
    """State that an execution environment keeps between invocations."""

    settings: AcceptFormSettings
    forms: FormTable
    form_secrets: FormSecrets
    outbox: Outbox
    logger: Logger
    clock: Callable[[], float] = time.time


@cache
def environment() -> Environment:
    """Build the environment at the first invocation: an invalid variable is then a named error, not a failed import."""
    settings = AcceptFormSettings.read()
    dynamodb = aws.client("dynamodb")
    forms = FormTable(dynamodb, settings.form_table)
    logger = Logger(service=Service.ACCEPT_FORM, use_rfc3339=True)
    outbox = Outbox(
        forms,
        SubmissionTable(dynamodb, settings.submission_table),
        aws.client("sqs"),
        settings.registration_queue_url,
        settings.dead_letter_queue_url,
        ThreadPoolExecutor(1),
        logger,
    )
    form_secrets = FormSecrets(aws.client("secretsmanager"), settings.form_secrets)
    return Environment(settings, forms, form_secrets, outbox, logger)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle one HTTP request."""
    env = environment()
    env.logger.append_keys(aws_request_id=context.aws_request_id)
    if not event.keys() & {"requestContext", "headers", "body"}:
        env.logger.info("Test event ignored", detail=_NOT_A_REQUEST)
        return Reply.refused(400, _NOT_A_REQUEST).to_payload()
    with Metrics(Service.ACCEPT_FORM, env.settings.stack_name) as metrics:
        reply = _reply(event, env, metrics)
        metrics.count(reply.metric)
    return reply.to_payload()


def _reply(event: dict[str, Any], env: Environment, metrics: Metrics) -> Reply:
    form: Form | None = None
    try:
        form = env.forms.find(path_parameters(event).get("form_id", ""))
        if form is None:
            return Reply.not_found()
        if not form.enabled:
            env.logger.info("Form refused", status=410, **_named(form))
            return Reply.disabled()
        delivery = _authentic_delivery(form, HttpRequest.from_event(event), env)
        if delivery.ignored is not None:
            env.logger.info("Form ignored", why=delivery.ignored, **_named(form))
            return Reply.ignored(delivery.ignored)
        submission = _submission(form, delivery, env)
        taken = env.outbox.take(submission)
    except Unacceptable as unacceptable:
        env.logger.warning("Form refused", status=unacceptable.status, **_named(form))
        return Reply.refused(unacceptable.status, unacceptable.message)
    except (SecretsUnreadable, StorageError, NotSent) as error:
        env.logger.error("Form not taken", status=503, error=str(error), **_named(form))
        return Reply.not_taken()
    if taken.is_beyond_ceiling:
        metrics.count(Metric.FORM_CEILING_REACHED)
    return _replied(submission, taken, env.logger)


def _authentic_delivery(form: Form, request: HttpRequest, env: Environment) -> Delivery:
    """Read the delivery.

    Raises:
        Unacceptable: 413, 415, 401 or 400, in this order.
        SecretsUnreadable: no signature can be verified.
    """
    if len(request.body) > limits.WEBHOOK_BYTES:
        raise Unacceptable(413, f"The delivery is larger than {limits.WEBHOOK_BYTES} bytes.")
    if not accepts_type(form, request):
        raise Unacceptable(415, "The form's provider does not send this content type.")
    if not is_authentic(form, env.form_secrets.of(form.form_id), request, env.clock()):
        raise Unacceptable(401, _NOT_AUTHENTIC)
    return read_delivery(form, request)


def _submission(form: Form, delivery: Delivery, env: Environment) -> FormSubmission:
    """Map a delivery to a registrant, or say why none can be made of it."""
    now = env.clock()
    mapped = map_fields(form, delivery.fields)
    submission_id = submission_id_of(form, delivery, mapped, now)

    def submission(registrant: Registrant | None = None, problem: str = "") -> FormSubmission:
        keys = mapped.sources.values()
        return FormSubmission(form, submission_id, timestamp(now), delivery.fields, registrant, problem, keys)

    if isinstance(mapped, Unmapped):
        return submission(problem=f"missing: {', '.join(mapped.missing)}")
    allowed = env.settings.allowed_webinars
    if form.webinar_id is None and allowed and webinar_digits(mapped.webinar_id) not in allowed:
        return submission(problem="webinar_id is not open for registration here")
    try:
        return submission(Registrant.from_fields(mapped.webinar_id, mapped.fields, submission_id, timestamp(now)))
    except InvalidRegistrant as invalid:
        return submission(problem=str(invalid))


def _replied(submission: FormSubmission, taken: Taken, logger: Logger) -> Reply:
    is_repeated = taken.message_id is None
    line = _named(submission.form) | {"submission_id": submission.submission_id, "message_id": taken.message_id}
    if submission.registrant is not None:
        line["webinar_id"] = submission.registrant.key.webinar_id
    if is_repeated:
        logger.info("Form repeated", **line)
    elif taken.sent is Sent.QUEUED:
        logger.info("Form accepted", **line)
    else:
        logger.warning("Form set aside", detail=taken.problem, **line)
    reply = Reply.queued if taken.sent is Sent.QUEUED else Reply.set_aside
    return reply(submission.submission_id, is_repeated)


def _named(form: Form | None) -> dict[str, Any]:
    """Return what a log line says of a form: its id would let anyone deliver to it."""
    return {} if form is None else {"form": form.name, "provider": form.provider}
