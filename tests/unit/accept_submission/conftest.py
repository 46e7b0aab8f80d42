"""AcceptSubmission on fakes: its handler, table, queue and log."""

import io
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from registrar.runtime.settings import AcceptSubmissionSettings
from submissions import Submissions

from tests.fakes import FakeDynamoDb, FakeLambdaContext, FakeSqs, VirtualClock

TABLE = "submissions"


@dataclass
class Reply:
    """A response of the form endpoint."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def content(self) -> Any:
        return json.loads(self.text)

    @property
    def invalid_fields(self) -> list[str]:
        """Return the fields that a 422 names, in its order."""
        return [error["field"] for error in self.content["errors"]]


class Endpoint:
    """One execution environment of AcceptSubmission."""

    def __init__(self, app: ModuleType, allowed_webinars: frozenset[str]) -> None:
        self.app = app
        self.clock = VirtualClock()
        self.dynamodb = FakeDynamoDb(self.clock)
        self.sqs = FakeSqs(self.clock)
        self.dynamodb.add_table(TABLE, "submission_id")
        self.queue_url = self.sqs.add_queue("registrations", max_message_bytes=65_536)
        self._log = io.StringIO()
        settings = AcceptSubmissionSettings("zoom-registrar", allowed_webinars, TABLE, self.queue_url)
        submissions = Submissions(self.dynamodb, self.sqs, settings.submission_table, settings.registration_queue_url)
        # A logger's name and its stream are global, so each test has its own.
        logger = Logger(service=f"accept-submission-{uuid.uuid4()}", stream=self._log)
        env = app.Environment(settings, submissions, logger)
        app.environment = lambda: env  # type: ignore[attr-defined]
        app.time = SimpleNamespace(time=self.clock)  # type: ignore[attr-defined]

    def post(self, event: dict[str, Any]) -> Reply:
        """Invoke the handler with the event; Lambda requires JSON with a text body."""
        context = FakeLambdaContext(self.clock, function_name="AcceptSubmissionFunction")
        response = json.loads(json.dumps(self.app.handler(json.loads(json.dumps(event)), context)))
        assert response.keys() == {"statusCode", "headers", "body"}
        assert isinstance(response["body"], str)
        assert all(name == name.lower() and isinstance(text, str) for name, text in response["headers"].items())
        return Reply(response["statusCode"], response["headers"], response["body"])

    @property
    def log(self) -> str:
        """Return everything logged so far."""
        return self._log.getvalue()

    @property
    def log_lines(self) -> list[dict[str, Any]]:
        """Return the log lines, each a JSON object."""
        return [json.loads(line) for line in self.log.splitlines()]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of SubmissionTable."""
        return self.dynamodb.rows(TABLE)

    @property
    def sent(self) -> list[dict[str, Any]]:
        """Return the calls that sent a message."""
        return self.sqs.requests_of("send_message")

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Return the bodies of the messages sent."""
        return [json.loads(call["MessageBody"]) for call in self.sent]

    def wrote_nothing(self) -> bool:
        """Return whether neither the table nor the queue was called."""
        return not self.dynamodb.requests and not self.sqs.requests


@pytest.fixture
def open_endpoint(load_app: Callable[[str], ModuleType]) -> Callable[..., Endpoint]:
    """Open a form endpoint that accepts these webinars; none given: all."""
    return lambda *webinars: Endpoint(load_app("accept_submission"), frozenset(webinars))


@pytest.fixture
def endpoint(open_endpoint: Callable[..., Endpoint]) -> Endpoint:
    """Return a form endpoint that accepts every webinar."""
    return open_endpoint()
