"""Read `DeadLetterQueue`: receive every visible message, then make it visible again or delete it.

Meanwhile other programs cannot see them; if this one is killed, for `PEEK_SECONDS` at most.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from registrar import limits
from registrar._compat import batched

from registrar_cli.clients import aws
from registrar_cli.clients.aws import SENDERS
from registrar_cli.clients.session import Session
from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.dead_letters.set_aside import mapped_again
from registrar_cli.terminal.signals import deferred_interrupt

PEEK_SECONDS = 300  # visibility timeout of a dead letter while it is read
POLL_SECONDS = 1  # a long poll: it queries all of SQS's servers, a short poll only some
READERS = 8  # threads

Progress = Callable[[int], None]


class DeadLetters:
    """Reads and deletes the messages of the dead-letter queue."""

    def __init__(
        self,
        sqs: Any,
        url: str,
        clock: Callable[[], float] = time.monotonic,
        prepare: Callable[[list[DeadLetter]], list[DeadLetter]] = list,
    ) -> None:
        self._sqs = sqs
        self._url = url
        self._clock = clock
        self._prepare = prepare
        self.not_visible = 0  # how many the last peek did not receive

    @classmethod
    def of(cls, session: Session) -> "DeadLetters":
        """Open the dead-letter queue of the session's stack; what forms sent is mapped by their present mapping."""
        return cls(
            session.sqs, session.stack.dead_letter_url, prepare=lambda dead_letters: mapped_again(session, dead_letters)
        )

    @contextmanager
    def peek(self, progress: Progress = lambda _: None) -> Iterator[list[DeadLetter]]:
        """Receive all visible dead letters; at the end of the block, those not deleted become visible again.

        Raises:
            Unreachable: SQS does not answer, or refuses.
        """
        received: dict[str, DeadLetter] = {}  # by message id: the newest receipt handle counts
        self._deleted: set[str] = set()
        try:
            counted = self.count()
            if counted:
                self._read(received, progress)
            self.not_visible = max(0, counted - len(received))
            yield sorted(self._prepare([*received.values()]), key=lambda dead_letter: dead_letter.sent_at)
        finally:
            with deferred_interrupt():
                self._release([one for one in received.values() if one.message_id not in self._deleted])

    def delete(self, dead_letters: Iterable[DeadLetter], progress: Progress = lambda _: None) -> int:
        """Delete dead letters and return how many were deleted."""

        def delete(chunk: Sequence[DeadLetter]) -> int:
            entries = [{"Id": str(place), "ReceiptHandle": one.receipt_handle} for place, one in enumerate(chunk)]
            response = self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
            failed = {failure["Id"] for failure in response.get("Failed", [])}
            deleted = [one.message_id for place, one in enumerate(chunk) if str(place) not in failed]
            self._deleted.update(deleted)
            progress(len(deleted))
            return len(deleted)

        return sum(self._run_concurrently(delete, dead_letters, "deleting dead letters"))

    def count(self) -> int:
        """Return SQS's approximate number of dead letters, including those not visible."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        try:
            response = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "counting dead letters") from error
        return sum(int(response["Attributes"][name]) for name in names)

    def _read(self, received: dict[str, DeadLetter], progress: Progress) -> None:
        began = self._clock()

        def receive() -> None:
            # Half the visibility timeout leaves time to use them before they become visible again.
            while not is_interrupted() and self._clock() - began < PEEK_SECONDS / 2:
                messages = self._sqs.receive_message(
                    QueueUrl=self._url,
                    MaxNumberOfMessages=limits.MESSAGES_PER_CALL,
                    VisibilityTimeout=PEEK_SECONDS,
                    WaitTimeSeconds=POLL_SECONDS,
                    MessageAttributeNames=["All"],
                    MessageSystemAttributeNames=["SentTimestamp", "MessageGroupId"],
                ).get("Messages", [])
                if not messages:
                    break
                received.update((one.message_id, one) for one in map(DeadLetter.from_message, messages))
                progress(len(messages))

        try:
            # All readers end before the block does, so that what they receive is released too.
            with deferred_interrupt() as is_interrupted, ThreadPoolExecutor(READERS) as readers:
                for reader in [readers.submit(receive) for _ in range(READERS)]:
                    reader.result()
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, "reading dead letters") from error

    def _release(self, dead_letters: Sequence[DeadLetter]) -> None:
        def release(chunk: Sequence[DeadLetter]) -> int:
            entries = [
                {"Id": str(place), "ReceiptHandle": one.receipt_handle, "VisibilityTimeout": 0}
                for place, one in enumerate(chunk)
            ]
            response = self._sqs.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)
            return len(chunk) - len(response.get("Failed", []))  # the rest becomes visible by its timeout

        self._run_concurrently(release, dead_letters, "making dead letters visible")

    def _run_concurrently(
        self, work: Callable[[Sequence[DeadLetter]], int], dead_letters: Iterable[DeadLetter], doing: str
    ) -> list[int]:
        parts = list(batched(dead_letters, limits.MESSAGES_PER_CALL))
        try:
            with ThreadPoolExecutor(SENDERS) as senders:
                return list(senders.map(work, parts))
        except (ClientError, BotoCoreError) as error:
            raise aws.as_cli_error(error, doing) from error
