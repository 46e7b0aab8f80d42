"""Dead letters that are not visible: the command hides none longer than needed, and reports those it missed."""

import pytest
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.terminal.errors import Exit, Unreachable

from tests.unit.cli.command_line import CommandLine
from tests.unit.cli.conftest import Queues
from tests.unit.cli.ctrl_c import on_first, press_ctrl_c


@pytest.fixture
def registrar(queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(queues, monkeypatch, capfd)


def hide_all(queues: Queues) -> None:
    """Receive all dead letters, as another process does."""
    while queues.sqs.receive_message(
        QueueUrl=queues.dead_letter_url, MaxNumberOfMessages=10, VisibilityTimeout=3_600
    ).get("Messages"):
        pass


@pytest.mark.parametrize("moment", ["receive_message", "change_message_visibility_batch"])
def test_ctrl_c_while_dead_letters_are_read_or_released_leaves_them_visible(queues: Queues, moment: str) -> None:
    for n in range(60):
        queues.add_dead_letter(f"person{n}@example.com")
    on_first(queues, moment, press_ctrl_c)

    with pytest.raises(KeyboardInterrupt), DeadLetters(queues.sqs, queues.dead_letter_url).peek():
        pass

    assert queues.visible_dead_letters() == 60


def test_a_failing_reader_leaves_what_the_others_received_visible(queues: Queues) -> None:
    for n in range(60):
        queues.add_dead_letter(f"person{n}@example.com")
    on_first(queues, "receive_message", lambda: queues.sqs.deny("receive_message"))

    with pytest.raises(Unreachable), DeadLetters(queues.sqs, queues.dead_letter_url).peek():
        pass

    assert queues.visible_dead_letters() == 60


def test_dead_letters_that_are_not_visible_are_no_success(queues: Queues, registrar: CommandLine) -> None:
    queues.add_dead_letter("ada@example.com")
    hide_all(queues)

    ended = registrar.run("failures")

    assert ended.code == Exit.NEGATIVE
    assert "No dead letters are waiting" not in ended.out
    assert "1 dead letter is not visible" in ended.out
    assert "5 minutes" in ended.out
    assert registrar.run("failures", "--json").result["hidden"] == 1


@pytest.mark.parametrize(
    "command",
    [
        ["retry", "--yes"],
        ["retry", "--dry-run"],
        ["retry", "--reason", "webinar_full"],
        ["discard", "--all", "--yes"],
        ["discard", "--registered", "--dry-run"],
    ],
)
@pytest.mark.parametrize("seen", [0, 1])
def test_a_command_that_misses_dead_letters_reports_partial_success(
    queues: Queues, registrar: CommandLine, command: list[str], seen: int
) -> None:
    queues.add_dead_letter("ada@example.com")
    hide_all(queues)
    for n in range(seen):
        queues.add_dead_letter(f"person{n}@example.com")

    ended = registrar.run(*command)

    assert ended.code == Exit.NEGATIVE
    assert "1 dead letter is not visible" in ended.out
    ended = registrar.run(*command, "--json")
    assert (ended.code, ended.result["hidden"]) == (Exit.NEGATIVE, 1)


def test_no_warning_is_shown_where_all_dead_letters_were_visible(queues: Queues, registrar: CommandLine) -> None:
    queues.add_dead_letter("ada@example.com")

    assert "not visible" not in registrar.run("failures").out
    ended = registrar.run("retry", "--yes", "--json")
    assert (ended.code, ended.result["hidden"]) == (Exit.OK, 0)
    ended = registrar.run("failures")
    assert (ended.code, "No dead letters are waiting" in ended.out) == (Exit.OK, True)
