"""The commands `import` and `export`, from their options to their exit code, on the fakes of AWS."""

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest
from registrar_cli.erasure.suppression_list import SuppressionListWriter
from registrar_cli.importing.command import import_csv
from registrar_cli.importing.journal import Journal
from registrar_cli.operations.event_source_mapping import DISABLED, ENABLED
from registrar_cli.registrants.export import export
from registrar_cli.terminal.errors import Exit, Interrupted, Unreachable, WrongInput
from registrar_cli.terminal.suggestions import set_stack

from tests.unit.cli.conftest import WEBINAR
from tests.unit.cli.importing.conftest import ADA, World


@pytest.mark.parametrize(
    ("status", "again", "code", "queued"),
    [
        (None, False, Exit.OK, 1),
        ("registered", False, Exit.OK, 0),
        ("rejected", False, Exit.NEGATIVE, 0),
        ("rejected", True, Exit.OK, 1),
    ],
)
def test_the_exit_code_says_whether_all_are_queued_or_registered(
    world: World, status: str | None, again: bool, code: Exit, queued: int
) -> None:
    if status:
        world.put_row(status)

    assert world.run(again=again) == code
    assert world.queued == queued


def test_a_rejected_line_makes_the_import_a_partial_success(world: World) -> None:
    world.file.write_text(f"{ADA}eve@@example.com,Eve\n", encoding="utf-8")

    assert world.run() == Exit.NEGATIVE
    assert world.queued == 1
    assert "eve@@example.com" in (world.file.parent / "people.rejects.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(("again", "code", "queued"), [(False, Exit.NEGATIVE, 0), (True, Exit.OK, 1)])
def test_a_person_erased_after_an_earlier_import_is_not_reported_as_queued(
    world: World, capsys: pytest.CaptureFixture[str], again: bool, code: Exit, queued: int
) -> None:
    world.run()
    clock = world.queues.clock
    SuppressionListWriter(world.dynamodb, "Account", clock, clock.sleep).add("ada@example.com")
    before = world.queued

    assert world.run(again=again) == code
    assert world.queued - before == queued
    assert ("erased by `registrar forget`" in capsys.readouterr().out) is not again


def test_an_unreadable_suppression_list_stops_the_import(world: World) -> None:
    world.dynamodb.deny("get_item")

    with pytest.raises(Unreachable, match=r"AWS denies .*suppression list"):
        import_csv(world.file, WEBINAR)
    assert world.queued == 0


def test_rows_that_may_not_be_read_stop_the_import_and_name_the_right(world: World) -> None:
    world.dynamodb.deny("batch_get_item")

    with pytest.raises(Unreachable, match="AWS denies") as raised:
        import_csv(world.file, WEBINAR)
    assert "docs/operations.md#permissions" in raised.value.to_do
    assert world.queued == 0


def test_a_pause_is_shown_in_local_time_and_in_utc_for_programs(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.mapping = "Disabled, paused since 2026-11-26T23:19:25Z"

    world.run()
    assert "T23:19:25Z" not in (shown := capsys.readouterr().out)
    assert "is Disabled, paused since " in shown
    world.run(as_json=True)
    assert json.loads(capsys.readouterr().out)["mapping"] == world.mapping


def test_what_is_left_out_names_the_command_for_this_stack(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.put_row("rejected", reason="webinar_full")
    set_stack("events")

    world.run()

    assert "run `registrar retry --stack events`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("mapping", "expected"), [(ENABLED, "being registered"), (DISABLED, "They wait"), ("Disabling", "resume")]
)
def test_the_next_step_depends_on_the_mapping(
    world: World, capsys: pytest.CaptureFixture[str], mapping: str, expected: str
) -> None:
    world.mapping = mapping
    world.run()

    assert expected in capsys.readouterr().out


def test_import_works_without_the_right_to_read_the_mapping(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.mapping = None

    assert world.run(as_json=True) == Exit.OK
    assert json.loads(capsys.readouterr().out)["queued"] == 1


def test_the_source_file_is_not_overwritten(world: World) -> None:
    world.file.write_text(ADA + "wrong,Eve\n", encoding="utf-8")
    content = world.file.read_text(encoding="utf-8")

    with pytest.raises(WrongInput, match="--rejects would overwrite"):
        import_csv(world.file, WEBINAR, rejects=world.file.parent / "." / "people.csv")
    with pytest.raises(WrongInput, match="-o would overwrite"):
        export(WEBINAR, world.file, like=world.file)

    assert (world.file.read_text(encoding="utf-8"), world.queued) == (content, 0)


def test_an_unwritable_journal_is_reported_before_anything_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.file.write_text(ADA + "wrong,Eve\n", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(world.file))

    with pytest.raises(WrongInput, match="journal"):
        import_csv(world.file, WEBINAR)

    assert world.queued == 0
    assert list(world.file.parent.iterdir()) == [world.file]


def test_a_failing_journal_says_how_many_are_queued(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    add: Callable[[Journal, Any], None] = Journal.add

    def full(journal: Journal, registrants: Any) -> None:
        if registrants:
            raise WrongInput("The journal x cannot be read or written.", "Set XDG_STATE_HOME.")
        add(journal, registrants)

    monkeypatch.setattr(Journal, "add", full)
    with pytest.raises(Interrupted, match="written: 0 of 1 are queued") as ended:
        import_csv(world.file, WEBINAR)

    assert "Run the same command again" in ended.value.to_do


def test_export_reads_its_file_like_import(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.file.write_bytes("Kontakt,Rufname\nzoe@example.com,Zoë\n".encode("cp1252"))
    target = world.file.with_name("people[final].csv")

    export(WEBINAR, target, like=world.file, map=["email=Kontakt"], encoding="cp1252")

    with target.open(encoding="utf-8-sig", newline="") as exported:
        assert [row["email"] for row in csv.DictReader(exported)] == ["zoe@example.com"]
    assert "people[final].csv" in capsys.readouterr().out
