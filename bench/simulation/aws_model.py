"""The model of AWS on which all results depend: the event source mapping, and the latency of calls.

A poller receives up to 10 messages by long polling (20 s); with a batch window it receives until the batch is full or
the window is over. Then it waits for a free environment of the function, invokes it, and receives again. So with more
pollers than environments the mapping prefetches batches while all environments are busy, and their registrants wait
until an invocation ends: minutes, with a consumer that drains for minutes. AWS does not document whether its mapping
prefetches; with two environments and five pollers the model assumes the worst.

    documented    five pollers, also with a maximum concurrency; up to 300 more per minute while messages wait (Lambda
                  Developer Guide, "scaling behavior for SQS event source mappings"); 10 messages per receive, 20 s of
                  long polling
    assumed       everything in `Model`: AWS documents only "single-digit milliseconds" for DynamoDB
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tests.fakes import EventSourceMapping

POLLERS = 5
POLLERS_PER_SECOND = 300 / 60
LONG_POLL_S = 20.0
MAX_MESSAGES = 10  # messages per receive and per deletion
POLL_AGAIN_S = 0.02  # how soon a poller with a batch notices a free environment


@dataclass(frozen=True)
class Model:
    """Latencies of AWS. Without `prefetches` there are no more pollers than environments."""

    name: str
    receive_s: float = 0.010
    delete_s: float = 0.008
    hide_s: float = 0.008
    read_rows_s: float = 0.006
    write_rows_s: float = 0.008
    write_row_s: float = 0.005
    secret_s: float = 0.020
    arrival_s: float = 0.010  # from a message's arrival to the answer of a long poll that waited for it
    invoke_s: float = 0.020  # from a received batch to the handler's first line
    cold_start_s: float = 0.400
    prefetches: bool = True
    missed_share: float = 0.3  # of the messages of a queue of less than 1,000, by a short poll

    def latencies(self) -> dict[str, dict[str, float]]:
        """Return the seconds by service and call, in the form of the fakes."""
        return {
            "sqs": {
                "receive_message": self.receive_s,
                "delete_message_batch": self.delete_s,
                "change_message_visibility_batch": self.hide_s,
                "send_message_batch": self.receive_s,
            },
            "dynamodb": {
                "batch_get_item": self.read_rows_s,
                "get_item": self.write_row_s,
                "batch_write_item": self.write_rows_s,
                "put_item": self.write_row_s,
                "update_item": self.write_row_s,
            },
            "secrets": {"get_secret_value": self.secret_s},
        }


USUAL = Model("usual")
NONE_AHEAD = Model("none ahead", prefetches=False)
FASTER = Model("faster", 0.004, 0.004, 0.004, 0.003, 0.004, 0.003, 0.010, 0.003, 0.005, 0.200)
SLOWER = Model("slower", 0.030, 0.025, 0.025, 0.015, 0.020, 0.012, 0.060, 0.100, 0.080, 0.800)
MODELS = {model.name: model for model in (USUAL, NONE_AHEAD, FASTER, SLOWER)}


@dataclass(frozen=True)
class Settings:
    """The settings of a mapping; `concurrency`: the maximum number of environments."""

    concurrency: int
    batch_size: int = 10
    window_s: float = 0.0


class PollingContext(Protocol):
    """What the pollers need of the testbed."""

    @property
    def is_over(self) -> bool:
        """Return whether all forms are sent and the queue is empty."""

    @property
    def has_waiting(self) -> bool:
        """Return whether messages are visible."""

    def next_message_s(self) -> float:
        """Return the moment at which the next message will be visible; now, if one is."""

    def received(self) -> None:
        """Record that messages were received."""

    def now_s(self) -> float:
        """Return this moment in epoch seconds."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""


class Pollers:
    """The pollers of one mapping; a poller does not receive during its invocation."""

    def __init__(
        self, context: PollingContext, model: Model, settings: Settings, environments: list[EventSourceMapping]
    ) -> None:
        self._context = context
        self._model = model
        self._settings = settings
        self._free = deque(environments)
        self._waiting: deque[int] = deque()
        self._warm: set[int] = set()
        self._lock = threading.Lock()
        self._taker = environments[0]
        self._began_s = context.now_s()
        # Requests to SQS; Lambda's are billed too.
        self.requests = 0

    def actors(self) -> Mapping[str, Callable[[], None]]:
        """Return one function per poller, which returns when the run is over."""
        spare = POLLERS if self._model.prefetches else 1
        number = max(spare, self._settings.concurrency)
        return {f"poller {index}": lambda index=index: self._poll(index) for index in range(number)}  # type: ignore[misc]

    def _poll(self, index: int) -> None:
        while not self._context.is_over:
            if not self._is_needed(index):
                self._context.sleep(1.0)
                continue
            records = self._gather()
            if records:
                self._hand_over(index, records)

    def _is_needed(self, index: int) -> bool:
        """Return whether a poller exists: five always do; one more every 0.2 s while messages wait."""
        if index < POLLERS:
            return True
        so_far_s = self._context.now_s() - self._began_s
        return self._context.has_waiting and index < POLLERS + so_far_s * POLLERS_PER_SECOND

    def _gather(self) -> list[dict[str, Any]]:
        records = self._receive(LONG_POLL_S)
        until_s = self._context.now_s() + self._settings.window_s
        while records and len(records) < self._settings.batch_size:
            left_s = until_s - self._context.now_s()
            if left_s <= 0 or self._context.is_over:
                break
            records += self._receive(min(LONG_POLL_S, left_s))
        return records

    def _receive(self, wait_s: float) -> list[dict[str, Any]]:
        """Receive once, with long polling."""
        self._count(1)
        self._context.sleep(self._model.receive_s)
        until_s = self._context.now_s() + wait_s
        while True:
            event = self._taker.take()
            if event is not None:
                self._context.received()
                records: list[dict[str, Any]] = event["Records"]
                return records
            now_s = self._context.now_s()
            if now_s >= until_s or self._context.is_over:
                return []
            waits_s = max(0.0, self._context.next_message_s() - now_s) + self._model.arrival_s
            self._context.sleep(min(until_s - now_s, waits_s))

    def _hand_over(self, index: int, records: list[dict[str, Any]]) -> None:
        environment = self._claim(index)
        self._context.sleep(self._model.invoke_s)
        if id(environment) not in self._warm:
            self._warm.add(id(environment))
            self._context.sleep(self._model.cold_start_s)
        invocation = environment.invoke({"Records": records})
        with self._lock:
            # The one used last is used again first, as in Lambda: the others stay cold.
            self._free.appendleft(environment)
        done = len(records) - len(invocation.reading.staying)
        self._count(-(-done // MAX_MESSAGES))

    def _claim(self, index: int) -> EventSourceMapping:
        """Wait for a free environment, first come, first served."""
        with self._lock:
            self._waiting.append(index)
        while True:
            with self._lock:
                if self._free and self._waiting[0] == index:
                    self._waiting.popleft()
                    return self._free.popleft()
            self._context.sleep(POLL_AGAIN_S)

    def _count(self, requests: int) -> None:
        with self._lock:
            self.requests += requests
