"""The environment variables, context and events of Lambda, the same for our and the naive functions."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

QUEUE_URL: Final = "https://sqs.us-east-1.amazonaws.com/123456789012/Registrations"
FORM_ID: Final = "0123456789abcdef0123456789abcdef"
FORM_SECRET: Final = "test-secret-0001"  # noqa: S105  of no one's form
DEAD_LETTER_URL: Final = "https://sqs.us-east-1.amazonaws.com/123456789012/DeadLetters"

# Lambda's. Powertools' Tracer is active only where LAMBDA_TASK_ROOT is set. Sampled=0: X-Ray records one request per
# second and 5 % of the others, so most invocations record nothing; this favours the naive functions.
_OF_LAMBDA: Final = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "example",
    "AWS_SESSION_TOKEN": "example" * 100,
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_NAME": "measured",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
    "AWS_LAMBDA_LOG_LEVEL": "INFO",
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
    "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
    "LAMBDA_TASK_ROOT": "/var/task",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
    "_X_AMZN_TRACE_ID": "Root=1-69230f00-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0",
}

# The template's; the naive functions read some of them. The rate limit is so high that nothing waits for it.
_OF_TEMPLATE: Final = {
    "ACCOUNT_TABLE": "Account",
    "ALLOWED_ORIGINS": "*",
    "ALLOWED_WEBINARS": "",
    "AUTO_APPROVE": "true",
    "DEAD_LETTER_QUEUE_URL": DEAD_LETTER_URL,
    "DRAIN_SECONDS": "240",
    "FORM_SECRETS": "arn:aws:secretsmanager:us-east-1:123456789012:secret:FormSecrets",
    "FORM_TABLE": "Forms",
    "RECORD_RETENTION_DAYS": "400",
    "REFRESH_TOKEN_FUNCTION": "RefreshToken",
    "REGISTRANT_TABLE": "Registrants",
    "REGISTRATION_QUEUE_URL": QUEUE_URL,
    "STACK_NAME": "zoom-registrar",
    "SUBMISSION_TABLE": "Submissions",
    "TURNSTILE_SECRET": "",
    "TURNSTILE_SITE_KEY": "",
    "WEBINAR_TABLE": "Webinars",
    "ZOOM_API_URL": "https://api.zoom.us/v2",
    "ZOOM_BUDGET_SHARE": "100",
    "ZOOM_CALLS_PER_DAY": "30000",
    "ZOOM_CALLS_PER_SECOND": "100000",
    "ZOOM_TOKEN_SECRET": "arn:aws:secretsmanager:us-east-1:123456789012:secret:Token",
}

VARIABLES: Final[Mapping[str, str]] = _OF_LAMBDA | _OF_TEMPLATE


class Context:
    """The context of an invocation that never reaches its timeout."""

    function_name = "measured"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:measured"
    memory_limit_in_mb = "512"
    aws_request_id = "00000000-0000-4000-8000-000000000000"
    log_group_name = "/aws/lambda/measured"
    log_stream_name = "2026/11/23/[$LATEST]measured"

    def get_remaining_time_in_millis(self) -> int:
        """Return 300 s, always."""
        return 300_000


def message(number: int, webinar_id: str) -> str:
    """Return the message that the form endpoint sends for a registrant, another one for every number."""
    return json.dumps(
        {
            "webinar_id": webinar_id,
            "email": f"Augusta.King{number}@example.com",
            "first_name": "Augusta Ada",
            "last_name": "King-Noël",
            "submission_id": f"0b0c7c3a-6f0e-4a57-9d35-{number:012d}",
            "submitted_at": "2026-11-23T14:00:00Z",
        }
    )


def queue_event() -> dict[str, Any]:
    """Return the event source mapping's event for one message."""
    record = {
        "messageId": "059f36b4-87a3-44ab-83d2-661975860001",
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a1",
        "body": message(1, "97871060099"),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1795442400000",
            "SenderId": "AROAEXAMPLE:AcceptSubmission",
            "ApproximateFirstReceiveTimestamp": "1795442400100",
            "MessageGroupId": "97871060099",
        },
        "messageAttributes": {},
        "md5OfBody": "6e819fbd07ecab15d3421d215bbe71d5",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:Registrations",
        "awsRegion": "us-east-1",
    }
    return {"Records": [record]}


def form_event() -> dict[str, Any]:
    """Return the event of one form, posted as JSON, which both form endpoints accept."""
    path = "/webinars/97871060099/registrants"
    return {
        "version": "2.0",
        "routeKey": "POST /webinars/{webinar_id}/registrants",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": "application/json", "content-type": "application/json", "host": "example.com"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": "example.com",
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.10",
                "userAgent": "-",
            },
            "requestId": "UkX1dhHtIAMEJRw=",
            "stage": "$default",
            "timeEpoch": 1795442400000,
        },
        "pathParameters": {"webinar_id": "97871060099"},
        "body": json.dumps({"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}),
        "isBase64Encoded": False,
    }


def webhook_event(number: int = 1) -> dict[str, Any]:
    """Return the event of a signed delivery of Typeform, another submission for every number."""
    answers = [
        {"type": "email", "email": "ada@example.com", "field": {"id": "f1", "type": "email", "ref": "email"}},
        {"type": "text", "text": "Ada", "field": {"id": "f2", "type": "short_text", "ref": "first_name"}},
        {"type": "text", "text": "Lovelace", "field": {"id": "f3", "type": "short_text", "ref": "last_name"}},
    ]
    fields = [{**answer["field"], "title": "A question of the form"} for answer in answers]  # type: ignore[dict-item]
    response = {"token": f"r{number}", "definition": {"id": "abc", "fields": fields}, "answers": answers}
    body = json.dumps({"event_id": "01EVT", "event_type": "form_response", "form_response": response})
    digest = base64.b64encode(hmac.digest(FORM_SECRET.encode(), body.encode(), hashlib.sha256)).decode()
    event, path = form_event(), f"/forms/{FORM_ID}"
    event["requestContext"]["http"]["path"] = path
    return event | {
        "routeKey": "POST /forms/{form_id}",
        "rawPath": path,
        "headers": {**event["headers"], "typeform-signature": f"sha256={digest}"},
        "pathParameters": {"form_id": FORM_ID},
        "body": body,
    }


EVENTS: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "consumer": queue_event,
    "form_endpoint": form_event,
    "webhook": webhook_event,
}
