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
from registrar import limits
from registrar.observability.consumer_metrics import ConsumerMetrics
from registrar.observability.metrics import Metric, Metrics, Service
from registrar.observability.telemetry import Telemetry
from registrar.queue.in_flight import InFlightMessages
from registrar.registration.calling import Caller
from registrar.registration.intake import Intake
from registrar.registration.invocation import Invocation
from registrar.registration.invocation_state import Collaborators, InvocationState
from registrar.registration.lookup import Lookup
from registrar.registration.reconciliation import Reconciliation
from registrar.registration.reservation import Reservation
from registrar.registration.settlement import Settlement
from registrar.runtime import aws
from registrar.runtime.concurrency import ThreadedTaskRunner
from registrar.runtime.deadline import Deadline
from registrar.runtime.settings import RegisterBatchSettings
from registrar.storage.daily_call_counter import AccountDailyCallCounter
from registrar.storage.registrant_table import RegistrantTable
from registrar.storage.suppression_list import SuppressionList
from registrar.zoom.circuit_breaker import CircuitBreaker
from registrar.zoom.client import ZoomClient
from registrar.zoom.http import BoundedHttp
from registrar.zoom.rate_limits import ConcurrencyLimit, DailyQuota, RateLimiter, RateLimits
from registrar.zoom.token import Tokens


@dataclass(frozen=True)
class Environment:
    """What is kept between invocations: threads, clients, the token, how fast Zoom may be called and how many calls are
    left today, and whether Zoom was there."""

    settings: RegisterBatchSettings
    logger: Logger
    runner: ThreadedTaskRunner
    sqs: Any
    dynamodb: Any
    table: RegistrantTable
    tokens: Tokens
    rates: RateLimits
    breaker: CircuitBreaker


@cache
def environment() -> Environment:
    """Made at the first invocation, so that a wrong variable is an error with a name and not a failed import."""
    settings, runner = RegisterBatchSettings.read(), ThreadedTaskRunner(limits.WORKER_THREADS)
    dynamodb = runner.releasing_lock(aws.client("dynamodb"))
    refresher = aws.client_when_used("lambda", read_seconds=limits.REFRESH_CALL_SECONDS, tries=1)
    calls = RateLimiter(settings.zoom_calls_per_second, settings.zoom_budget_share, time.monotonic, runner.sleep)
    counter = AccountDailyCallCounter(dynamodb, settings.account_table)
    return Environment(
        settings=settings,
        logger=Logger(service=Service.REGISTER_BATCH),
        runner=runner,
        sqs=runner.releasing_lock(aws.client("sqs")),
        dynamodb=dynamodb,
        table=RegistrantTable(dynamodb, settings.registrant_table, settings.record_retention_days, sleep=runner.sleep),
        tokens=Tokens(
            secrets=runner.releasing_lock(aws.client("secretsmanager")),
            functions=runner.releasing_lock(refresher),
            secret=settings.zoom_token_secret,
            refresh_function=settings.refresh_token_function,
            clock=time.time,
            sleep=runner.sleep,
        ),
        rates=RateLimits(
            calls=calls,
            reads=RateLimiter(settings.zoom_calls_per_second, settings.zoom_budget_share, time.monotonic, runner.sleep),
            concurrency=ConcurrencyLimit(calls.per_second),
            quota=DailyQuota(settings.zoom_calls_per_day, settings.zoom_budget_share, counter, time.time),
        ),
        breaker=CircuitBreaker(),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Register the event's people, and whoever else is waiting; returns the partial batch response."""
    kept = environment()
    # Fresh connections: one that died while the environment was frozen would be an unknown outcome.
    with (
        closing(BoundedHttp()) as http,
        Metrics(Service.REGISTER_BATCH, kept.settings.stack_name) as metrics,
        kept.runner,
    ):
        try:
            return registration(kept, http, metrics, context).run(event)
        finally:
            metrics.value(Metric.DAILY_BUDGET_USED, kept.rates.quota.used_percent)


def registration(kept: Environment, http: BoundedHttp, metrics: Metrics, context: LambdaContext) -> Invocation:
    """One invocation's collaborators, put together."""
    settings, runner, telemetry = kept.settings, kept.runner, Telemetry(kept.logger, ConsumerMetrics(metrics))
    kept.logger.append_keys(aws_request_id=context.aws_request_id)
    deadline = Deadline(
        lambda: context.get_remaining_time_in_millis() / 1000, time.time(), settings.drain_seconds, time.time
    )
    in_flight = InFlightMessages(
        kept.sqs, settings.registration_queue_url, settings.dead_letter_queue_url, telemetry.failed
    )
    zoom = runner.releasing_lock(ZoomClient(http, settings.zoom_api_url, settings.auto_approve))
    settlement = Settlement(in_flight, kept.table, deadline, telemetry, random.random)
    caller = Caller(zoom, kept.tokens, kept.rates, deadline, telemetry, random.random, sleep=runner.sleep)
    collaborators = Collaborators(
        intake=Intake(SuppressionList(kept.dynamodb, settings.account_table), settlement),
        caller=caller,
        lookup=Lookup(kept.table, settlement, telemetry),
        reconciliation=Reconciliation(caller, sleep=runner.sleep),
        reservation=Reservation(kept.table, settlement, deadline, random.random),
        settlement=settlement,
        breaker=kept.breaker,
        state=InvocationState(kept.breaker, telemetry),
        deadline=deadline,
        random=random.random,
    )
    return Invocation(in_flight, collaborators, kept.rates, runner, telemetry)
