"""RegistrationPage: the pages that people open (contract 2 and 11). It holds no token and does not call Zoom.

GET /webinars/{webinar_id}, /meetings/{meeting_id}    the form, or why there is none
GET /submissions/{submission_id}                      what became of a submission, as JSON or as a page
GET /embed.js                                         the script that shows the form within another site's page
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from facts import Facts
from form_page import FormPages
from registrar import limits
from registrar.forms.http.request import HttpRequest
from registrar.forms.http.response import HttpResponse
from registrar.forms.pages.embed import EMBED_SCRIPT
from registrar.observability.metrics import Service
from registrar.runtime import aws
from registrar.runtime.settings import RegistrationPageSettings
from registrar.storage.registrant_table import RegistrantTable
from registrar.storage.submission_table import SubmissionTable
from registrar.storage.webinar_table import WebinarTable
from registrar.zoom.webinar_facts import KINDS
from status_page import StatusPages

_NOT_A_REQUEST = (
    "This event is not a request of the HTTP API, so nothing was done. To see a page, open SubmissionUrl followed by "
    "/webinars/ and a webinar id, or test with events/registration_page.json."
)


@dataclass(frozen=True)
class Environment:
    """State that an execution environment keeps between invocations."""

    form_pages: FormPages
    status_pages: StatusPages
    logger: Logger


@cache
def environment() -> Environment:
    """Build the environment at the first invocation: an invalid variable is then a named error, not a failed import."""
    return build(
        RegistrationPageSettings.read(),
        Logger(service=Service.REGISTRATION_PAGE, use_rfc3339=True),
        aws.client("dynamodb"),
        aws.client_when_used("lambda", read_seconds=limits.LOOKUP_WAIT_SECONDS, tries=1),
    )


def build(
    settings: RegistrationPageSettings,
    logger: Logger,
    dynamodb: Any,
    functions: Any,
    clock: Callable[[], float] = time.time,
    new_id: Callable[[], object] = uuid.uuid4,
) -> Environment:
    """Put the environment together; `functions` is Lambda's client, `new_id` returns a new UUID."""
    table = WebinarTable(dynamodb, settings.webinar_table)
    facts = Facts(table, functions, settings.describe_webinar_function, logger, clock)
    submissions = SubmissionTable(dynamodb, settings.submission_table, clock)
    registrants = RegistrantTable(dynamodb, settings.registrant_table, retention_days=0, clock=clock)  # read only
    return Environment(
        FormPages(settings, facts, clock, new_id),
        StatusPages(settings, submissions, registrants, facts, logger, clock),
        logger,
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle one HTTP request."""
    env = environment()
    env.logger.append_keys(aws_request_id=context.aws_request_id)
    if not event.keys() & {"requestContext", "headers"}:
        env.logger.info("Test event ignored", detail=_NOT_A_REQUEST)
        return HttpResponse.json(400, {"message": _NOT_A_REQUEST}).to_payload()
    return respond(HttpRequest.from_event(event), env).to_payload()


def respond(request: HttpRequest, env: Environment) -> HttpResponse:
    """Return the page of a route, which the parameter of its path tells."""
    if "submission_id" in request.parameters:
        return env.status_pages.respond(request, request.parameters["submission_id"])
    for kind in KINDS:
        if f"{kind}_id" in request.parameters:
            return env.form_pages.respond(request, request.parameters[f"{kind}_id"], kind)
    return HttpResponse.script(EMBED_SCRIPT, limits.EMBED_SECONDS)
