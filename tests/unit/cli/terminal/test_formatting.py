"""What operators read: texts of reasons, durations, explanations, files for spreadsheets."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from registrar_cli.csv_files.cells import escape_formula, unescape_formula
from registrar_cli.csv_files.writer import write
from registrar_cli.dead_letters.work_list import Group
from registrar_cli.registrants.explanation import as_json, explain
from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.formatting import did_you_mean, local_time, quantity, span


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59.6, "1 min"), (3_700, "1 h 1 min"), (93_784, "1 d 2 h"), (-5, "0 s")]
)
def test_spans(seconds: float, text: str) -> None:
    assert span(seconds) == text


BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC).timestamp()  # Thursday, 13:00 in Berlin


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-11-27T00:10:53Z", "tomorrow 01:10, in 12 h"),
        ("2026-11-26T23:30:00Z", "tomorrow 00:30, in 12 h"),  # the same day in UTC
        ("2026-11-26T12:00:40Z", "13:00, in 40 s"),
        ("2026-11-26T11:57:00Z", "12:57, 3 min ago"),
        ("2026-11-26T12:00:00Z", "13:00, 1 s ago"),
        ("2026-11-26T13:29:00Z", "14:29, in 89 min"),
        ("2026-11-25T22:59:00Z", "yesterday 23:59, 13 h ago"),
        ("2026-11-30T09:00:00Z", "Mon 30 Nov 10:00, in 4 d"),
        ("2026-12-01T09:00:00Z", "Tue 1 Dec 10:00, in 5 d"),
        ("2027-05-01T09:00:00Z", "Sat 1 May 11:00, in 156 d"),  # summer time
        ("2098-12-31T09:00:00Z", "31 Dec 2098 10:00, in 26,333 d"),
        ("2025-01-02T09:00:00Z", "2 Jan 2025 10:00, 693 d ago"),
    ],
)
def test_a_moment_is_shown_in_local_time_with_its_distance(moment: str, text: str) -> None:
    assert local_time(datetime.fromisoformat(moment).timestamp(), NOW, BERLIN) == text


def test_the_time_zone_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert local_time(NOW, NOW + 7_200) == "21:00, 2 h ago"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_quantities() -> None:
    assert [quantity(0, "row"), quantity(1, "row"), quantity(1_200, "row")] == ["0 rows", "1 row", "1,200 rows"]


@pytest.mark.parametrize(
    ("word", "question"),
    [
        ("full", " Did you mean webinar_full?"),
        ("Webinar_Ful", " Did you mean webinar_full?"),
        ("webinar", " Did you mean webinar_over?"),
        ("", ""),
        ("paid", ""),
    ],
)
def test_the_word_meant_is_suggested(word: str, question: str) -> None:
    assert did_you_mean(word, ["webinar_full", "webinar_over"]) == question


@pytest.mark.parametrize("status", ["registered", "pending_approval", "deferred", "rejected", "new"])
def test_every_status_is_explained(status: str) -> None:
    assert explain(Row(status=status, reason="webinar_full")).meaning


def test_no_row_means_waiting() -> None:
    explained = as_json(Key("97871060099", "ada@example.com"), None)

    assert explained["status"] == "waiting"


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-x", "@SUM", "\tx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert escape_formula(cell) == f"'{cell}"
    assert unescape_formula(escape_formula(cell)) == cell


def test_ordinary_cells_are_unchanged() -> None:
    assert [escape_formula(cell) for cell in ("Ada", "O'Neill", None, 3)] == ["Ada", "O'Neill", "", "3"]
    assert unescape_formula("'quoted'") == "'quoted'"


def test_a_file_is_written_whole_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    assert write(path, ["a"], [["é"], ["x"]]) == 2

    assert path.read_bytes() == "\ufeffa\r\né\r\nx\r\n".encode()
    assert path.stat().st_mode & 0o077 == 0


def test_a_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    def rows() -> Iterator[list[str]]:
        yield ["x"]
        raise RuntimeError("something")

    with pytest.raises(RuntimeError):
        write(path, ["a"], rows())

    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="cannot be written") as caught:
        write(tmp_path / "none" / "out.csv", ["a"], [])

    assert "-o" not in caught.value.to_do  # `failures --csv` writes too


@pytest.mark.parametrize(
    ("reason", "command"),
    [
        ("webinar_full", "registrar retry --reason webinar_full"),
        ("no_reason", "registrar retry --reason no_reason"),
        ("invalid_registrant", "registrar failures --reason invalid_registrant --csv work.csv"),
        ("webinar_over", "registrar discard --reason webinar_over"),
    ],
)
def test_the_suggested_command_fits_the_reason(reason: str, command: str) -> None:
    assert Group(reason, []).command == command
