"""Calls and receives side by side, in virtual time: fast, paced, fair, and no less careful than one after the other."""

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from registrar import limits

from tests.consumer import OTHER_WEBINAR, THIRD_WEBINAR, WEBINAR, Consumer, people
from tests.fakes import EventSourceMapping
from tests.fakes.clock import SAMPLE_MOMENT_S
from tests.fakes.simulation import SimulatedClock

ANSWER_S = 0.5
AWS_S = 0.01


class Crowd:
    """Consumers side by side on one queue; times in seconds since the beginning."""

    def __init__(self, *, environments: int = 1, calls_per_second: int = 10, answer_s: float = ANSWER_S) -> None:
        self.turns = SimulatedClock(SAMPLE_MOMENT_S, seed=1)
        self.first = Consumer(clock=self.turns, calls_per_second=calls_per_second, checked=False)
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
        """Let them work until nothing waits; what happens at a moment happens beside them."""
        left = dict(moments or {})

        def happen() -> None:
            for moment in sorted(left):
                self.turns.advance_to(SAMPLE_MOMENT_S + moment)
                left.pop(moment)()

        def work(consumer: Consumer) -> None:
            while len(consumer.mapping.invocations) < invocations:
                event = consumer.mapping.take()
                if event is not None:
                    consumer.mapping.invoke(event)
                elif not left and not consumer.waiting():
                    return
                else:
                    self.turns.sleep(0.05)

        lives = {f"consumer {place}": lambda one=one: work(one) for place, one in enumerate(self.consumers)}  # type: ignore[misc]
        self.turns.run({"the others": happen, **lives})

    def starts(self, webinar: str | None = None) -> list[float]:
        """When each batch call began."""
        calls = [call for call in self.first.calls() if webinar in {None, call.webinar}]
        return [call.time - SAMPLE_MOMENT_S for call in calls]

    def sizes(self) -> list[int]:
        return [call.registrants for call in self.first.calls()]

    def most_in_a_second(self) -> int:
        """Calls in the fullest second, wherever it begins."""
        starts = self.starts()
        return max(sum(start <= other < start + 1 for other in starts) for start in starts)

    def check_everybody_is_in_once(self, number: int) -> None:
        rows = self.first.dynamodb.rows("Registrants")
        assert Counter(row["status"] for row in rows) == {"registered": number}
        assert self.first.account.highest_attempts() == 1
        assert {call.status for call in self.first.calls()} == {201}
        assert self.first.waiting() == []


@pytest.fixture
def told() -> Iterator[list[Crowd]]:
    """Whatever their story, they have told of nobody in the end."""
    crowds: list[Crowd] = []
    yield crowds
    for crowd in crowds:
        crowd.first.check_secrecy()


# ── Something breaks ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_lane_that_breaks_takes_nobody_else_along() -> None:
    crowd = Crowd()
    crowd.first.send_people(*people(90))
    breaks = iter([False, True])
    register = crowd.first.line.send

    def send(*arguments: object, **named: object) -> object:
        if next(breaks, False):
            raise ZeroDivisionError
        return register(*arguments, **named)  # type: ignore[arg-type]

    crowd.first.line.send = send  # type: ignore[method-assign,assignment]
    crowd.run(invocations=1)
    assert Counter(crowd.first.statuses().values()) == {"registered": len(crowd.first.calls()) * 30}
    assert len(crowd.first.waiting()) == 90 - len(crowd.first.rows())
    assert [line["error"] for line in crowd.first.logged("Unexpected error")] == ["ZeroDivisionError"]
    crowd.run()
    crowd.check_everybody_is_in_once(90)


def test_while_zoom_does_not_answer_only_a_handful_of_calls_is_at_risk() -> None:
    crowd = Crowd()
    crowd.first.send_people(*people(3_000))
    hang = {"kind": "hang", "processed": "no", "call": "batch", "times": 1_000}
    crowd.run({10.0: lambda: crowd.first.account.add_fault(**hang), 40.0: crowd.first.account.clear_faults})
    lost = Counter(entry.attempts for entry in crowd.first.account.attempts())[2]
    assert 0 < lost <= 30 * crowd.first.env.rate_limits.concurrency.limit
    assert Counter(crowd.first.statuses().values()) == {"registered": 3_000}
    assert crowd.first.account.highest_attempts() == 2


