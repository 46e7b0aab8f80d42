"""A refusal that an operator can cure costs each registrant one attempt, and never the last one of the day.

Any crowd, any number of seats, any behaviour of Zoom: the last seats go to the oldest submissions; after the operator
has raised the limit on the same day, a redrive of all dead letters registers those who fit, the oldest first.
"""

import copy
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from registrar.registrants.row import timestamp

from local.fake_zoom.switches import (
    CapacityCloses,
    Counted,
    FullError,
    LastSeats,
    PendingItem,
    SeatNumbers,
    TotalRecords,
)
from local.fake_zoom.webinars import Status
from tests.consumer import WEBINAR, Consumer, addresses, message
from tests.fakes import EventSourceMapping
from tests.fakes.clock import SAMPLE_MOMENT_S
from tests.fakes.simulation import SimulatedClock

ALL_SCOPES = (
    "webinar:write:batch_registrants:admin",
    "webinar:read:list_registrants:admin",
    "webinar:read:webinar:admin",
)
FULL = {tuple(int(part) for part in form.split("_")) for form in FullError}
SWITCHES = {
    "full_error": st.sampled_from(FullError),
    "last_seats": st.sampled_from(LastSeats),
    "seat_numbers": st.sampled_from(SeatNumbers),
    "total_records": st.sampled_from(TotalRecords),
    "pending_uses_seat": st.booleans(),
    "pending_item": st.sampled_from([PendingItem.WITHOUT_JOIN_URL, PendingItem.EMPTY_JOIN_URL]),
    "refused_batch_counts": st.sampled_from(Counted),
}


@dataclass(frozen=True)
class Case:
    """A crowd of `registrants`, of whom Zoom refuses some as `invalid`, for `seats`, later `raised`.

    `elsewhere` are registered before by others. `limit` is the one that counts: the host's, or that of the licence.
    """

    registrants: int
    seats: int
    raised: int
    elsewhere: int
    limit: str
    invalid: tuple[int, ...]
    youngest_first: bool
    scopes: tuple[str, ...]
    switches: dict[str, Any]
    seed: int

    @property
    def is_told(self) -> bool:
        """Return whether Zoom states all its numbers, and rightly, so that no second attempt is needed."""
        return (
            self.switches.get("seat_numbers", SeatNumbers.ALL) is SeatNumbers.ALL
            and self.switches.get("total_records", TotalRecords.RIGHT) is TotalRecords.RIGHT
            and self.scopes == ALL_SCOPES
        )


CASES = st.builds(
    Case,
    registrants=st.integers(1, 30) | st.integers(31, 75),
    seats=st.integers(0, 35),
    raised=st.integers(0, 60),
    elsewhere=st.integers(1, 4),
    limit=st.sampled_from(["capacity", "registrants_restrict_number"]),
    invalid=st.just(()) | st.tuples(st.integers(0, 29)),
    youngest_first=st.booleans(),
    scopes=st.sampled_from([ALL_SCOPES, ALL_SCOPES, ALL_SCOPES[:2], ALL_SCOPES[:1]]),
    switches=st.fixed_dictionaries({}, optional=SWITCHES),
    seed=st.integers(0, 2**16),
)


