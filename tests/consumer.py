"""Run the real consumer on fakes in virtual time, from the queue to the row.

`functions/register_batch/wiring.py` assembles it as in production; clients, clock, sleep and random numbers are fakes.
"""

import io
import json
import random
import re
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from typing import Any

import requests
from aws_lambda_powertools import Logger
from registrar.observability.metrics import Metric, Metrics, Service
from registrar.runtime.settings import RegisterBatchSettings
from registrar.zoom.http import BoundedHttp
from urllib3.exceptions import MaxRetryError, NewConnectionError

from functions.register_batch import wiring
from functions.register_batch.wiring import Clients, Time
from local.fake_zoom.account import Account
from local.fake_zoom.requests_adapter import FakeZoomAdapter
from tests.fakes import (
    Delivery,
    EventSourceMapping,
    FakeDynamoDb,
    FakeLambda,
    FakeSecrets,
    FakeSqs,
    Invocation,
    VirtualClock,
)

WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR = "97871060099", "97871060100", "97871060101"
API_URL = "https://api.zoom.us/v2"
DAY_S = 86_400.0
# Numbers of template.yaml; tests/template compares them.
VISIBILITY_S, RETENTION_S, MAX_BYTES, MAX_RECEIVES, TIMEOUT_S = 1_800, 14 * 86_400, 65_536, 800, 300.0

# Personal data of the tests' registrants, and the fake's tokens.
_PERSONAL = re.compile(r"(ada|eve|augusta|person\d+)@|lovelace|augusta|fake\d+\.[0-9a-f]{8}", re.IGNORECASE)


class _Sink(io.StringIO):
    """One log for all consumers of a process, since Powertools keeps a logger's first handler."""


_LOG = _Sink()
_LOGGER = Logger(service="register-batch", stream=_LOG)


