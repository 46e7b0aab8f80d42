"""Sending back: however it ends, a dead letter is deleted if and only if its message was sent."""

import json
from pathlib import Path

import pytest
from registrar_cli.clients.queue_sender import QueueSender
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.dead_letters.retry.resend import OutgoingDeadLetter, send_then_delete
from registrar_cli.terminal.errors import Exit, Interrupted, Unreachable

from tests.unit.cli.command_line import CommandLine
from tests.unit.cli.conftest import Queues
from tests.unit.cli.ctrl_c import on_first, press_ctrl_c

MANY = 1_000


def send_all(queues: Queues) -> int:
    queue = DeadLetters(queues.sqs, queues.dead_letter_url)
    sender = QueueSender(queues.sqs, queues.url, queues.clock.sleep)
    with queue.peek() as dead_letters:
        outgoing = [OutgoingDeadLetter([one], one.body, one.group_id) for one in dead_letters]
        return send_then_delete(sender, queue, outgoing, lambda _: None, lambda _: None)


@pytest.mark.parametrize("moment", ["send_message_batch", "delete_message_batch"])
def test_ctrl_c_duplicates_and_loses_no_dead_letter(queues: Queues, moment: str) -> None:
    bodies = sorted(queues.add_dead_letter(f"person{n}@example.com") for n in range(MANY))
    on_first(queues, moment, lambda: [press_ctrl_c(), press_ctrl_c()])

    with pytest.raises(Interrupted) as caught:
        send_all(queues)

    sent, left = queues.bodies(queues.url), queues.bodies(queues.dead_letter_url)
    assert sorted(sent + left) == bodies
    assert left
    assert f"{len(sent):,} of 1,000" in caught.value.what
    assert queues.visible_dead_letters() == len(left)


def test_an_sqs_outage_duplicates_no_dead_letter(queues: Queues) -> None:
    bodies = sorted(queues.add_dead_letter(f"person{n}@example.com") for n in range(MANY))
    on_first(queues, "send_message_batch", lambda: queues.sqs.deny("send_message_batch"))

    with pytest.raises(Unreachable):
        send_all(queues)

    sent, left = queues.bodies(queues.url), queues.bodies(queues.dead_letter_url)
    assert sorted(sent + left) == bodies
    assert sent


def test_a_dead_letter_that_sqs_refuses_is_kept(queues: Queues) -> None:
    for n in range(15):
        queues.add_dead_letter(f"person{n}@example.com")
    queues.sqs.fail_entries(
        "send_message_batch", lambda entry: "person7@" in entry["MessageBody"], "InvalidMessage", sender_fault=True
    )

    assert len(send_all(queues)) == 1

    (left,) = queues.bodies(queues.dead_letter_url)
    assert "person7@" in left
    assert len(queues.bodies(queues.url)) == 14


def test_an_interrupted_retry_says_how_many_were_sent(
    queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    registrar = CommandLine(queues, monkeypatch, capfd)
    queues.add_dead_letter("ada@example.com")
    on_first(queues, "send_message_batch", press_ctrl_c)

    ended = registrar.run("retry", "--reason", "webinar_full", "--json")

    assert (ended.code, ended.error["what"]) == (Exit.INTERRUPTED, "Interrupted: 1 of 1 dead letters were sent back.")


def test_a_corrected_registrant_has_no_older_dead_letter_left(
    queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    registrar = CommandLine(queues, monkeypatch, capfd)
    queues.add_dead_letter("ada@exmaple.com", "zoom_unavailable")
    queues.add_dead_letter("ada@exmaple.com", "email_not_allowed")
    work = tmp_path / "work.csv"
    registrar.run("failures", "--csv", str(work))
    work.write_text(work.read_text(encoding="utf-8-sig").replace("exmaple", "example"), encoding="utf-8")

    ended = registrar.run("retry", "--corrected", str(work), "--json")

    assert (ended.code, ended.result["sent"]) == (Exit.OK, 1)
    assert queues.bodies(queues.dead_letter_url) == []
    (body,) = queues.bodies(queues.url)
    assert json.loads(body)["email"] == "ada@example.com"
