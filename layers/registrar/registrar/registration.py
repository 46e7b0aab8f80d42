"""The story of one invocation: gather people, send them to Zoom thirty at a time, settle what became of each.

In: the Lambda event. Out: the partial batch response. Everything that touches the world comes in as an argument.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from registrar import ledger, limits
from registrar.batches import Hand, Person, folded
from registrar.calling import Caller
from registrar.deferral import Random, backoff
from registrar.delivery import Delivery
from registrar.inbox import Inbox
from registrar.outcomes import Deferred, Verdict, judge, no_attempt_left
from registrar.pacing import Pace, TimeLeft
from registrar.registrant import Registrant, RegistrantError
from registrar.row import Row, Status, moment_of, utc_day
from registrar.settlement import Settlement
from registrar.store import Store, StoreError
from registrar.telemetry import Telemetry
from registrar.zoom import Answer, Refusal
from registrar.zoom_errors import FINAL_FOR_WEBINAR, Scope


class Registration:
    """One invocation of the consumer."""

    def __init__(
        self,
        inbox: Inbox,
        store: Store,
        caller: Caller,
        settlement: Settlement,
        pace: Pace,
        time_left: TimeLeft,
        telemetry: Telemetry,
        random: Random,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inbox = inbox
        self._store = store
        self._caller = caller
        self._settlement = settlement
        self._pace = pace
        self._time_left = time_left
        self._telemetry = telemetry
        self._random = random
        self._clock = clock
        self._hand = Hand()
        self._refused_webinars: dict[str, Refusal] = {}
        self._stopped_until: float | None = None  # epoch seconds; None while sending goes on

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Handle the event, and whatever else can be received and sent in time."""
        deliveries = self._inbox.open(event, self._hold_seconds)
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
        while self._may_go_on():
            self._gather()
            batch = self._hand.next_batch()
            if not batch:
                return
            self._send(batch)

    def _may_go_on(self) -> bool:
        return self._stopped_until is None and not self._settlement.store_failed and self._time_left.for_a_call()

    # ── Gathering ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _gather(self) -> None:
        """Receive until 30 of a webinar are in hand, nothing more is there, or no more could be sent in time."""
        while self._may_receive() and not self._hand.holds_full_batch:
            deliveries = self._inbox.receive(self._hold_seconds)
            if not deliveries:
                return
            self._arrive(deliveries)

    def _may_receive(self) -> bool:
        sendable = self._time_left.calls(self._pace.interval)
        has_room = len(self._hand) < limits.IN_HAND and self._hand.calls_needed < sendable
        return has_room and self._time_left.for_receiving() and not self._settlement.store_failed

    def _arrive(self, deliveries: Sequence[Delivery]) -> None:
        """Read, fold and look up who came; whoever is still to be sent is in hand afterwards."""
        readable = []
        for delivery in deliveries:
            try:
                readable.append((delivery, Registrant.from_message(delivery.body)))
            except RegistrantError as error:
                self._settlement.reject_unreadable(delivery, error)
        for person in self._still_to_send(folded(readable, self._hand)):
            self._hand.add(person)

    def _still_to_send(self, people: Sequence[Person]) -> list[Person]:
        """Look up the rows; settle whoever needs no call, return the others."""
        try:
            rows = self._store.read(person.key for person in people)
        except StoreError as error:
            self._settlement.not_stored((one for person in people for one in person.deliveries), error)
            return []
        for person in people:
            person.row, person.looked_up_at = rows.get(person.key), self._clock()
        self._telemetry.looked_up(people)
        return [person for person in people if not self._needs_no_call(person, person.row)]

    def _needs_no_call(self, person: Person, row: Row | None) -> bool:
        if row is None:
            return False
        if row.is_registered:
            self._settlement.already_registered(person)
            return True
        known = [delivery for delivery in person.deliveries if delivery.message_id == row.message_id]
        if row.status == Status.REJECTED:
            for delivery in known:
                self._settlement.complete_burial(delivery, row)
            return not person.goes_on_without(known)
        until = moment_of(row.deferred_until)
        if row.status == Status.DEFERRED and until and until > self._clock() and len(known) == len(person.deliveries):
            self._settlement.wait_longer(person, until)
            return True
        return False

    # ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _send(self, batch: list[Person]) -> None:
        """One call to Zoom for up to 30 people of one webinar, and what follows from its answer."""
        day = utc_day(self._clock())
        webinar_id = batch[0].key.webinar_id
        if webinar_id in self._refused_webinars:
            self._settle(batch, self._refused_webinars[webinar_id], day)
            return
        batch = self._reserved(self._refreshed(batch), day)
        if batch:
            answer = self._caller.register(batch)
            # By now it may be tomorrow, and Zoom may have counted the call there; yesterday's count matters no more.
            verdicts = self._settle(batch, answer, utc_day(self._clock()))
            self._remember(webinar_id, answer, verdicts)

    def _refreshed(self, batch: list[Person]) -> list[Person]:
        """Look up again whoever was looked up too long ago: somebody else may have tried him meanwhile."""
        oldest = self._clock() - limits.LOOKUP_SECONDS
        stale = [person for person in batch if person.looked_up_at < oldest]
        return [person for person in batch if person.looked_up_at >= oldest] + self._still_to_send(stale)

    def _reserved(self, batch: list[Person], day: str) -> list[Person]:
        """Count the attempt beforehand for whoever was tried before, or may have been; the others cost no write."""
        return [
            person
            for person in batch
            if (person.row is None and not person.received_before) or self._reserve(person, day)
        ]

    def _reserve(self, person: Person, day: str) -> bool:
        returns_at = self._clock() + self._hold_seconds
        change = partial(ledger.reserved, person=person, day=day, returns_at=returns_at)
        try:
            changed = self._store.change(person.key, person.row, change)
        except StoreError as error:
            self._settlement.not_stored(person.deliveries, error)
            return False
        person.row, person.reserved = changed.row, changed.written
        if not changed.written and changed.row is not None:
            if changed.row.is_registered:
                self._settlement.already_registered(person)
            else:
                self._settlement.settle([no_attempt_left(person, self._clock(), self._random)], day)
        return changed.written

    def _settle(self, batch: list[Person], answer: Answer, day: str) -> list[Verdict]:
        verdicts = judge(batch, answer, day, self._clock(), self._random)
        self._settlement.settle(verdicts, day)
        return verdicts

    def _remember(self, webinar_id: str, answer: Answer, verdicts: list[Verdict]) -> None:
        """What an answer says of the whole webinar, or of the whole account, holds for the rest of the invocation."""
        if not isinstance(answer, Refusal):
            return
        if answer.meaning.reason in FINAL_FOR_WEBINAR:
            self._refused_webinars[webinar_id] = answer.remembered()
        if answer.meaning.scope == Scope.ACCOUNT:
            waits = [verdict.outcome.until for verdict in verdicts if isinstance(verdict.outcome, Deferred)]
            self._stopped_until = min(waits, default=self._clock())
            self._telemetry.stopped(answer.meaning.reason, answer.message)

    # ── Giving back ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _hold_seconds(self) -> float:
        """How long a message stays hidden: to the end of this invocation and a little beyond, so that a kill hides
        nobody for long."""
        return self._time_left.seconds() + limits.VISIBILITY_MARGIN_SECONDS

    def _give_back_seconds(self, receive_count: int) -> float:
        """At once if all is well; later and later if our side is not, or until Zoom lets the account send again."""
        if self._stopped_until is not None:
            wait = max(self._stopped_until - self._clock(), backoff(receive_count, self._random))
            return min(wait, limits.VISIBILITY_LONGEST_SECONDS)
        return backoff(receive_count, self._random) if self._telemetry.failures else 0
