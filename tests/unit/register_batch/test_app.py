"""functions/register_batch/app.py from a cold start, with its real wiring over fakes."""

import io
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
import requests
from aws_lambda_powertools import Logger
from registrar.runtime import aws
from registrar.runtime.concurrency import ThreadedTaskRunner
from registrar.runtime.settings import SettingError
from registrar.zoom.http import BoundedHttp

from tests.conftest import ROOT
from tests.consumer import WEBINAR, Consumer, addresses, message
from tests.fakes import FakeLambdaContext
from tests.log_lines import assert_rfc3339

LoadApp = Callable[[str], ModuleType]

VARIABLES = {
    "STACK_NAME": "zoom-registrar",
    "ACCOUNT_TABLE": "Account",
    "AUTO_APPROVE": "true",
    "DRAIN_SECONDS": "240",
    "RECORD_RETENTION_DAYS": "400",
    "REFRESH_TOKEN_FUNCTION": "RefreshToken",
    "REGISTRANT_TABLE": "Registrants",
    "WEBINAR_TABLE": "Webinars",
    "ZOOM_API_URL": "https://api.zoom.us/v2",
    "ZOOM_BUDGET_SHARE": "100",
    "ZOOM_CALLS_PER_DAY": "30000",
    "ZOOM_CALLS_PER_SECOND": "1000",
    "ZOOM_TOKEN_SECRET": "Token",
}


