"""What operators read: texts of reasons, durations, explanations, files for spreadsheets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from registrar_cli.csv_files.writer import escape_formula, unescape_formula, write
from registrar_cli.dead_letters.work_list import Group
from registrar_cli.registrants.explanation import as_json, explain
from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.formatting import quantity, span


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59.6, "1 min"), (3_700, "1 h 1 min"), (93_784, "1 d 2 h"), (-5, "0 s")]
)
def test_spans(seconds: float, text: str) -> None:
    assert span(seconds) == text


def test_quantities() -> None:
    assert [quantity(0, "row"), quantity(1, "row"), quantity(1_200, "row")] == ["0 rows", "1 row", "1,200 rows"]


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
        ("webinar_not_found", "registrar failures --reason webinar_not_found --csv work.csv"),
        ("webinar_over", "registrar discard --reason webinar_over"),
    ],
)
def test_the_suggested_command_fits_the_reason(reason: str, command: str) -> None:
    assert Group(reason, []).command == command
