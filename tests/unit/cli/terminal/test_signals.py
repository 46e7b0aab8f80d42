"""Interruptions: Ctrl-C at any moment, and no as an answer."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from registrar_cli.terminal.errors import Exit
from registrar_cli.terminal.signals import deferred_interrupt

from tests.unit.cli.command_line import CommandLine
from tests.unit.cli.conftest import Queues
from tests.unit.cli.ctrl_c import press_ctrl_c

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("arguments", [["list", "97871060099"], ["list", "97871060099", "--json"]])
def test_ctrl_c_during_imports_prints_no_traceback(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "boto3.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n", encoding="utf-8")
    path = os.pathsep.join(map(str, (tmp_path, ROOT / "cli", ROOT / "layers" / "registrar")))

    ended = subprocess.run(
        [sys.executable, "-m", "registrar_cli", *arguments],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (Exit.INTERRUPTED, "")
    if "--json" in arguments:
        assert json.loads(ended.stderr)["error"]["exit_code"] == Exit.INTERRUPTED
    else:
        assert ended.stderr == "Interrupted before it began: nothing was changed. Run the same command again.\n"


def test_ctrl_c_takes_effect_once_after_the_block() -> None:
    ended = []

    with pytest.raises(KeyboardInterrupt), deferred_interrupt() as is_interrupted:  # noqa: PT012 — that it ends is what is tested
        assert not is_interrupted()
        press_ctrl_c()
        press_ctrl_c()
        ended.append(is_interrupted())

    assert ended == [True]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ignored_ctrl_c_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with deferred_interrupt() as is_interrupted:
            press_ctrl_c()
            assert not is_interrupted()
    finally:
        signal.signal(signal.SIGINT, before)


class AtTheTerminal:
    """An operator at a terminal."""

    def isatty(self) -> bool:
        return True


def test_answering_no_is_not_an_interruption(
    queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    registrar = CommandLine(queues, monkeypatch, capfd)
    queues.add_dead_letter("ada@example.com")
    monkeypatch.setattr("sys.stdin", AtTheTerminal())
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)

    ended = registrar.run("discard", "--all", "--json")

    assert (ended.code, ended.out) == (Exit.NEGATIVE, "")
    assert ended.error["what"] == "You answered no: nothing was changed."
    assert queues.visible_dead_letters() == 1
