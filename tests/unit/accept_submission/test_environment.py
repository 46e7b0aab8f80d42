"""Cold start: AWS calls have timeouts, and the environment is built once."""

import warnings
from collections.abc import Callable
from types import ModuleType

import pytest
from registrar import limits

from tests.log_lines import assert_rfc3339


@pytest.fixture
def app(start_app: Callable[[str], ModuleType]) -> ModuleType:
    return start_app("accept_submission")


def test_log_lines_have_a_timestamp_that_lambda_understands(app: ModuleType) -> None:
    assert_rfc3339(app.environment().logger)


def test_the_environment_is_built_once_and_its_calls_have_timeouts(app: ModuleType) -> None:
    with warnings.catch_warnings():
        env = app.environment()

    assert app.environment() is env
    assert env.turnstile is None
    for client in (env.submissions._table._dynamodb, env.submissions._sqs, env.pages().webinars._dynamodb):
        config = client.meta.config
        assert config.connect_timeout == limits.AWS_CONNECT_SECONDS
        assert config.read_timeout == limits.AWS_READ_SECONDS
        assert config.retries["total_max_attempts"] == limits.AWS_TRIES


def test_turnstile_is_on_where_there_is_a_site_key(app: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNSTILE_SITE_KEY", "1x00000000000000000000AA")
    monkeypatch.setenv("TURNSTILE_SECRET", "arn:secret")

    env = app.environment()

    assert env.turnstile._secrets.meta.config.read_timeout == limits.AWS_READ_SECONDS
    assert (env.turnstile._secret, env.turnstile._url) == (
        "arn:secret",
        "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    )
    assert env.pages().turnstile_site_key == "1x00000000000000000000AA"
