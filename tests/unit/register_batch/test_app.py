"""functions/register_batch/app.py from a cold start, with its real wiring over fakes."""

import io
import json
import threading
import time
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
