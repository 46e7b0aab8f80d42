"""The template under test."""

import pytest

from tests.template.cloudformation import TEXT, Template


@pytest.fixture(scope="session")
def template() -> Template:
    """`template.yaml` as it is."""
    return Template(TEXT)
