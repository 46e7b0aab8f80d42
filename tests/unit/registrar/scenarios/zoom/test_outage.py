"""The whole consumer in virtual time through outages: 96 hours up to the dead letter, and ten minutes under load.

The fake queue keeps SQS's limits: 12 hours of visibility per receive, and every receive counts towards the template's
maxReceiveCount. `pytest -s` prints the results.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from registrar.zoom.circuit_breaker import CircuitBreaker

from tests.consumer import DAY_S, MAX_RECEIVES, WEBINAR, Consumer, addresses
from tests.fakes import FakeLambdaContext
from tests.unit.registrar.samples import MIDNIGHT

HOUR_S = 3_600.0
ADA = "ada@example.com"


class CountingConsumer(Consumer):
    """A consumer that counts receives per message, with the usual latencies of SQS and Zoom."""

    def __init__(self, **options: Any) -> None:
        super().__init__(checked=False, **options)
        self.receives: Counter[str] = Counter()
        self.before_receive: Callable[[], None] = lambda: None
        self._receive = self.sqs.receive_message
        self.sqs.receive_message = self._counting_receive  # type: ignore[method-assign]
        for name in ("receive_message", "change_message_visibility_batch", "delete_message_batch"):
            self.sqs.latency_s[name] = 0.03
        self.account.set_latency(1_000)

    def handle(self, event: dict[str, Any], context: FakeLambdaContext) -> dict[str, Any]:
        self.receives.update(record["messageId"] for record in event["Records"])
        return super().handle(event, context)

    def _counting_receive(self, **params: Any) -> Any:
        self.before_receive()
        response = self._receive(**params)
        self.receives.update(found["MessageId"] for found in response.get("Messages", []))
        return response


# ── Ninety-six hours ─────────────────────────────────────────────────────────────────────────────────────────────────


def _down(consumer: Consumer) -> None:
    consumer.transport.is_down = True


def _revoked(consumer: Consumer) -> None:
    consumer.functions.register("RefreshToken", lambda event, context: {})
    consumer.account.revoke_tokens()


OUTAGES: dict[str, tuple[Callable[[Consumer], object], str]] = {
    "no connection": (_down, "zoom_unavailable"),
    "502 to everything": (lambda one: one.account.add_fault(kind="html_502", times=10**6), "zoom_unavailable"),
    "no answer to anything": (lambda one: one.account.add_fault(kind="hang", times=10**6), "zoom_unavailable"),
    "502 to POST alone": (
        lambda one: one.account.add_fault(kind="html_502", call="batch", times=10**6),
        "zoom_unavailable",
    ),
    "a proxy's page instead of everything": (
        lambda one: one.account.add_fault(kind="answer", status=403, body="<html>Blocked</html>", times=10**6),
        "zoom_unavailable",
    ),
    "a login page with status 200": (
        lambda one: one.account.add_fault(kind="answer", status=200, body="<html>Log in</html>", times=10**6),
        "zoom_unavailable",
    ),
    "not confirmed": (
        lambda one: one.account.add_fault(kind="answer", status=200, body={"registrants": []}, call="batch", times=99),
        "not_confirmed",
    ),
    "token refused": (_revoked, "token_rejected"),
    "no scope": (lambda one: one.account.set_profile(scopes=()), "missing_scope"),
    "no calls per day": (lambda one: one.account.set_limits(heavy_per_day=0), "account_daily_limit"),
}


@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_of_96_hours_ends_in_dead_letters(outage: str) -> None:
    consumer = CountingConsumer()
    start_outage, reason = OUTAGES[outage]
    start_outage(consumer)
    consumer.send_registrants(*addresses(2))
    started = consumer.clock()
    consumer.run(hours=96)
    waiting = len(consumer.waiting())
    consumer.run(hours=24)
    hours = (consumer.mapping.invocations[-1].ended_at_s - started) / HOUR_S
    log = consumer.log_lines()
    deferred = sum(line["message"] == "Deferred" for line in log)
    abandoned = sum(len(line["message_ids"]) for line in log if line["message"] == "Messages abandoned")
    print(  # noqa: T201  shown by `pytest -s`
        f"\n96 h, {outage:21}: dead-lettered after {hours:5.1f} h, at most {max(consumer.receives.values()):3} "
        f"receives of {MAX_RECEIVES}; calls {len(consumer.calls()):3}, most attempts per registrant and day "
        f"{consumer.account.highest_attempts()}; deferred {deferred:4}, abandoned {abandoned:4} times",
        end="",
    )
    assert consumer.waiting() == []
    assert consumer.reasons() == [reason] * 2
    assert {row["status"] for row in consumer.rows().values()} == {"rejected"}
    assert max(consumer.receives.values()) <= 480 + 5, "the arithmetic of the template's maxReceiveCount"
    assert consumer.account.highest_attempts() <= (3 if "alone" in outage or "confirmed" in outage else 2)
    if reason != "not_confirmed":
        assert (waiting, hours > 96) == (2, True)
    queue = consumer.sqs.queues[consumer.queue_url]
    assert not queue.redriven
    assert not queue.expired


@pytest.mark.parametrize("hours", [5, 95])
def test_after_an_outage_registrants_are_registered_within_15_minutes(hours: float) -> None:
    consumer = CountingConsumer()
    consumer.transport.is_down = True
    consumer.send_registrants(ADA)
    consumer.run(hours=hours)
    consumer.transport.is_down = False
    recovered = consumer.clock()
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.clock() - recovered < 910


@pytest.mark.parametrize(
    ("header", "hours"),
    [
        (None, 10),
        ("2026-11-24T00:00:00Z", 10),
        ("2026-11-23T20:00:00Z", 6),
        ("Tue, 24 Nov 2026 00:00:00 GMT", 10),
        ("36000", 10),
        ("soon", 10),
        pytest.param("2026-11-22T00:00:00Z", 10, id="in the past"),
        pytest.param("0", 10, id="now"),
        pytest.param("2026-11-30T00:00:00Z", 24, id="a week ahead"),
        pytest.param("604800", 24, id="a week of seconds"),
    ],
)
def test_the_account_daily_limit_is_waited_for_in_steps_of_eleven_hours(header: str | None, hours: float) -> None:
    consumer = CountingConsumer()
    body = {"code": 429, "message": "You have reached the maximum daily rate limit for this API."}
    headers = {} if header is None else {"Retry-After": header}
    consumer.account.add_fault(kind="answer", status=429, body=body, headers=headers, call="batch")
    consumer.send_registrants(*addresses(3))
    started = consumer.clock()
    consumer.run()
    first, second = consumer.calls()
    assert hours * HOUR_S <= second.time - first.time <= hours * HOUR_S + 1_300
    assert Counter(consumer.statuses().values()) == {"registered": 3}
    assert max(consumer.receives.values()) == 2 + (hours > 11) + (hours > 22), "received only to wait on"
    assert consumer.account.highest_attempts() == 1
    assert first.time - started < 1


def test_a_deferral_of_a_whole_day_is_extended_without_a_call_or_a_new_date() -> None:
    consumer = CountingConsumer(start_s=MIDNIGHT - DAY_S + 60)
    consumer.account.add_fault(kind="rate_limit", limit="registrant_day")
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    until = consumer.row()["deferred_until"]
    for _ in range(2):
        (extended,) = consumer.run(invocations=1)
        assert extended.ended_at_s - extended.started_at_s < 1
        assert consumer.row()["deferred_until"] == until
    assert len(consumer.calls()) == 1
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.calls()[-1].time > MIDNIGHT
    assert max(consumer.receives.values()) == 4


# ── Ten minutes under load ───────────────────────────────────────────────────────────────────────────────────────────


class Load(CountingConsumer):
    """Messages wait and keep arriving for 15 minutes while Zoom is unavailable; environments run alternately."""

    def __init__(self, waiting: int, webinars: int, environments: int, fault: dict[str, Any]) -> None:
        super().__init__(seed=7)
        self.webinars = [str(97871060099 + number) for number in range(webinars)]
        for webinar in self.webinars:
            self.account.set_webinar(webinar)
        self.breakers = [CircuitBreaker() for _ in range(environments)]
        self.started = self.clock()
        self.backlog, self.arrived = waiting, 0
        self.before_receive = self._arrive
        self.account.add_fault(times=10**6, **fault)

    def _arrive(self) -> None:
        seconds = min(self.clock() - self.started, 900)
        while self.arrived < self.backlog + int(seconds):
            webinar = self.webinars[self.arrived % len(self.webinars)]
            self.send_registrants(f"person{self.arrived}@example.com", webinar=webinar)
            self.arrived += 1

    def run_until(self, moment: float) -> None:
        while self.clock() < moment:
            self._arrive()
            self.breakers.append(self.breakers.pop(0))
            self.env = replace(self.env, breaker=self.breakers[0])
            if self.mapping.poll() is None:
                self.clock.sleep(1)


# In virtual time environments run one after the other. Where calls hang there is one: the messages of the first
# would return before the second began, unlike in real time.
@pytest.mark.parametrize(
    ("outage", "environments", "webinars", "fault"),
    [
        ("502 to everything", 2, 1, {"kind": "html_502"}),
        ("no answer to anything", 1, 60, {"kind": "hang"}),
        ("502 to POST alone", 2, 60, {"kind": "html_502", "call": "batch"}),
    ],
)
def test_ten_minutes_without_zoom_cost_no_registrant_more_than_one_attempt(
    outage: str, environments: int, webinars: int, fault: dict[str, Any]
) -> None:
    load = Load(600, webinars, environments, fault)
    load.run_until(load.started + 600)
    recovered = load.clock()
    load.account.clear_faults()
    tried = Counter(entry.attempts for entry in load.account.attempts())
    in_flight = {email for call in load.calls()[: 3 * environments] for email in call.emails}
    calls = len(load.calls())
    load.run_until(recovered + 1_200)
    last = max(call.time for call in load.calls())
    print(  # noqa: T201  shown by `pytest -s`
        f"\n10 min, {outage:23}, {webinars:2} webinars, {environments} environments, {load.arrived} registrants: "
        f"{calls} calls in the outage, {len(in_flight)} in flight, {tried.total()} tried: {dict(tried)} times; "
        f"all in {(last - recovered) / 60:.1f} min after it; {max(load.receives.values())} receives at most",
        end="",
    )
    assert Counter(row["status"] for row in load.dynamodb.rows("Registrants")) == {"registered": load.arrived}
    assert load.waiting() == []
    # The batches of three calls per environment, and at worst one registrant per pause of forty seconds.
    assert tried.total() <= len(in_flight) + environments * 600 / 40
    assert max(tried) <= 2
    assert tried[2] <= environments * 600 / 40
    assert load.account.highest_attempts() <= 3
    assert last - recovered < 930


def test_the_first_call_after_an_outage_carries_one_registrant_with_all_attempts_left() -> None:
    consumer = CountingConsumer()
    consumer.account.add_fault(kind="html_502", call="batch", times=10**6)
    consumer.send_registrants(*addresses(30))
    for _ in range(3):
        consumer.env.breaker.record(responded=False, now=consumer.clock() - 60)
    consumer.run(invocations=1)
    assert [call.registrants for call in consumer.calls()] == [1]
    assert len(consumer.rows()) == 1, "the others were not tried, and have no row"
    consumer.run(invocations=1)
    assert len(consumer.calls()) == 1, "and no other registrant during the pause"
    consumer.account.clear_faults()
    consumer.run()
    assert [call.registrants for call in consumer.calls()][1] == 1
    assert Counter(consumer.statuses().values()) == {"registered": 30}
    assert WEBINAR in {call.webinar for call in consumer.calls()}


def test_a_quota_refusal_does_not_close_the_circuit_breaker() -> None:
    consumer = CountingConsumer(calls_per_day=0)
    consumer.send_registrants(ADA)
    for _ in range(3):
        consumer.env.breaker.record(responded=False, now=consumer.clock() - 60)
    consumer.run(invocations=1)
    assert consumer.calls() == []
    consumer.env.breaker.record(responded=False, now=consumer.clock())
    assert consumer.env.breaker.is_open, "half open: the next call decides"