class Run:
    """One case, run on one UTC day."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.consumer = Consumer(checked=False, seed=case.seed)
        self.consumer.account.set_switches(capacity_closes=CapacityCloses.REGISTRATION, **case.switches)
        self.emails = [f"person{place}@example.com" for place in range(case.registrants)]  # the oldest first
        self.invalid = {self.emails[place] for place in case.invalid if place < case.registrants}
        self.valid = [email for email in self.emails if email not in self.invalid]
        self.consumer.account.set_webinar(WEBINAR, refused_emails=sorted(self.invalid))
        webinar = self.consumer.account._state.webinars[WEBINAR]
        for place in range(case.elsewhere):
            webinar.add(f"other{place}@example.com", "Eve", "", Status.APPROVED, self.consumer.clock() - 3_600)

    def run(self) -> None:
        """Fill the webinar, raise its limit, redrive."""
        self._limit(self.case.seats)
        now = self.consumer.clock()
        bodies = [
            message(email, submitted_at=timestamp(now - 1_000 + place)) for place, email in enumerate(self.emails)
        ]
        # More than one call may carry: a batch starts before younger submissions have arrived, so older ones go first.
        is_reversed = self.case.youngest_first and len(bodies) <= 30
        self.consumer.send(*(reversed(bodies) if is_reversed else bodies))
        self._drain()
        self._check(self.case.seats)
        self._limit(max(self.case.seats, self.case.raised))
        redriven = [dead_letter.body for dead_letter in self.consumer.dead_letters()]
        self.consumer.sqs.queues[self.consumer.dead_letter_url].messages.clear()
        self.consumer.send(*redriven)
        self._drain()
        self._check(max(self.case.seats, self.case.raised))

    def _limit(self, seats: int) -> None:
        """Set the limit that counts, and no other."""
        other = {"capacity": "registrants_restrict_number", "registrants_restrict_number": "capacity"}[self.case.limit]
        number = seats + self.case.elsewhere
        properties: dict[str, Any] = {self.case.limit: number, other: 0 if other != "capacity" else 100_000}
        self.consumer.account.set_webinar(WEBINAR, **properties)

    def _drain(self) -> None:
        self.consumer.run(hours=2)
        self.consumer.clock.sleep(90)  # an operator needs longer than a refusal is remembered

    def _check(self, seats: int) -> None:
        refused = self._refused_as_full()
        if self.case.is_told or not self.invalid:  # isolation may take two attempts before
            assert all(before < 2 for befores in refused.values() for before in befores), "the last attempt is taken"
        assert self.consumer.account.highest_attempts() <= 3
        if self.case.is_told and not self.invalid:
            assert all(len(befores) <= 1 for befores in refused.values()), "a second attempt, and Zoom had told"
        rows = self.consumer.rows()
        registered = [email for email in self.valid if rows[email]["status"] == "registered"]
        others = [rows[email] for email in self.valid if email not in registered]
        assert {(row["status"], row["reason"]) for row in others} <= {("rejected", "webinar_full")}
        # Where the numbers do not tell, registrants that were refused alone are not sent: they keep the last attempt.
        kept = 0 if self.case.is_told else sum(row.get("attempts") == 2 for row in others)
        assert min(seats, len(self.valid)) - kept <= len(registered) <= seats
        # Registrants that were left out come back later than others: a batch of those may have begun.
        is_ordered = len(self.emails) <= 30 or self.case.switches.get("last_seats") is not LastSeats.FILLED_ANSWERED
        if self.case.is_told and is_ordered:
            assert registered == self.valid[:seats]
        assert not self.consumer.waiting()

    def _refused_as_full(self) -> dict[str, list[int]]:
        """Return how many attempts each registrant had used before each refusal for want of a seat."""
        used: Counter[str] = Counter()
        refused: dict[str, list[int]] = defaultdict(list)
        for call in self.consumer.calls():
            for email in call.emails:
                if (call.status, call.code) in FULL:
                    refused[email].append(used[email])
                used[email] += call.is_attempt
        return refused


@settings(max_examples=60)
@given(CASES)
def test_the_last_seats_cost_one_attempt_and_a_raised_limit_registers_the_others_today(case: Case) -> None:
    Run(case).run()


# ── Environments and calls side by side ──────────────────────────────────────────────────────────────────────────────


@settings(max_examples=15)
@given(
    st.integers(1, 2),
    st.integers(31, 200),
    st.integers(0, 120),
    st.sampled_from([SeatNumbers.ALL, SeatNumbers.NONE]),
    st.integers(0, 2**16),
)
@example(1, 200, 40, SeatNumbers.NONE, 1)
def test_calls_side_by_side_fill_every_seat_and_take_no_last_attempt(
    environments: int, registrants: int, seats: int, numbers: SeatNumbers, seed: int
) -> None:
    clock = SimulatedClock(SAMPLE_MOMENT_S, seed)
    consumer = Consumer(clock=clock, checked=False, seed=seed)
    consumer.account.set_latency(300)
    consumer.account.set_switches(seat_numbers=numbers)
    emails = addresses(registrants)
    for limit in (seats, seats + registrants):
        consumer.account.set_webinar(WEBINAR, capacity=limit)
        redriven = [dead_letter.body for dead_letter in consumer.dead_letters()]
        consumer.sqs.queues[consumer.dead_letter_url].messages.clear()
        consumer.send(*(redriven or (message(email) for email in emails)))
        run_environments(consumer, clock, environments)
        rows = consumer.rows()
        registered = {email for email, row in rows.items() if row["status"] == "registered"}
        kept = sum(rows[email].get("attempts") == 2 for email in emails if email not in registered)
        is_told = numbers is SeatNumbers.ALL
        assert min(limit, registrants) - (0 if is_told else kept) <= len(registered) <= limit
        # Two environments may be told of the same seats, which costs a second attempt.
        unseated = [one.attempts for one in consumer.account.attempts() if one.email not in registered]
        assert max(unseated, default=0) <= 2
        assert "Messages abandoned" not in consumer.log(), "a batch was forgotten"
    assert consumer.account.highest_attempts() <= 3


def run_environments(consumer: Consumer, clock: SimulatedClock, number: int) -> None:
    """Let so many environments run side by side until the queue is empty, and a while longer."""

    def consume(environment: Consumer) -> Callable[[], None]:
        def run() -> None:
            idle = 0
            while idle < 90:  # seconds; longer than a refusal is remembered
                event = environment.mapping.take()
                idle = idle + 1 if event is None else 0
                if event is None:
                    clock.sleep(1)
                else:
                    assert environment.mapping.invoke(event).error is None

        return run

    environments = [copy.copy(consumer) for _ in range(number)]
    for environment in environments:
        environment.start()
        environment.mapping = EventSourceMapping(environment.sqs, environment.queue_url, environment.handle)
    with redirect_stdout(consumer.printed):
        clock.run({f"environment {place}": consume(one) for place, one in enumerate(environments)})
