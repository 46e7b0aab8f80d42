"""The door on fakes: AcceptSubmission's handler, its table, its queue and its log."""

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
    """An answer of the endpoint."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def content(self) -> Any:
        return json.loads(self.text)

    @property
    def wrong_fields(self) -> list[str]:
        """The fields that a 422 names, in its order."""
        return [error["field"] for error in self.content["errors"]]


class Endpoint:
    """One environment of the function."""

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
        # A logger's name is global, and so is its stream: each test has its own.
        logger = Logger(service=f"accept-submission-{uuid.uuid4()}", stream=self._log)
        env = app.Environment(settings, submissions, logger)
        app.environment = lambda: env  # type: ignore[attr-defined]
        app.time = SimpleNamespace(time=self.clock)  # type: ignore[attr-defined]

    def post(self, event: dict[str, Any]) -> Reply:
        """Hand the event to the handler. What it returns has to be JSON with text for a body: Lambda's rule."""
        context = FakeLambdaContext(self.clock, function_name="AcceptSubmissionFunction")
        answer = json.loads(json.dumps(self.app.handler(json.loads(json.dumps(event)), context)))
        assert answer.keys() == {"statusCode", "headers", "body"}
        assert isinstance(answer["body"], str)
        assert all(name == name.lower() and isinstance(text, str) for name, text in answer["headers"].items())
        return Reply(answer["statusCode"], answer["headers"], answer["body"])

    @property
    def log(self) -> str:
        """Everything logged so far."""
        return self._log.getvalue()

    @property
    def log_lines(self) -> list[dict[str, Any]]:
        """The log as it is read: one JSON object a line."""
        return [json.loads(line) for line in self.log.splitlines()]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """SubmissionTable."""
        return self.dynamodb.rows(TABLE)

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The calls that put something on the queue."""
        return self.sqs.requests_of("send_message")

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The bodies on the queue."""
        return [json.loads(call["MessageBody"]) for call in self.sent]

    def wrote_nothing(self) -> bool:
        """Nobody was asked to keep anything."""
        return not self.dynamodb.requests and not self.sqs.requests


@pytest.fixture
def open_endpoint(load_app: Callable[[str], ModuleType]) -> Callable[..., Endpoint]:
    """A door that admits these webinars; none named: all."""
    return lambda *webinars: Endpoint(load_app("accept_submission"), frozenset(webinars))


@pytest.fixture
def endpoint(open_endpoint: Callable[..., Endpoint]) -> Endpoint:
    """A door that admits every webinar."""
    return open_endpoint()
