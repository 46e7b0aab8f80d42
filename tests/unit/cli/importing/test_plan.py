"""Whom an import queues: nobody twice, whatever happened before."""

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


def nobody(_: Key) -> bool:
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

    planned = plan([ENTRY], rows, set(), journal.digest, nobody, again)

    assert bool(planned.to_queue) is is_queued
    assert planned.left_out.total() == (not is_queued)


def test_whoever_was_queued_is_not_queued_again_unless_asked(journal: Journal) -> None:
    journal.add([KEY])

    assert plan([ENTRY], {}, journal.queued(), journal.digest, nobody).to_queue == []
    assert plan([ENTRY], {}, journal.queued(), journal.digest, nobody, again=True).to_queue == [ENTRY]


@pytest.mark.parametrize(("again", "queued"), [(False, []), (True, [ENTRY])])
def test_whoever_asked_to_be_forgotten_is_queued_only_if_asked_for(
    journal: Journal, again: bool, queued: list[Entry]
) -> None:
    journal.add([KEY])

    planned = plan([ENTRY], {}, journal.queued(), journal.digest, lambda key: key == KEY, again)

    assert planned.to_queue == queued
    assert planned.left_out.keys() == (set() if again else {SUPPRESSED})


def test_what_no_queue_holds_any_more_is_forgotten(journal: Journal, clock: VirtualClock) -> None:
    journal.add([KEY])
    clock.sleep(RETENTION_SECONDS + 1)

    assert journal.queued() == set()


def test_last_months_people_count_and_older_files_are_deleted(journal: Journal, clock: VirtualClock) -> None:
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


def test_a_line_that_was_cut_off_counts_for_nobody(journal: Journal) -> None:
    journal.add([KEY])
    whole = journal.queued()
    with journal.path.open("a") as file:
        file.write("17000000")

    assert journal.queued() == whole


def test_nobody_can_be_read_from_the_journal(journal: Journal) -> None:
    journal.add([KEY])

    text = journal.path.read_text()
    assert "ada" not in text
    assert "97871060099" not in text


def test_another_stack_has_another_journal(journal: Journal, tmp_path: Path) -> None:
    journal.add([KEY])

    other = Journal(f"{ARN}0", tmp_path / "registrar")
    assert other.queued() == set()
    assert other.digest(KEY) != journal.digest(KEY)


def test_a_journal_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CliError, match="journal"):
        Journal(ARN, tmp_path / "file").add([KEY])
