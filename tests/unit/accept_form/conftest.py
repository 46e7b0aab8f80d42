"""AcceptForm on fakes: its handler, tables, queues, secrets and log."""

import io
import json
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from types import ModuleType
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from form_secrets import FormSecrets
from form_table import FormTable
from outbox import Outbox
from registrar.forms.providers.form import Form
from registrar.runtime.settings import AcceptFormSettings
from registrar.storage.submission_table import SubmissionTable

from tests.fakes import FakeDynamoDb, FakeLambdaContext, FakeSecrets, FakeSqs, VirtualClock
from tests.unit.registrar.forms.providers.people import FORM_ID, NOW, WEBINAR


class InTurn(Executor):
    """Runs each task at once, so that the order of calls is always the same."""

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(task(*arguments, **named))
        except RuntimeError as error:
            future.set_exception(error)
        return future


class Aws:
    """What all execution environments share."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.dynamodb, self.sqs = FakeDynamoDb(clock), FakeSqs(clock)
        self.secrets = FakeSecrets(clock)
        self.dynamodb.add_table("forms", "form_id")
        self.dynamodb.add_table("submissions", "submission_id")
        self.queue_url = self.sqs.add_queue("registrations", max_message_bytes=65_536)
        self.dead_letter_url = self.sqs.add_queue("dead-letters")
        self.secret_id = self.secrets.add_secret("FormSecrets", "{}")


class Webhook:
    """One execution environment of AcceptForm."""

    def __init__(self, app: ModuleType, aws: Aws, allowed_webinars: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.aws, self.clock = aws, aws.clock
        self.dynamodb, self.sqs, self.secrets = aws.dynamodb, aws.sqs, aws.secrets
        self._log = io.StringIO()
        settings = AcceptFormSettings(
            "zoom-registrar",
            allowed_webinars,
            aws.dead_letter_url,
            aws.secret_id,
            "forms",
            aws.queue_url,
            "submissions",
        )
        # A logger's name and its stream are global, so each test has its own.
        logger = Logger(service=f"accept-form-{uuid.uuid4()}", stream=self._log)
        forms = FormTable(self.dynamodb, "forms", self.clock)
        submissions = SubmissionTable(self.dynamodb.client, "submissions", self.clock, self.clock.sleep)
        outbox = Outbox(forms, submissions, self.sqs, aws.queue_url, aws.dead_letter_url, InTurn(), logger)
        secrets = FormSecrets(self.secrets, aws.secret_id, self.clock)
        env = app.Environment(settings, forms, secrets, outbox, logger, self.clock)
        app.environment = lambda: env  # type: ignore[attr-defined]

    def add_form(self, provider: str = "generic", form_id: str = FORM_ID, **attributes: Any) -> Form:
        """Write a form, for one webinar unless the attributes say otherwise."""
        if "webinar_from" not in attributes:
            attributes = {"webinar_id": WEBINAR, **attributes}
        form = Form(**{"name": "sign-up", **attributes, "form_id": form_id, "provider": provider})
        self.dynamodb.put_item(TableName="forms", Item=form.to_item())
        self.dynamodb.requests.clear()
        return form

    def set_secrets(self, secrets: Sequence[str], form_id: str = FORM_ID) -> None:
        """Replace the value of FormSecrets."""
        self.secrets.put_secret_value(SecretId=self.aws.secret_id, SecretString=json.dumps({form_id: list(secrets)}))

    def post(self, event: dict[str, Any]) -> "Reply":
        """Invoke the handler with the event; Lambda requires JSON with a text body."""
        context = FakeLambdaContext(self.clock, function_name="AcceptFormFunction")
        return Reply(json.loads(json.dumps(self.app.handler(json.loads(json.dumps(event)), context))))

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
        return self.dynamodb.rows("submissions")

    @property
    def form_row(self) -> dict[str, Any]:
        """Return the one row of FormTable."""
        [row] = self.dynamodb.rows("forms")
        return row

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Return the bodies on the registration queue."""
        return [json.loads(call["MessageBody"]) for call in self._sent(self.aws.queue_url)]

    @property
    def dead_letters(self) -> list[dict[str, Any]]:
        """Return the calls that sent a dead letter."""
        return self._sent(self.aws.dead_letter_url)

    def _sent(self, url: str) -> list[dict[str, Any]]:
        bodies = [message.body for message in self.sqs.messages(url)]  # what SQS has taken
        calls = [call for call in self.sqs.requests_of("send_message") if call["QueueUrl"] == url]
        return [call for call in calls if call["MessageBody"] in bodies][: len(bodies)]


class Reply:
    """A reply of the webhook."""

    def __init__(self, payload: dict[str, Any]) -> None:
        assert payload.keys() == {"statusCode", "headers", "body"}
        assert payload["headers"]["content-type"] == "application/json; charset=utf-8"
        self.status: int = payload["statusCode"]
        self.headers: dict[str, str] = payload["headers"]
        self.text: str = payload["body"]
        self.content: dict[str, str] = json.loads(self.text)


@pytest.fixture
def open_webhook(load_app: Callable[[str], ModuleType]) -> Callable[..., Webhook]:
    """Return a function that opens an execution environment; without `aws`, on services of its own."""
    return lambda aws=None, allowed=frozenset(): Webhook(
        load_app("accept_form"), aws or Aws(VirtualClock(NOW)), allowed
    )


@pytest.fixture
def webhook(open_webhook: Callable[..., Webhook]) -> Webhook:
    """Return one environment, without a form."""
    return open_webhook()
