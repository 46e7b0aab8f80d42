"""The command `registrar`: every error says what happened and what to do, as text or JSON, with our exit codes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from botocore.exceptions import ClientError, NoCredentialsError
from registrar_cli import app as app_module
from registrar_cli.clients.pause_flag import PauseFlag
from registrar_cli.clients.session import Session
from registrar_cli.clients.stack import Stack
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit, Unreachable
from registrar_cli.terminal.output import Output
from registrar_cli.terminal.version import __version__

from tests.conftest import ROOT

COMMANDS = [name for commands in app_module.COMMANDS.values() for name in commands]
FORMS = [f"forms {name}" for commands in app_module.FORMS.values() for name in commands]
ACCESS_DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "ada@example.com may not"}}, "DescribeStacks")


class Ended:
    """The exit code and the output of a run."""

    def __init__(self, code: Any, captured: pytest.CaptureFixture[str]) -> None:
        self.code = code
        self.out, self.err = captured.readouterr()

    @property
    def error(self) -> dict[str, Any]:
        """Return the JSON error."""
        found: dict[str, Any] = json.loads(self.err)["error"]
        return found


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; `fails` is what looking for the stack raises."""

    def run_command(*arguments: str, fails: BaseException | None = None) -> Ended:
        def find(*_: Any) -> Stack:
            raise fails or Unreachable("There is no stack.", "Name it.")

        monkeypatch.setattr(Stack, "find", find)
        monkeypatch.setattr("sys.argv", ["registrar", *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as ended:
            app_module.main()
        return Ended(ended.value.code, capfd)

    return run_command


@pytest.fixture
def deployed(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run it where the stack is found, but supports no call."""

    def run_command(*arguments: str) -> Ended:
        with monkeypatch.context() as here:
            here.setattr(Session, "open", lambda *_: None)
            return run(*arguments)

    return run_command


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["nothing"], "nothing"),
        (["list"], "WEBINAR"),
        (["list", "97871060099", "--status", "gone"], "status"),
        (["watch", "--every", "0"], "every"),
        (["import", "there-is-none.csv"], "does not exist"),
        (["status"], "EMAIL"),
        (["doctor", "--unknown"], "unknown"),
        (["forms", "nothing"], "nothing"),
        (["forms", "show"], "FORM"),
    ],
)
def test_a_wrong_command_line_is_reported_like_every_error(run: Run, arguments: list[str], expected: str) -> None:
    ended = run(*arguments)
    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert expected in ended.err
    assert "--help" in ended.err

    ended = run(*arguments, "--json")
    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert expected in ended.error["what"]
    assert "--help" in ended.error["to_do"]
    assert ended.error["exit_code"] == Exit.USAGE


@pytest.mark.parametrize(
    "arguments",
    [
        *(["retry", "--webinar", ""], ["failures", "--webinar", ""], ["discard", "--webinar", "", "--yes"]),
        *(["import", "{file}", "--webinar", ""], ["doctor", ""], ["watch", ""]),
    ],
    ids=lambda arguments: arguments[0],
)
def test_an_empty_webinar_is_an_error_and_does_not_mean_all(
    deployed: Run, tmp_path: Path, arguments: list[str]
) -> None:
    """Such as `--webinar "$WEBINAR"` where the shell's variable is not set."""
    file = tmp_path / "people.csv"
    file.write_text("email,first_name,webinar_id\n", encoding="utf-8")

    ended = deployed(*(argument.format(file=file) for argument in arguments))

    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert "webinar" in ended.err


def test_csv_and_json_cannot_both_have_standard_output(run: Run) -> None:
    ended = run("failures", "--csv", "-", "--json")

    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert "--csv" in ended.error["to_do"]


def test_a_surplus_argument_is_reported_without_repeating_it(run: Run) -> None:
    ended = run("status", "eve@example.com", "ada@example.com")

    assert ended.code == Exit.USAGE
    assert "takes one EMAIL|SUBMISSION; 1 more given" in ended.err
    assert "@example" not in ended.err
    assert "takes no argument" in run("pause", "now").err


@pytest.mark.parametrize(
    "arguments",
    [
        *(["list", "978", "7106", "0099"], ["list", "978", "--json", "7106", "0099"], ["list", "978 7106 0099"]),
        *(["status", "ada@example.com", "-w", "978", "7106", "0099"], ["list", "978-7106-0099"]),
    ],
    ids=" ".join,
)
def test_a_webinar_id_is_taken_as_zoom_writes_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    asked: list[Any] = []

    def rows_of(*_: Any) -> Any:
        return SimpleNamespace(
            of_webinar=lambda webinar, *_: asked.append(webinar) or (), read=lambda keys: asked.append(keys[0][0]) or {}
        )

    monkeypatch.setattr(Session, "open", lambda *_: SimpleNamespace(output=Output()))
    monkeypatch.setattr(RegistrantRows, "of", rows_of)

    run(*arguments)

    assert asked == ["97871060099"]


def test_a_submission_id_is_found_however_it_is_copied(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Session, "open", lambda *_: SimpleNamespace(output=Output()))
    monkeypatch.setattr(PauseFlag, "of", lambda _: SimpleNamespace(since=lambda: None))
    monkeypatch.setattr(RegistrantRows, "of", lambda *_: SimpleNamespace(submission=asked.append))

    for typed in ("0B0C2C5E-8D1F-4F0A-9A53-0D7B5B7A1C11", "{0b0c2c5e-8d1f-4f0a-9a53-0d7b5b7a1c11}"):
        assert run("status", typed).code == Exit.NOT_FOUND

    assert asked == ["0b0c2c5e-8d1f-4f0a-9a53-0d7b5b7a1c11"] * 2


@pytest.mark.parametrize(
    "arguments", [["list", "97871060099", "12"], ["list", "978", "seven"], ["status", "978", "7106", "0099"]]
)
def test_digits_beside_a_whole_webinar_id_are_not_part_of_it(deployed: Run, arguments: list[str]) -> None:
    ended = deployed(*arguments)

    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert "more given" in ended.err


@pytest.mark.parametrize(
    ("fails", "code"),
    [
        (Unreachable("There is no stack.", "Name it."), Exit.UNREACHABLE),
        (NoCredentialsError(), Exit.UNREACHABLE),
        (ACCESS_DENIED, Exit.UNREACHABLE),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (typer.Abort(), Exit.INTERRUPTED),
        (KeyError("ada@example.com"), Exit.INTERNAL_ERROR),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_error_is_printed_as_text_and_as_json_without_personal_data(
    run: Run, fails: BaseException, code: Exit
) -> None:
    ended = run("list", "97871060099", fails=fails)
    assert (ended.code, ended.out) == (code, "")
    assert "Traceback" not in ended.err
    assert "ada@" not in ended.err

    ended = run("list", "97871060099", "--json", fails=fails)
    assert (ended.code, ended.out) == (code, "")
    assert ended.error.keys() == {"what", "to_do", "exit_code"}
    assert all(ended.error.values())


def test_an_internal_error_is_raised_for_debugging(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRAR_DEBUG", "1")
    with pytest.raises(KeyError):
        run("list", "97871060099", fails=KeyError("x"))


@pytest.mark.parametrize("fails", [BrokenPipeError(), SystemExit(1)], ids=lambda value: type(value).__name__)
def test_a_closed_pipe_is_no_error(run: Run, monkeypatch: pytest.MonkeyPatch, fails: BaseException) -> None:
    monkeypatch.setattr("os.dup2", lambda *_: None)  # the test's own output goes on
    ended = run("list", "97871060099", fails=fails)

    assert (ended.code, ended.err) == (Exit.BROKEN_PIPE, "")


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_a_closed_stream_is_replaced(run: Run, monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    """`registrar … >&-`: Python sets the stream to None."""

    monkeypatch.setattr(f"sys.{stream}", None)

    assert run("list", "97871060099").code == Exit.UNREACHABLE
    getattr(sys, stream).close()


def test_json_is_independent_of_the_locale(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=True).print_result({"name": "Zoë"}, lambda _: None)
    captured = capsys.readouterr().out

    assert captured.isascii()
    assert json.loads(captured) == {"name": "Zoë"}


def test_the_version_is_shown_without_a_stack_or_credentials(run: Run) -> None:
    ended = run("--version", fails=NoCredentialsError())

    assert (ended.code, ended.out, ended.err) == (Exit.OK, f"registrar {__version__}\n", "")


def test_without_arguments_help_is_shown_in_the_order_of_use(run: Run) -> None:
    ended = run()

    assert ended.code == Exit.OK
    shown = [word for line in ended.out.splitlines() for word in line.split()[1:2] if word in COMMANDS]
    assert shown == COMMANDS
    assert shown[0] == "doctor"
    assert "Exit codes" in ended.out


@pytest.mark.parametrize("command", [*COMMANDS, *FORMS])
def test_each_command_has_an_example_and_takes_json_and_a_stack(run: Run, command: str) -> None:
    ended = run(*command.split(), "--help")

    assert ended.code == Exit.OK
    assert "--json" in ended.out
    assert "--stack" in ended.out
    assert f"registrar {command}" in ended.out.replace("\n", " ") or command in {"pause", "resume"}
    assert not re.search(r"<(bool|str|int|float|file)>", ended.out)


@pytest.mark.parametrize("arguments", [["--help"], ["forms"]])
def test_help_needs_no_module_of_a_command(arguments: list[str]) -> None:
    """Nor AWS's library, which takes most of the time."""
    program = f"import sys; sys.argv = ['registrar', *{arguments}]; from registrar_cli import app; app.main()"
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", program],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "cli"), str(ROOT / "layers" / "registrar")])},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )

    imported = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert "registrar_cli.app" in imported
    commands = {"registrar_cli.clients", "registrar_cli.doctor", "registrar_cli.forms"}
    assert not {"botocore", "requests", "email_validator", *commands} & imported


@pytest.mark.parametrize(("typed", "completed"), [("registrar do", "doctor"), ("registrar list --sta", "--status")])
def test_the_shell_completes_commands_and_options(
    run: Run, monkeypatch: pytest.MonkeyPatch, typed: str, completed: str
) -> None:
    monkeypatch.setenv("_REGISTRAR_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(typed.count(" ")))

    ended = run()

    assert ended.code == Exit.OK
    assert completed in ended.out
