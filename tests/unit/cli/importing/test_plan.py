"""Which registrants an import queues: none twice, regardless of what happened before."""

from pathlib import Path

import pytest
from registrar.registrants.registrant import Key, Registrant
from registrar.registrants.row import Row
from registrar_cli.csv_files.reader import Entry
from registrar_cli.importing.journal import RETENTION_SECONDS, Journal
from registrar_cli.importing.plan import SUPPRESSED, plan
from registrar_cli.terminal.errors import CliError

from tests.fakes import VirtualClock

KEY = Key("97871060099", "ada@example.com")
ENTRY = Entry(2, Registrant(KEY, "ada@example.com", "Ada"))
ARN = "arn:aws:cloudformation:us-east-1:1:stack/zoom-registrar/1"


def not_suppressed(_: Key) -> bool:
    return False


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def journal(tmp_path: Path, clock: VirtualClock) -> Journal:
    return Journal(ARN, tmp_path / "registrar", clock)


@pytest.mark.parametrize(
    ("status", "again", "is_queued"),
    [
        (None, False, True),
        ("registered", False, False),
        ("registered", True, False),
        ("pending_approval", True, False),
        ("deferred", True, False),
        ("rejected", False, False),
        ("rejected", True, True),
    ],
)
def test_the_row_decides(journal: Journal, status: str | None, again: bool, is_queued: bool) -> None:
    rows = {KEY: Row(status=status)} if status else {}

    planned = plan([ENTRY], rows, set(), journal.digest, not_suppressed, again)

    assert bool(planned.to_queue) is is_queued
    assert planned.left_out.total() == (not is_queued)


def test_a_queued_registrant_is_queued_again_only_with_again(journal: Journal) -> None:
    journal.add([KEY])

    assert plan([ENTRY], {}, journal.queued(), journal.digest, not_suppressed).to_queue == []
    assert plan([ENTRY], {}, journal.queued(), journal.digest, not_suppressed, again=True).to_queue == [ENTRY]


@pytest.mark.parametrize(("again", "queued"), [(False, []), (True, [ENTRY])])
def test_an_erased_person_is_queued_only_with_again(journal: Journal, again: bool, queued: list[Entry]) -> None:
    journal.add([KEY])

    planned = plan([ENTRY], {}, journal.queued(), journal.digest, lambda key: key == KEY, again)

    assert planned.to_queue == queued
    assert planned.left_out.keys() == (set() if again else {SUPPRESSED})


def test_old_journal_entries_expire(journal: Journal, clock: VirtualClock) -> None:
    journal.add([KEY])
    clock.sleep(RETENTION_SECONDS + 1)

    assert journal.queued() == set()


def test_last_months_entries_count_and_older_files_are_deleted(journal: Journal, clock: VirtualClock) -> None:
    journal.add([KEY])
    first = journal.path
    clock.sleep(10 * 86_400)  # from November into December
    other = Key(KEY.webinar_id, "eve@example.com")
    journal.add([other])

    assert journal.path != first
    assert journal.queued() == {journal.digest(KEY), journal.digest(other)}
    clock.sleep(40 * 86_400)
    journal.add([other])
    assert journal.queued() == {journal.digest(other)}
    assert not first.exists()


def test_an_incomplete_line_is_ignored(journal: Journal) -> None:
    journal.add([KEY])
    whole = journal.queued()
    with journal.path.open("a", encoding="ascii") as file:
        file.write("17000000")

    assert journal.queued() == whole


def test_the_journal_holds_no_personal_data(journal: Journal) -> None:
    journal.add([KEY])

    text = journal.path.read_text(encoding="ascii")
    assert "ada" not in text
    assert "97871060099" not in text


def test_another_stack_has_another_journal(journal: Journal, tmp_path: Path) -> None:
    journal.add([KEY])

    other = Journal(f"{ARN}0", tmp_path / "registrar")
    assert other.queued() == set()
    assert other.digest(KEY) != journal.digest(KEY)


def test_an_unwritable_journal_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(CliError, match="journal"):
        Journal(ARN, tmp_path / "file").add([KEY])