class Transport(FakeZoomAdapter):
    """The connection to Zoom: it may be down, or run a hook between Zoom's response and the consumer."""

    def __init__(self, account: Account, sleep: Callable[[float], None]) -> None:
        super().__init__(account, sleep)
        self.is_down = False
        self.after_response: Callable[[], None] | None = None

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send, unless the connection is down."""
        if self.is_down:
            refused = NewConnectionError(None, "connection refused by the fake")  # type: ignore[arg-type]
            raise requests.exceptions.ConnectionError(MaxRetryError(None, "", refused))  # type: ignore[arg-type]
        response = super().send(request, *args, **kwargs)
        if self.after_response is not None:
            self.after_response()
        return response


@dataclass(frozen=True)
class DeadLetter:
    """A message on the dead-letter queue."""

    body: str
    attributes: Mapping[str, str]
    group_id: str | None


class Consumer:
    """A deployed consumer: queues, tables, secret, RefreshToken's stand-in, a Zoom account with three webinars."""

    def __init__(
        self,
        *,
        start_s: float | None = None,
        clock: VirtualClock | None = None,
        drain_seconds: int = 240,
        calls_per_second: int = 10,
        calls_per_day: int = 30_000,
        delivery: Delivery | None = None,
        seed: int = 0,
        checked: bool = True,
    ) -> None:
        """Make the fakes; with `checked` off they neither validate calls nor record them, for long runs."""
        _LOG.seek(0)
        _LOG.truncate()
        self.clock = clock or (VirtualClock() if start_s is None else VirtualClock(start_s))
        self.random = random.Random(seed)
        self.drain_seconds = drain_seconds
        self.calls_per_second = calls_per_second
        self.calls_per_day = calls_per_day
        self.auto_approve = True
        options: dict[str, Any] = {"validate": checked, "record": checked, "seed": seed}
        self.sqs = FakeSqs(self.clock, delivery=delivery, **options)
        self.dynamodb = FakeDynamoDb(self.clock, **options)
        self.secrets = FakeSecrets(self.clock, **options)
        self.functions = FakeLambda(self.clock, **options)
        self.account = Account(self.clock)
        for webinar in (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR):
            self.account.set_webinar(webinar)
        self.account.set_profile(token_seconds=30 * 86_400)
        self.transport = Transport(self.account, self.clock.sleep)
        self.dead_letter_url = self.sqs.add_queue("DeadLetters", visibility_timeout_s=60, retention_s=RETENTION_S)
        self.queue_url = self.sqs.add_queue(
            "Registrations",
            visibility_timeout_s=VISIBILITY_S,
            retention_s=RETENTION_S,
            max_message_bytes=MAX_BYTES,
            dead_letter_url=self.dead_letter_url,
            max_receive_count=MAX_RECEIVES,
        )
        self.dynamodb.add_table("Registrants", "webinar_id", "email")
        self.dynamodb.add_table("Account", "name")
        self.dynamodb.add_table("Webinars", "webinar_id")
        self.secrets.add_secret("Token", json.dumps({"access_token": self.account.mint_token()}))
        self.functions.register("RefreshToken", self._refresh)
        self.refreshes = 0
        self.logger = _LOGGER
        self.printed = io.StringIO()  # the metrics, one line per invocation
        self.start()
        self.mapping = EventSourceMapping(self.sqs, self.queue_url, self.handle, timeout_s=TIMEOUT_S)

    def start(self) -> None:
        """Start a new execution environment, as a cold start does."""
        settings = RegisterBatchSettings(
            stack_name="test",
            account_table="Account",
            auto_approve=self.auto_approve,
            dead_letter_queue_url=self.dead_letter_url,
            drain_seconds=self.drain_seconds,
            record_retention_days=400,
            refresh_token_function="RefreshToken",
            registrant_table="Registrants",
            registration_queue_url=self.queue_url,
            webinar_table="Webinars",
            zoom_api_url=API_URL,
            zoom_budget_share=100,
            zoom_calls_per_day=self.calls_per_day,
            zoom_calls_per_second=self.calls_per_second,
            zoom_token_secret="Token",
        )
        clients = Clients(self.sqs.client, self.dynamodb.client, self.secrets.client, self.functions.client)
        time = Time(self.clock, self.clock.monotonic, self.clock.sleep)
        self.env = wiring.environment(settings, self.logger, clients, time, self.random.random)

    # ── The function ─────────────────────────────────────────────────────────────────────────────────────────────────

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Handle one event, as app.py's handler does."""
        settings = replace(self.env.settings, drain_seconds=self.drain_seconds, auto_approve=self.auto_approve)
        env, session = replace(self.env, settings=settings), requests.Session()
        session.mount("https://", self.transport)
        with redirect_stdout(self.printed), Metrics(Service.REGISTER_BATCH, settings.stack_name) as metrics:
            try:
                return wiring.invocation(env, BoundedHttp(session), self.clock.task_runner(), metrics, context).run(
                    event
                )
            finally:
                metrics.value(Metric.DAILY_BUDGET_USED, env.rate_limits.quota.used_percent)

    def _refresh(self, event: Any, _context: Any) -> Any:
        """Stand in for RefreshToken: mint if the version to replace is still the current one."""
        self.refreshes += 1
        if event.get("replaces") == self.token_version():
            value = json.dumps({"access_token": self.account.mint_token()})
            self.secrets.put_secret_value(SecretId="Token", SecretString=value)
        return {}

    def token_version(self) -> str | None:
        """Return the version of the secret that is current, None where it has no value."""
        try:
            version: str = self.secrets.get_secret_value(SecretId="Token")["VersionId"]
        except self.secrets.exceptions.ResourceNotFoundException:
            return None
        return version

    # ── What a test does ─────────────────────────────────────────────────────────────────────────────────────────────

    def send(self, *bodies: str, group_id: str | None = WEBINAR) -> list[str]:
        """Put bodies on the queue; return the message ids."""
        group = {"MessageGroupId": group_id} if group_id else {}
        return [
            self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=body, **group)["MessageId"] for body in bodies
        ]

    def send_registrants(self, *emails: str, webinar: str = WEBINAR) -> list[str]:
        """Put these registrants on the queue, all named Ada Lovelace; return the message ids."""
        return self.send(*(message(email, webinar) for email in emails), group_id=webinar)

    def run(self, *, hours: float | None = None, invocations: int | None = None) -> list[Invocation]:
        """Let Lambda poll until the queue is empty, or for some hours."""
        until_s = None if hours is None else self.clock() + hours * 3_600
        return self.mapping.run(until_s=until_s, max_invocations=invocations)

    # ── What a test reads ───────────────────────────────────────────────────────────────────────────────────────────

    def rows(self, webinar: str = WEBINAR) -> dict[str, dict[str, Any]]:
        """Return a webinar's rows by e-mail."""
        rows = self.dynamodb.rows("Registrants")
        return {row["email"]: row for row in rows if row["webinar_id"] == webinar}

    def row(self, email: str = "ada@example.com", webinar: str = WEBINAR) -> dict[str, Any]:
        """Return the row of a registrant; fail if there is none."""
        return self.rows(webinar)[email]

    def statuses(self, webinar: str = WEBINAR) -> dict[str, str]:
        """Return the status of every registrant of a webinar."""
        return {email: row["status"] for email, row in self.rows(webinar).items()}

    def waiting(self) -> list[str]:
        """Return the ids of the messages on the queue, visible or not."""
        return [waiting.message_id for waiting in self.sqs.messages(self.queue_url)]

    def dead_letters(self) -> list[DeadLetter]:
        """Return the messages on the dead-letter queue."""
        return [
            DeadLetter(
                message.body,
                {name: attribute["StringValue"] for name, attribute in message.attributes.items()},
                message.group_id,
            )
            for message in self.sqs.messages(self.dead_letter_url)
        ]

    def reasons(self) -> list[str]:
        """Return the reasons of the dead letters."""
        return sorted(one.attributes["reason"] for one in self.dead_letters())

    def calls(self) -> list[Any]:
        """Return the batch calls that reached Zoom."""
        return [call for call in self.account.calls() if call.call == "batch"]

    def log(self) -> str:
        """Return everything logged."""
        return _LOG.getvalue()

    def take_log(self) -> str:
        """Return and clear what was logged and printed: long runs would fill the memory."""
        output = _LOG.getvalue() + self.printed.getvalue()
        for sink in (_LOG, self.printed):
            sink.seek(0)
            sink.truncate()
        return output

    def log_lines(self) -> list[dict[str, Any]]:
        """Return the parsed log lines."""
        return [json.loads(line) for line in self.log().splitlines()]

    def check_secrecy(self) -> None:
        """Fail if a log line, a metric or a dead letter's attribute holds personal data or a token."""
        output = self.log() + self.printed.getvalue() + repr([one.attributes for one in self.dead_letters()])
        found = _PERSONAL.search(output)
        assert found is None, f"{found[0]!r} leaked"

    def logged(self, text: str) -> list[dict[str, Any]]:
        """Return the lines of this message."""
        return [line for line in self.log_lines() if line["message"] == text]


def message(email: str = "ada@example.com", webinar: object = WEBINAR, **more: object) -> str:
    """Return the body of a message."""
    return json.dumps({"webinar_id": webinar, "email": email, "first_name": "Ada", "last_name": "Lovelace", **more})


def addresses(number: int, prefix: str = "person") -> list[str]:
    """Return this many different e-mail addresses."""
    return [f"{prefix}{index}@example.com" for index in range(number)]
