"""Cold start: AWS calls have timeouts, and the environment is built once."""

from collections.abc import Callable
from types import ModuleType

import pytest
from registrar import limits

from tests.log_lines import assert_rfc3339


@pytest.fixture
def app(start_app: Callable[[str], ModuleType]) -> ModuleType:
    return start_app("refresh_token")


def test_log_lines_have_a_timestamp_that_lambda_understands(app: ModuleType) -> None:
    assert_rfc3339(app.environment().logger)


def test_the_environment_is_built_once_and_its_calls_have_timeouts(app: ModuleType) -> None:
    env = app.environment()

    assert app.environment() is env
    for client in (env.secrets, env.lease._dynamodb):
        assert client.meta.config.connect_timeout == limits.AWS_CONNECT_SECONDS
        assert client.meta.config.read_timeout == limits.AWS_READ_SECONDS
        assert client.meta.config.retries["total_max_attempts"] == limits.AWS_TRIES


def test_the_lease_lasts_longer_than_its_holder_and_the_minute() -> None:
    assert limits.MINT_LEASE_SECONDS >= limits.MINT_FIRST_SECONDS == 60  # contract 8: at most once a minute
    assert limits.MINT_RETRY_SECONDS <= 55  # Lambda's first retry comes after about a minute, perhaps a little early
    assert limits.MINT_LONGEST_SECONDS == 1_800  # falling to once in half an hour
