"""Put the consumer together: what an execution environment keeps, and what one invocation needs.

The function, the tests in virtual time, chaos and bench all use it. They pass AWS clients, clock, sleep, random numbers
and the task runner as arguments.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from registrar.observability.consumer_metrics import ConsumerMetrics
from registrar.observability.metrics import Metrics
from registrar.observability.telemetry import Telemetry
from registrar.outcomes.retry_schedule import Random
from registrar.queue.in_flight import InFlightMessages
from registrar.registration.calling import Caller
from registrar.registration.intake import Intake
from registrar.registration.invocation import Invocation
from registrar.registration.invocation_state import Collaborators, InvocationState
from registrar.registration.lookup import Lookup
from registrar.registration.reconciliation import Reconciliation, RegistrantListings
from registrar.registration.refused_webinars import RefusedWebinars
from registrar.registration.reservation import Reservation
from registrar.registration.settlement import Settlement
from registrar.runtime.concurrency import TaskRunner
from registrar.runtime.deadline import Deadline
from registrar.runtime.settings import RegisterBatchSettings
from registrar.storage.daily_call_counter import AccountDailyCallCounter
from registrar.storage.pause_flag import PauseFlag
from registrar.storage.registrant_table import RegistrantTable
from registrar.storage.suppression_list import SuppressionList
from registrar.storage.webinar_table import WebinarTable
from registrar.zoom.circuit_breaker import CircuitBreaker
from registrar.zoom.client import ZoomClient
from registrar.zoom.http import BoundedHttp
from registrar.zoom.rate_limits import ConcurrencyLimit, DailyQuota, RateLimiter, RateLimits
from registrar.zoom.token_cache import Tokens


@dataclass(frozen=True)
class Clients:
    """The AWS clients: `secrets` is Secrets Manager's, `functions` is Lambda's."""

    sqs: Any
    dynamodb: Any
    secrets: Any
    functions: Any


@dataclass(frozen=True)
class Time:
    """Time's functions: `clock` returns epoch seconds; `monotonic` returns seconds that no clock change affects."""

    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Environment:
    """What an execution environment keeps between invocations."""

    settings: RegisterBatchSettings
    logger: Logger
    clients: Clients
    time: Time
    random: Random
    table: RegistrantTable
    tokens: Tokens
    rate_limits: RateLimits
    breaker: CircuitBreaker


def environment(
    settings: RegisterBatchSettings,
    logger: Logger,
    clients: Clients,
    time: Time,
    random: Random = random.random,
) -> Environment:
    """Make what a cold start makes: the token cache, the rate limits, the circuit breaker."""
    limiter = (settings.zoom_calls_per_second, settings.zoom_budget_share, time.monotonic, time.sleep)
    calls = RateLimiter(*limiter)
    counter = AccountDailyCallCounter(clients.dynamodb, settings.account_table, time.clock)
    return Environment(
        settings=settings,
        logger=logger,
        clients=clients,
        time=time,
        random=random,
        table=RegistrantTable(
            clients.dynamodb, settings.registrant_table, settings.record_retention_days, time.clock, time.sleep, random
        ),
        tokens=Tokens(
            secrets=clients.secrets,
            functions=clients.functions,
            secret=settings.zoom_token_secret,
            refresh_function=settings.refresh_token_function,
            clock=time.clock,
            sleep=time.sleep,
        ),
        rate_limits=RateLimits(
            calls=calls,
            reads=RateLimiter(*limiter),
            concurrency=ConcurrencyLimit(calls.per_second),
            quota=DailyQuota(settings.zoom_calls_per_day, settings.zoom_budget_share, counter, time.clock),
        ),
        breaker=CircuitBreaker(),
    )


def invocation(
    env: Environment, http: BoundedHttp, runner: TaskRunner, metrics: Metrics, context: LambdaContext
) -> Invocation:
    """Make one invocation, with collaborators that only it uses."""
    settings, clients, clock = env.settings, env.clients, env.time.clock
    telemetry = Telemetry(env.logger, ConsumerMetrics(metrics, clock))
    deadline = Deadline(lambda: context.get_remaining_time_in_millis() / 1000, clock(), settings.drain_seconds, clock)
    in_flight = InFlightMessages(
        clients.sqs, settings.registration_queue_url, settings.dead_letter_queue_url, telemetry.failed, clock
    )
    zoom = ZoomClient(http, settings.zoom_api_url, settings.auto_approve)
    caller = Caller(
        zoom, env.tokens, env.rate_limits, deadline, telemetry, env.random, env.time.sleep, env.time.monotonic
    )
    listings = RegistrantListings(caller, clock, env.time.sleep)
    refused_webinars = RefusedWebinars(
        WebinarTable(clients.dynamodb, settings.webinar_table), deadline, telemetry, clock
    )
    settlement = Settlement(
        in_flight, env.table, deadline, telemetry, listings.find, refused_webinars, env.random, clock
    )
    collaborators = Collaborators(
        intake=Intake(SuppressionList(clients.dynamodb, settings.account_table), settlement),
        caller=caller,
        lookup=Lookup(env.table, settlement, telemetry, clock),
        reconciliation=Reconciliation(listings, settlement, deadline, env.random, clock),
        reservation=Reservation(env.table, settlement, deadline, env.random, clock),
        settlement=settlement,
        breaker=env.breaker,
        state=InvocationState(env.breaker, telemetry, clock),
        deadline=deadline,
        random=env.random,
        clock=clock,
        sleep=env.time.sleep,
    )
    pause_flag = PauseFlag(clients.dynamodb, settings.account_table, clock)
    return Invocation(in_flight, collaborators, env.rate_limits, pause_flag, runner, telemetry, clock)
