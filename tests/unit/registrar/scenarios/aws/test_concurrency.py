"""Concurrent calls and receives in virtual time: rate limits, concurrency, fairness, and the same guarantees."""

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from registrar import limits

from tests.consumer import OTHER_WEBINAR, THIRD_WEBINAR, WEBINAR, Consumer, addresses
from tests.fakes import EventSourceMapping
from tests.fakes.clock import SAMPLE_MOMENT_S
from tests.fakes.simulation import SimulatedClock

ANSWER_S = 0.5
AWS_S = 0.01


class Simulation:
    """Concurrent consumers on one queue; times are in seconds since the start."""

    def __init__(self, *, environments: int = 1, calls_per_second: int = 10, answer_s: float = ANSWER_S) -> None:
        self.clock = SimulatedClock(SAMPLE_MOMENT_S, seed=1)
        self.first = Consumer(clock=self.clock, calls_per_second=calls_per_second, checked=False)
        self.first.account.set_latency(round(answer_s * 1_000))
        for fake in (self.first.sqs, self.first.dynamodb, self.first.secrets):
            fake.latency_s = dict.fromkeys(
                [
                    *("receive_message", "delete_message_batch", "change_message_visibility_batch"),
                    *("send_message_batch", "batch_get_item", "batch_write_item", "put_item", "get_secret_value"),
                ],
                AWS_S,
            )
        self.consumers = [self.first, *(copy.copy(self.first) for _ in range(environments - 1))]
        for consumer in self.consumers:
            consumer.start()
            consumer.mapping = EventSourceMapping(consumer.sqs, consumer.queue_url, consumer.handle)

    def run(self, moments: Mapping[float, Callable[[], object]] | None = None, invocations: int = 1_000) -> None:
        """Run until the queue is empty; at each moment, run its action concurrently."""
        left = dict(moments or {})

        def run_actions() -> None:
            for moment in sorted(left):
                self.clock.advance_to(SAMPLE_MOMENT_S + moment)
                left.pop(moment)()

        def work(consumer: Consumer) -> None:
            while len(consumer.mapping.invocations) < invocations:
                event = consumer.mapping.take()
                if event is not None:
                    consumer.mapping.invoke(event)
                elif not left and not consumer.waiting():
                    return
                else:
                    self.clock.sleep(0.05)

        actors = {f"consumer {place}": lambda one=one: work(one) for place, one in enumerate(self.consumers)}  # type: ignore[misc]
        self.clock.run({"the others": run_actions, **actors})

    def starts(self, webinar: str | None = None) -> list[float]:
        """Return the start of each batch call."""
        calls = [call for call in self.first.calls() if webinar in {None, call.webinar}]
        return [call.time - SAMPLE_MOMENT_S for call in calls]

    def sizes(self) -> list[int]:
        return [call.registrants for call in self.first.calls()]

    def most_calls_per_second(self) -> int:
        """Return the most calls within any period of one second."""
        starts = self.starts()
        return max(sum(start <= other < start + 1 for other in starts) for start in starts)

    def check_all_registered_once(self, number: int) -> None:
        rows = self.first.dynamodb.rows("Registrants")
        assert Counter(row["status"] for row in rows) == {"registered": number}
        assert self.first.account.highest_attempts() == 1
        assert {call.status for call in self.first.calls()} == {201}
        assert self.first.waiting() == []


@pytest.fixture
def checked_for_secrecy() -> Iterator[list[Simulation]]:
    """Check the output of the simulations added here for personal data."""
    simulations: list[Simulation] = []
    yield simulations
    for sim in simulations:
        sim.first.check_secrecy()


# ── Failures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_failing_task_does_not_affect_the_others() -> None:
    sim = Simulation()
    sim.first.send_registrants(*addresses(90))
    failures = iter([False, True])
    register = sim.first.transport.send

    def send(*arguments: object, **named: object) -> object:
        if next(failures, False):
            raise ZeroDivisionError
        return register(*arguments, **named)  # type: ignore[arg-type]

    sim.first.transport.send = send  # type: ignore[method-assign,assignment]
    sim.run(invocations=1)
    assert Counter(sim.first.statuses().values()) == {"registered": len(sim.first.calls()) * 30}
    assert len(sim.first.waiting()) == 90 - len(sim.first.rows())
    assert [line["error"] for line in sim.first.logged("Unexpected error")] == ["ZeroDivisionError"]
    sim.run()
    sim.check_all_registered_once(90)


