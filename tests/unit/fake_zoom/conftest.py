"""The fixtures of the fake Zoom's tests."""

import pytest

from tests.unit.fake_zoom.caller import Caller


@pytest.fixture
def zoom() -> Caller:
    """Return a client of a new account with one open webinar."""
    return Caller()
