"""Where one lane waits or breaks, in virtual time: the others go on, and nothing outlasts the invocation."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from registrar.queue.batcher import Batcher
from registrar.zoom.rate_limits import ConcurrencyLimit, RateLimiter
from registrar.zoom.token import Tokens

from local.fake_zoom.webinars import Status
from tests.consumer import OTHER_WEBINAR, THIRD_WEBINAR, WEBINAR, people
from tests.fakes.clock import SAMPLE_MOMENT_S
from tests.unit.registrar.scenarios.test_concurrency import ANSWER_S, Crowd


def in_doubt(crowd: Crowd, webinar: str, number: int) -> None:
    """So many people have one attempt left, and Zoom has to be asked about them: its list takes half a minute."""
    consumer = crowd.first
    at_zoom = consumer.account._state.webinars[webinar]
    for email in people(20_000, "else"):
        at_zoom.add(email, "Ada", "Lovelace", Status.APPROVED, consumer.clock())
    row = {"status": "deferred", "reason": "zoom_unavailable", "attempts_on": "2026-11-23"}
    for email in people(number):
        named = {"webinar_id": webinar, "email": email, "updated_at": "2026-11-23T13:00:00Z"}
        item = {name: {"S": value} for name, value in (row | named).items()} | {"attempts": {"N": "2"}}
        consumer.dynamodb.put_item(TableName="Registrants", Item=item)
    consumer.send_people(*people(number), webinar=webinar)


def test_nobody_waits_while_zoom_is_asked_about_somebody_of_another_webinar() -> None:
    crowd = Crowd()
    in_doubt(crowd, WEBINAR, 1)
    crowd.run({1.0: lambda: crowd.first.send_people("person1@example.com", webinar=OTHER_WEBINAR)}, invocations=1)
    assert crowd.starts(OTHER_WEBINAR)[0] < 1 + ANSWER_S
    assert crowd.starts(WEBINAR)[0] > 30


def test_full_calls_go_on_while_zoom_is_asked_about_two_other_webinars() -> None:
    crowd = Crowd()
    for webinar in (WEBINAR, OTHER_WEBINAR):
        in_doubt(crowd, webinar, 30)
    crowd.run({1.0: lambda: crowd.first.send_people(*people(300), webinar=THIRD_WEBINAR)}, invocations=1)
    assert crowd.starts(THIRD_WEBINAR)[0] < 1 + ANSWER_S
    assert crowd.most_in_a_second() <= 5


@pytest.mark.parametrize("is_missing", [True, False])
def test_lanes_that_need_a_token_at_once_ask_once_and_all_go_on(is_missing: bool) -> None:
    """RefreshToken answers at once that another one is minting already: that is no reason to give up."""
    crowd = Crowd()
    consumer = crowd.first
    secret = "Empty" if is_missing else "Token"
    consumer.secrets.add_secret("Empty")
    asked = []

    def refresh(event: Any, _context: Any) -> Any:
        asked.append(event)
        if len(asked) == 1:
            crowd.turns.sleep(1)
            value = json.dumps({"access_token": consumer.account.mint_token()})
            consumer.secrets.put_secret_value(SecretId=secret, SecretString=value)
        return {"minted": len(asked) == 1}

    consumer.functions.register("RefreshToken", refresh)
    clients = (consumer.secrets.client, consumer.functions.client)
    tokens = Tokens(*clients, secret, "RefreshToken", clock=consumer.clock, sleep=consumer.clock.sleep)
    consumer.env = replace(consumer.env, tokens=tokens)
    if not is_missing:
        consumer.account.revoke_tokens()
    consumer.send_people(*people(300))
    crowd.run(invocations=1)
    assert len(asked) == 1
    assert Counter(consumer.statuses().values()) == {"registered": 300}
    assert consumer.logged("Sending stopped") == []


def test_an_environment_that_asks_while_another_one_has_a_token_minted_waits_for_it() -> None:
    crowd = Crowd(environments=2)
    consumer = crowd.first
    asked = []

    def refresh(event: Any, _context: Any) -> Any:
        asked.append(event)
        if len(asked) == 1:
            crowd.turns.sleep(2)
            value = json.dumps({"access_token": consumer.account.mint_token()})
            consumer.secrets.put_secret_value(SecretId="Token", SecretString=value)
        return {"minted": len(asked) == 1}

    consumer.functions.register("RefreshToken", refresh)
    consumer.send_people(*people(1_200))
    crowd.run({2.0: consumer.account.revoke_tokens}, invocations=1)
    assert len(asked) == 2
    assert consumer.logged("Sending stopped") == []
    assert Counter(consumer.statuses().values()) == {"registered": 1_200}


def test_whatever_breaks_between_the_lanes_nothing_is_left_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = Crowd()
    crowd.first.send_people(*people(90))
    next_batch, handed_out, ends = Batcher.next_batch, [], []

    def breaks(hand: Batcher, *args: Any, **named: Any) -> Any:
        batch = next_batch(hand, *args, **named)
        handed_out.append(bool(batch))
        if sum(handed_out) == 2:
            raise ZeroDivisionError
        return batch

    def handle(event: Any, context: Any) -> Any:
        try:
            return crowd.first.handle(event, context)
        finally:
            ends.append(crowd.turns() - SAMPLE_MOMENT_S)

    monkeypatch.setattr(Batcher, "next_batch", breaks)
    crowd.first.mapping.handler = handle
    crowd.run(invocations=1)
    assert ends[0] > ANSWER_S, "the call under way was waited for"
    assert Counter(crowd.first.statuses().values()) == {"registered": 30}
    assert [line["error"] for line in crowd.first.logged("Unexpected error")] == ["ZeroDivisionError"]
    monkeypatch.undo()
    crowd.run()
    crowd.check_everybody_is_in_once(90)


def test_a_turn_that_comes_too_late_is_not_waited_for() -> None:
    """A call a second, a hundredth of it for us: a turn every 206 seconds, and a refused call wants four more."""
    crowd = Crowd(calls_per_second=1)
    consumer = crowd.first
    pace = RateLimiter(1, 1, crowd.turns.monotonic, crowd.turns.sleep)
    rate_limits = replace(consumer.env.rate_limits, calls=pace, concurrency=ConcurrencyLimit(pace.per_second))
    consumer.env = replace(consumer.env, rate_limits=rate_limits)
    consumer.account.add_fault(kind="answer", status=400, body={"code": 300, "message": "Validation Failed."})
    consumer.send_people(*people(10))
    crowd.run()
    assert all(invocation.error is None for invocation in consumer.mapping.invocations), "killed while it waited"
    assert Counter(consumer.statuses().values()) == {"registered": 10}
    assert consumer.account.highest_attempts() <= 3


def test_where_nothing_more_may_be_received_scarce_calls_are_not_waited_for() -> None:
    crowd = Crowd()
    crowd.first.calls_per_day, crowd.first.drain_seconds = 100, 0
    crowd.first.start()
    for _ in range(95):
        crowd.first.env.rate_limits.quota.take()
    crowd.first.send_people("person1@example.com")
    crowd.run()
    assert len(crowd.first.mapping.invocations) == 1
    assert crowd.starts()[0] < 1