def test_while_zoom_does_not_answer_only_the_concurrent_calls_use_attempts() -> None:
    sim = Simulation()
    sim.first.send_registrants(*addresses(3_000))
    hang = {"kind": "hang", "processed": "no", "call": "batch", "times": 1_000}
    sim.run({10.0: lambda: sim.first.account.add_fault(**hang), 40.0: sim.first.account.clear_faults})
    lost = Counter(entry.attempts for entry in sim.first.account.attempts())[2]
    assert 0 < lost <= 30 * sim.first.env.rate_limits.concurrency.limit
    assert Counter(sim.first.statuses().values()) == {"registered": 3_000}
    assert sim.first.account.highest_attempts() == 2


def test_thousands_of_messages_are_abandoned_within_seconds() -> None:
    """Sequential calls for 3,000 messages would take 15 seconds."""
    sim = Simulation()
    sim.first.sqs.latency_s["change_message_visibility_batch"] = 0.05
    sim.first.send_registrants(*addresses(4_000))
    daily_limit = {"kind": "rate_limit", "limit": "account_day", "call": "batch"}
    sim.run({4.0: lambda: sim.first.account.add_fault(**daily_limit)}, invocations=1)
    (invocation,) = sim.first.mapping.invocations
    abandoned = sum(len(line["message_ids"]) for line in sim.first.logged("Messages abandoned"))
    assert abandoned > 3_000
    assert invocation.ended_at_s - SAMPLE_MOMENT_S < 4 + 5
    assert {message.visible_at_s > invocation.ended_at_s + 60 for message in _hidden(sim)} == {True}


def _hidden(sim: Simulation) -> list[Any]:
    return list(sim.first.sqs.queues[sim.first.queue_url].messages.values())


def test_after_a_concurrency_refusal_the_webinars_calls_are_serialized() -> None:
    sim = Simulation()
    sim.first.send_registrants(*addresses(300))
    sim.first.send_registrants(*addresses(90), webinar=OTHER_WEBINAR)
    sim.first.account.add_fault(kind="rate_limit", limit="concurrent", call="batch", webinar=WEBINAR)
    sim.run()
    refused = next(call for call in sim.first.calls() if call.status == 429)
    later = [start for start in sim.starts(WEBINAR) if start > refused.time - SAMPLE_MOMENT_S + ANSWER_S]
    assert len(later) > 5
    assert all(next_one - one >= ANSWER_S for one, next_one in pairwise(later))
    assert min(next_one - one for one, next_one in pairwise(sim.starts())) < ANSWER_S, "other webinars stay concurrent"
    assert len(sim.first.dynamodb.rows("Registrants")) == 390
    assert sim.first.account.highest_attempts() == 1


# ── Rate limits ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("calls_per_second", [10, 40])
@pytest.mark.parametrize("environments", [1, 2])
def test_no_second_has_more_calls_than_the_plan_allows(environments: int, calls_per_second: int) -> None:
    sim = Simulation(environments=environments, calls_per_second=calls_per_second)
    sim.first.account.set_limits(heavy_per_second=calls_per_second)
    number = 40 * calls_per_second
    for webinar in (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR):
        sim.first.send_registrants(*addresses(number), webinar=webinar)
    sim.run()
    sim.check_all_registered_once(3 * number)
    assert sim.most_calls_per_second() <= calls_per_second * environments / 2


def test_the_rate_limit_spans_invocations() -> None:
    sim = Simulation(answer_s=0.0)
    sim.first.drain_seconds = 0
    sim.first.send_registrants(*addresses(200))
    sim.run()
    assert len(sim.starts()) == 20
    assert sim.most_calls_per_second() <= 5


@pytest.mark.parametrize("answer_s", [0.1, 0.5, 3.0])
def test_concurrency_rises_until_the_rate_limit_is_used(answer_s: float) -> None:
    sim = Simulation(answer_s=answer_s)
    sim.first.send_registrants(*addresses(3_000))
    sim.run()
    late = sim.starts()[50:]
    assert late[-1] - late[0] <= 49 / (10 * 0.97 / 2) * 1.01


def test_when_the_quota_runs_low_incomplete_batches_wait_to_be_filled() -> None:
    sim = Simulation()
    sim.first.calls_per_day = 100
    sim.first.start()
    for _ in range(95):
        sim.first.env.rate_limits.quota.take()

    def arrive(name: str) -> Callable[[], object]:
        return lambda: sim.first.send_registrants(f"{name}@example.com")

    sim.run({0.0: arrive("person1"), 15.0: arrive("person2"), 30.0: arrive("person3"), 100.0: arrive("person4")})
    assert sim.sizes() == [3, 1]
    first, second = sim.starts()
    assert first >= limits.SCARCE_WAIT_SECONDS
    assert second >= 100 + limits.SCARCE_WAIT_SECONDS


