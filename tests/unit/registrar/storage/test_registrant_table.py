"""`RegistrantTable`: batches in part, conditions that fail, a table that refuses."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from registrar.storage.registrant_table import RegistrantTable, StorageError

from tests.fakes import FakeDynamoDb, VirtualClock
from tests.unit.registrar.samples import NOON, TODAY, row

ADA = Key("97871060099", "ada@example.com")
RETENTION_S = 400 * 86_400


class Table:
    """A table and the store over it."""

    def __init__(self) -> None:
        self.clock = VirtualClock(NOON)
        self.dynamodb = FakeDynamoDb(self.clock)
        self.dynamodb.add_table("Registrants", "webinar_id", "email")
        self.store = RegistrantTable(self.dynamodb.client, "Registrants", 400, self.clock, self.clock.sleep)

    def rows(self) -> list[dict[str, Any]]:
        return self.dynamodb.rows("Registrants")


@pytest.fixture
def table() -> Table:
    return Table()


def keys(number: int) -> list[Key]:
    return [Key("97871060099", f"p{index}@example.com") for index in range(number)]


def registered(number: int) -> dict[Key, Row]:
    return {key: row("registered", join_url="https://zoom.us/w/1") for key in keys(number)}


def is_of(*emails: str) -> Any:
    """Pick the entries of these people, in a read or a write."""
    return lambda entry: (entry.get("Key") or entry["PutRequest"]["Item"])["email"]["S"] in emails


# ── Refusing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["throttle", "deny", "unreachable"])
def test_a_table_that_refuses_is_a_store_error_that_names_nobody(table: Table, how: str) -> None:
    getattr(table.dynamodb, how)()
    with pytest.raises(StorageError, match=r"^RegistrantTable: \w+$"):
        table.store.read([ADA])
    with pytest.raises(StorageError, match=r"^RegistrantTable: \w+$"):
        table.store.change(ADA, None, lambda _: row())
    saved, (error,) = table.store.put({ADA: row()})
    assert not saved
    assert str(error).startswith("RegistrantTable: ")


def test_a_store_error_keeps_its_cause(table: Table) -> None:
    table.dynamodb.unreachable()
    with pytest.raises(StorageError) as failed:
        table.store.read([ADA])
    assert isinstance(failed.value.__cause__, EndpointConnectionError)


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_read_for_nobody(table: Table) -> None:
    assert table.store.read([]) == {}
    assert not table.dynamodb.calls


def test_only_rows_that_are_there_are_read_a_hundred_a_call(table: Table) -> None:
    table.store.put(registered(150))
    found = table.store.read(keys(250))
    assert found.keys() == set(keys(150))
    assert table.dynamodb.calls["batch_get_item"] == 3


def test_what_was_left_unread_is_read_again(table: Table) -> None:
    table.store.put(registered(10))
    table.dynamodb.fail_entries("batch_get_item", is_of("p3@example.com"), times=1)
    assert len(table.store.read(keys(10))) == 10
    assert table.dynamodb.calls["batch_get_item"] == 2
    assert table.clock() == pytest.approx(NOON + 0.05)


def test_what_cannot_be_read_is_an_error_not_an_absence(table: Table) -> None:
    table.store.put(registered(10))
    table.dynamodb.fail_entries("batch_get_item", is_of("p3@example.com"))
    with pytest.raises(StorageError):
        table.store.read(keys(10))


# ── Putting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_are_put_25_a_call_and_stamped(table: Table) -> None:
    saved, errors = table.store.put(registered(30))
    assert (saved, errors) == (set(keys(30)), [])
    assert table.dynamodb.calls == {"batch_write_item": 2}
    stamps = {(item["updated_at"], int(item["expires_at"])) for item in table.rows()}
    assert stamps == {("2026-11-23T12:00:00Z", NOON + RETENTION_S)}


def test_what_was_left_unwritten_is_written_again(table: Table) -> None:
    table.dynamodb.fail_entries("batch_write_item", is_of("p1@example.com"), times=1)
    assert table.store.put(registered(5)) == (set(keys(5)), [])
    assert len(table.rows()) == 5


def test_it_is_told_exactly_which_rows_are_safe(table: Table) -> None:
    table.dynamodb.fail_entries("batch_write_item", is_of("p1@example.com", "p27@example.com"))
    saved, errors = table.store.put(registered(30))
    assert set(keys(30)) - saved == {keys(30)[1], keys(30)[27]}
    assert len(errors) == 2
    assert {item["email"] for item in table.rows()} == {key.email for key in saved}


def test_one_call_that_fails_does_not_take_the_others_along(table: Table) -> None:
    table.dynamodb.fail_next("batch_write_item", "InternalServerError")
    saved, errors = table.store.put(registered(30))
    assert saved == set(keys(30)[25:])
    assert len(errors) == 1


# ── Changing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("known", [None, row(attempts=9, attempts_on=TODAY), row("rejected", message_id="x")])
def test_a_change_meets_the_row_that_is_there_not_the_one_that_was_believed(table: Table, known: Row | None) -> None:
    table.store.change(ADA, None, lambda _: row("deferred", attempts=1, attempts_on=TODAY, message_id="m1"))
    seen: list[int | None] = []

    def change(current: Row | None) -> Row | None:
        seen.append(current.attempts if current else None)
        return row(attempts=2, attempts_on=TODAY)

    changed = table.store.change(ADA, known, change)
    assert changed.written
    assert seen[-1] == 1
    assert len(seen) == 2


@pytest.mark.parametrize("current", [None, row(attempts=1)])
def test_a_change_may_leave_the_row_as_it_is(table: Table, current: Row | None) -> None:
    assert table.store.change(ADA, current, lambda _: None) == (current, False)
    assert not table.dynamodb.calls


def test_a_row_that_vanished_is_written_anew(table: Table) -> None:
    assert table.store.change(
        ADA, row(attempts=1), lambda current: row("rejected") if current is None else row()
    ).written
    assert table.rows()[0]["status"] == "rejected"


@pytest.mark.parametrize("changed", ["status", "attempts", "attempts_on", "message_id"])
def test_whatever_tells_one_state_from_the_next_is_conditioned(table: Table, changed: str) -> None:
    first = row("deferred", attempts=1, attempts_on=TODAY, message_id="m1")
    other = {"status": "rejected", "attempts": 2, "attempts_on": "2026-11-24", "message_id": "m2"}[changed]
    table.store.change(ADA, None, lambda _: first)
    values = {"status": "deferred", "attempts": 1, "attempts_on": TODAY, "message_id": "m1", changed: other}
    table.dynamodb.before_next(
        "put_item",
        lambda _: _overwrite(table, Row(**values)),  # type: ignore[arg-type]
    )
    seen: list[Row | None] = []
    table.store.change(ADA, first, lambda current: seen.append(current) or row())  # type: ignore[func-returns-value]
    assert len(seen) == 2


def _overwrite(table: Table, new: Row) -> None:
    key = {"webinar_id": {"S": ADA.webinar_id}, "email": {"S": ADA.email}}
    table.dynamodb.tables["Registrants"].write((ADA.webinar_id, ADA.email), key | new.to_item())


def test_somebody_who_is_faster_every_time_is_an_error(table: Table) -> None:
    numbers = iter(range(100))

    def too_late(_: Row | None) -> Row:
        _overwrite(table, row(attempts=next(numbers)))
        return row()

    with pytest.raises(StorageError, match="changed by others"):
        table.store.change(ADA, None, too_late)
    assert table.dynamodb.calls["put_item"] == 4


def test_a_write_whose_answer_was_lost_is_an_error_and_may_have_been_done(table: Table) -> None:
    table.dynamodb.lose_answer("put_item")
    with pytest.raises(StorageError, match="ReadTimeoutError"):
        table.store.change(ADA, None, lambda _: row())
    assert len(table.rows()) == 1
