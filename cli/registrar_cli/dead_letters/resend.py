"""Letters → `RegistrationQueue`: sent first and deleted then, ten by ten, so that nobody is lost in between.

In: messages, each with the letters that it stands for. Out: whom the queue refused; their letters stay. Ctrl-C ends it
when the tens under way are sent and deleted: only a kill, or AWS going away, can leave some of them in both places.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from registrar import limits
from registrar._compat import batched

from registrar_cli.clients.aws import SENDERS
from registrar_cli.clients.queue_sender import Outgoing, QueueSender
from registrar_cli.dead_letters.queue import DeadLetter, DeadLetters
from registrar_cli.terminal.errors import Interrupted
from registrar_cli.terminal.signals import deferred_interrupt

OutgoingDeadLetter = Outgoing[list[DeadLetter]]  # what is deleted once it is acknowledged


def send_then_delete(
    sender: QueueSender,
    dead_letters: DeadLetters,
    outgoing: Sequence[OutgoingDeadLetter],
    progress: Callable[[int], None],
) -> int:
    """Returns how many were refused.

    Raises:
        Unreachable: SQS does not answer, or refuses altogether.
        Interrupted: Ctrl-C; says how far it came.
    """
    sent: list[list[DeadLetter]] = []
    refused: list[list[DeadLetter]] = []

    def settle(batch: Sequence[OutgoingDeadLetter]) -> None:
        accepted: list[list[DeadLetter]] = []
        refused.extend(sender.send(batch, accepted.extend))
        sent.extend(accepted)
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
                settlers.shutdown(cancel_futures=True)  # waits for those under way
    except KeyboardInterrupt:
        what = f"Interrupted: {len(sent):,} of {len(outgoing):,} are sent back."
        raise Interrupted(what, "Run the same command again: it sends the others.") from None
    return len(refused)
