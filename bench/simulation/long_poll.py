"""ReceiveMessage with long polling, for whoever reads the queue by himself.

In: calls to SQS. Out: the fake's answers. The fake would wait for a message under its lock, and nobody could send one:
here the waiting is done before the request, which then finds something, or has waited in vain.
"""

from typing import Any

from bench.simulation.aws_model import Model, Surroundings
from tests.fakes import FakeSqs


class LongPolls:
    """A client of SQS."""

    def __init__(self, sqs: FakeSqs, around: Surroundings, model: Model) -> None:
        self._sqs, self._around, self._model = sqs, around, model

    def receive_message(self, **params: Any) -> Any:
        """Wait for a message as long as `WaitTimeSeconds` says."""
        gives_up_s = self._around.now_s() + params.pop("WaitTimeSeconds", 0)
        while not (self._around.has_waiting or self._around.is_over):
            now_s = self._around.now_s()
            if now_s >= gives_up_s:
                break
            until_s = max(now_s, self._around.next_message_s()) + self._model.arrival_s
            self._around.sleep(min(until_s, gives_up_s) - now_s)
        return self._sqs.receive_message(**params)

    def delete_message_batch(self, **params: Any) -> Any:
        """As it is."""
        return self._sqs.delete_message_batch(**params)
