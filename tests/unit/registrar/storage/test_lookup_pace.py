"""`LookupPace`: a few lookups per second, in whichever environment they start."""

import pytest
from botocore.exceptions import EndpointConnectionError
from registrar import limits
from registrar.storage.lookup_pace import LookupPace
from registrar.storage.registrant_table import StorageError

from tests.fakes import FakeDynamoDb, VirtualClock
from tests.unit.registrar.samples import NOON


@pytest.fixture
def dynamodb() -> FakeDynamoDb:
    dynamodb = FakeDynamoDb(VirtualClock(NOON))
    dynamodb.add_table("Account", "name")
    return dynamodb


def test_without_the_table_no_lookup_is_allowed(dynamodb: FakeDynamoDb) -> None:
    dynamodb.fail_always(error=EndpointConnectionError(endpoint_url="https://example.com"))
    with pytest.raises(StorageError, match=r"^AccountTable: EndpointConnectionError$"):
        LookupPace(dynamodb.client, "Account").take(NOON)


def test_two_environments_share_the_lookups_of_a_second(dynamodb: FakeDynamoDb) -> None:
    one, other = (LookupPace(dynamodb.client, "Account") for _ in range(2))
    taken = [pace.take(NOON + 0.1) for _ in range(limits.LOOKUPS_PER_SECOND) for pace in (one, other)]
    assert taken == [True] * limits.LOOKUPS_PER_SECOND + [False] * limits.LOOKUPS_PER_SECOND
    assert other.take(NOON + 1)


def test_an_environment_whose_clock_is_behind_gets_none(dynamodb: FakeDynamoDb) -> None:
    pace = LookupPace(dynamodb.client, "Account")
    assert pace.take(NOON)
    assert not pace.take(NOON - 1)
