"""What the tests of the fake Zoom share."""

import pytest

from tests.unit.fake_zoom.caller import Caller


@pytest.fixture
def zoom() -> Caller:
    """A client of a fresh account with one open webinar."""
    return Caller()