def test_thousands_in_hand_go_back_in_a_moment() -> None:
    """One after the other, the calls that give 3,000 back would take a quarter of a minute."""
    crowd = Crowd()
    crowd.first.sqs.latency_s["change_message_visibility_batch"] = 0.05
    crowd.first.send_people(*people(4_000))
    day_is_over = {"kind": "rate_limit", "limit": "account_day", "call": "batch"}
    crowd.run({4.0: lambda: crowd.first.account.add_fault(**day_is_over)}, invocations=1)
    (invocation,) = crowd.first.mapping.invocations
    given_back = sum(len(line["message_ids"]) for line in crowd.first.logged("Messages abandoned"))
    assert given_back > 3_000
    assert invocation.ended_at_s - SAMPLE_MOMENT_S < 4 + 5
    assert {message.visible_at_s > invocation.ended_at_s + 60 for message in _hidden(crowd)} == {True}


def _hidden(crowd: Crowd) -> list[Any]:
    return list(crowd.first.sqs.queues[crowd.first.queue_url].messages.values())


def test_where_zoom_takes_one_call_for_a_webinar_at_once_it_gets_one() -> None:
    crowd = Crowd()
    crowd.first.send_people(*people(300))
    crowd.first.send_people(*people(90), webinar=OTHER_WEBINAR)
    crowd.first.account.add_fault(kind="rate_limit", limit="concurrent", call="batch", webinar=WEBINAR)
    crowd.run()
    refused = next(call for call in crowd.first.calls() if call.status == 429)
    later = [start for start in crowd.starts(WEBINAR) if start > refused.time - SAMPLE_MOMENT_S + ANSWER_S]
    assert len(later) > 5
    assert all(next_one - one >= ANSWER_S for one, next_one in pairwise(later))
    assert min(next_one - one for one, next_one in pairwise(crowd.starts())) < ANSWER_S, "others go on beside it"
    assert len(crowd.first.dynamodb.rows("Registrants")) == 390
    assert crowd.first.account.highest_attempts() == 1


# ── The pace ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("calls_per_second", [10, 40])
@pytest.mark.parametrize("environments", [1, 2])
def test_no_second_holds_more_calls_than_the_plan_allows(environments: int, calls_per_second: int) -> None:
    crowd = Crowd(environments=environments, calls_per_second=calls_per_second)
    crowd.first.account.set_limits(heavy_per_second=calls_per_second)
    number = 40 * calls_per_second
    for webinar in (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR):
        crowd.first.send_people(*people(number), webinar=webinar)
    crowd.run()
    crowd.check_everybody_is_in_once(3 * number)
    assert crowd.most_in_a_second() <= calls_per_second * environments / 2


def test_the_pace_goes_on_from_one_invocation_to_the_next() -> None:
    crowd = Crowd(answer_s=0.0)
    crowd.first.drain_seconds = 0
    crowd.first.send_people(*people(200))
    crowd.run()
    assert len(crowd.starts()) == 20
    assert crowd.most_in_a_second() <= 5


@pytest.mark.parametrize("answer_s", [0.1, 0.5, 3.0])
def test_there_are_as_many_calls_at_once_as_the_pace_asks_for(answer_s: float) -> None:
    crowd = Crowd(answer_s=answer_s)
    crowd.first.send_people(*people(3_000))
    crowd.run()
    late = crowd.starts()[50:]
    assert late[-1] - late[0] <= 49 / (10 * 0.97 / 2) * 1.01


def test_near_the_end_of_the_days_calls_incomplete_ones_wait_to_be_filled() -> None:
    crowd = Crowd()
    crowd.first.calls_per_day = 100
    crowd.first.start()
    for _ in range(95):
        crowd.first.env.rate_limits.quota.take()

    def arrive(name: str) -> Callable[[], object]:
        return lambda: crowd.first.send_people(f"{name}@example.com")

    crowd.run({0.0: arrive("person1"), 15.0: arrive("person2"), 30.0: arrive("person3"), 100.0: arrive("person4")})
    assert crowd.sizes() == [3, 1]
    first, second = crowd.starts()
    assert first >= limits.SCARCE_WAIT_SECONDS
    assert second >= 100 + limits.SCARCE_WAIT_SECONDS


# ── Side by side ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_receiving_goes_on_while_calls_are_under_way() -> None:
    """Eve comes during Ada's call; hers begins before Ada's has ended."""
    crowd = Crowd(answer_s=5)
    crowd.first.send_people("person1@example.com")
    crowd.run({1.0: lambda: crowd.first.send_people("person2@example.com")})
    assert len(crowd.first.mapping.invocations) == 1
    first, second = crowd.starts()
    assert second < first + 5
    crowd.check_everybody_is_in_once(2)


