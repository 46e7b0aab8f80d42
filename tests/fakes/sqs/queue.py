"""One standard queue and the state of each message, by SQS's rules.

put ─→ ready ─receive→ in flight ─delete→ deleted
         ▲                │ visibility timeout over, or made visible
         └────────────────┘        ready and received too often ─→ the dead-letter queue
                                   retention over ─→ expired
"""

import heapq
import itertools
import random
from collections import Counter
from dataclasses import dataclass, replace

from tests.fakes.client import ACCOUNT, REGION
from tests.fakes.errors import ServiceError, invalid_parameter
from tests.fakes.sqs.message import StoredMessage

# SQS quotas, "message quotas" and API reference of ChangeMessageVisibility.
MAX_IN_FLIGHT = 120_000
MAX_VISIBILITY_S = 43_200
# API reference of ReceiveMessage: a short poll of fewer messages most likely returns fewer than requested; of extremely
# few, maybe none.
SMALL_QUEUE = 1_000

READY, IN_FLIGHT, DELAYED = "ready", "in flight", "delayed"

Heap = list[tuple[float, int, StoredMessage]]


@dataclass(frozen=True)
class Delivery:
    """How unreliable a queue is, within "at least once, best-effort order"."""

    # Share of first receives after which a second, independent copy of the message becomes visible.
    duplicate_rate: float = 0.0
    # Share of a small queue's messages that a short poll misses, because it queries only some of the servers.
    missed_share: float = 0.0
    # By how many places the order may differ from first in, first out.
    disorder: int = 0


