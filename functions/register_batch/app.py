"""RegisterBatch: SQS event → registration → partial batch response.

Here only what lives as long as the environment is put together with what lives for one invocation; the story is
registrar/registration.py.
"""

import random
import time
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from registrar import aws, limits
from registrar.arrivals import Arrivals
from registrar.bounded_http import BoundedHttp
from registrar.breaker import Breaker
from registrar.calling import Caller
from registrar.day_counter import AccountDayCounter
from registrar.figures import Figures
from registrar.forgotten import Forgotten
from registrar.inbox import Inbox
from registrar.lookup import Lookup
from registrar.metrics import Metric, Metrics, Service
from registrar.pacing import DailyBudget, Pace, TimeLeft
from registrar.readback import Readback
from registrar.registration import Registration
from registrar.reservation import Reservation
from registrar.sending import Rooms, Sending
from registrar.settings import ConsumerSettings
from registrar.settlement import Settlement
from registrar.store import Store
from registrar.telemetry import Telemetry
from registrar.token import Tokens
from registrar.zoom import Zoom


@dataclass(frozen=True)
class Environment:
    """What is kept between invocations: clients, the token, calls already drawn from the day's budget, and
    whether Zoom was there."""

    settings: ConsumerSettings
    logger: Logger
    sqs: Any
    dynamodb: Any
    store: Store
    tokens: Tokens
    budget: DailyBudget
    breaker: Breaker


@cache
def environment() -> Environment:
    """Made at the first invocation, so that a wrong variable is an error with a name and not a failed import."""
    settings = ConsumerSettings.read()
    dynamodb = aws.client("dynamodb")
    return Environment(
        settings=settings,
        logger=Logger(service=Service.CONSUMER),
        sqs=aws.client("sqs"),
        dynamodb=dynamodb,
        store=Store(dynamodb, settings.registrant_table, settings.record_retention_days),
        tokens=Tokens(
            secrets=aws.client("secretsmanager"),
            functions=aws.client_when_used("lambda", read_seconds=limits.REFRESH_CALL_SECONDS, tries=1),
            secret=settings.zoom_token_secret,
            refresh_function=settings.refresh_token_function,
            clock=time.time,
        ),
        budget=DailyBudget(
            settings.zoom_calls_per_day,
            settings.zoom_budget_share,
            AccountDayCounter(dynamodb, settings.account_table),
            time.time,
        ),
        breaker=Breaker(),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Register the event's people, and whoever else is waiting; returns the partial batch response."""
    kept = environment()
    # Fresh connections: one that died while the environment was frozen would be an unknown outcome.
    with closing(BoundedHttp()) as http, Metrics(Service.CONSUMER, kept.settings.stack_name) as metrics:
        try:
            return registration(kept, http, metrics, context).run(event)
        finally:
            metrics.value(Metric.DAILY_BUDGET_USED, kept.budget.used_percent)


def registration(kept: Environment, http: BoundedHttp, metrics: Metrics, context: LambdaContext) -> Registration:
    """One invocation's collaborators, put together."""
    settings, telemetry = kept.settings, Telemetry(kept.logger, Figures(metrics))
    kept.logger.append_keys(aws_request_id=context.aws_request_id)
    time_left = TimeLeft(
        lambda: context.get_remaining_time_in_millis() / 1000, time.time(), settings.drain_seconds, time.time
    )
    pace = Pace(settings.zoom_calls_per_second, settings.zoom_budget_share, time.monotonic, time.sleep)
    inbox = Inbox(kept.sqs, settings.registration_queue_url, settings.dead_letter_queue_url, telemetry.failed)
    zoom = Zoom(http, settings.zoom_api_url, settings.auto_approve)
    settlement = Settlement(inbox, kept.store, telemetry, random.random)
    lookup = Lookup(kept.store, settlement, telemetry)
    caller = Caller(zoom, kept.tokens, pace, kept.budget, time_left, telemetry, random.random)
    rooms = Rooms(
        caller=caller,
        lookup=lookup,
        readback=Readback(caller),
        reservation=Reservation(kept.store, settlement, time_left, random.random),
        settlement=settlement,
        telemetry=telemetry,
        breaker=kept.breaker,
    )
    return Registration(
        inbox=inbox,
        arrivals=Arrivals(Forgotten(kept.dynamodb, settings.account_table), settlement),
        lookup=lookup,
        sending=Sending(rooms, time_left, random.random),
        settlement=settlement,
        pace=pace,
        time_left=time_left,
        telemetry=telemetry,
        random=random.random,
    )
