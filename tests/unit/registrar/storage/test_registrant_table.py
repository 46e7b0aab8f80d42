"""`RegistrantTable`: partly processed batches, failed conditions, an unavailable table."""

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from registrar import limits
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from registrar.storage.registrant_table import RegistrantTable, StorageError, Throttled

from tests.fakes import FakeDynamoDb, VirtualClock
from tests.unit.registrar.samples import NOON, TODAY, row

ADA = Key("97871060099", "ada@example.com")
RETENTION_S = 400 * 86_400


class Storage:
    """A fake DynamoDB table and the `RegistrantTable` over it."""

    def __init__(self) -> None:
        self.clock = VirtualClock(NOON)
        self.dynamodb = FakeDynamoDb(self.clock)
        self.dynamodb.add_table("Registrants", "webinar_id", "email")
        self.waits: list[float] = []
        self.table = RegistrantTable(
            self.dynamodb.client, "Registrants", 400, self.clock, self._sleep, random.Random(1).random
        )

    def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.clock.sleep(seconds)

    def rows(self) -> list[dict[str, Any]]:
        return self.dynamodb.rows("Registrants")


@pytest.fixture
def storage() -> Storage:
    return Storage()


def keys(number: int) -> list[Key]:
    return [Key("97871060099", f"p{index}@example.com") for index in range(number)]


def registered(number: int) -> dict[Key, Row]:
    return {key: row("registered", join_url="https://zoom.us/w/1") for key in keys(number)}


def is_of(*emails: str) -> Any:
    """Return a predicate for the entries of these e-mails, in a read or a write."""
    return lambda entry: (entry.get("Key") or entry["PutRequest"]["Item"])["email"]["S"] in emails


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["deny", "unreachable"])
def test_an_unavailable_table_is_a_storage_error_without_personal_data(storage: Storage, how: str) -> None:
    getattr(storage.dynamodb, how)()
    with pytest.raises(StorageError, match=r"^RegistrantTable: \w+$"):
        storage.table.read([ADA])
    with pytest.raises(StorageError, match=r"^RegistrantTable: \w+$"):
        storage.table.change(ADA, None, lambda _: row())
    saved, (error,) = storage.table.put({ADA: row()})
    assert not saved
    assert str(error).startswith("RegistrantTable: ")


def test_a_storage_error_keeps_its_cause(storage: Storage) -> None:
    storage.dynamodb.unreachable()
    with pytest.raises(StorageError) as failed:
        storage.table.read([ADA])
    assert isinstance(failed.value.__cause__, EndpointConnectionError)


# ── Throttling ───────────────────────────────────────────────────────────────────────────────────────────────────────

CALLS: dict[str, Callable[[RegistrantTable], object]] = {
    "batch_get_item": lambda table: table.read(keys(30)),
    "batch_write_item": lambda table: table.put(registered(30)),
    "put_item": lambda table: table.change(ADA, None, lambda _: row()),
}
CODES = ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("operation", CALLS)
def test_a_throttled_call_is_tried_again_after_growing_waits_of_a_second_at_most(
    storage: Storage, operation: str, code: str
) -> None:
    storage.dynamodb.fail_next(operation, code, times=8)
    CALLS[operation](storage.table)
    wanted = [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0]
    assert all(most / 2 <= wait <= most for wait, most in zip(storage.waits, wanted, strict=True))
    assert len({wait / most for wait, most in zip(storage.waits, wanted, strict=True)}) == len(wanted), "jitter"


@pytest.mark.parametrize("operation", CALLS)
def test_throttling_that_lasts_ends_after_half_of_the_time_for_storing(storage: Storage, operation: str) -> None:
    storage.dynamodb.throttle(operation)
    try:
        found = CALLS[operation](storage.table)
    except Throttled as error:
        found = (set(), [error])
    saved, errors = found  # type: ignore[misc]
    assert not saved
    assert {type(error) for error in errors} == {Throttled}
    assert re.fullmatch(r"RegistrantTable: throttled, \d+ rows left", str(errors[0]))
    assert storage.clock() == pytest.approx(NOON + limits.STORE_SECONDS / 2)


def test_without_time_left_there_is_still_one_try(storage: Storage) -> None:
    storage.dynamodb.throttle("put_item")
    with pytest.raises(Throttled):
        storage.table.change(ADA, None, lambda _: row(), NOON - 1)
    assert storage.waits == []
    assert storage.dynamodb.calls["put_item"] == 1


def test_a_condition_holds_after_throttling_too(storage: Storage) -> None:
    storage.dynamodb.fail_next("put_item", "ThrottlingException")
    storage.dynamodb.before_next("put_item", lambda _: _overwrite(storage, row(attempts=2)))
    changed = storage.table.change(ADA, None, lambda current: None if current else row())
    assert (changed.written, changed.row and changed.row.attempts) == (False, 2)


def test_a_busy_partition_takes_all_rows_in_the_end(storage: Storage) -> None:
    """2,000 rows at once: DynamoDB takes 1,000 at once and 1,000 per second."""
    storage.dynamodb.limit_partitions()
    rows = registered(2_000)
    saved, errors = storage.table.put(rows)
    assert (len(saved), errors) == (2_000, [])
    assert storage.clock() - NOON < 1.5


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_keys_cause_no_read(storage: Storage) -> None:
    assert storage.table.read([]) == {}
    assert not storage.dynamodb.calls


