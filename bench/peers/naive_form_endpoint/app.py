"""The form endpoint as it is usually written with Powertools: the peer for start-up.

It returns 202 once SQS has the message, 422 for invalid fields, which pydantic validates.
"""

import os
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, EmailStr, Field

QUEUE_URL = os.environ["REGISTRATION_QUEUE_URL"]

logger = Logger(service="naive-form-endpoint")
tracer = Tracer(service="naive-form-endpoint")
metrics = Metrics(namespace="NaiveRegistrar", service="naive-form-endpoint")
app = APIGatewayHttpResolver(enable_validation=True)
sqs = boto3.client("sqs")
table = boto3.resource("dynamodb").Table(os.environ["SUBMISSION_TABLE"])


class Form(BaseModel):
    """The posted form."""

    email: EmailStr
    first_name: str = Field(min_length=1, max_length=64)
    last_name: str = Field(default="", max_length=64)


class Accepted(BaseModel):
    """The response body."""

    submission_id: str
    status: str = "queued"


class Submission(Form):
    """The message on the queue: the form, and what identifies the submission."""

    webinar_id: str
    submission_id: str
    submitted_at: datetime


@app.post("/webinars/<webinar_id>/registrants")
@tracer.capture_method(capture_response=False)
def submit(webinar_id: Annotated[str, Path(pattern=r"^\d{9,15}$")], form: Form) -> tuple[Accepted, int]:
    """Store the form and put it on the queue."""
    submission = Submission(
        **form.model_dump(), webinar_id=webinar_id, submission_id=str(uuid.uuid4()), submitted_at=datetime.now(UTC)
    )
    table.put_item(Item=submission.model_dump(mode="json", include={"submission_id", "webinar_id", "email"}))
    sqs.send_message(QueueUrl=QUEUE_URL, MessageBody=submission.model_dump_json(), MessageGroupId=webinar_id)
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=1)
    logger.info("Accepted", submission_id=submission.submission_id, webinar_id=webinar_id)
    return Accepted(submission_id=submission.submission_id), 202


@logger.inject_lambda_context
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle one request."""
    return app.resolve(event, context)
