"""A fake event source mapping between a queue of FakeSqs and a handler.

It calls the handler with the event as Lambda builds it, and deletes or keeps the messages according to the response
(`partial_batch.py`). It kills an environment at its timeout. Its own receives and deletes are Lambda's: they get no
injected fault and are not counted.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.client import REGION
from tests.fakes.clock import TimeIsUp
from tests.fakes.lambda_.context import FakeLambdaContext
from tests.fakes.lambda_.partial_batch import Reading, read_response
from tests.fakes.sqs.client import FakeSqs
from tests.fakes.sqs.message import StoredMessage, md5
from tests.fakes.sqs.queue import IN_FLIGHT
from tests.fakes.sqs.shapes import MAX_ENTRIES

# How long the pollers wait when they could receive nothing. The real interval is not documented.
POLL_AGAIN_S = 1.0

Event = dict[str, Any]
Handler = Callable[[Event, Any], Any]


@dataclass(frozen=True)
class Invocation:
    """One invocation and its outcome; times in epoch seconds."""

    event: Event
    context: FakeLambdaContext
    started_at_s: float
    ended_at_s: float
    response: Any
    error: BaseException | None
    reading: Reading

    @property
    def message_ids(self) -> list[str]:
        """Return the message ids of the event."""
        return [record["messageId"] for record in self.event["Records"]]

    @property
    def was_killed(self) -> bool:
        """Return whether the environment was killed."""
        return isinstance(self.error, TimeIsUp)


class EventSourceMapping:
    """Polls one queue for one function, one invocation after the other."""

    def __init__(
        self,
        sqs: FakeSqs,
        queue_url: str,
        handler: Handler,
        *,
        batch_size: int = 10,
        timeout_s: float = 300.0,
        function_name: str = "RegisterBatchFunction",
        memory_mb: int = 512,
        reports_item_failures: bool = True,
        kills: bool = True,
    ) -> None:
        """`kills`: kill the handler at its timeout."""
        self.sqs = sqs
        self.queue_url = queue_url
        self.handler = handler
        self.batch_size = batch_size
        self.timeout_s = timeout_s
        self.function_name = function_name
        self.memory_mb = memory_mb
        self.reports_item_failures = reports_item_failures
        self.kills = kills
        self.invocations: list[Invocation] = []

    def poll(self) -> Invocation | None:
        """Receive one batch and invoke the function with it; None if there is no message."""
        event = self.take()
        return self.invoke(event) if event else None

    def run(self, *, until_s: float | None = None, max_invocations: int | None = None) -> list[Invocation]:
        """Poll until the queue is empty, until `until_s` or `max_invocations`; sleep while nothing is visible."""
        done: list[Invocation] = []
        while max_invocations is None or len(done) < max_invocations:
            if until_s is not None and self.sqs.clock() >= until_s:
                break
            invocation = self.poll()
            if invocation is not None:
                done.append(invocation)
            elif not self._wait(until_s):
                break
        return done

    def take(self) -> Event | None:
        """Receive up to a batch, as the pollers do, and return it as an event; None if there is no message."""
        records: list[dict[str, Any]] = []
        with self.sqs.lock:
            queue = self.sqs.queue(self.queue_url)
            while len(records) < self.batch_size:
                # At the limit of messages in flight the pollers stop, without an error.
                if queue.states[IN_FLIGHT] >= queue.max_in_flight:
                    break
                limit = min(MAX_ENTRIES, self.batch_size - len(records))
                received = queue.receive(limit, None, self.sqs.clock())
                records += [self._record(message, queue.arn) for message in received]
                if not received:
                    break
        return {"Records": records} if records else None

    def invoke(self, event: Event) -> Invocation:
        """Invoke the function with a received event, and delete the messages that it processed."""
        clock = self.sqs.clock
        context = FakeLambdaContext(
            clock,
            timeout_s=self.timeout_s,
            function_name=self.function_name,
            memory_mb=self.memory_mb,
            request_id=self.sqs.new_id(),
        )
        started_at_s = clock()
        response, error = self._call(event, context)
        ended_at_s = clock()
        if error is None and ended_at_s >= context.deadline_s:
            error = TimeIsUp("the handler returned after its timeout")
        reading = self._read(response, error, [record["messageId"] for record in event["Records"]])
        self._settle(event, reading)
        invocation = Invocation(event, context, started_at_s, ended_at_s, response, error, reading)
        self.invocations.append(invocation)
        return invocation

    def _call(self, event: Event, context: FakeLambdaContext) -> tuple[Any, BaseException | None]:
        clock = self.sqs.clock
        clock.kill_at(context.deadline_s if self.kills else None)
        try:
            # A copy: the handler may change its event.
            return self.handler(copy.deepcopy(event), context), None
        except AssertionError:  # the test's own failure
            raise
        except (Exception, TimeIsUp) as error:  # noqa: BLE001 - the runtime reports every exception
            return None, error
        finally:
            clock.kill_at(None)

    def _read(self, response: Any, error: BaseException | None, message_ids: list[str]) -> Reading:
        if error is not None:
            return Reading(frozenset(message_ids), f"the function failed: {type(error).__name__}")
        if not self.reports_item_failures:
            return Reading(frozenset())
        return read_response(response, message_ids)

    def _settle(self, event: Event, reading: Reading) -> None:
        with self.sqs.lock:
            queue = self.sqs.queue(self.queue_url)
            for record in event["Records"]:
                if record["messageId"] not in reading.staying:
                    queue.delete(record["receiptHandle"])

    def _wait(self, until_s: float | None) -> bool:
        """Sleep until a message becomes visible; False when none ever will, or not before `until_s`."""
        with self.sqs.lock:
            next_s = self.sqs.queue(self.queue_url).next_change_s(self.sqs.clock())
        if next_s is None:
            return False
        if until_s is not None and next_s >= until_s:
            self.sqs.clock.advance_to(until_s)
            return False
        # A visible message was not received because too many are in flight: the pollers try again.
        self.sqs.clock.advance_to(max(next_s, self.sqs.clock() + POLL_AGAIN_S))
        return True

    def _record(self, message: StoredMessage, arn: str) -> dict[str, Any]:
        return {
            "messageId": message.message_id,
            "receiptHandle": message.handle,
            "body": message.body,
            "attributes": message.system_attributes(),
            "messageAttributes": {
                name: {
                    "stringValue": attribute.get("StringValue"),
                    "stringListValues": [],
                    "binaryListValues": [],
                    "dataType": attribute["DataType"],
                }
                for name, attribute in message.attributes.items()
            },
            "md5OfBody": md5(message.body),
            "eventSource": "aws:sqs",
            "eventSourceARN": arn,
            "awsRegion": REGION,
        }
