"""The story of one invocation: gather people, send them to Zoom thirty at a time, settle what became of each.

In: the Lambda event. Out: the partial batch response. Everything that touches the world comes in as an argument.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from registrar import limits
from registrar.arrivals import Arrivals
from registrar.batches import Hand, folded
from registrar.deferral import Random, backoff
from registrar.delivery import Delivery
from registrar.inbox import Inbox
from registrar.lookup import Lookup
from registrar.pacing import Pace, TimeLeft
from registrar.sending import Sending
from registrar.settlement import Settlement
from registrar.telemetry import Telemetry


class Registration:
    """One invocation of the consumer."""

    def __init__(
        self,
        inbox: Inbox,
        arrivals: Arrivals,
        lookup: Lookup,
        sending: Sending,
        settlement: Settlement,
        pace: Pace,
        time_left: TimeLeft,
        telemetry: Telemetry,
        random: Random,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inbox = inbox
        self._arrivals = arrivals
        self._lookup = lookup
        self._sending = sending
        self._settlement = settlement
        self._pace = pace
        self._time_left = time_left
        self._telemetry = telemetry
        self._random = random
        self._clock = clock
        self._hand = Hand()

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Handle the event, and whatever else can be received and sent in time."""
        deliveries = self._inbox.open(event, self._time_left.until_returned())
        try:
            self._arrive(deliveries)
            self._drain()
        except Exception as error:  # noqa: BLE001  whatever it is, those not settled must go back, and only those
            self._telemetry.broke_off(error)
        self._telemetry.given_back(self._inbox.in_hand)
        self._inbox.give_back(self._inbox.in_hand, self._give_back_seconds)
        self._telemetry.ended(self._settlement.sums)
        return self._inbox.partial_batch_response()

    def _drain(self) -> None:
        while self._sending.may_go_on:
            self._gather()
            batch = self._hand.next_batch()
            if not batch:
                return
            self._sending.send(batch)

    def _gather(self) -> None:
        """Receive until 30 of a webinar are in hand, nothing more is there, or no more could be sent in time."""
        while self._may_receive() and not self._hand.holds_full_batch:
            deliveries = self._inbox.receive(self._time_left.until_returned())
            if not deliveries:
                return
            self._arrive(deliveries)

    def _may_receive(self) -> bool:
        sendable = self._time_left.calls(self._pace.interval)
        has_room = len(self._hand) < limits.IN_HAND and self._hand.calls_needed < sendable
        return has_room and self._time_left.for_receiving() and not self._settlement.store_failed

    def _arrive(self, deliveries: Sequence[Delivery]) -> None:
        """Read, fold and look up who came; whoever is still to be sent is in hand afterwards."""
        readable = self._arrivals.readable(deliveries)
        for person in self._lookup.still_to_send(folded(readable, self._hand)):
            self._hand.add(person)

    def _give_back_seconds(self, receive_count: int) -> float:
        """At once if all is well; later and later if our side is not, or until Zoom lets the account send again."""
        stopped_until = self._sending.stopped_until
        if stopped_until is not None:
            wait = max(stopped_until - self._clock(), backoff(receive_count, self._random))
            return min(wait, limits.VISIBILITY_LONGEST_SECONDS)
        return backoff(receive_count, self._random) if self._telemetry.failures else 0
