"""Output in a pipe."""

from types import SimpleNamespace
from typing import Any

import pytest
from registrar_cli.clients.session import Session
from registrar_cli.operations import watch as watch_module
from registrar_cli.operations.daily_quota import QuotaUse
from registrar_cli.operations.queue_depths import Depth
from registrar_cli.operations.throughput import Sample
from registrar_cli.operations.watch import watch
from registrar_cli.terminal.output import Output
from rich.table import Table
from rich.text import Text

LONG = f"{'ada' * 20}@{'lovelace' * 7}.example.com"


@pytest.fixture(autouse=True)
def _no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def test_in_a_pipe_no_line_is_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("e-mail", "name", box=None)
    table.add_row(Text(LONG), "Ada")
    table.add_row(Text("eve@example.com"), "")

    Output().print_result(None, lambda console: console.print(table))

    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [["e-mail", "name"], [LONG, "Ada"], ["eve@example.com"]]
    assert lines[-1] == " eve@example.com", "no blanks up to the longest"


def test_columns_sets_the_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    assert Output().out.width == 60


def test_in_a_pipe_watch_prints_each_sample_immediately_and_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed: list[str] = []

    def take() -> Sample:
        printed.append(capsys.readouterr().out)
        return Sample(float(len(printed)), 0.0, Depth(5, 0, 0), QuotaUse(1, 30_000), "Enabled")

    session: Any = SimpleNamespace(output=Output(), stack=SimpleNamespace(name="zoom-registrar"))
    monkeypatch.setattr(Session, "open", lambda *_: session)
    monkeypatch.setattr(watch_module, "_sampler", lambda *_: take)

    watch(every=0.2, times=3)

    frames = [*printed[1:], capsys.readouterr().out]
    assert all("on the queue" in frame and frame.endswith("\n") for frame in frames)
    assert len(frames) == 3
