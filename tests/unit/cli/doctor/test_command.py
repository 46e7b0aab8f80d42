"""`registrar doctor`: its last line and its exit code say what the checks say."""

from types import SimpleNamespace

import pytest
from registrar_cli.clients.session import Session
from registrar_cli.doctor import command
from registrar_cli.operations.check import Check, green, red, yellow
from registrar_cli.terminal.errors import Exit
from registrar_cli.terminal.output import Output

from tests.unit.cli.command_line import run_registrar

GREEN, YELLOW, RED = (
    green("queue", "empty"),
    yellow("alarm e-mail", "no one", "configure"),
    red("tables", "gone", "deploy"),
)


@pytest.mark.parametrize(
    ("checks", "code", "last"),
    [
        ([GREEN], Exit.OK, "Ready."),
        ([GREEN, YELLOW], Exit.OK, "Ready, with 1 warning."),
        ([GREEN, YELLOW, RED], Exit.NEGATIVE, "1 check failed."),
    ],
)
def test_the_last_line_sums_up_the_checks(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], checks: list[Check], code: Exit, last: str
) -> None:
    monkeypatch.setattr(Session, "open", lambda *_: SimpleNamespace(output=Output()))
    monkeypatch.setattr(command, "_checks", lambda *_: iter(checks))

    ended = run_registrar(monkeypatch, capfd, "doctor")

    assert (ended.code, ended.out.splitlines()[-1]) == (code, last)
