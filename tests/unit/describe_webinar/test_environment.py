"""Cold start: AWS calls have timeouts, and the environment is built once."""

from collections.abc import Callable
from types import ModuleType

import pytest
from registrar import limits

from tests.log_lines import assert_rfc3339


@pytest.fixture
def app(start_app: Callable[[str], ModuleType]) -> ModuleType:
    return start_app("describe_webinar")


def test_the_environment_is_built_once_and_its_calls_have_timeouts(app: ModuleType) -> None:
    env = app.environment()
    assert app.environment() is env
    assert_rfc3339(env.logger)
    for client in (env.table._dynamodb, env.pace._dynamodb, env.tokens._secrets, env.tokens._functions):
        assert client.meta.config.connect_timeout == limits.AWS_CONNECT_SECONDS
        assert client.meta.config.read_timeout <= limits.LOOKUP_SECONDS
