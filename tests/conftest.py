"""Fixtures for all tests: the function handlers as separate modules, and a consumer on fakes."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.consumer import Consumer

ROOT = Path(__file__).parent.parent


@pytest.fixture
def load_app(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Return a function that imports `functions/<name>/app.py` anew, as a cold start does."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"{name}_app", ROOT / "functions" / name / "app.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def consumer() -> Iterator[Consumer]:
    """Return a consumer with three open webinars; afterwards, check its output for personal data."""
    consumer = Consumer()
    yield consumer
    consumer.check_secrecy()
