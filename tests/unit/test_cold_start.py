"""Cold start: a variable that is missing is named at the first invocation, not at import."""

from collections.abc import Callable
from types import ModuleType

import pytest
from registrar.runtime.settings import SettingError

from tests.fakes import FakeLambdaContext, VirtualClock
from tests.unit.environments import ENVIRONMENTS


@pytest.mark.parametrize(
    ("function", "missing"), [(function, name) for function, variables in ENVIRONMENTS.items() for name in variables]
)
def test_a_missing_variable_is_named_at_the_first_invocation(
    start_app: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch, function: str, missing: str
) -> None:
    app = start_app(function)
    monkeypatch.delenv(missing)

    with pytest.raises(SettingError, match=missing):
        app.handler({"rawPath": "/"}, FakeLambdaContext(VirtualClock()))
