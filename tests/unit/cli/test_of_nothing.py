"""Commands that find nothing to do say so: they do not report zeros, and do not ask about them."""

import pytest
from registrar_cli.terminal.errors import Exit

from tests.unit.cli.command_line import CommandLine
from tests.unit.cli.conftest import Queues


@pytest.fixture
def registrar(queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> CommandLine:
    command_line = CommandLine(queues, monkeypatch, capfd)
    command_line.dynamodb.add_table("Submissions", "submission_id")
    command_line.dynamodb.add_table("Account", "name")
    return command_line


@pytest.mark.parametrize("arguments", [["--all"], ["--all", "--dry-run"], ["--registered"]])
def test_discard_of_nothing_asks_nothing(registrar: CommandLine, arguments: list[str]) -> None:
    ended = registrar.run("discard", *arguments)

    assert (ended.code, ended.out) == (Exit.OK, "Nothing to delete: no dead letter matches.\n")


def test_forget_of_nobody_says_so_and_still_drops_queued_messages(registrar: CommandLine) -> None:
    ended = registrar.run("forget", "ada@example.com", "--yes")

    assert ended.code == Exit.NOT_FOUND
    assert ended.out.startswith("Nothing is stored of a…@example.com.")
    assert "suppressed for 14 days" in ended.out
    assert "row" not in ended.out.split("Cannot be erased")[0]
    assert registrar.run("forget", "ada@example.com", "--dry-run", "--json").code == Exit.NOT_FOUND


def test_forget_of_nobody_asks_about_the_queue_only(registrar: CommandLine) -> None:
    ended = registrar.run("forget", "ada@example.com")  # without a terminal, the question is the error

    assert ended.code == Exit.USAGE
    assert "Nothing is stored of a…@example.com. Drop their messages that may still be on the queue?" in ended.err
    assert " 0 " not in ended.err
