"""What people read: spans, standings, files for spreadsheets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from registrar_cli.csv_files.writer import as_meant, harmless, write
from registrar_cli.dead_letters.work_list import Group
from registrar_cli.registrants.explanation import as_json, standing_of
from registrar_cli.terminal.errors import WrongInput
from registrar_cli.terminal.formatting import many, span


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59.6, "1 min"), (3_700, "1 h 1 min"), (93_784, "1 d 2 h"), (-5, "0 s")]
)
def test_spans(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_numbers() -> None:
    assert [many(0, "letter"), many(1, "letter"), many(1_200, "letter")] == ["0 letters", "1 letter", "1,200 letters"]


@pytest.mark.parametrize("status", ["registered", "pending_approval", "deferred", "rejected", "new"])
def test_every_status_says_what_it_means(status: str) -> None:
    assert standing_of(Row(status=status, reason="webinar_full")).means


def test_no_row_is_told_as_waiting() -> None:
    told = as_json(Key("97871060099", "ada@example.com"), None)

    assert told["status"] == "waiting"


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-x", "@SUM", "\tx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert as_meant(harmless(cell)) == cell


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [harmless(cell) for cell in ("Ada", "O'Neill", None, 3)] == ["Ada", "O'Neill", "", "3"]
    assert as_meant("'quoted'") == "'quoted'"


def test_a_file_is_written_whole_and_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    assert write(path, ["a"], [["é"], ["x"]]) == 2

    assert path.read_bytes() == "\ufeffa\r\né\r\nx\r\n".encode()
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    def rows() -> Iterator[list[str]]:
        yield ["x"]
        raise RuntimeError("something")

    with pytest.raises(RuntimeError):
        write(path, ["a"], rows())

    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="cannot be written") as caught:
        write(tmp_path / "none" / "out.csv", ["a"], [])

    assert "-o" not in caught.value.to_do  # `failures --csv` writes, too


@pytest.mark.parametrize(
    ("reason", "command"),
    [
        ("webinar_full", "registrar retry --reason webinar_full"),
        ("no_reason", "registrar retry --reason no_reason"),
        ("webinar_not_found", "registrar failures --reason webinar_not_found --csv work.csv"),
        ("webinar_over", "registrar discard --reason webinar_over"),
    ],
)
def test_the_next_step_is_one_that_helps(reason: str, command: str) -> None:
    assert Group(reason, []).command == command
