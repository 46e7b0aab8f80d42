"""`registrar.runtime.aws`: clients with timeouts, made once and only when used."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from registrar import limits
from registrar.runtime import aws


@pytest.fixture(autouse=True)
def _on_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "example")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    aws._session.cache_clear()


def test_calls_have_timeouts_and_a_retry_limit() -> None:
    config = aws.client("sqs").meta.config

    assert (config.connect_timeout, config.read_timeout) == (limits.AWS_CONNECT_SECONDS, limits.AWS_READ_SECONDS)
    assert config.retries == {"mode": "standard", "total_max_attempts": limits.AWS_TRIES}


def test_the_region_is_that_of_the_function() -> None:
    assert aws.client("dynamodb").meta.endpoint_url == "https://dynamodb.eu-central-1.amazonaws.com"


def test_all_clients_share_one_session() -> None:
    one, other = aws.client("sqs"), aws.client("secretsmanager")

    assert one._request_signer._credentials is other._request_signer._credentials


def test_threads_make_clients_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    making, most = set(), []

    class Session:
        def client(self, service: str, **_: Any) -> str:
            making.add(service)
            most.append(len(making))
            time.sleep(0.02)
            making.remove(service)
            return service

    monkeypatch.setattr(aws, "_session", Session)
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(aws.client, ["sqs", "lambda", "dynamodb"])) == ["sqs", "lambda", "dynamodb"]
    assert most == [1, 1, 1]


def test_a_lazy_client_is_made_once_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[Any, ...]] = []

    class Made:
        invoke = "a call"

    def client(service: str, read_seconds: float, tries: int) -> Made:
        made.append((service, read_seconds, tries))
        return Made()

    monkeypatch.setattr(aws, "client", client)

    lazy = aws.client_when_used("lambda", read_seconds=35.0, tries=1)
    assert made == []
    assert (lazy.invoke, lazy.invoke) == ("a call", "a call")
    assert made == [("lambda", 35.0, 1)]


def test_a_lazy_client_has_the_exceptions_of_its_service() -> None:
    assert issubclass(aws.client_when_used("lambda").exceptions.ResourceNotFoundException, Exception)
