"""SQS's own way to send all letters back: a move task, with its destination named.

Without DestinationArn it would fail for letters that the function put there itself (CouldNotDetermineMessageSource).
In: two queues. Out: the task, begun; about how many letters it moves (up to 500 a second), and how many it does not,
because somebody has them in hand.

    NoMoveTasks   the endpoint does not know them (the embedded stack's): send one by one instead
"""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from registrar_cli.clients import aws
from registrar_cli.terminal.errors import CliError
from registrar_cli.terminal.formatting import quantity

_COUNTED = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_UNKNOWN_ACTION = {"InvalidAction", "UnknownOperationException", "UnsupportedOperation", "NotImplemented"}


class MoveTasksUnsupported(Exception):
    """This endpoint has none."""


def start_move_task(sqs: Any, source_url: str, destination_url: str, note: Callable[[str], None]) -> dict[str, Any]:
    """Begin to move everything.

    Raises:
        NoMoveTasks: the endpoint does not know them.
        Trouble: one is under way, or SQS refuses.
    """
    try:
        source = _attributes(sqs, source_url)
        dead_letters, not_visible = (int(source[name]) for name in _COUNTED)
        if dead_letters == 0:
            return {"dead_letters": 0, "hidden": not_visible, "task": None}
        note(f"about {quantity(dead_letters, 'letter')}; whoever is registered by then is acknowledged without a call")
        destination = _attributes(sqs, destination_url)["QueueArn"]
        task = sqs.start_message_move_task(SourceArn=source["QueueArn"], DestinationArn=destination)
    except ClientError as error:
        code = error.response["Error"]["Code"].rpartition(".")[2]
        if code in _UNKNOWN_ACTION and error.operation_name == "StartMessageMoveTask":
            raise MoveTasksUnsupported from error
        if "already" in error.response["Error"].get("Message", "").lower():
            raise CliError("A move of these letters is under way already.", "Wait until it has ended.") from error
        raise aws.as_cli_error(error) from error
    except BotoCoreError as error:
        raise aws.as_cli_error(error, "StartMessageMoveTask") from error
    return {"dead_letters": dead_letters, "hidden": not_visible, "task": task["TaskHandle"]}


def _attributes(sqs: Any, url: str) -> dict[str, str]:
    response = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", *_COUNTED])
    found: dict[str, str] = response["Attributes"]
    return found
