"""The consumer as it is usually written with Powertools: the peer for start-up and CPU time.

One call to Zoom, one row and one log line per message, without isolation, attempts or rate limits. Plain, not bad:
everything that lives as long as the environment is created once, outside of the handler.
"""

import os
from datetime import UTC, datetime
from typing import Any

import boto3
import requests
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.parser import BaseModel, Field, parse
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import EmailStr

ZOOM_API_URL = os.environ["ZOOM_API_URL"]
ZOOM_TOKEN_SECRET = os.environ["ZOOM_TOKEN_SECRET"]
ZOOM_SECONDS = 25

logger = Logger(service="naive-consumer")
tracer = Tracer(service="naive-consumer")
metrics = Metrics(namespace="NaiveRegistrar", service="naive-consumer")
processor = BatchProcessor(event_type=EventType.SQS)
table = boto3.resource("dynamodb").Table(os.environ["REGISTRANT_TABLE"])
sqs = boto3.client("sqs")
session = requests.Session()


class Registrant(BaseModel):
    """The body of a message."""

    webinar_id: str
    email: EmailStr
    first_name: str = Field(min_length=1, max_length=64)
    last_name: str = Field(default="", max_length=64)
    submission_id: str | None = None
    submitted_at: datetime | None = None


class Answer(BaseModel):
    """Zoom's response to a registration."""

    registrant_id: str
    join_url: str


@tracer.capture_method(capture_response=False)
def register(registrant: Registrant) -> Answer:
    """Register a registrant."""
    token: dict[str, Any] = parameters.get_secret(ZOOM_TOKEN_SECRET, transform="json", max_age=300)
    response = session.post(
        f"{ZOOM_API_URL}/webinars/{registrant.webinar_id}/registrants",
        json=registrant.model_dump(include={"email", "first_name", "last_name"}),
        headers={"Authorization": f"Bearer {token['access_token']}"},
        timeout=ZOOM_SECONDS,
    )
    response.raise_for_status()
    return parse(event=response.json(), model=Answer)


@tracer.capture_method(capture_response=False)
def store(registrant: Registrant, answer: Answer, message_id: str) -> None:
    """Store the join URL."""
    table.put_item(
        Item={
            "webinar_id": registrant.webinar_id,
            "email": registrant.email.lower(),
            "status": "registered",
            "first_name": registrant.first_name,
            "last_name": registrant.last_name,
            "join_url": answer.join_url,
            "registrant_id": answer.registrant_id,
            "submission_id": registrant.submission_id,
            "message_id": message_id,
            "registered_at": datetime.now(UTC).isoformat(),
        }
    )


def record_handler(record: SQSRecord) -> None:
    """Register the registrant of one message."""
    registrant = parse(event=record.json_body, model=Registrant)
    answer = register(registrant)
    store(registrant, answer, record.message_id)
    metrics.add_metric(name="Registered", unit=MetricUnit.Count, value=1)
    logger.info("Registered", webinar_id=registrant.webinar_id, message_id=record.message_id)


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Register the registrants of the event, one after the other."""
    return process_partial_response(event=event, record_handler=record_handler, processor=processor, context=context)
