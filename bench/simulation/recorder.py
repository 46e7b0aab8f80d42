"""Record when each form was sent and its join URL stored, in epoch seconds, and the maximum of messages in flight.

It observes the effects on the fakes of DynamoDB and SQS, in the same way for every subject.
"""

from typing import Any

from bench.throughput.scenarios import Form
from tests.consumer import Consumer
from tests.fakes.sqs.queue import IN_FLIGHT

Key = tuple[str, str]
TABLE = "Registrants"


class Recorder:
    """The observations of one run."""

    def __init__(self, consumer: Consumer) -> None:
        self._clock = consumer.clock
        self._queue = consumer.sqs.queue(consumer.queue_url)
        self.sent_s: dict[Key, float] = {}
        self.stored_s: dict[Key, float] = {}
        # Of the whole queue: all environments together, and what the mapping has prefetched.
        self.max_in_flight = 0
        consumer.dynamodb.on_effect = self._wrote
        consumer.sqs.on_effect = self._received

    def form_sent(self, form: Form) -> None:
        """Record that a form is sent now."""
        self.sent_s[form.webinar, form.email] = self._clock()

    def sample_in_flight(self) -> None:
        """Record the number of messages in flight."""
        self.max_in_flight = max(self.max_in_flight, self._queue.states[IN_FLIGHT])

    def _received(self, name: str, _params: Any, _answer: Any) -> None:
        if name == "receive_message":
            self.sample_in_flight()

    def _wrote(self, name: str, params: Any, _answer: Any) -> None:
        if name == "put_item" and params["TableName"] == TABLE:
            self._note(params["Item"])
        elif name == "batch_write_item":
            for request in params["RequestItems"].get(TABLE, []):
                self._note(request["PutRequest"]["Item"])

    def _note(self, item: Any) -> None:
        if item["status"]["S"] == "registered" and item.get("join_url", {}).get("S"):
            self.stored_s.setdefault((item["webinar_id"]["S"], item["email"]["S"]), self._clock())