def test_existing_rows_are_read_100_per_call(storage: Storage) -> None:
    storage.table.put(registered(150))
    found = storage.table.read(keys(250))
    assert found.keys() == set(keys(150))
    assert storage.dynamodb.calls["batch_get_item"] == 3


def test_unprocessed_keys_are_read_again(storage: Storage) -> None:
    storage.table.put(registered(10))
    storage.dynamodb.fail_entries("batch_get_item", is_of("p3@example.com"), times=1)
    assert len(storage.table.read(keys(10))) == 10
    assert storage.dynamodb.calls["batch_get_item"] == 2
    assert NOON < storage.clock() <= NOON + 0.05


def test_a_row_that_cannot_be_read_is_an_error(storage: Storage) -> None:
    storage.table.put(registered(10))
    storage.dynamodb.fail_entries("batch_get_item", is_of("p3@example.com"))
    with pytest.raises(StorageError):
        storage.table.read(keys(10))


# ── Putting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_are_written_25_per_call_with_timestamps(storage: Storage) -> None:
    saved, errors = storage.table.put(registered(30))
    assert (saved, errors) == (set(keys(30)), [])
    assert storage.dynamodb.calls == {"batch_write_item": 2}
    stamps = {(item["updated_at"], int(item["expires_at"])) for item in storage.rows()}
    assert stamps == {("2026-11-23T12:00:00Z", NOON + RETENTION_S)}


def test_unprocessed_items_are_written_again(storage: Storage) -> None:
    storage.dynamodb.fail_entries("batch_write_item", is_of("p1@example.com"), times=1)
    assert storage.table.put(registered(5)) == (set(keys(5)), [])
    assert len(storage.rows()) == 5


def test_put_returns_exactly_the_stored_keys(storage: Storage) -> None:
    storage.dynamodb.fail_entries("batch_write_item", is_of("p1@example.com", "p27@example.com"))
    saved, errors = storage.table.put(registered(30))
    assert set(keys(30)) - saved == {keys(30)[1], keys(30)[27]}
    assert len(errors) == 2
    assert {item["email"] for item in storage.rows()} == {key.email for key in saved}


def test_a_failed_call_does_not_affect_the_others(storage: Storage) -> None:
    storage.dynamodb.fail_next("batch_write_item", "InternalServerError")
    saved, errors = storage.table.put(registered(30))
    assert saved == set(keys(30)[25:])
    assert len(errors) == 1


# ── Changing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("known", [None, row(attempts=9, attempts_on=TODAY), row("rejected", message_id="x")])
def test_a_change_is_computed_from_the_stored_row(storage: Storage, known: Row | None) -> None:
    storage.table.change(ADA, None, lambda _: row("deferred", attempts=1, attempts_on=TODAY, message_id="m1"))
    seen: list[int | None] = []

    def change(current: Row | None) -> Row | None:
        seen.append(current.attempts if current else None)
        return row(attempts=2, attempts_on=TODAY)

    changed = storage.table.change(ADA, known, change)
    assert changed.written
    assert seen[-1] == 1
    assert len(seen) == 2


@pytest.mark.parametrize("current", [None, row(attempts=1)])
def test_a_change_may_leave_the_row_as_it_is(storage: Storage, current: Row | None) -> None:
    assert storage.table.change(ADA, current, lambda _: None) == (current, False)
    assert not storage.dynamodb.calls


def test_a_deleted_row_is_written_anew(storage: Storage) -> None:
    assert storage.table.change(
        ADA, row(attempts=1), lambda current: row("rejected") if current is None else row()
    ).written
    assert storage.rows()[0]["status"] == "rejected"


@pytest.mark.parametrize("changed", ["status", "attempts", "attempts_on", "message_id", "join_url"])
def test_a_write_is_conditional_on_every_attribute_of_the_state(storage: Storage, changed: str) -> None:
    first = row("deferred", attempts=1, attempts_on=TODAY, message_id="m1")
    others = {"status": "rejected", "attempts": 2, "attempts_on": "2026-11-24", "message_id": "m2", "join_url": "u"}
    storage.table.change(ADA, None, lambda _: first)
    values = {"status": "deferred", "attempts": 1, "attempts_on": TODAY, "message_id": "m1", changed: others[changed]}
    storage.dynamodb.before_next(
        "put_item",
        lambda _: _overwrite(storage, Row(**values)),  # type: ignore[arg-type]
    )
    seen: list[Row | None] = []
    storage.table.change(ADA, first, lambda current: seen.append(current) or row())  # type: ignore[func-returns-value]
    assert len(seen) == 2


def _overwrite(storage: Storage, new: Row) -> None:
    key = {"webinar_id": {"S": ADA.webinar_id}, "email": {"S": ADA.email}}
    storage.dynamodb.tables["Registrants"].write((ADA.webinar_id, ADA.email), key | new.to_item())


def test_a_row_that_keeps_changing_is_an_error(storage: Storage) -> None:
    numbers = iter(range(100))

    def too_late(_: Row | None) -> Row:
        _overwrite(storage, row(attempts=next(numbers)))
        return row()

    with pytest.raises(StorageError, match="changed by others"):
        storage.table.change(ADA, None, too_late)
    assert storage.dynamodb.calls["put_item"] == 4


def test_a_lost_response_is_an_error_although_the_write_was_done(storage: Storage) -> None:
    storage.dynamodb.lose_answer("put_item")
    with pytest.raises(StorageError, match="ReadTimeoutError"):
        storage.table.change(ADA, None, lambda _: row())
    assert len(storage.rows()) == 1