@pytest.fixture
def app(load_app: LoadApp, consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the handler's module; its clients are the consumer's fakes, its connection goes to the fake Zoom."""
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("REGISTRATION_QUEUE_URL", consumer.queue_url)
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", consumer.dead_letter_url)
    clients: dict[str, Any] = {
        "sqs": consumer.sqs,
        "dynamodb": consumer.dynamodb,
        "secretsmanager": consumer.secrets,
        "lambda": consumer.functions,
    }
    monkeypatch.setattr(aws, "client", lambda service, **_: clients[service])
    loaded = load_app("register_batch")

    def http() -> BoundedHttp:
        session = requests.Session()
        session.mount("https://", consumer.transport)
        return BoundedHttp(session)

    def logger(service: str, **options: Any) -> Logger:
        return Logger(service=f"{service}-app", stream=io.StringIO(), **options)

    monkeypatch.setattr(loaded, "BoundedHttp", http)
    monkeypatch.setattr(loaded, "Logger", logger)
    return loaded


def invoke(app: ModuleType, consumer: Consumer) -> Any:
    event = consumer.mapping.take()
    assert event is not None
    return app.handler(json.loads(json.dumps(event)), FakeLambdaContext(consumer.clock))


@pytest.mark.parametrize("name", VARIABLES)
def test_a_missing_variable_is_named(
    app: ModuleType, consumer: Consumer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name)
    consumer.send_registrants("ada@example.com")
    with pytest.raises(SettingError, match=name):
        invoke(app, consumer)


@pytest.mark.parametrize(
    ("name", "value"),
    [("AUTO_APPROVE", "yes"), ("DRAIN_SECONDS", "4m"), ("ZOOM_CALLS_PER_SECOND", ""), ("REGISTRANT_TABLE", "")],
)
def test_a_wrong_variable_is_named(
    app: ModuleType, consumer: Consumer, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    consumer.send_registrants("ada@example.com")
    with pytest.raises(SettingError, match=name):
        invoke(app, consumer)


def test_log_lines_have_a_timestamp_that_lambda_understands(app: ModuleType) -> None:
    env, _ = app.environment()
    assert_rfc3339(env.logger)


def test_cold_and_warm_invocations_register_and_drain_the_queue(app: ModuleType, consumer: Consumer) -> None:
    reads = []
    for prefix in ("cold", "warm"):
        consumer.send_registrants(*addresses(35, prefix))
        assert invoke(app, consumer) == {"batchItemFailures": []}
        reads.append(consumer.secrets.calls["get_secret_value"])
    assert set(consumer.statuses().values()) == {"registered"}
    assert (len(consumer.rows()), consumer.waiting()) == (70, [])
    assert sorted(call.registrants for call in consumer.calls()) == [5, 5, 30, 30]
    assert 1 <= reads[0] == reads[1], "the token is cached between invocations"


def test_unsettled_messages_are_reported_as_failures(app: ModuleType, consumer: Consumer) -> None:
    consumer.account.delete_webinar(WEBINAR)
    consumer.sqs.deny("send_message_batch")
    consumer.send(message(), "not json")
    assert len(invoke(app, consumer)["batchItemFailures"]) == 2


def test_the_connections_of_an_invocation_are_closed_even_after_an_error(
    app: ModuleType, consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[BoundedHttp] = []
    monkeypatch.setattr(BoundedHttp, "close", lambda http: closed.append(http))  # noqa: PLW0108  it binds
    consumer.send_registrants("ada@example.com")
    invoke(app, consumer)
    consumer.send_registrants("ada@example.com")
    consumer.sqs.fail_next("change_message_visibility_batch", RuntimeError("x"))
    with pytest.raises(RuntimeError):
        invoke(app, consumer)
    assert len(closed) == 2
    assert closed[0] is not closed[1]


def test_log_lines_name_the_request_and_metrics_the_daily_quota(
    app: ModuleType, consumer: Consumer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = io.StringIO()
    monkeypatch.setattr(app, "Logger", lambda service, **_: Logger(service=f"{service}-request", stream=log))
    consumer.send_registrants("ada@example.com")
    app.handler(consumer.mapping.take(), FakeLambdaContext(consumer.clock, request_id="request"))

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert "Zoom answered" in {line["message"] for line in lines}
    assert {line["aws_request_id"] for line in lines} == {"request"}
    assert "DailyBudgetUsed" in json.loads(capsys.readouterr().out)


def test_calls_and_sleeps_release_the_lock(
    app: ModuleType, consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread, seen = threading.local(), set()

    class WatchedRunner(ThreadedTaskRunner):
        @contextmanager
        def unlocked(self) -> Iterator[None]:
            with super().unlocked():
                thread.is_unlocked = True
                try:
                    yield
                finally:
                    thread.is_unlocked = False

    def note(name: str) -> Callable[..., None]:
        return lambda *_: seen.add((name, getattr(thread, "is_unlocked", False)))

    monkeypatch.setattr(app, "ThreadedTaskRunner", WatchedRunner)
    consumer.secrets.put_secret_value(SecretId="Token", SecretString='{"access_token": "refused"}')
    consumer.send_registrants("ada@example.com")
    event = consumer.mapping.take()
    for fake in (consumer.sqs, consumer.dynamodb, consumer.secrets, consumer.functions):
        fake.on_effect = note(fake.service)
    consumer.transport.after_response = note("zoom")
    app.handler(event, FakeLambdaContext(consumer.clock))
    env, runner = app.environment()
    with runner:
        monkeypatch.setattr(time, "sleep", note("sleep"))
        env.time.sleep(1)

    assert seen == {(name, True) for name in ("sqs", "dynamodb", "secretsmanager", "lambda", "zoom", "sleep")}
    assert consumer.row()["status"] == "registered"


def test_importing_the_handler_reads_no_variable_and_makes_no_client(load_app: LoadApp) -> None:
    load_app("register_batch")


def sqs_record(**changes: str) -> dict[str, Any]:
    """Return a record as Lambda's console and `sam local generate-event sqs receive-message` show it."""
    return {
        "messageId": "19dd0b57-b21e-4ac1-bd88-01bbb068cb78",
        "receiptHandle": "MessageReceiptHandle",
        "body": "Hello from SQS!",
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1523232000000"},
        "messageAttributes": {},
        "md5OfBody": "7b270e59b47ff90a553787216d55d91d",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:MyQueue",
        "awsRegion": "us-east-1",
        **changes,
    }


SAMPLES: dict[str, dict[str, Any]] = {
    "hello-world": {"key1": "value1", "key2": "value2", "key3": "value3"},
    "empty": {},
    "sqs": {"Records": [sqs_record()]},
    "sqs of the documentation": {
        "Records": [
            sqs_record(
                receiptHandle="AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
                body="Test message.",
                eventSourceARN="arn:aws:sqs:us-east-2:123456789012:my-queue",
            )
        ]
    },
    "sns": {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "example message"}}]},
    "s3": {"Records": [{"eventSource": "aws:s3", "s3": {"object": {"key": "test%2Fkey"}}}]},
    "scheduled": {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}},
    "records of another kind": {"Records": None},
}


@pytest.mark.parametrize("event", SAMPLES.values(), ids=SAMPLES)
def test_a_test_event_of_the_console_is_told_and_does_nothing(
    app: ModuleType, consumer: Consumer, monkeypatch: pytest.MonkeyPatch, event: dict[str, Any]
) -> None:
    log = io.StringIO()
    monkeypatch.setattr(app, "Logger", lambda service, **_: Logger(service=f"{service}-{uuid.uuid4()}", stream=log))
    consumer.send_registrants("ada@example.com")
    result = app.handler(event, FakeLambdaContext(consumer.clock))

    assert result["batchItemFailures"] == []
    assert "does not come from RegistrationQueue" in result["message"]
    assert [json.loads(line)["message"] for line in log.getvalue().splitlines()] == ["Test event ignored"]
    assert (consumer.dead_letters(), consumer.rows(), consumer.calls()) == ([], {}, [])
    assert len(consumer.waiting()) == 1, "a test takes no message off the queue"


def test_the_sample_of_this_repository_is_not_taken_for_one_of_the_console(app: ModuleType, consumer: Consumer) -> None:
    event = json.loads((ROOT / "events" / "registrations.json").read_text(encoding="utf-8"))

    assert "message" not in app.handler(event, FakeLambdaContext(consumer.clock))
    assert consumer.calls()
