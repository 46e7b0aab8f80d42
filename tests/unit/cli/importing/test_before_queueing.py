"""What `import` finds out, asks and says before and after it queues: encoding, webinar, lines that say no, names."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from registrar_cli.importing.command import import_csv
from registrar_cli.registrants.export import export
from registrar_cli.terminal.errors import CliError, Declined, Exit, WrongInput

from tests.unit.cli.conftest import WEBINAR
from tests.unit.cli.importing.conftest import ADA, World

MAC = "email;first name;last name\nzoe@example.com;Zoë;König\njose@example.com;José;García\n"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Answer the questions of a terminal."""
    given: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: given.pop(0))
    yield given
    assert given == []


def refused(world: World, kind: type[CliError] = WrongInput, **options: Any) -> CliError:
    with pytest.raises(kind) as ended:
        import_csv(world.file, WEBINAR, **options)
    assert world.queued == 0
    return ended.value


def test_without_a_terminal_a_guessed_encoding_stops_and_names_the_command(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write(MAC, "mac_roman")
    monkeypatch.setattr("sys.argv", ["registrar", "import", "my people.csv", "-w", WEBINAR])

    error = refused(world)

    assert error.exit_code == Exit.USAGE
    assert f"registrar import 'my people.csv' -w {WEBINAR} --encoding mac_roman" in error.to_do
    assert "Zo" not in error.what + error.to_do
    assert world.run(encoding="mac_roman") == Exit.OK
    assert world.names == ["José García", "Zoë König"]


def test_on_a_terminal_the_operator_chooses_among_readings(
    world: World, answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    world.write("email;first name\na@example.com;Žygimantas\n", "cp1257")
    answers.append("0")

    refused(world, Declined)
    lines = capsys.readouterr().err.splitlines()
    (number,) = (line.split()[0] for line in lines if line.endswith("Žygimantas") and "cp1257" in line)
    answers.append(f" {number} ")

    assert world.run() == Exit.OK
    assert world.names == ["Žygimantas"]


@pytest.mark.parametrize("answer", ["", "n", "7", "-1", "x"])
def test_any_other_answer_queues_nothing(world: World, answers: list[str], answer: str) -> None:
    world.write(MAC, "mac_roman")
    answers.append(answer)

    assert "--encoding" in refused(world, Declined).to_do


def test_a_dry_run_shows_how_names_would_read(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.write(MAC, "mac_roman")

    assert world.run(dry_run=True) == Exit.OK
    out = capsys.readouterr().out
    assert re.search(r"mac_roman +Zoë König, José García\n", out)
    assert "cp1252" in out
    world.run(dry_run=True, as_json=True)
    assert json.loads(capsys.readouterr().out)["possible_encodings"]["mac_roman"] == "Zoë König, José García"


def test_a_guess_on_which_no_name_depends_asks_nothing(world: World) -> None:
    world.write("email;first name;Größe\nada@example.com;Ada;1\n", "cp1252")

    assert world.run() == Exit.OK


def test_names_that_an_earlier_import_got_wrong_are_reported_with_the_way_back(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.write("email,first name\nada@example.com,Zoë\n")
    world.put_row("registered", first_name="Zo\u2018")

    assert world.run() == Exit.OK
    out = capsys.readouterr().out
    assert "under another name" in out
    assert "registrar forget EMAIL --cancel-at-zoom" in out


def test_a_registered_name_that_differs_in_composition_only_is_the_same(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.write("email,first name\nada@example.com,Zo\u00eb\n")
    world.put_row("registered", first_name="Zoe\u0308")

    world.run()
    assert "another name" not in capsys.readouterr().out


REPORT = (
    "First Name,Last Name,Email,Registration Time,Approval Status\nAda,L,ada@example.com,x,approved\n"
    "Bob,R,bob@example.com,x,cancelled by self\nCid,X,cid@example.com,x,denied\nDan,X,dan@example.com,x,denied\n"
    "Eve,X,eve@example.com,x,pending\n"
)


def test_denied_and_cancelled_registrations_are_left_out_and_counted(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.write(REPORT)

    assert world.run() == Exit.NEGATIVE
    assert world.names == ["Ada L", "Eve X"]
    out = capsys.readouterr().out
    assert "1  left out, Approval Status “cancelled by self”: --any-status" in out
    assert "2  left out, Approval Status “denied”" in out


def test_with_any_status_they_are_queued(world: World) -> None:
    world.write(REPORT)

    assert world.run(any_status=True) == Exit.OK
    assert len(world.names) == 5


@pytest.mark.parametrize(
    ("header", "cell", "is_left_out"),
    [
        *(("Status", cell, True) for cell in ("Cancelled", "storniert", "Annulé", "refunded", "Not attending")),
        *(("Status", cell, False) for cell in ("", "active", "registered", "rejected", "checked in")),
        *(("Consent", cell, True) for cell in ("no", "FALSE", "Nein", "0", "withdrawn")),
        *(("Einwilligung", cell, False) for cell in ("", "ja", "yes", "1", "notified")),
        ("Newsletter", "no", False),
    ],
)
def test_what_a_column_says(world: World, header: str, cell: str, is_left_out: bool) -> None:
    world.write(f"email,first name,{header}\nada@example.com,Ada,{cell}\n")

    world.run()
    assert world.queued == (not is_left_out)


def test_a_webinar_that_does_not_exist_stops_the_import(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WrongInput, match="91000000404"):
        world.run("91000000404")

    assert world.queued == 0
    assert world.run("91000000404", force=True) == Exit.OK
    assert "Zoom will probably reject" in capsys.readouterr().out
    assert world.queued == 1


def test_where_zoom_cannot_be_asked_no_one_is_said_to_be_being_registered(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.zoom.add_faults([{"kind": "html_502", "times": 10}])

    assert world.run() == Exit.OK
    out = capsys.readouterr().out
    assert "as soon as Zoom can be asked" in out
    assert "being registered" not in out


def test_every_webinar_of_a_column_is_looked_at(world: World) -> None:
    world.write(f"email,first name,webinar id\na@example.com,A,{WEBINAR}\nb@example.com,B,91000000404\n")

    with pytest.raises(WrongInput, match="91000000404"):
        world.run(None)
    assert world.queued == 0


def test_the_webinar_is_named_and_who_sends_the_link(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert world.run() == Exit.OK

    out = capsys.readouterr().out
    assert f"Webinar {WEBINAR}, “Opening keynote”" in out
    assert "e-mails the join URLs" in out or "e-mail each registrant their join URL" in out


def test_an_import_of_nobody_asks_zoom_nothing(world: World) -> None:
    world.put_row("registered")

    assert world.run() == Exit.OK
    assert world.zoom.calls() == []


def test_the_webinar_of_a_report_is_used_and_said(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.write(f"Registration Report\nTopic,Webinar ID\nKeynote,{WEBINAR}\nAttendee Details\n{ADA}")

    assert world.run(None) == Exit.OK
    assert f"the report is of webinar {WEBINAR}" in capsys.readouterr().out


def test_how_whole_names_are_split_is_shown(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.write("Full name,email\nZoë Müller,zoe@example.com\n")

    world.run()
    out = capsys.readouterr().out
    assert "Full name → first and last name" in out
    assert "“Zoë | Müller”" in out


def test_misspelled_domains_are_a_hint_only(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.write("email,first name\na@gmail.con,A\nb@gmial.com,B\nc@example.com,C\nd@hotmial.com,D\ne@yaho.com,E\n")

    assert world.run() == Exit.OK
    out = capsys.readouterr().out
    assert "4 e-mails may be misspelled: line 2 gmail.con (gmail.com?), line 3 gmial.com (gmail.com?)" in out
    assert "and 1 more" in out
    assert "example.com" not in out


@pytest.mark.parametrize("options", [{}, {"delimiter": "tab"}])
def test_export_follows_the_delimiter_and_the_addresses_of_its_file(
    world: World, tmp_path: Path, options: dict[str, str]
) -> None:
    world.write("email;first name\nzoe@bücher.example.com;Zoë\n")
    export(WEBINAR, tmp_path / "out.csv", like=world.file, **options)

    header, line = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    sign = "\t" if options else ";"
    assert header.startswith(f"email{sign}first_name")
    assert line.startswith(f"zoe@bücher.example.com{sign}")


def test_a_delimiter_that_cannot_be_read_back_is_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="--delimiter"):
        export(WEBINAR, tmp_path / "out.csv", delimiter="x")
