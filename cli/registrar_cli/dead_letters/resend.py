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
from registrar_cli.dead_letters.queue import DeadLetters, Letter
from registrar_cli.terminal.errors import Interrupted
from registrar_cli.terminal.signals import held_off

Sent = Outgoing[list[Letter]]  # what is deleted once it is acknowledged


def send_then_delete(
    sender: QueueSender, letters: DeadLetters, outgoing: Sequence[Sent], progress: Callable[[int], None]
) -> int:
    """Returns how many were refused.

    Raises:
        Unreachable: SQS does not answer, or refuses altogether.
        Interrupted: Ctrl-C; says how far it came.
    """
    sent: list[list[Letter]] = []
    refused: list[list[Letter]] = []

    def settle(ten: Sequence[Sent]) -> None:
        taken: list[list[Letter]] = []
        refused.extend(sender.send(ten, taken.extend))
        sent.extend(taken)
        letters.delete(letter for group in taken for letter in group)
        progress(len(taken))

    try:
        with held_off() as is_pressed, ThreadPoolExecutor(SENDERS) as settlers:
            settling = [settlers.submit(settle, ten) for ten in batched(outgoing, limits.MESSAGES_PER_CALL)]
            try:
                for ten in as_completed(settling):
                    ten.result()
                    if is_pressed():
                        break
            finally:
                settlers.shutdown(cancel_futures=True)  # waits for those under way
    except KeyboardInterrupt:
        what = f"Interrupted: {len(sent):,} of {len(outgoing):,} are sent back."
        raise Interrupted(what, "Run the same command again: it sends the others.") from None
    return len(refused)
