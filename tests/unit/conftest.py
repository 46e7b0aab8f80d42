"""A function's handler, loaded as at a cold start, with the variables that it needs."""

from collections.abc import Callable
from types import ModuleType

import pytest

from tests.unit.environments import ENVIRONMENTS


@pytest.fixture
def start_app(load_app: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Return a function that sets the variables of `functions/<name>` and loads its handler."""

    def start(name: str) -> ModuleType:
        for variable, value in ENVIRONMENTS[name].items():
            monkeypatch.setenv(variable, value)
        return load_app(name)

    return start
