"""Send messages to `RegistrationQueue`, ten per call, in parallel calls.

Every acknowledged message is reported at once, so that the count is right after an interruption.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from registrar import limits
from registrar._compat import batched

from registrar_cli.clients import aws
from registrar_cli.clients.aws import SENDERS

T = TypeVar("T")

TRIES = 4  # for the entries that SQS did not accept, including the first
WAIT_SECONDS = 0.2  # after the first try; doubles after each


@dataclass(frozen=True)
class Outgoing(Generic[T]):
    """One message. `reference` is the caller's own: it identifies the message when it is acknowledged."""

    reference: T
    body: str = field(repr=False)
    group_id: str | None


Acknowledged = Callable[[list[T]], None]


class QueueSender:
    """Sends messages to one queue."""

    def __init__(self, sqs: Any, url: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sqs = sqs
        self._url = url
        self._sleep = sleep

    def send(self, outgoing: Iterable[Outgoing[T]], acknowledged: Acknowledged[T]) -> list[T]:
        """Send all messages and return the references of those that SQS refused.

        Several threads call `acknowledged`, one at a time. On an error, the calls in progress finish first.

        Raises:
            Unreachable: SQS does not answer, or refuses every message.
        """
        lock, refused = threading.Lock(), list[T]()

        def work(chunk: Sequence[Outgoing[T]]) -> None:
            accepted, remaining = self._send_ten(chunk)
            with lock:
                acknowledged(accepted)
                refused.extend(remaining)

        try:
            _run_concurrently(work, batched(outgoing, limits.MESSAGES_PER_CALL))
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "queueing") from error
        return refused

    def _send_ten(self, chunk: Sequence[Outgoing[T]]) -> tuple[list[T], list[T]]:
        """Send up to ten messages; return the references of the accepted and of the refused ones."""
        accepted: list[T] = []
        remaining = dict(enumerate(chunk))
        for number in range(TRIES):
            entries = [_entry(str(place), one) for place, one in remaining.items()]
            response = self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries)
            failed = {int(failure["Id"]): failure.get("SenderFault", False) for failure in response.get("Failed", [])}
            accepted += [one.reference for place, one in remaining.items() if place not in failed]
            remaining = {place: remaining[place] for place in failed}
            if not remaining or all(failed.values()):
                break
            self._sleep(WAIT_SECONDS * 2**number)
        return accepted, [one.reference for one in remaining.values()]


def _entry(entry_id: str, outgoing: Outgoing[T]) -> dict[str, Any]:
    group = {"MessageGroupId": outgoing.group_id} if outgoing.group_id else {}
    return {"Id": entry_id, "MessageBody": outgoing.body, **group}


def _run_concurrently(work: Callable[[Sequence[Outgoing[T]]], None], parts: Iterable[Sequence[Outgoing[T]]]) -> None:
    """Run `work` on all parts; after the first error, wait for the calls in progress and raise it."""
    under_way: set[Future[None]] = set()
    with ThreadPoolExecutor(SENDERS) as senders:
        for part in parts:
            if len(under_way) >= 2 * SENDERS:
                ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                for future in ended:
                    future.result()
            under_way.add(senders.submit(work, part))
    for future in under_way:
        future.result()