# ── Concurrency ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_receiving_goes_on_during_calls() -> None:
    """A registrant that arrives during a call is sent before that call ends."""
    sim = Simulation(answer_s=5)
    sim.first.send_registrants("person1@example.com")
    sim.run({1.0: lambda: sim.first.send_registrants("person2@example.com")})
    assert len(sim.first.mapping.invocations) == 1
    first, second = sim.starts()
    assert second < first + 5
    sim.check_all_registered_once(2)


def test_an_invocation_ends_when_messages_arrive_slowly() -> None:
    sim = Simulation()
    moments = {0.3 * place: partial(sim.first.send_registrants, f"person{place}@example.com") for place in range(40)}
    sim.run(moments)
    longest = max(one.ended_at_s - one.started_at_s for one in sim.first.mapping.invocations)
    assert limits.LULL_SECONDS < longest < limits.LULL_SECONDS + 2 * ANSWER_S
    sim.check_all_registered_once(40)


def test_two_environments_share_the_work_and_register_each_once() -> None:
    sim = Simulation(environments=2)
    for webinar in (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR):
        sim.first.send_registrants(*addresses(500), webinar=webinar)
    sim.run()
    sim.check_all_registered_once(1_500)
    assert len(sim.sizes()) <= 51 + 3, "each may have an incomplete batch per webinar"
    assert sim.starts()[-1] <= 51 / 9.7 * 1.1, "neither waits for the other"


@pytest.mark.parametrize("environments", [1, 2])
@pytest.mark.parametrize("stall_s", [0.15, 0.5, 2.0])
def test_calls_that_wait_for_the_quota_keep_the_rate_limit(environments: int, stall_s: float) -> None:
    sim = Simulation(environments=environments)
    sim.first.send_registrants(*addresses(1_500))
    sim.first.dynamodb.latency_s["update_item"] = stall_s
    sim.run()
    assert sim.most_calls_per_second() <= 5 * environments
    sim.check_all_registered_once(1_500)


def test_the_number_of_messages_in_flight_is_bounded() -> None:
    sim = Simulation()
    sim.first.send_registrants(*addresses(6_000))
    most = []

    def sample() -> None:
        queue = sim.first.sqs.queues[sim.first.queue_url]
        most.append(sum(message.visible_at_s > sim.clock() for message in queue.messages.values()))

    sim.run({1.0 * second: sample for second in range(1, 60)}, invocations=1)
    in_progress = 10 * limits.RECEIVERS + 30 * sim.first.env.rate_limits.concurrency.limit
    assert limits.MAX_IN_FLIGHT <= max(most) <= limits.MAX_IN_FLIGHT + in_progress


def test_a_duplicate_that_arrives_during_the_call_shares_its_outcome(checked_for_secrecy: list[Simulation]) -> None:
    sim = Simulation(answer_s=2)
    checked_for_secrecy.append(sim)
    sim.first.send_registrants("person1@example.com")
    sim.run({1.0: lambda: sim.first.send_registrants("PERSON1@example.com")})
    assert len(sim.starts()) == 1
    sim.check_all_registered_once(1)


def test_a_duplicate_that_arrives_during_a_rejected_call_is_rejected_too(checked_for_secrecy: list[Simulation]) -> None:
    sim = Simulation(answer_s=2)
    checked_for_secrecy.append(sim)
    sim.first.account.delete_webinar(WEBINAR)
    sim.first.send_registrants("person1@example.com")
    sim.run({1.0: lambda: sim.first.send_registrants("PERSON1@example.com")})
    assert len(sim.starts()) == 1
    assert sim.first.reasons() == ["webinar_not_found"] * 2
    assert "PERSON1" in sim.first.dead_letters()[1].body
    assert sim.first.waiting() == []


def test_a_duplicate_that_arrives_during_storage_is_deleted_without_a_call() -> None:
    sim = Simulation(answer_s=2)
    sim.first.dynamodb.latency_s["batch_write_item"] = 3
    sim.first.send_registrants("person1@example.com")
    sim.run({3.5: lambda: sim.first.send_registrants("PERSON1@example.com")})
    assert len(sim.starts()) == 1
    assert len(sim.first.logged("Already registered")) == 1
    sim.check_all_registered_once(1)


def test_without_draining_concurrent_calls_send_only_the_event() -> None:
    sim = Simulation()
    sim.first.drain_seconds = 0
    sim.first.send_registrants(*addresses(25))
    sim.run()
    assert sorted(sim.sizes()) == [5, 10, 10]
    assert sim.first.sqs.calls["receive_message"] == 0
    sim.check_all_registered_once(25)
