"""AcceptSubmission on fakes: its handler, table, queue and log."""

import io
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from registrar.runtime.settings import AcceptSubmissionSettings
from registrar.storage.submission_table import SubmissionTable
from registrar.storage.webinar_table import WebinarTable
from submissions import Submissions
from turnstile import Turnstile

from tests.fakes import FakeDynamoDb, FakeLambdaContext, FakeSecrets, FakeSqs, VirtualClock

TABLE = "submissions"
WEBINARS = "webinars"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SITE_KEY = "1x00000000000000000000AA"  # Cloudflare's, for tests


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

    def __init__(
        self,
        app: ModuleType,
        allowed_webinars: Sequence[str] = (),
        allowed_origins: Sequence[str] = ("*",),
        turnstile_url: str | None = None,
    ) -> None:
        self.app = app
        self.clock = VirtualClock()
        self.dynamodb = FakeDynamoDb(self.clock)
        self.sqs = FakeSqs(self.clock)
        self.secrets = FakeSecrets(self.clock)
        self.dynamodb.add_table(TABLE, "submission_id")
        self.dynamodb.add_table(WEBINARS, "webinar_id")
        self.queue_url = self.sqs.add_queue("registrations", max_message_bytes=65_536)
        self._log = io.StringIO()
        secret = self.secrets.add_secret("turnstile", "1x0000000000000000000000000000000AA")
        settings = AcceptSubmissionSettings(
            stack_name="zoom-registrar",
            allowed_origins=tuple(allowed_origins),
            allowed_webinars=frozenset(allowed_webinars),
            registration_queue_url=self.queue_url,
            submission_table=TABLE,
            turnstile_secret=secret if turnstile_url else None,
            turnstile_site_key=SITE_KEY if turnstile_url else None,
            webinar_table=WEBINARS,
        )
        # A logger's name and its stream are global, so each test has its own.
        logger = Logger(service=f"accept-submission-{uuid.uuid4()}", stream=self._log)
        self.webinars = WebinarTable(self.dynamodb.client, WEBINARS)
        table = SubmissionTable(self.dynamodb.client, TABLE, self.clock, self.clock.sleep)
        env = app.Environment(
            settings,
            Submissions(table, self.sqs, settings.registration_queue_url, logger),
            app._pages_when_used(settings, self.dynamodb, logger),
            Turnstile(self.secrets, secret, turnstile_url, self.clock) if turnstile_url else None,
            logger,
            self.clock,
        )
        app.environment = lambda: env  # type: ignore[attr-defined]

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

    def wrote_nothing_but_reads(self) -> bool:
        """Return whether the queue was not called, and the tables were only read."""
        return not self.sqs.requests and {call.operation for call in self.dynamodb.requests} <= {"get_item"}

    def wrote_nothing(self) -> bool:
        """Return whether neither the table nor the queue was called."""
        return not self.dynamodb.requests and not self.sqs.requests


@pytest.fixture
def open_endpoint(load_app: Callable[[str], ModuleType]) -> Callable[..., Endpoint]:
    """Open a form endpoint that accepts these webinars; none given: all."""
    return lambda *webinars, **options: Endpoint(load_app("accept_submission"), webinars, **options)


@pytest.fixture
def endpoint(open_endpoint: Callable[..., Endpoint]) -> Endpoint:
    """Return a form endpoint that accepts every webinar."""
    return open_endpoint()
