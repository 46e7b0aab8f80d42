"""DescribeWebinar: `{"webinar_id", "kind"}` → what Zoom says about this webinar or meeting (contract 11).

The only function beside the consumer that holds Zoom's token. RegistrationPage invokes it where WebinarTable has no
recent facts. The result has the row's attributes; or, where nothing is known, `unknown` says why.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from lookup import Lookup, LookupFailed
from registrar import limits
from registrar.observability.metrics import Metric, Metrics, Service
from registrar.registrants.fields import WrongField, check_webinar_id
from registrar.runtime import aws
from registrar.runtime.settings import DescribeWebinarSettings
from registrar.storage.lookup_pace import LookupPace
from registrar.storage.registrant_table import StorageError
from registrar.storage.webinar_table import WebinarTable
from registrar.zoom.client import ZoomClient
from registrar.zoom.freshness import is_fresh
from registrar.zoom.http import BoundedHttp
from registrar.zoom.token_cache import Tokens
from registrar.zoom.webinar_facts import KINDS, WEBINAR, WebinarFacts

_USAGE = (
    'This event names no webinar, so nothing was done. Send {"webinar_id": "97871060099"}, 9 to 15 digits, and '
    '"kind": "meeting" where it is a meeting.'
)


@dataclass(frozen=True)
class Environment:
    """State that an execution environment keeps between invocations; `clock` returns epoch seconds."""

    settings: DescribeWebinarSettings
    table: WebinarTable
    pace: LookupPace
    tokens: Tokens
    logger: Logger
    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


@cache
def environment() -> Environment:
    """Build the environment at the first invocation: an invalid variable is then a named error, not a failed import."""
    settings = DescribeWebinarSettings.read()
    dynamodb = aws.client("dynamodb")
    tokens = Tokens(
        secrets=aws.client("secretsmanager"),
        functions=aws.client_when_used("lambda", read_seconds=limits.LOOKUP_SECONDS, tries=1),
        secret=settings.zoom_token_secret,
        refresh_function=settings.refresh_token_function,
        clock=time.time,
    )
    return Environment(
        settings,
        WebinarTable(dynamodb, settings.webinar_table),
        LookupPace(dynamodb, settings.account_table),
        tokens,
        Logger(service=Service.DESCRIBE_WEBINAR, use_rfc3339=True),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Return what is known about a webinar or meeting."""
    env = environment()
    env.logger.append_keys(aws_request_id=context.aws_request_id)
    kind = event.get("kind", WEBINAR)
    try:
        webinar_id = check_webinar_id(event.get("webinar_id", ""))
    except WrongField:
        webinar_id = ""
    if not webinar_id or kind not in KINDS:
        env.logger.info("Test event ignored", detail=_USAGE)
        return {"message": _USAGE}
    with Metrics(Service.DESCRIBE_WEBINAR, env.settings.stack_name) as metrics:
        facts, why = describe(webinar_id, kind, env, metrics)
    if facts is None:
        return {"webinar_id": webinar_id, "kind": kind, "unknown": why}
    return facts.to_attributes()


def describe(webinar_id: str, kind: str, env: Environment, metrics: Metrics) -> tuple[WebinarFacts | None, str]:
    """Return recent facts; else older ones, or None, and why there are no recent ones."""
    known: WebinarFacts | None = None
    try:
        known = env.table.read(webinar_id, kind)
        if known is not None and is_fresh(known, env.clock()):
            return known, ""
        if not env.table.begin_lookup(webinar_id, env.clock()):
            return _of_use(known), "Another lookup of it is under way, or has just failed."
        full_since = known.full_since if known else None
        known = look_up(webinar_id, kind, full_since, env)
        env.table.write(known, env.clock())
        if full_since and not known.full_since:
            env.table.mark_open(webinar_id, full_since)
    except (LookupFailed, StorageError) as error:
        env.logger.warning("Webinar not looked up", webinar_id=webinar_id, kind=kind, error=str(error))
        metrics.count(Metric.LOOKUPS_FAILED)
        return _of_use(known), str(error)
    metrics.count(Metric.LOOKUPS_FAILED, 0)
    return known.of_kind(kind), ""


def look_up(webinar_id: str, kind: str, full_since: str | None, env: Environment) -> WebinarFacts:
    """Ask Zoom, unless all environments together have asked it too often in this second.

    Raises:
        LookupFailed: Zoom did not answer, or is not asked. StorageError: the lookups cannot be counted.
    """
    if not env.pace.take(env.clock()):
        env.table.end_lookup(webinar_id)  # nothing was asked, so the next visitor need not wait
        raise LookupFailed(f"More than {limits.LOOKUPS_PER_SECOND} lookups in this second.")
    # A fresh connection: one that died while the environment was frozen would be a failed lookup.
    with closing(BoundedHttp(connections=1)) as http:
        zoom = ZoomClient(http, env.settings.zoom_api_url, auto_approve=False)
        return Lookup(zoom, env.tokens, env.clock, env.monotonic).facts(webinar_id, kind, full_since)


def _of_use(known: WebinarFacts | None) -> WebinarFacts | None:
    """Return old facts; an old answer that there is no such webinar says nothing."""
    return known if known is not None and known.exists else None
