"""ReceiveMessage with long polling, for subjects that poll the queue themselves.

The fake would wait for a message while it holds its lock, so that no producer could send one. Here the wait comes
before the request.
"""

from typing import Any

from bench.simulation.aws_model import Model, PollingContext
from tests.fakes import FakeSqs


class LongPolls:
    """An SQS client with long polling."""

    def __init__(self, sqs: FakeSqs, context: PollingContext, model: Model) -> None:
        self._sqs, self._context, self._model = sqs, context, model

    def receive_message(self, **params: Any) -> Any:
        """Wait for a message for up to `WaitTimeSeconds`, then receive."""
        gives_up_s = self._context.now_s() + params.pop("WaitTimeSeconds", 0)
        while not (self._context.has_waiting or self._context.is_over):
            now_s = self._context.now_s()
            if now_s >= gives_up_s:
                break
            until_s = max(now_s, self._context.next_message_s()) + self._model.arrival_s
            self._context.sleep(min(until_s, gives_up_s) - now_s)
        # A long poll queries all servers. It returns at once: a message is waiting, or the time is over.
        return self._sqs.receive_message(**params, **({"WaitTimeSeconds": 1} if self._context.has_waiting else {}))

    def delete_message_batch(self, **params: Any) -> Any:
        """Delete messages, as the fake does."""
        return self._sqs.delete_message_batch(**params)
