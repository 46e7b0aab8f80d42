"""Cold start: missing variables are named, AWS calls have timeouts, and the environment is built once."""

from collections.abc import Callable
from types import ModuleType

import pytest
from registrar import limits
from registrar.runtime.settings import SettingError

from tests.fakes import FakeLambdaContext, VirtualClock
from tests.log_lines import assert_rfc3339

VARIABLES = {
    "STACK_NAME": "zoom-registrar",
    "ACCOUNT_TABLE": "account",
    "REFRESH_TOKEN_FUNCTION": "refresh",
    "WEBINAR_TABLE": "webinars",
    "ZOOM_API_URL": "https://api.zoom.us/v2",
    "ZOOM_TOKEN_SECRET": "arn:aws:secretsmanager:us-east-1:123456789012:secret:token",
}


@pytest.fixture
def app(load_app: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    return load_app("describe_webinar")


@pytest.mark.parametrize("missing", VARIABLES)
def test_a_missing_variable_is_named_at_the_first_invocation(
    app: ModuleType, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(SettingError, match=missing):
        app.handler({}, FakeLambdaContext(VirtualClock()))


def test_the_environment_is_built_once_and_its_calls_have_timeouts(app: ModuleType) -> None:
    env = app.environment()
    assert app.environment() is env
    assert_rfc3339(env.logger)
    for client in (env.table._dynamodb, env.pace._dynamodb, env.tokens._secrets, env.tokens._functions):
        assert client.meta.config.connect_timeout == limits.AWS_CONNECT_SECONDS
        assert client.meta.config.read_timeout <= limits.LOOKUP_SECONDS
