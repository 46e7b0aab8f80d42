"""The peer that is a script: one process that makes one call of 30 after the other.

It runs on a machine that is always on, or is started manually before the webinar. It receives messages while there are
more, up to what makes full batches, sends them, and deletes what is stored. Fair: full batches for every AWS call, and
long polling on an empty queue.
"""

import json
from collections.abc import Callable
from typing import Any

import requests

from bench.peers.batch_call import BatchCall, by_webinar, chunks

MAX_MESSAGES = 1_000  # received before sending; more would hardly make the batches fuller
RECEIVED = 10  # SQS


class SequentialScript:
    """Sends the queue's messages to Zoom, one call after the other."""

    def __init__(self, sqs: Any, queue_url: str, call: BatchCall) -> None:
        self._sqs, self._queue_url = sqs, queue_url
        self._call = call

    def run(self, is_over: Callable[[], bool]) -> None:
        """Receive, send and delete until the run is over."""
        while not is_over():
            registrants = [(message["ReceiptHandle"], json.loads(message["Body"])) for message in self._read()]
            for webinar, group in by_webinar(registrants):
                try:
                    self._call.register(webinar, [registrant for _, registrant in group])
                except requests.RequestException:
                    continue  # SQS delivers them again
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
