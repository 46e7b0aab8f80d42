"""The move task's request. The local stack has no move tasks, so only this test covers it."""

import pytest
from registrar_cli.dead_letters.retry.resend import MoveTasksUnsupported, start_move_task
from registrar_cli.terminal.errors import Unreachable

from tests.unit.cli.conftest import Queues


def silent(_words: str) -> None:
    """Discard a note."""


def test_the_destination_is_named_and_everything_is_moved(queues: Queues) -> None:
    bodies = sorted(queues.add_dead_letter(f"person{n}@example.com") for n in range(3))

    result = start_move_task(queues.sqs, queues.dead_letter_url, queues.url, silent)

    (request,) = queues.sqs.requests_of("start_message_move_task")
    assert request == {
        "SourceArn": "arn:aws:sqs:us-east-1:123456789012:DeadLetters",
        "DestinationArn": "arn:aws:sqs:us-east-1:123456789012:Registrations",
    }
    assert result["dead_letters"] == 3
    assert queues.bodies(queues.url) == bodies
    assert queues.bodies(queues.dead_letter_url) == []


def test_dead_letters_that_are_not_visible_are_counted(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com")
    queues.sqs.receive_message(QueueUrl=queues.dead_letter_url)
    queues.add_dead_letter("eve@example.com")

    result = start_move_task(queues.sqs, queues.dead_letter_url, queues.url, silent)

    assert (result["dead_letters"], result["hidden"]) == (1, 1)


def test_no_task_is_started_for_an_empty_queue(queues: Queues) -> None:
    assert start_move_task(queues.sqs, queues.dead_letter_url, queues.url, silent)["dead_letters"] == 0
    assert queues.sqs.requests_of("start_message_move_task") == []


def test_an_endpoint_without_move_tasks_is_reported(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com")
    queues.sqs.fail_next("start_message_move_task", "InvalidAction")

    with pytest.raises(MoveTasksUnsupported):
        start_move_task(queues.sqs, queues.dead_letter_url, queues.url, silent)


def test_a_missing_permission_is_reported(queues: Queues) -> None:
    queues.add_dead_letter("ada@example.com")
    queues.sqs.deny("start_message_move_task")

    with pytest.raises(Unreachable, match="AccessDenied"):
        start_move_task(queues.sqs, queues.dead_letter_url, queues.url, silent)
