"""`failures`: dead letters and deferred registrants are one truth; nobody is said to be in who is not."""

import json
import time
from typing import Any

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, timestamp
from registrar_cli.dead_letters.failures.screen import Screen, Waiting
from registrar_cli.dead_letters.selection import Choice, Selection
from registrar_cli.registrants.deferrals import group_deferred
from registrar_cli.terminal.errors import Exit
from rich.console import Console

from tests.unit.cli.command_line import CommandLine
from tests.unit.cli.conftest import WEBINAR, Queues

OTHER = "91000000001"
ADA, EVE = "ada@example.com", "eve@example.com"


@pytest.fixture
def registrar(queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(queues, monkeypatch, capfd)


def defer(registrar: CommandLine, queues: Queues, email: str, reason: str, webinar: str = WEBINAR) -> None:
    """Add a message to the queue, and the row of a registrant who is tried again in two hours."""
    queues.sqs.send_message(QueueUrl=queues.url, MessageBody=json.dumps({"webinar_id": webinar, "email": email}))
    row = Row(status="deferred", reason=reason, deferred_until=timestamp(time.time() + 7_200), first_name="Ada")
    registrar.store.change(Key(webinar, email), None, lambda _: row)


def reasons(result: Any) -> dict[str, int]:
    return {group["reason"]: group["registrants"] for group in result["deferred"]}


def test_without_dead_letters_the_deferred_are_shown_with_reason_time_and_cure(
    registrar: CommandLine, queues: Queues
) -> None:
    defer(registrar, queues, ADA, "token_rejected")
    defer(registrar, queues, EVE, "token_rejected")

    ended = registrar.run("failures")

    assert ended.code == Exit.OK, "no dead letter waits"
    assert "2 registrants are retried automatically" in ended.out
    assert "token_rejected" in ended.out
    assert ", in 2 h" in ended.out
    assert f"registrar list {WEBINAR} --status deferred" in ended.out
    assert "registrar doctor" in ended.out


def test_in_an_empty_queue_no_one_waits_and_no_row_is_read(registrar: CommandLine) -> None:
    ended = registrar.run("failures")

    assert (ended.code, ended.out.strip()) == (Exit.OK, "● No dead letters are waiting.")
    assert not {"scan", "query"} & {call.operation for call in registrar.dynamodb.requests}


@pytest.mark.parametrize("operation", ["scan", "query"])
def test_a_webinar_alone_is_queried_not_the_whole_table(registrar: CommandLine, queues: Queues, operation: str) -> None:
    defer(registrar, queues, ADA, "token_rejected")
    defer(registrar, queues, EVE, "token_rejected", OTHER)

    webinar = ["--webinar", WEBINAR] if operation == "query" else []
    found = registrar.run("failures", "--json", *webinar).result

    assert reasons(found) == {"token_rejected": 1 if webinar else 2}
    assert {call.operation for call in registrar.dynamodb.requests} & {"scan", "query"} == {operation}


@pytest.mark.parametrize("options", [["--reason", "rate_limited"], ["--email", EVE]])
def test_the_selection_applies_to_the_deferred_too(registrar: CommandLine, queues: Queues, options: list[str]) -> None:
    defer(registrar, queues, ADA, "token_rejected")
    defer(registrar, queues, EVE, "rate_limited")

    assert reasons(registrar.run("failures", "--json", *options).result) == {"rate_limited": 1}


def test_a_registrant_with_a_dead_letter_is_not_counted_twice(registrar: CommandLine, queues: Queues) -> None:
    """SQS's own move after crashes leaves the row as it was."""
    defer(registrar, queues, ADA, "zoom_unavailable")
    queues.add_dead_letter(ADA, reason=None)

    found = registrar.run("failures", "--json")

    assert (found.code, found.result["dead_letters"], found.result["deferred"]) == (Exit.NEGATIVE, 1, [])


@pytest.mark.parametrize(("also", "is_offered"), [("webinar_full", True), ("webinar_not_found", False)])
def test_sending_all_back_is_offered_only_if_all_can_succeed(
    registrar: CommandLine, queues: Queues, also: str, is_offered: bool
) -> None:
    queues.add_dead_letter(ADA, reason="webinar_full")
    queues.add_dead_letter(EVE, reason=also)

    assert ("To send them all back" in registrar.run("failures").out) is is_offered


def test_messages_that_no_row_explains_are_told(registrar: CommandLine, queues: Queues) -> None:
    queues.sqs.send_message(QueueUrl=queues.url, MessageBody="{}")

    assert "1 other message on the queue" in registrar.run("failures").out


@pytest.mark.parametrize("number", [0, 1])
def test_the_dot_is_green_only_if_no_registrant_waits(number: int) -> None:
    row = Row(status="deferred", reason="token_rejected", deferred_until=timestamp(7_200))
    waiting = Waiting(number, group_deferred([(Key(WEBINAR, ADA), row)] * number))
    console = Console(record=True, width=80, force_terminal=True, color_system="standard")

    Screen(console, Selection(), False, 0.0).show([], Choice([], [], []), 0, waiting)

    is_green = "\x1b[32m● No dead letters" in console.export_text(styles=True)
    assert is_green == (number == 0)
