"""RegisterBatch: an SQS event → registrations at Zoom → the partial batch response.

The work itself is `registrar.registration.invocation`; `wiring` puts it together.
"""

from contextlib import closing
from functools import cache
from typing import Any

import wiring
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from registrar import limits
from registrar.observability.metrics import Metric, Metrics, Service
from registrar.runtime import aws
from registrar.runtime.concurrency import ThreadedTaskRunner
from registrar.runtime.settings import RegisterBatchSettings
from registrar.zoom.http import BoundedHttp


@cache
def environment() -> tuple[wiring.Environment, ThreadedTaskRunner]:
    """Make what the invocations share. Not at import: an invalid variable then has a log line that names it."""
    settings, runner = RegisterBatchSettings.read(), ThreadedTaskRunner(limits.WORKER_THREADS)
    refresh_token = aws.client_when_used("lambda", read_seconds=limits.REFRESH_CALL_SECONDS, tries=1)
    clients = wiring.Clients(
        sqs=runner.releasing_lock(aws.client("sqs")),
        dynamodb=runner.releasing_lock(aws.client("dynamodb")),
        secrets=runner.releasing_lock(aws.client("secretsmanager")),
        functions=runner.releasing_lock(refresh_token),
    )
    logger = Logger(service=Service.REGISTER_BATCH, use_rfc3339=True)
    return wiring.environment(settings, logger, clients, wiring.Time(sleep=runner.sleep)), runner


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Register the registrants of the event and of further messages on the queue; return the partial batch response."""
    env, runner = environment()
    env.logger.append_keys(aws_request_id=context.aws_request_id)
    # Fresh connections: one that died while the environment was frozen would be an unknown outcome.
    with closing(BoundedHttp()) as http, Metrics(Service.REGISTER_BATCH, env.settings.stack_name) as metrics, runner:
        try:
            return wiring.invocation(env, runner.releasing_lock(http), runner, metrics, context).run(event)
        finally:
            metrics.value(Metric.DAILY_BUDGET_USED, env.rate_limits.quota.used_percent)
