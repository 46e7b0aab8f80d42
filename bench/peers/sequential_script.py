"""The peer that is a script: one process, one call of thirty after the other.

In: the queue. Out: rows, and messages deleted. Met on some machine that is always on, or started by hand before the
webinar. It reads as many messages as make good batches, as long as more are there, and only then sends; it deletes what
is stored. Fair: batches in all that AWS lets one batch, and long polling when nothing is there.
"""

import json
from collections.abc import Callable
from typing import Any

import requests

from bench.peers.batch_call import BatchCall, by_webinar, chunks

MAX_MESSAGES = 1_000  # read before sending: beyond that more webinars' batches are hardly fuller
RECEIVED = 10  # SQS


class SequentialScript:
    """The script's loop."""

    def __init__(self, sqs: Any, queue_url: str, call: BatchCall) -> None:
        self._sqs, self._queue_url = sqs, queue_url
        self._call = call

    def run(self, is_over: Callable[[], bool]) -> None:
        """Read, send, delete, for ever."""
        while not is_over():
            registrants = [(message["ReceiptHandle"], json.loads(message["Body"])) for message in self._read()]
            for webinar, group in by_webinar(registrants):
                try:
                    self._call.register(webinar, [registrant for _, registrant in group])
                except requests.RequestException:
                    continue  # they come back
                self._delete([handle for handle, _ in group])

    def _read(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        while len(messages) < MAX_MESSAGES:
            answer = self._sqs.receive_message(
                QueueUrl=self._queue_url, MaxNumberOfMessages=RECEIVED, WaitTimeSeconds=0 if messages else 20
            )
            received = answer.get("Messages", [])
            messages += received
            if not received:
                break
        return messages

    def _delete(self, handles: list[str]) -> None:
        for chunk in chunks(handles, RECEIVED):
            entries = [{"Id": str(number), "ReceiptHandle": handle} for number, handle in enumerate(chunk)]
            self._sqs.delete_message_batch(QueueUrl=self._queue_url, Entries=entries)