def test_an_invocation_ends_where_people_come_so_slowly_that_the_mapping_keeps_up() -> None:
    crowd = Crowd()
    moments = {0.3 * place: partial(crowd.first.send_people, f"person{place}@example.com") for place in range(40)}
    crowd.run(moments)
    longest = max(one.ended_at_s - one.started_at_s for one in crowd.first.mapping.invocations)
    assert limits.LULL_SECONDS < longest < limits.LULL_SECONDS + 2 * ANSWER_S
    crowd.check_everybody_is_in_once(40)


def test_two_environments_share_the_work_and_double_nobody() -> None:
    crowd = Crowd(environments=2)
    for webinar in (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR):
        crowd.first.send_people(*people(500), webinar=webinar)
    crowd.run()
    crowd.check_everybody_is_in_once(1_500)
    assert len(crowd.sizes()) <= 51 + 3, "each may have a rest of each webinar"
    assert crowd.starts()[-1] <= 51 / 9.7 * 1.1, "neither waits for the other"


@pytest.mark.parametrize("environments", [1, 2])
@pytest.mark.parametrize("stall_s", [0.15, 0.5, 2.0])
def test_calls_that_wait_for_the_days_budget_keep_their_distance(environments: int, stall_s: float) -> None:
    crowd = Crowd(environments=environments)
    crowd.first.send_people(*people(1_500))
    crowd.first.dynamodb.latency_s["update_item"] = stall_s
    crowd.run()
    assert crowd.most_in_a_second() <= 5 * environments
    crowd.check_everybody_is_in_once(1_500)


def test_the_people_in_hand_are_bounded() -> None:
    crowd = Crowd()
    crowd.first.send_people(*people(6_000))
    most = []

    def look() -> None:
        queue = crowd.first.sqs.queues[crowd.first.queue_url]
        most.append(sum(message.visible_at_s > crowd.turns() for message in queue.messages.values()))

    crowd.run({1.0 * second: look for second in range(1, 60)}, invocations=1)
    under_way = 10 * limits.RECEIVERS + 30 * crowd.first.env.rate_limits.concurrency.limit
    assert limits.MAX_IN_FLIGHT <= max(most) <= limits.MAX_IN_FLIGHT + under_way


def test_who_comes_during_the_call_of_his_like_shares_its_outcome(told: list[Crowd]) -> None:
    crowd = Crowd(answer_s=2)
    told.append(crowd)
    crowd.first.send_people("person1@example.com")
    crowd.run({1.0: lambda: crowd.first.send_people("PERSON1@example.com")})
    assert len(crowd.starts()) == 1
    crowd.check_everybody_is_in_once(1)


def test_who_is_rejected_is_rejected_with_whoever_came_during_his_call(told: list[Crowd]) -> None:
    crowd = Crowd(answer_s=2)
    told.append(crowd)
    crowd.first.account.delete_webinar(WEBINAR)
    crowd.first.send_people("person1@example.com")
    crowd.run({1.0: lambda: crowd.first.send_people("PERSON1@example.com")})
    assert len(crowd.starts()) == 1
    assert crowd.first.reasons() == ["webinar_not_found"] * 2
    assert "PERSON1" in crowd.first.dead_letters()[1].body
    assert crowd.first.waiting() == []


def test_who_comes_while_his_like_is_being_stored_is_acknowledged_without_a_call() -> None:
    crowd = Crowd(answer_s=2)
    crowd.first.dynamodb.latency_s["batch_write_item"] = 3
    crowd.first.send_people("person1@example.com")
    crowd.run({3.5: lambda: crowd.first.send_people("PERSON1@example.com")})
    assert len(crowd.starts()) == 1
    assert len(crowd.first.logged("Already registered")) == 1
    crowd.check_everybody_is_in_once(1)


def test_without_draining_an_invocation_sends_its_own_event_and_nothing_else() -> None:
    crowd = Crowd()
    crowd.first.drain_seconds = 0
    crowd.first.send_people(*people(25))
    crowd.run()
    assert sorted(crowd.sizes()) == [5, 10, 10]
    assert crowd.first.sqs.calls["receive_message"] == 0
    crowd.check_everybody_is_in_once(25)
