"""The request that sends all letters back. The embedded stack knows no move tasks: this is what stands for it."""

import pytest
from registrar_cli.dead_letters.move_task import NoMoveTasks, move_all
from registrar_cli.terminal.errors import Unreachable

from tests.unit.cli.conftest import Queues


def silent(_words: str) -> None:
    """Say nothing."""


def test_the_destination_is_named_and_everything_is_moved(queues: Queues) -> None:
    bodies = sorted(queues.bury(f"person{n}@example.com") for n in range(3))

    answer = move_all(queues.sqs, queues.letters_url, queues.url, silent)

    (request,) = queues.sqs.requests_of("start_message_move_task")
    assert request == {
        "SourceArn": "arn:aws:sqs:us-east-1:123456789012:DeadLetters",
        "DestinationArn": "arn:aws:sqs:us-east-1:123456789012:Registrations",
    }
    assert answer["letters"] == 3
    assert queues.bodies(queues.url) == bodies
    assert queues.bodies(queues.letters_url) == []


def test_letters_in_other_hands_are_told(queues: Queues) -> None:
    queues.bury("ada@example.com")
    queues.sqs.receive_message(QueueUrl=queues.letters_url)
    queues.bury("eve@example.com")

    answer = move_all(queues.sqs, queues.letters_url, queues.url, silent)

    assert (answer["letters"], answer["hidden"]) == (1, 1)


def test_no_task_is_begun_for_nothing(queues: Queues) -> None:
    assert move_all(queues.sqs, queues.letters_url, queues.url, silent)["letters"] == 0
    assert queues.sqs.requests_of("start_message_move_task") == []


def test_an_endpoint_without_move_tasks_says_so(queues: Queues) -> None:
    queues.bury("ada@example.com")
    queues.sqs.fail_next("start_message_move_task", "InvalidAction")

    with pytest.raises(NoMoveTasks):
        move_all(queues.sqs, queues.letters_url, queues.url, silent)


def test_a_missing_right_is_told(queues: Queues) -> None:
    queues.bury("ada@example.com")
    queues.sqs.deny("start_message_move_task")

    with pytest.raises(Unreachable, match="AccessDenied"):
        move_all(queues.sqs, queues.letters_url, queues.url, silent)
