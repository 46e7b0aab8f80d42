"""`retry`: of nothing, of all, of those who have no attempt left today, and to another webinar."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from registrar.registrants.registrant import Key, MalformedMessage
from registrar.registrants.row import Row
from registrar.storage.submission_table import Submission, SubmissionTable
from registrar_cli.dead_letters.body import with_webinar
from registrar_cli.operations import target
from registrar_cli.terminal.errors import Exit

from local.fake_zoom.account import Account
from tests.unit.cli.command_line import CommandLine
from tests.unit.cli.conftest import WEBINAR, Queues
from tests.unit.cli.zoom_api import zoom_api_of

NEW = "91000000001"
ADA, EVE = "ada@example.com", "eve@example.com"


@pytest.fixture
def registrar(queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> CommandLine:
    zoom = Account(queues.clock)
    zoom.set_webinar(NEW, topic="Opening keynote", capacity=3)
    monkeypatch.setattr(target, "current_token", lambda _: None)
    monkeypatch.setattr(target, "zoom_api", lambda *_: zoom_api_of(zoom))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    return CommandLine(queues, monkeypatch, capfd)


def put(registrar: CommandLine, key: Key, row: Row) -> None:
    registrar.store.change(key, None, lambda _: row)


def rejected(registrar: CommandLine, queues: Queues, *emails: str) -> None:
    """Add a dead letter and the row of it for each e-mail."""
    for email in emails:
        queues.add_dead_letter(email, "webinar_not_found")
        put(registrar, Key(WEBINAR, email), Row(status="rejected", reason="webinar_not_found", first_name="Ada"))


@pytest.mark.parametrize(
    "command", [["--yes"], [], ["--reason", "webinar_full"], ["--dry-run"], ["-w", WEBINAR, "--to", NEW]]
)
def test_nothing_to_retry_is_said(registrar: CommandLine, command: list[str]) -> None:
    ended = registrar.run("retry", *command)

    assert (ended.code, ended.out.strip()) == (Exit.OK, "Nothing to retry.")


def test_all_are_sent_only_after_a_question(registrar: CommandLine, queues: Queues) -> None:
    queues.add_dead_letter(ADA)
    queues.add_dead_letter(EVE)

    ended = registrar.run("retry")
    assert ended.code == Exit.USAGE
    assert "Send all 2 dead letters back?" in ended.err
    assert queues.bodies(queues.url) == []

    assert registrar.run("retry", "--yes").code == Exit.OK
    assert len(queues.bodies(queues.url)) == 2


def test_those_without_an_attempt_today_are_counted(registrar: CommandLine, queues: Queues) -> None:
    today = datetime.now(UTC).date().isoformat()
    for n, (attempts, day) in enumerate([(3, today), (2, today), (3, "2020-01-01")]):
        queues.add_dead_letter(f"person{n}@example.com")
        row = Row(status="rejected", reason="webinar_full", attempts=attempts, attempts_on=day)
        put(registrar, Key(WEBINAR, f"person{n}@example.com"), row)

    ended = registrar.run("retry", "--reason", "webinar_full", "--dry-run")
    assert "1  of them have used today's 3 attempts: they are tried after 00:00 UTC (tomorrow " in " ".join(
        ended.out.split("\n")
    )
    assert registrar.run("retry", "--reason", "webinar_full", "--json").result["attempts_used_today"] == 1


def test_dead_letters_go_to_another_webinar(registrar: CommandLine, queues: Queues) -> None:
    rejected(registrar, queues, ADA)
    queues.add_dead_letter(EVE, webinar="92222222222")

    ended = registrar.run("retry", "--webinar", WEBINAR, "--to", NEW)

    assert ended.code == Exit.OK
    assert "“Opening keynote”" in ended.out
    assert f"1  sent to webinar {NEW}" in ended.out
    (body,) = queues.bodies(queues.url)
    assert json.loads(body) == {"webinar_id": NEW, "email": ADA, "first_name": "Ada", "more": "kept"}
    assert [message.group_id for message in queues.sqs.messages(queues.url)] == [NEW]
    assert len(queues.bodies(queues.dead_letter_url)) == 1


def test_failures_suggests_it_for_a_webinar_that_does_not_exist(registrar: CommandLine, queues: Queues) -> None:
    rejected(registrar, queues, ADA)

    assert f"registrar retry --webinar {WEBINAR} --to ID" in registrar.run("failures").out


def test_the_row_says_where_its_dead_letter_went(registrar: CommandLine, queues: Queues) -> None:
    rejected(registrar, queues, ADA, EVE)
    registrar.run("retry", "--webinar", WEBINAR, "--to", NEW)
    put(registrar, Key(NEW, ADA), Row(status="registered", join_url="https://example.com/j", first_name="Ada"))

    ended = registrar.run("status", ADA)
    assert ended.code == Exit.OK
    assert ended.out.index("● registered") < ended.out.index("● corrected")
    assert "registrar failures" not in ended.out
    assert registrar.run("status", EVE, "-w", WEBINAR).code == Exit.NEGATIVE, "the row at the new webinar is awaited"
    assert registrar.run("list", WEBINAR, "--json").result["sums"] == {"corrected": 2}


@pytest.mark.parametrize("to", [True, False])
def test_a_row_says_it_before_its_dead_letter_is_deleted(
    registrar: CommandLine, queues: Queues, tmp_path: Path, to: bool
) -> None:
    rejected(registrar, queues, "ada@exmaple.com")
    work = tmp_path / "work.csv"
    registrar.run("failures", "--csv", str(work))
    work.write_text(work.read_text(encoding="utf-8-sig").replace("exmaple", "example"), encoding="utf-8")
    command = ["retry", "--webinar", WEBINAR, "--to", NEW] if to else ["retry", "--corrected", str(work)]
    queues.sqs.deny("delete_message_batch")  # as after a kill: nothing behind it runs

    assert registrar.run(*command).code != Exit.OK

    assert registrar.run("list", WEBINAR, "--json").result["sums"] == {"corrected": 1}
    queues.sqs.heal("delete_message_batch")
    assert registrar.run(*command).code == Exit.OK, "the same command goes on"
    assert queues.bodies(queues.dead_letter_url) == []
    assert registrar.run("list", WEBINAR, "--json").result["sums"] == {"corrected": 1}


def test_a_row_that_was_settled_again_says_what_it_is(registrar: CommandLine, queues: Queues) -> None:
    rejected(registrar, queues, ADA)
    put(registrar, Key(WEBINAR, ADA), Row(status="registered", join_url="https://example.com/j"))

    registrar.run("retry", "--webinar", WEBINAR, "--to", NEW)

    assert registrar.run("list", WEBINAR, "--json").result["sums"] == {"registered": 1}


def test_without_the_right_to_mark_rows_the_dead_letters_are_sent(registrar: CommandLine, queues: Queues) -> None:
    rejected(registrar, queues, ADA)
    registrar.dynamodb.deny("update_item")

    ended = registrar.run("retry", "--webinar", WEBINAR, "--to", NEW)

    assert (ended.code, len(queues.bodies(queues.url))) == (Exit.OK, 1)
    assert "their rows still say rejected" in ended.err


def test_a_corrected_e_mail_is_noted_on_its_old_row(registrar: CommandLine, queues: Queues, tmp_path: Path) -> None:
    rejected(registrar, queues, "ada@exmaple.com")
    work = tmp_path / "work.csv"
    registrar.run("failures", "--csv", str(work), "--delimiter", ";")
    work.write_text(work.read_text(encoding="utf-8-sig").replace("exmaple", "example"), encoding="utf-8")

    assert registrar.run("retry", "--corrected", str(work)).code == Exit.OK
    assert registrar.run("status", "ada@exmaple.com").out.startswith("● corrected")


def test_submissions_follow_their_e_mail_where_it_is_corrected(
    registrar: CommandLine, queues: Queues, tmp_path: Path
) -> None:
    """Otherwise the page of their status says `queued` for ever: the old row does not name the new e-mail."""
    registrar.dynamodb.add_table("Submissions", "submission_id")
    submissions = SubmissionTable(registrar.dynamodb.client, "Submissions")
    mistyped, of_another = Key(WEBINAR, "ada@exmaple.com"), Key(WEBINAR, EVE)
    for submission_id, key in [("first", mistyped), ("second", mistyped), ("another's", of_another)]:
        submissions.write(Submission(submission_id, "2026-11-23T14:00:00Z", key))
        fields = {"webinar_id": WEBINAR, "email": mistyped.email, "first_name": "Ada", "submission_id": submission_id}
        queues.add_dead_letter_body(json.dumps(fields), "zoom_rejected", WEBINAR)
    work = tmp_path / "work.csv"
    registrar.run("failures", "--csv", str(work), "--delimiter", ";")
    work.write_text(work.read_text(encoding="utf-8-sig").replace("exmaple", "example"), encoding="utf-8")

    assert registrar.run("retry", "--corrected", str(work)).code == Exit.OK
    found = [submissions.read(one) for one in ("first", "second", "another's")]
    assert [one and one.key for one in found] == [Key(WEBINAR, ADA), Key(WEBINAR, ADA), of_another]


def test_a_corrected_list_of_unknown_encoding_is_not_guessed(
    registrar: CommandLine, queues: Queues, tmp_path: Path
) -> None:
    rejected(registrar, queues, ADA)
    work = tmp_path / "work.csv"
    registrar.run("failures", "--csv", str(work))
    work.write_bytes(work.read_text(encoding="utf-8-sig").replace("Ada", "Zoë").encode("mac_roman"))

    ended = registrar.run("retry", "--corrected", str(work))
    assert (ended.code, queues.bodies(queues.url)) == (Exit.USAGE, [])
    assert "--encoding mac_roman" in ended.err
    assert "Zoë" in registrar.run("retry", "--corrected", str(work), "--dry-run").out
    assert registrar.run("retry", "--corrected", str(work), "--encoding", "mac_roman").code == Exit.OK
    assert json.loads(queues.bodies(queues.url)[0])["first_name"] == "Zoë"


def test_a_dry_run_to_another_webinar_changes_nothing(registrar: CommandLine, queues: Queues) -> None:
    rejected(registrar, queues, ADA)

    ended = registrar.run("retry", "--webinar", WEBINAR, "--to", NEW, "--dry-run", "--json")

    assert ended.result["would_be_sent"] == 1
    assert ended.result["webinars"][0]["webinar_id"] == NEW
    assert queues.bodies(queues.url) == []
    assert registrar.run("list", WEBINAR, "--json").result["sums"] == {"rejected": 1}


def test_a_webinar_that_takes_no_one_stops_it(registrar: CommandLine, queues: Queues) -> None:
    rejected(registrar, queues, ADA)

    ended = registrar.run("retry", "--webinar", WEBINAR, "--to", "91000000404")

    assert (ended.code, queues.bodies(queues.url)) == (Exit.USAGE, [])
    assert "91000000404 takes no registrants" in ended.err
    assert queues.visible_dead_letters() == 1
    assert registrar.run("retry", "--webinar", WEBINAR, "--to", "91000000404", "--force").code == Exit.OK


@pytest.mark.parametrize("options", [["--to", NEW], ["--to", WEBINAR, "-w", WEBINAR], ["--to", "x", "-w", WEBINAR]])
def test_to_needs_two_webinars(registrar: CommandLine, queues: Queues, options: list[str]) -> None:
    queues.add_dead_letter(ADA)

    assert registrar.run("retry", *options).code == Exit.USAGE
    assert queues.visible_dead_letters() == 1


HUGE = "1" * 5_000


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"webinar_id": 97871060099, "n": 1e400}', '{"webinar_id": "91000000001", "n": 1e400}'),
        (' {"a" : "\\u00eb" ,\n"webinar_id":\t"978" }\n', ' {"a" : "\\u00eb" ,\n"webinar_id":\t"91000000001" }\n'),
        ('{"m": {"webinar_id": 1}, "webinar_id": null}', '{"m": {"webinar_id": 1}, "webinar_id": "91000000001"}'),
        ('{"webinar_id":"1","webinar_id":"2"}', '{"webinar_id":"91000000001","webinar_id":"91000000001"}'),
        (f'{{"big": {HUGE}, "webinar_id": 1}}', f'{{"big": {HUGE}, "webinar_id": "91000000001"}}'),
        ('{"a": ["}", {"b": "{"}], "webinar_id": 1}', '{"a": ["}", {"b": "{"}], "webinar_id": "91000000001"}'),
    ],
)
def test_all_else_stays_byte_for_byte(body: str, expected: str) -> None:
    assert with_webinar(body, NEW) == expected


@pytest.mark.parametrize("body", ["no JSON", "[]", '{"webinar_id": 1'])
def test_a_body_that_is_no_object_has_no_webinar(body: str) -> None:
    with pytest.raises(MalformedMessage):
        with_webinar(body, NEW)
