"""The file of lines that could not be used: it comes back as it was meant, and no work in an older one is lost."""

from pathlib import Path

import pytest
from registrar_cli.csv_files.reader import Reading, read_registrants
from registrar_cli.csv_files.rejects import write_rejects
from registrar_cli.terminal.errors import WrongInput

WEBINAR = "97871060099"


def reading(*names: str) -> Reading:
    """Of people whose e-mails are none."""
    return read_registrants(("E-Mail;Vorname\n" + "".join(f"{name};Zoë\n" for name in names)).encode(), WEBINAR)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    read = reading("ada")
    with pytest.raises(WrongInput, match="cannot be written"):
        write_rejects(tmp_path / "people.csv", read.layout, read.rejects, tmp_path / "nowhere" / "x.csv")


def test_corrected_it_is_imported_in_place_of_the_lines(tmp_path: Path) -> None:
    read = reading("ada", "eve")
    written = write_rejects(tmp_path / "people.csv", read.layout, read.rejects)

    assert written == tmp_path / "people.rejects.csv"
    assert written.stat().st_mode & 0o077 == 0, "nobody else may read it"
    corrected = read_registrants(written.read_bytes().replace(b"ada", b"ada@example.com"), WEBINAR)
    assert [entry.registrant.first_name for entry in corrected.entries] == ["Zoë"]
    assert [reject.line for reject in corrected.rejects] == [3]


def test_an_older_one_that_somebody_corrects_is_not_overwritten(tmp_path: Path) -> None:
    read = reading("ada")
    first = write_rejects(tmp_path / "people.csv", read.layout, read.rejects)
    assert write_rejects(tmp_path / "people.csv", read.layout, read.rejects) == first, "the same again"
    first.write_text("corrected")

    second = write_rejects(tmp_path / "people.csv", read.layout, read.rejects)

    assert (first.read_text(), second.name) == ("corrected", "people.rejects-2.csv")
    assert write_rejects(tmp_path / "people.csv", read.layout, read.rejects, first) == first, "told by name, it is"