class Queue:
    """A standard queue. Not thread-safe: FakeSqs holds its lock around every call."""

    def __init__(
        self,
        name: str,
        *,
        visibility_timeout_s: int,
        retention_s: int,
        max_message_bytes: int,
        dead_letter_queue: "Queue | None",
        max_receive_count: int,
        delivery: Delivery,
        rng: random.Random,
    ) -> None:
        """Start empty. `rng` decides within what `delivery` allows."""
        self.name = name
        self.arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        self.visibility_timeout_s = visibility_timeout_s
        self.retention_s = retention_s
        self.max_message_bytes = max_message_bytes
        self.dead_letter_queue = dead_letter_queue
        self.max_receive_count = max_receive_count
        self.max_in_flight = MAX_IN_FLIGHT
        self.delivery = delivery
        self.messages: dict[int, StoredMessage] = {}
        # Ids of the messages that are no longer here.
        self.deleted: list[str] = []
        self.expired: list[str] = []
        self.redriven: list[str] = []
        self.states: Counter[str] = Counter()
        self._rng = rng
        self._ready: Heap = []
        self._hidden: Heap = []
        self._expiry: Heap = []
        self._numbers = itertools.count(1)

    def next_key(self) -> int:
        """Return the key of the next message of this queue."""
        return next(self._numbers)

    def put(self, message: StoredMessage, visible_at_s: float, now_s: float) -> None:
        """Add a message."""
        self.messages[message.key] = message
        heapq.heappush(self._expiry, (message.expires_at_s, message.key, message))
        if visible_at_s > now_s:
            self._hide(message, visible_at_s, DELAYED)
        else:
            self._show(message)

    def receive(
        self, limit: int, visibility_timeout_s: int | None, now_s: float, *, asks_all: bool = True
    ) -> list[StoredMessage]:
        """Return up to `limit` messages and hide them; a timeout of 0 leaves them visible.

        A long poll `asks_all` servers, a short poll only some of them.
        """
        self.settle(now_s)
        if self.states[IN_FLIGHT] >= self.max_in_flight:
            raise ServiceError("OverLimit", f"The queue has {self.max_in_flight} messages in flight.")
        timeout_s = self.visibility_timeout_s if visibility_timeout_s is None else visibility_timeout_s
        reach = limit if asks_all else self._reach_of_poll(limit)
        limit = min(reach, self.max_in_flight - self.states[IN_FLIGHT])
        received: list[StoredMessage] = []
        while self._ready and len(received) < limit:
            _, ticket, message = heapq.heappop(self._ready)
            if message.ticket != ticket:
                continue
            if self.dead_letter_queue is not None and message.receive_count >= self.max_receive_count:
                self._redrive(message, self.dead_letter_queue, now_s)
            else:
                received.append(self._deliver(message, timeout_s, now_s))
        for message in received:
            # Not earlier: one receive must not return a message twice.
            if message.visible_at_s <= now_s:
                self._show(message)
            self._duplicate(message, timeout_s, now_s)
        return received

    def delete(self, handle: str) -> None:
        """Delete by the newest handle; an older one has no effect (API reference, DeleteMessage)."""
        message = self.find(handle)
        if message is not None and message.handle == handle:
            self._drop(message)
            self.deleted.append(message.message_id)

    def change_visibility(self, handle: str, timeout_s: int, now_s: float) -> None:
        """Change the visibility timeout; the total since the receive is at most 12 hours."""
        if not 0 <= timeout_s <= MAX_VISIBILITY_S:
            raise invalid_parameter(
                f"Value {timeout_s} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and"
                f" {MAX_VISIBILITY_S}, if provided."
            )
        self.settle(now_s)
        message = self.find(handle)
        if message is None or message.handle != handle:
            raise invalid_parameter(
                f"Value {handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not"
                " available for visibility timeout change."
            )
        if message.state != IN_FLIGHT:
            raise ServiceError("MessageNotInflight", "The specified message isn't in flight.")
        if now_s + timeout_s > message.received_at_s + MAX_VISIBILITY_S:
            raise invalid_parameter(
                f"Value {timeout_s} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for"
                f" the message is beyond the limit [{MAX_VISIBILITY_S} seconds]"
            )
        message.visible_at_s = now_s + timeout_s
        if timeout_s:
            self._hide(message, message.visible_at_s, IN_FLIGHT)
        else:
            self._show(message)

    def take_out(self, message: StoredMessage) -> None:
        """Remove a message that moves to another queue."""
        self._drop(message)
        self.redriven.append(message.message_id)

    def find(self, handle: str) -> StoredMessage | None:
        """Return the message of a handle of any age, None if it was deleted; refuse handles of other queues."""
        prefix, _, key_and_number = handle.partition("#")
        key, _, number = key_and_number.partition("#")
        if prefix != f"AQEB-{self.name}" or not key.isdecimal() or not number.isdecimal():
            raise ServiceError("ReceiptHandleIsInvalid", f'The input receipt handle "{handle}" is not valid.')
        return self.messages.get(int(key))

    def next_change_s(self, now_s: float) -> float | None:
        """Return the moment at which the next message becomes visible: now, if one is; None if none will."""
        self.settle(now_s)
        if self.states[READY]:
            return now_s
        while self._hidden and self._hidden[0][2].ticket != self._hidden[0][1]:
            heapq.heappop(self._hidden)
        return self._hidden[0][0] if self._hidden else None

    def settle(self, now_s: float) -> None:
        """Show messages whose visibility timeout is over, and remove expired ones."""
        while self._hidden and self._hidden[0][0] <= now_s:
            _, ticket, message = heapq.heappop(self._hidden)
            if message.ticket == ticket:
                self._show(message)
        while self._expiry and self._expiry[0][0] <= now_s:
            message = heapq.heappop(self._expiry)[2]
            if self.messages.get(message.key) is message:
                self._drop(message)
                self.expired.append(message.message_id)

    def _reach_of_poll(self, limit: int) -> int:
        """Return how many messages a short poll finds."""
        missed = self.delivery.missed_share
        if not missed or self.states[READY] >= SMALL_QUEUE:
            return limit
        return sum(self._rng.random() >= missed for _ in range(min(limit, self.states[READY])))

    def _deliver(self, message: StoredMessage, timeout_s: int, now_s: float) -> StoredMessage:
        message.receive_count += 1
        message.received_at_s = now_s
        if message.first_received_at_s is None:
            message.first_received_at_s = now_s
        message.handle = f"AQEB-{self.name}#{message.key}#{next(self._numbers)}"
        message.visible_at_s = now_s + timeout_s
        self._hide(message, message.visible_at_s, IN_FLIGHT)
        return message

    def _duplicate(self, message: StoredMessage, timeout_s: int, now_s: float) -> None:
        if message.is_copy or message.receive_count > 1 or not self.delivery.duplicate_rate:
            return
        if self._rng.random() < self.delivery.duplicate_rate:
            copy = replace(message, key=self.next_key(), is_copy=True, handle="", state="new", ticket=0)
            self.put(copy, now_s + self._rng.uniform(0, timeout_s), now_s)

    def _redrive(self, message: StoredMessage, target: "Queue", now_s: float) -> None:
        """Move by the redrive policy: id, receive count and sent timestamp stay, and so the age (Developer Guide)."""
        self.take_out(message)
        moved = replace(
            message,
            key=target.next_key(),
            dead_letter_source=self.arn,
            handle="",
            state="new",
            ticket=0,
            expires_at_s=message.sent_at_s + target.retention_s,
        )
        target.put(moved, now_s, now_s)

    def _show(self, message: StoredMessage) -> None:
        self._move(message, READY)
        place = message.ticket + self._rng.uniform(0, self.delivery.disorder)
        heapq.heappush(self._ready, (place, message.ticket, message))

    def _hide(self, message: StoredMessage, until_s: float, state: str) -> None:
        self._move(message, state)
        heapq.heappush(self._hidden, (until_s, message.ticket, message))

    def _drop(self, message: StoredMessage) -> None:
        self._move(message, "removed")
        del self.messages[message.key]

    def _move(self, message: StoredMessage, state: str) -> None:
        self.states[message.state] -= 1
        message.state = state
        self.states[state] += 1
        # A new ticket invalidates the older heap entries of the message.
        message.ticket = next(self._numbers)
