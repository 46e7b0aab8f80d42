"""RegisterBatch: an SQS event → registrations at Zoom → the partial batch response.

The work itself is `registrar.registration.invocation`; `wiring` puts it together.
"""

from collections.abc import Mapping
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

# The sample events of Lambda's console, of `sam local generate-event` and of AWS's documentation.
_SAMPLE_RECEIPT_HANDLE = "MessageReceiptHandle"
_SAMPLE_QUEUES = (":123456789012:MyQueue", ":123456789012:my-queue")
_NOT_OF_THE_QUEUE = (
    "This event does not come from RegistrationQueue, so nothing was done. To try the function, send a message to the "
    "queue, or post a form."
)


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
    if not _is_of_the_queue(event):
        env.logger.info("Test event ignored", detail=_NOT_OF_THE_QUEUE)
        return {"batchItemFailures": [], "message": _NOT_OF_THE_QUEUE}
    # Fresh connections: one that died while the environment was frozen would be an unknown outcome.
    with closing(BoundedHttp()) as http, Metrics(Service.REGISTER_BATCH, env.settings.stack_name) as metrics, runner:
        try:
            return wiring.invocation(env, runner.releasing_lock(http), runner, metrics, context).run(event)
        finally:
            metrics.value(Metric.DAILY_BUDGET_USED, env.rate_limits.quota.used_percent)


def _is_of_the_queue(event: Mapping[str, Any]) -> bool:
    """Return whether the event holds messages of a queue, and none of a sample, which would be dead-lettered."""
    records = event.get("Records")
    return isinstance(records, list) and all(
        "receiptHandle" in record
        and record["receiptHandle"] != _SAMPLE_RECEIPT_HANDLE
        and not record.get("eventSourceARN", "").endswith(_SAMPLE_QUEUES)
        for record in records
    )
