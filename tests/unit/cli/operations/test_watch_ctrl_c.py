"""Ctrl-C is the regular way to end `registrar watch`: no message, and the documented exit code."""

from types import SimpleNamespace

import pytest
from registrar_cli.clients.session import Session
from registrar_cli.operations import watch
from registrar_cli.terminal.errors import Exit
from registrar_cli.terminal.output import Output

from tests.unit.cli.command_line import run_registrar


@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=["text", "json"])
def test_ctrl_c_ends_watch_with_130_and_without_a_message(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    def take_sample() -> None:
        raise KeyboardInterrupt

    session = SimpleNamespace(output=Output("--json" in arguments), stack=SimpleNamespace(name="zoom-registrar"))
    monkeypatch.setattr(Session, "open", lambda *_: session)
    monkeypatch.setattr(watch, "_sampler", lambda *_: take_sample)

    ended = run_registrar(monkeypatch, capfd, "watch", *arguments)

    assert (ended.code, ended.out, ended.err) == (Exit.INTERRUPTED, "", "")
