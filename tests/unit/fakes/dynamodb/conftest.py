"""moto, with which the fake is compared."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    """Return a client of moto's DynamoDB."""
    with mock_aws():
        yield boto3.client("dynamodb", region_name="us-east-1")
