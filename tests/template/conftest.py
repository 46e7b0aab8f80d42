"""Provide the template under test."""

import pytest

from tests.template.cloudformation import TEXT, Template


@pytest.fixture(scope="session")
def template() -> Template:
    """Return `template.yaml`, unchanged."""
    return Template(TEXT)
