"""Entries of the suppression list: found by the e-mail, readable by no one without it."""

from typing import Any

import pytest
from registrar.storage.suppression_list import PREFIX, ROW, SuppressionList, digest
from registrar_cli.erasure.suppression_list import RETENTION_SECONDS, SuppressionListWriter
from registrar_cli.terminal.errors import Unreachable

from tests.fakes import FakeDynamoDb, VirtualClock

Row = dict[str, object]


def writer_of(dynamodb: FakeDynamoDb) -> SuppressionListWriter:
    return SuppressionListWriter(dynamodb, "Account", dynamodb.clock, dynamodb.clock.sleep)


@pytest.fixture
def dynamodb() -> FakeDynamoDb:
    fake = FakeDynamoDb(VirtualClock())
    fake.add_table("Account", "name")
    return fake


def row(dynamodb: FakeDynamoDb) -> Row:
    (found,) = dynamodb.rows("Account")
    return dict(found)


def entries(dynamodb: FakeDynamoDb) -> set[str]:
    return {name for name in row(dynamodb) if name.startswith(PREFIX)}


def test_an_entry_is_found_by_the_e_mail_but_does_not_contain_it(dynamodb: FakeDynamoDb) -> None:
    second = int(dynamodb.clock())
    writer_of(dynamodb).add("ada@example.com")

    found = row(dynamodb)
    assert found["name"] == ROW
    assert found[digest(str(found["salt"]), "ada@example.com")] == second + 1
    assert found["expires_at"] == second + 1 + RETENTION_SECONDS
    assert "example" not in repr(found)  # hex digits may spell a name


def test_a_submission_after_add_returns_is_not_dropped(dynamodb: FakeDynamoDb) -> None:
    """The form endpoint truncates to whole seconds: a form sent in the entry's own second would count as older."""
    writer_of(dynamodb).add("ada@example.com")

    assert not SuppressionList(dynamodb, "Account").contains("ada@example.com", int(dynamodb.clock()))


class Dated:
    """Wrap the fake, adding the header with AWS's time."""

    def __init__(self, fake: FakeDynamoDb, date: str) -> None:
        self._fake = fake
        self._date = date

    def update_item(self, **params: Any) -> Any:
        return self._fake.update_item(**params) | {"ResponseMetadata": {"HTTPHeaders": {"date": self._date}}}


def test_the_time_is_that_of_aws_not_of_a_fast_local_clock(dynamodb: FakeDynamoDb) -> None:
    fast = Dated(dynamodb, "Mon, 23 Nov 2026 13:50:00 GMT")
    SuppressionListWriter(fast, "Account", dynamodb.clock, dynamodb.clock.sleep).add("ada@example.com")

    assert {row(dynamodb)[name] for name in entries(dynamodb)} == {1_795_441_801}


def test_all_entries_share_one_salt(dynamodb: FakeDynamoDb) -> None:
    writer = writer_of(dynamodb)
    writer.add("ada@example.com")
    salt = row(dynamodb)["salt"]
    writer.add("eve@example.com")

    assert row(dynamodb)["salt"] == salt
    assert len(entries(dynamodb)) == 2


def test_expired_entries_are_removed(dynamodb: FakeDynamoDb) -> None:
    writer = writer_of(dynamodb)
    writer.add("ada@example.com")
    dynamodb.clock.sleep(RETENTION_SECONDS + 1)
    writer.add("eve@example.com")

    assert entries(dynamodb) == {digest(str(row(dynamodb)["salt"]), "eve@example.com")}


def test_more_expired_entries_than_an_expression_can_name_are_removed_by_several_calls(dynamodb: FakeDynamoDb) -> None:
    """A mass erasure expires at one moment; an expression has 4,096 bytes at most."""
    writer = writer_of(dynamodb)
    writer.add("ada@example.com")
    old = {f"{PREFIX}{number:032x}": {"N": "1"} for number in range(1_000)}
    (found,) = dynamodb.tables["Account"].items()
    dynamodb.put_item(TableName="Account", Item=found | old)

    left = []
    for number in range(5):
        writer.add(f"eve{number}@example.com")
        left.append(len(entries(dynamodb) & old.keys()))

    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    assert len(entries(dynamodb)) == 6


def test_a_table_that_refuses_is_reported(dynamodb: FakeDynamoDb) -> None:
    dynamodb.deny("update_item")

    with pytest.raises(Unreachable, match="AccessDenied"):
        writer_of(dynamodb).add("ada@example.com")
