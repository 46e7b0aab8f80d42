"""The command `registrar`, as it is installed, against the deployed stack: what it prints, and what comes of it.

The emulator has no move task: `retry` of everything sends one by one here; the task's request is a unit test's.
"""

import csv
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.places import VENVS
from tests.stack.conftest import END_SECONDS, Deployment, eventually

REGISTRAR = VENVS / "cli" / "bin" / "registrar"
PEOPLE = 2_000  # of the import that is killed: enough to be killed on its way

Answer = subprocess.CompletedProcess[str]
Run = Callable[..., Answer]


@pytest.fixture
def environment(deployment: Deployment, tmp_path: Path) -> dict[str, str]:
    """Nothing of the developer's AWS, a journal of its own."""
    own = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "COLUMNS": "120",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    return own | deployment.stack.emulator.environment()


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run the command in a folder of its own, and expect an exit code."""

    def run_command(*arguments: str, code: int = 0) -> Answer:
        answer = subprocess.run(
            [REGISTRAR, *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=END_SECONDS,
            check=False,
        )
        assert answer.returncode == code, answer.stdout + answer.stderr
        return answer

    return run_command


@pytest.fixture
def told(run: Run) -> Callable[..., Any]:
    """Run the command with --json, and return what it told."""

    def tell(*arguments: str, code: int = 0) -> Any:
        return json.loads(run(*arguments, "--json", code=code).stdout)

    return tell


def registered(deployment: Deployment, webinar_id: str, *emails: str) -> None:
    for email in emails:
        deployment.row_with("registered", webinar_id, email)


def letters_of(deployment: Deployment, webinar_id: str) -> str:
    """A body on the dead-letter queue, of a webinar that is full."""
    body = json.dumps({"webinar_id": webinar_id, "email": "eve@example.com", "first_name": "Eve"})
    deployment.send(body, MessageGroupId=webinar_id)
    deployment.row_with("rejected", webinar_id, "eve@example.com")
    return body


def people_file(path: Path, *emails: str) -> Path:
    rows = "".join(f"{email};Ada;Müller\n" for email in emails)
    path.write_bytes(f"E-Mail;Vorname;Nachname\n{rows}".encode("cp1252"))
    return path


# ── Is this person registered? ───────────────────────────────────────────────────────────────────────────────────────


def test_status_says_who_is_in_by_email_and_by_submission(deployment: Deployment, told: Callable[..., Any]) -> None:
    webinar_id = deployment.webinar()
    submission_id = deployment.post(webinar_id, json={"email": "Ada@Example.com", "first_name": "Ada"}).json()[
        "submission_id"
    ]
    registered(deployment, webinar_id, "ada@example.com")

    by_email = told("status", "ADA@example.com", "--webinar", webinar_id)
    by_submission = told("status", submission_id)

    assert by_email == by_submission
    assert by_email[0]["status"] == "registered"
    assert by_email[0]["join_url"].startswith("https://")


def test_status_says_why_somebody_is_not_in_and_what_to_do(deployment: Deployment, run: Run) -> None:
    webinar_id = deployment.webinar(capacity=0)
    letters_of(deployment, webinar_id)

    answer = run("status", "eve@example.com", "-w", webinar_id, code=3)

    assert "webinar_full" in answer.stdout
    assert "licence" in answer.stdout


def test_an_unknown_person_is_told_masked(run: Run) -> None:
    answer = run("status", "nobody@example.com", "-w", "91000000404", code=5)

    assert "n…@example.com" in answer.stderr
    assert "nobody@" not in answer.stderr


def test_a_stack_that_is_not_there_says_what_to_do(run: Run) -> None:
    answer = run("list", "91000000404", "--stack", "another", "--json", code=4)

    error = json.loads(answer.stderr)["error"]
    assert "another" in error["what"]
    assert "--stack" in error["to_do"]


@pytest.mark.parametrize("arguments", [["status", "neither"], ["list", "12"], ["failures", "-r", "x"], ["discard"]])
def test_wrong_input_ends_with_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments, code=2).stderr


# ── A file of people ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_import_list_and_export_in_the_files_order(
    deployment: Deployment, run: Run, told: Callable[..., Any], tmp_path: Path
) -> None:
    webinar_id = deployment.webinar()
    file = people_file(tmp_path / "people.csv", "zoe@example.com", "ada@example.com", "wrong@@example.com")

    answer = told("import", str(file), "--webinar", webinar_id, code=3)

    assert (answer["queued"], answer["encoding"], answer["delimiter"]) == (2, "cp1252", ";")
    assert [reject["line"] for reject in answer["rejects"]] == [4]
    assert "wrong@@example.com" in (tmp_path / "people.rejects.csv").read_text(encoding="utf-8-sig")
    registered(deployment, webinar_id, "zoe@example.com", "ada@example.com")
    assert told("list", webinar_id)["sums"] == {"registered": 2}
    run("export", webinar_id, "-o", "out.csv", "--like", str(file))
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as exported:
        rows = list(csv.DictReader(exported))
    assert [row["email"] for row in rows] == ["zoe@example.com", "ada@example.com"]
    assert all(row["join_url"].startswith("https://") and row["last_name"] == "Müller" for row in rows)


def test_an_import_is_repeated_without_a_message(
    deployment: Deployment, told: Callable[..., Any], tmp_path: Path
) -> None:
    webinar_id = deployment.webinar()
    told("pause")
    file = people_file(tmp_path / "people.csv", "ada@example.com", "eve@example.com")
    try:
        assert told("import", str(file), "-w", webinar_id, "--dry-run")["would_be_queued"] == 2
        assert told("import", str(file), "-w", webinar_id)["queued"] == 2
        assert told("import", str(file), "-w", webinar_id)["queued"] == 0
    finally:
        assert told("resume")["mapping"] == "Enabled"
    registered(deployment, webinar_id, "ada@example.com", "eve@example.com")
    assert told("import", str(file), "-w", webinar_id)["left_out"] == {"registered already": 2}


def test_an_import_that_is_killed_goes_on_where_it_stopped(
    deployment: Deployment, environment: dict[str, str], told: Callable[..., Any], tmp_path: Path
) -> None:
    webinar_id = deployment.webinar()
    file = people_file(tmp_path / "people.csv", *(f"person{n}@example.com" for n in range(PEOPLE)))
    command: list[str | Path] = [REGISTRAR, "import", str(file), "-w", webinar_id, "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as killed:
        eventually(lambda: queued(environment) or None)
        killed.send_signal(signal.SIGKILL)
    before = queued(environment)

    answer = told("import", str(file), "-w", webinar_id)

    assert 0 < before < PEOPLE
    assert before + answer["queued"] + answer["left_out"].get("registered already", 0) >= PEOPLE
    eventually(lambda: told("list", webinar_id)["sums"].get("registered") == PEOPLE or None)
    assert len(deployment.zoom.registrants(webinar_id)) == PEOPLE
    assert max(one.attempts for one in deployment.zoom.attempts() if one.webinar == webinar_id) == 1


def queued(environment: dict[str, str]) -> int:
    """How many people the journal names."""
    journals = Path(environment["XDG_STATE_HOME"]).glob("registrar/queued-*")
    return sum(len(journal.read_text().splitlines()) for journal in journals)


# ── Dead letters ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_failures_are_told_by_reason_without_those_who_are_in_since(
    deployment: Deployment, told: Callable[..., Any], run: Run
) -> None:
    webinar_id = deployment.webinar(capacity=0)
    body = letters_of(deployment, webinar_id)

    answer = told("failures", "-w", webinar_id, code=3)

    (group,) = answer["groups"]
    assert (group["reason"], group["letters"], group["webinars"]) == ("webinar_full", 1, {webinar_id: 1})
    assert group["to_do"]
    assert "e…@example.com" in run("failures", "-w", webinar_id, code=3).stdout
    deployment.zoom.set_webinar(webinar_id, capacity=10)
    deployment.send(body)
    registered(deployment, webinar_id, "eve@example.com")
    answer = told("failures", "-w", webinar_id)
    assert (answer["groups"], answer["registered_since"]) == ([], 1)
    assert told("discard", "--registered", "-w", webinar_id, "--yes")["deleted"] == 1


@pytest.mark.parametrize("chosen", [["--reason", "webinar_full"], []])
def test_retry_sends_letters_back_and_they_are_gone(
    deployment: Deployment, told: Callable[..., Any], run: Run, chosen: list[str]
) -> None:
    webinar_id = deployment.webinar(capacity=0)
    letters_of(deployment, webinar_id)
    assert told("retry", "-w", webinar_id, "--dry-run")["would_be_sent"] == 1
    deployment.zoom.set_webinar(webinar_id, capacity=10)

    told("retry", *chosen)

    registered(deployment, webinar_id, "eve@example.com")
    assert told("failures", "-w", webinar_id)["letters"] == 0
    assert len(deployment.zoom.registrants(webinar_id)) == 1


def test_a_retry_that_was_killed_before_it_deleted_the_letter_doubles_nobody(
    deployment: Deployment, told: Callable[..., Any]
) -> None:
    """Killed between sending and deleting, it leaves both: the message that registers, and the letter."""
    webinar_id = deployment.webinar(capacity=0)
    body = letters_of(deployment, webinar_id)
    deployment.zoom.set_webinar(webinar_id, capacity=10)
    deployment.send(body, MessageGroupId=webinar_id)
    registered(deployment, webinar_id, "eve@example.com")
    deployment.zoom.clear_calls()

    answer = told("retry", "-w", webinar_id)

    assert (answer["sent"], answer["registered_since"]) == (0, 1)
    assert told("failures", "-w", webinar_id)["registered_since"] == 0
    assert (len(deployment.zoom.registrants(webinar_id)), deployment.zoom.calls()) == (1, [])


def test_a_corrected_list_is_sent_in_place_of_the_letters(
    deployment: Deployment, told: Callable[..., Any], run: Run, tmp_path: Path
) -> None:
    wrong, right = deployment.webinar(capacity=0), deployment.webinar()
    letters_of(deployment, wrong)
    run("failures", "-w", wrong, "--csv", "work.csv", code=3)
    work = tmp_path / "work.csv"
    work.write_text(work.read_text(encoding="utf-8-sig").replace(wrong, right).replace("eve@", "evelyn@"))

    assert told("retry", "--corrected", "work.csv")["sent"] == 1

    registered(deployment, right, "evelyn@example.com")
    assert told("failures", "-w", wrong)["letters"] == 0


def test_discard_asks_and_deletes(deployment: Deployment, told: Callable[..., Any], run: Run) -> None:
    webinar_id = deployment.webinar(capacity=0)
    letters_of(deployment, webinar_id)

    assert "--yes" in run("discard", "-w", webinar_id, code=2).stderr
    assert told("discard", "-w", webinar_id, "--dry-run")["letters"] == 1
    assert told("discard", "-w", webinar_id, "--yes")["deleted"] == 1
    assert told("failures", "-w", webinar_id)["letters"] == 0


# ── Is all as it should be? ──────────────────────────────────────────────────────────────────────────────────────────


def test_doctor_is_green_for_an_open_webinar_and_names_what_is_wrong(
    deployment: Deployment, told: Callable[..., Any], run: Run
) -> None:
    webinar_id = deployment.webinar()
    assert told("doctor", webinar_id)["reds"] == 0
    deployment.zoom.set_webinar(webinar_id, type=9, approval_type=2, required_questions=["job_title"])

    answer = told("doctor", webinar_id, code=3)

    reds = {check["what"]: check["to_do"] for check in answer["checks"] if check["light"] == "red"}
    assert reds.keys() == {"type", "registration", "questions"}
    assert all(reds.values())
    assert "✗" in run("doctor", webinar_id, code=3).stdout


def test_pause_keeps_people_waiting_and_resume_lets_them_in(
    deployment: Deployment, told: Callable[..., Any], run: Run
) -> None:
    webinar_id = deployment.webinar()
    try:
        paused = told("pause")
        assert paused["mapping"] == "Disabled"
        assert "14 days" in paused["means"]
        assert told("doctor", code=3)["reds"] == 1
        deployment.post(webinar_id, data={"email": "ada@example.com", "first_name": "Ada"})
        assert told("watch", "--times", "1")["mapping"] == "Disabled"
        assert deployment.row(webinar_id, "ada@example.com") is None
    finally:
        run("resume")
    registered(deployment, webinar_id, "ada@example.com")


def test_watch_tells_a_line_a_look(deployment: Deployment, run: Run) -> None:
    webinar_id = deployment.webinar()
    deployment.post(webinar_id, data={"email": "ada@example.com", "first_name": "Ada"})
    registered(deployment, webinar_id, "ada@example.com")

    lines = run("watch", webinar_id, "--times", "2", "--every", "0.2", "--json").stdout.splitlines()

    assert len(lines) == 2
    assert json.loads(lines[1])["rows"] == {"registered": 1}
    assert "registered" in run("watch", webinar_id, "--times", "1").stdout


# ── To be forgotten ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_forget_erases_a_person_everywhere_and_cancels(
    deployment: Deployment, told: Callable[..., Any], run: Run
) -> None:
    webinar_id, full = deployment.webinar(), deployment.webinar(capacity=0)
    email = f"eve.{time.time_ns()}@example.com"
    for one in (webinar_id, full):
        deployment.post(one, data={"email": email, "first_name": "Eve"})
    registered(deployment, webinar_id, email)
    deployment.row_with("rejected", full, email)
    expected = {"rows": 2, "submissions": 2, "letters": 1}

    assert told("forget", email, "--dry-run").items() >= {**expected, "tombstone": False}.items()
    answer = told("forget", email, "--cancel-at-zoom", "--yes")

    assert answer.items() >= {**expected, "cancelled": 1, "tombstone": True}.items()
    assert answer["cannot_be_erased"]
    run("status", email, code=5)
    assert [one.status.value for one in deployment.zoom.registrants(webinar_id)] == ["cancelled"]
    table = deployment.stack.client("dynamodb").scan(TableName=deployment.stack.physical_id("AccountTable"))
    assert any(item["name"]["S"] == "forgotten" for item in table["Items"])
    assert "eve." not in json.dumps(table["Items"])


def test_forget_has_a_message_dropped_that_it_cannot_see_and_a_later_one_is_registered(
    deployment: Deployment, told: Callable[..., Any], run: Run
) -> None:
    webinar_id = deployment.webinar()
    email = f"eve.{time.time_ns()}@example.com"
    try:
        told("pause")
        message_id = deployment.send(json.dumps({"webinar_id": webinar_id, "email": email, "first_name": "Eve"}))
        run("forget", email, "--yes")
    finally:
        told("resume")
    eventually(lambda: message_id in deployment.log("RegisterBatchFunction") or None)
    dropped = [line for line in deployment.log("RegisterBatchFunction").splitlines() if message_id in line]
    assert ["Forgotten" in line for line in dropped] == [True]
    assert (deployment.row(webinar_id, email), deployment.zoom.registrants(webinar_id)) == (None, [])

    deployment.post(webinar_id, data={"email": email, "first_name": "Eve"})
    registered(deployment, webinar_id, email)
