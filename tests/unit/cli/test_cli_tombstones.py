"""Marks of people who are to be forgotten: found by who knows the e-mail, readable by nobody else."""

import pytest
from registrar_cli.tombstones import KEPT_SECONDS, PREFIX, ROW, Tombstones, mark_of
from registrar_cli.trouble import Unreachable

from tests.fakes import FakeDynamoDb, VirtualClock

Row = dict[str, object]


@pytest.fixture
def dynamodb() -> FakeDynamoDb:
    fake = FakeDynamoDb(VirtualClock())
    fake.add_table("Account", "name")
    return fake


def row(dynamodb: FakeDynamoDb) -> Row:
    (found,) = dynamodb.rows("Account")
    return dict(found)


def marks(dynamodb: FakeDynamoDb) -> set[str]:
    return {name for name in row(dynamodb) if name.startswith(PREFIX)}


def test_a_mark_is_found_by_the_e_mail_and_holds_none(dynamodb: FakeDynamoDb) -> None:
    Tombstones(dynamodb, "Account", dynamodb.clock).add("ada@example.com")

    found = row(dynamodb)
    assert found["name"] == ROW
    assert found[mark_of(str(found["salt"]), "ada@example.com")] == int(dynamodb.clock())
    assert found["expires_at"] == int(dynamodb.clock()) + KEPT_SECONDS
    assert "ada" not in repr(found)


def test_all_marks_have_one_salt(dynamodb: FakeDynamoDb) -> None:
    tombstones = Tombstones(dynamodb, "Account", dynamodb.clock)
    tombstones.add("ada@example.com")
    salt = row(dynamodb)["salt"]
    tombstones.add("eve@example.com")

    assert row(dynamodb)["salt"] == salt
    assert len(marks(dynamodb)) == 2


def test_old_marks_are_cleared_away(dynamodb: FakeDynamoDb) -> None:
    tombstones = Tombstones(dynamodb, "Account", dynamodb.clock)
    tombstones.add("ada@example.com")
    dynamodb.clock.sleep(KEPT_SECONDS + 1)
    tombstones.add("eve@example.com")

    assert marks(dynamodb) == {mark_of(str(row(dynamodb)["salt"]), "eve@example.com")}


def test_a_table_that_refuses_is_told(dynamodb: FakeDynamoDb) -> None:
    dynamodb.deny("update_item")

    with pytest.raises(Unreachable, match="AccessDenied"):
        Tombstones(dynamodb, "Account", dynamodb.clock).add("ada@example.com")
