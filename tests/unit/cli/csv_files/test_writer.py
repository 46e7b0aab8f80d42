"""The file of rejected lines: it can be corrected and imported, and never overwrites corrections."""

from pathlib import Path

import pytest
from registrar_cli.csv_files.reader import Reading, read_registrants
from registrar_cli.csv_files.writer import write_rejects
from registrar_cli.terminal.errors import WrongInput

WEBINAR = "97871060099"


def reading(*names: str) -> Reading:
    """Read a file whose e-mails are invalid."""
    return read_registrants(("E-Mail;Vorname\n" + "".join(f"{name};Zoë\n" for name in names)).encode(), WEBINAR)


def test_an_unwritable_path_is_reported(tmp_path: Path) -> None:
    read = reading("ada")
    with pytest.raises(WrongInput, match="cannot be written"):
        write_rejects(tmp_path / "people.csv", read.layout, read.rejects, tmp_path / "nowhere" / "x.csv")


def test_a_corrected_file_is_imported_instead_of_the_rejected_lines(tmp_path: Path) -> None:
    read = reading("ada", "eve")
    written = write_rejects(tmp_path / "people.csv", read.layout, read.rejects)

    assert written == tmp_path / "people.rejects.csv"
    assert written.stat().st_mode & 0o077 == 0, "only the owner may read it"
    corrected = read_registrants(written.read_bytes().replace(b"ada", b"ada@example.com"), WEBINAR)
    assert [entry.registrant.first_name for entry in corrected.entries] == ["Zoë"]
    assert [reject.line for reject in corrected.rejects] == [3]


def test_an_older_file_with_corrections_is_not_overwritten(tmp_path: Path) -> None:
    read = reading("ada")
    first = write_rejects(tmp_path / "people.csv", read.layout, read.rejects)
    assert write_rejects(tmp_path / "people.csv", read.layout, read.rejects) == first, "equal content is written again"
    first.write_text("corrected", encoding="utf-8")

    second = write_rejects(tmp_path / "people.csv", read.layout, read.rejects)

    assert (first.read_text(encoding="utf-8"), second.name) == ("corrected", "people.rejects-2.csv")
    assert write_rejects(tmp_path / "people.csv", read.layout, read.rejects, first) == first, (
        "it is if named explicitly"
    )
