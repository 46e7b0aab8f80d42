"""Send dead letters back to `RegistrationQueue`: chosen ones by messages, all of them by SQS's move task."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from registrar import limits
from registrar._compat import batched

from registrar_cli.clients import aws
from registrar_cli.clients.aws import SENDERS
from registrar_cli.clients.queue_sender import Outgoing, QueueSender
from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.terminal.errors import CliError, Interrupted
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.signals import deferred_interrupt

_COUNTED = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_UNKNOWN_ACTION = {"InvalidAction", "UnknownOperationException", "UnsupportedOperation", "NotImplemented"}

OutgoingDeadLetter = Outgoing[list[DeadLetter]]  # the dead letters to delete once the message is acknowledged


def send_then_delete(
    sender: QueueSender,
    dead_letters: DeadLetters,
    outgoing: Sequence[OutgoingDeadLetter],
    progress: Callable[[int], None],
    before_deletion: Callable[[Sequence[list[DeadLetter]]], None],
    is_to_be_sent: Callable[[OutgoingDeadLetter], bool] = lambda _: True,
) -> list[list[DeadLetter]]:
    """Send the messages, ten at a time, deleting the dead letters of each ten; return those that SQS refused.

    `before_deletion` is called, by several threads, with the dead letters of each ten that were sent: after a kill, it
    is repeated with the sending. `is_to_be_sent` is asked right before; what it denies was sent before, and counts as
    sent. On Ctrl-C the calls in progress finish first: only a kill or an AWS outage can leave a
    dead letter that was sent.

    Raises:
        Unreachable: SQS does not answer, or refuses every message.
        Interrupted: Ctrl-C was pressed; the message says how many were sent.
    """
    sent: list[list[DeadLetter]] = []
    refused: list[list[DeadLetter]] = []

    def settle(batch: Sequence[OutgoingDeadLetter]) -> None:
        to_send = [one for one in batch if is_to_be_sent(one)]
        accepted = [one.reference for one in batch if one not in to_send]
        refused.extend(sender.send(to_send, accepted.extend))
        sent.extend(accepted)
        before_deletion(accepted)
        dead_letters.delete(dead_letter for group in accepted for dead_letter in group)
        progress(len(accepted))

    try:
        with deferred_interrupt() as is_interrupted, ThreadPoolExecutor(SENDERS) as settlers:
            settling = [settlers.submit(settle, batch) for batch in batched(outgoing, limits.MESSAGES_PER_CALL)]
            try:
                for batch in as_completed(settling):
                    batch.result()
                    if is_interrupted():
                        break
            finally:
                settlers.shutdown(cancel_futures=True)  # waits for the calls in progress
    except KeyboardInterrupt:
        what = f"Interrupted: {len(sent):,} of {len(outgoing):,} dead letters were sent back."
        raise Interrupted(what, "Run the same command again to send the rest.") from None
    return refused


class MoveTasksUnsupported(Exception):
    """The endpoint has no move tasks, as in the local stack."""


def start_move_task(sqs: Any, source_url: str, destination_url: str, note: Callable[[str], None]) -> dict[str, Any]:
    """Start SQS's task that moves all visible dead letters, up to 500 per second.

    The destination is named: without DestinationArn, SQS refuses messages that a function sent to the queue
    (CouldNotDetermineMessageSource).

    Raises:
        MoveTasksUnsupported: the endpoint has no move tasks; send the dead letters one by one.
        CliError: a task is already running, or SQS refuses.
    """
    try:
        source = _attributes(sqs, source_url)
        dead_letters, not_visible = (int(source[name]) for name in _COUNTED)
        if dead_letters == 0:
            return {"dead_letters": 0, "hidden": not_visible, "task": None}
        count = quantity(dead_letters, "dead letter")
        note(f"About {count}. Registrants who are registered already cause no call to Zoom.")
        destination = _attributes(sqs, destination_url)["QueueArn"]
        task = sqs.start_message_move_task(SourceArn=source["QueueArn"], DestinationArn=destination)
    except ClientError as error:
        code = error.response["Error"]["Code"].rpartition(".")[2]
        if code in _UNKNOWN_ACTION and error.operation_name == "StartMessageMoveTask":
            raise MoveTasksUnsupported from error
        if "already" in error.response["Error"].get("Message", "").lower():
            raise CliError("SQS is already moving these dead letters.", "Wait until it has finished.") from error
        raise aws.as_cli_error(error) from error
    except BotoCoreError as error:
        raise aws.as_cli_error(error, "StartMessageMoveTask") from error
    return {"dead_letters": dead_letters, "hidden": not_visible, "task": task["TaskHandle"]}


def _attributes(sqs: Any, url: str) -> dict[str, str]:
    response = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", *_COUNTED])
    found: dict[str, str] = response["Attributes"]
    return found
