"""In virtual time: while one thread waits or fails, the others go on, and nothing outlasts the invocation."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from registrar.queue.batcher import Batcher
from registrar.zoom.rate_limits import ConcurrencyLimit, RateLimiter
from registrar.zoom.token_cache import Tokens

from local.fake_zoom.webinars import Status
from tests.consumer import OTHER_WEBINAR, THIRD_WEBINAR, WEBINAR, addresses
from tests.fakes.clock import SAMPLE_MOMENT_S
from tests.unit.registrar.scenarios.aws.test_concurrency import ANSWER_S, Simulation


def queue_maybe_registered(sim: Simulation, webinar: str, number: int) -> None:
    """Queue registrants with one attempt left; Zoom must be queried about them, and its list takes half a minute."""
    consumer = sim.first
    at_zoom = consumer.account._state.webinars[webinar]
    for email in addresses(20_000, "else"):
        at_zoom.add(email, "Ada", "Lovelace", Status.APPROVED, consumer.clock())
    row = {"status": "deferred", "reason": "zoom_unavailable", "attempts_on": "2026-11-23"}
    for email in addresses(number):
        identity = {"webinar_id": webinar, "email": email, "updated_at": "2026-11-23T13:00:00Z"}
        item = {name: {"S": value} for name, value in (row | identity).items()} | {"attempts": {"N": "2"}}
        consumer.dynamodb.put_item(TableName="Registrants", Item=item)
    consumer.send_registrants(*addresses(number), webinar=webinar)


def test_a_query_for_one_webinar_does_not_delay_another() -> None:
    sim = Simulation()
    queue_maybe_registered(sim, WEBINAR, 1)
    sim.run({1.0: lambda: sim.first.send_registrants("person1@example.com", webinar=OTHER_WEBINAR)}, invocations=1)
    assert sim.starts(OTHER_WEBINAR)[0] < 1 + ANSWER_S
    assert sim.starts(WEBINAR)[0] > 30


def test_full_batches_go_on_during_queries_for_two_other_webinars() -> None:
    sim = Simulation()
    for webinar in (WEBINAR, OTHER_WEBINAR):
        queue_maybe_registered(sim, webinar, 30)
    sim.run({1.0: lambda: sim.first.send_registrants(*addresses(300), webinar=THIRD_WEBINAR)}, invocations=1)
    assert sim.starts(THIRD_WEBINAR)[0] < 1 + ANSWER_S
    assert sim.most_calls_per_second() <= 5


def mint_slowly(sim: Simulation, secret: str, seconds: float) -> list[Any]:
    """Let only the first request of RefreshToken mint a token, after a while; return the list of requests."""
    consumer, requests = sim.first, []

    def refresh(event: Any, _context: Any) -> Any:
        requests.append(event)
        if len(requests) == 1:
            sim.clock.sleep(seconds)
            value = json.dumps({"access_token": consumer.account.mint_token()})
            consumer.secrets.put_secret_value(SecretId=secret, SecretString=value)
        return {"minted": len(requests) == 1}

    consumer.functions.register("RefreshToken", refresh)
    return requests


@pytest.mark.parametrize("is_missing", [True, False])
def test_threads_that_need_a_token_at_once_request_one_and_all_go_on(is_missing: bool) -> None:
    """A response of RefreshToken that another invocation is minting does not stop sending."""
    sim = Simulation()
    consumer = sim.first
    secret = "Empty" if is_missing else "Token"
    consumer.secrets.add_secret("Empty")
    requests = mint_slowly(sim, secret, seconds=1)
    clients = (consumer.secrets.client, consumer.functions.client)
    tokens = Tokens(*clients, secret, "RefreshToken", clock=consumer.clock, sleep=consumer.clock.sleep)
    consumer.env = replace(consumer.env, tokens=tokens)
    if not is_missing:
        consumer.account.revoke_tokens()
    consumer.send_registrants(*addresses(300))
    sim.run(invocations=1)
    assert len(requests) == 1
    assert Counter(consumer.statuses().values()) == {"registered": 300}
    assert consumer.logged("Sending stopped") == []


def test_an_environment_waits_for_a_token_that_another_one_requested() -> None:
    sim = Simulation(environments=2)
    consumer = sim.first
    requests = mint_slowly(sim, "Token", seconds=2)
    consumer.send_registrants(*addresses(1_200))
    sim.run({2.0: consumer.account.revoke_tokens}, invocations=1)
    assert len(requests) == 2
    assert consumer.logged("Sending stopped") == []
    assert Counter(consumer.statuses().values()) == {"registered": 1_200}


def test_an_error_between_tasks_waits_for_calls_in_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    sim = Simulation()
    sim.first.send_registrants(*addresses(90))
    next_batch, batches, ends = Batcher.next_batch, [], []

    def fail_at_second(batcher: Batcher, *args: Any, **named: Any) -> Any:
        batch = next_batch(batcher, *args, **named)
        batches.append(bool(batch))
        if sum(batches) == 2:
            raise ZeroDivisionError
        return batch

    def handle(event: Any, context: Any) -> Any:
        try:
            return sim.first.handle(event, context)
        finally:
            ends.append(sim.clock() - SAMPLE_MOMENT_S)

    monkeypatch.setattr(Batcher, "next_batch", fail_at_second)
    sim.first.mapping.handler = handle
    sim.run(invocations=1)
    assert ends[0] > ANSWER_S, "the call in progress was waited for"
    assert Counter(sim.first.statuses().values()) == {"registered": 30}
    assert [line["error"] for line in sim.first.logged("Unexpected error")] == ["ZeroDivisionError"]
    monkeypatch.undo()
    sim.run()
    sim.check_all_registered_once(90)


def test_a_rate_limit_slot_after_the_deadline_is_not_waited_for() -> None:
    """At 1 % of one call per second a slot comes every 206 seconds, and a refused batch needs four more."""
    sim = Simulation(calls_per_second=1)
    consumer = sim.first
    limiter = RateLimiter(1, 1, sim.clock.monotonic, sim.clock.sleep)
    rate_limits = replace(consumer.env.rate_limits, calls=limiter, concurrency=ConcurrencyLimit(limiter.per_second))
    consumer.env = replace(consumer.env, rate_limits=rate_limits)
    consumer.account.add_fault(kind="answer", status=400, body={"code": 300, "message": "Validation Failed."})
    consumer.send_registrants(*addresses(10))
    sim.run()
    assert all(invocation.error is None for invocation in consumer.mapping.invocations), "killed while it waited"
    assert Counter(consumer.statuses().values()) == {"registered": 10}
    assert consumer.account.highest_attempts() <= 3


def test_without_draining_incomplete_batches_do_not_wait() -> None:
    sim = Simulation()
    sim.first.calls_per_day, sim.first.drain_seconds = 100, 0
    sim.first.start()
    for _ in range(95):
        sim.first.env.rate_limits.quota.take()
    sim.first.send_registrants("person1@example.com")
    sim.run()
    assert len(sim.first.mapping.invocations) == 1
    assert sim.starts()[0] < 1
