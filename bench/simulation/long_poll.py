"""ReceiveMessage with long polling, for whoever reads the queue by himself.

In: calls to SQS. Out: the fake's answers. The fake would wait for a message under its lock, and nobody could send one:
here the waiting is done before the request, which then finds something, or has waited in vain.
"""

from typing import Any

from bench.simulation.aws_model import Model, PollingContext
from tests.fakes import FakeSqs


class LongPolls:
    """A client of SQS."""

    def __init__(self, sqs: FakeSqs, context: PollingContext, model: Model) -> None:
        self._sqs, self._context, self._model = sqs, context, model

    def receive_message(self, **params: Any) -> Any:
        """Wait for a message as long as `WaitTimeSeconds` says."""
        gives_up_s = self._context.now_s() + params.pop("WaitTimeSeconds", 0)
        while not (self._context.has_waiting or self._context.is_over):
            now_s = self._context.now_s()
            if now_s >= gives_up_s:
                break
            until_s = max(now_s, self._context.next_message_s()) + self._model.arrival_s
            self._context.sleep(min(until_s, gives_up_s) - now_s)
        return self._sqs.receive_message(**params)

    def delete_message_batch(self, **params: Any) -> Any:
        """As it is."""
        return self._sqs.delete_message_batch(**params)
