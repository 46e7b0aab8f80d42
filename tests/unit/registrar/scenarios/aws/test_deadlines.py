"""Deadlines: no call starts that could not be stored in time, and a timeout repeats no finished work."""

from collections import Counter
from typing import Any

import pytest

from tests.consumer import TIMEOUT_S, Consumer, addresses, message
from tests.fakes import Invocation
from tests.unit.registrar.samples import UNKNOWN, deferred_row, put_row

STORE_S, CALL_S = 15, 25


@pytest.fixture
def consumer() -> Consumer:
    return Consumer(checked=False)


def many_webinars(consumer: Consumer, number: int) -> None:
    """Queue one registrant per webinar, so that each needs a call."""
    for place in range(number):
        webinar = str(97871060200 + place)
        consumer.account.set_webinar(webinar)
        consumer.send_registrants("ada@example.com", webinar=webinar)


def check_times(consumer: Consumer, invocation: Invocation) -> None:
    """Assert that this invocation started no call that could not have been stored in time."""
    deadline = invocation.started_at_s + TIMEOUT_S
    calls = [call for call in consumer.calls() if invocation.started_at_s <= call.time <= invocation.ended_at_s]
    assert all(deadline - call.time >= STORE_S + CALL_S / 2 - 1 for call in calls)
    assert invocation.error is None
    assert invocation.ended_at_s <= deadline - 5


@pytest.mark.parametrize("seconds", [0.3, 3, 9, 20, 24.5])
def test_with_a_slow_zoom_the_last_call_is_stored_in_time(consumer: Consumer, seconds: float) -> None:
    consumer.account.set_latency(int(seconds * 1_000))
    many_webinars(consumer, 30)
    consumer.run(invocations=2)
    for invocation in consumer.mapping.invocations:
        check_times(consumer, invocation)
    consumer.run()
    assert {row["status"] for row in consumer.dynamodb.rows("Registrants")} == {"registered"}
    assert consumer.account.highest_attempts() == 1


@pytest.mark.parametrize("operation", ["batch_write_item", "batch_get_item", "delete_message_batch", "receive_message"])
def test_with_slow_aws_calls_the_invocation_ends_in_time(consumer: Consumer, operation: str) -> None:
    fake = consumer.dynamodb if "item" in operation else consumer.sqs
    fake.latency_s[operation] = 3.5
    consumer.account.set_latency(2_000)
    many_webinars(consumer, 40)
    consumer.run(invocations=1)
    check_times(consumer, consumer.mapping.invocations[0])


@pytest.mark.parametrize("refresh_seconds", [5, 20, 34])
@pytest.mark.parametrize("remaining", [41, 50, 65, 80])
def test_after_a_slow_token_refresh_no_late_call_starts(
    consumer: Consumer, remaining: float, refresh_seconds: float
) -> None:
    mint = consumer._refresh

    def slowly(event: Any, context: Any) -> Any:
        consumer.clock.sleep(refresh_seconds)
        return mint(event, context)

    consumer.functions.register("RefreshToken", slowly)
    consumer.account.revoke_tokens()
    consumer.send_registrants("ada@example.com")
    event = consumer.mapping.take()
    assert event is not None
    consumer.mapping.timeout_s = remaining
    consumer.mapping.invoke(event)
    (invocation,) = consumer.mapping.invocations
    started = [call for call in consumer.calls() if call.status != 401]
    assert all(invocation.started_at_s + remaining - call.time >= STORE_S + CALL_S / 2 for call in started)
    assert invocation.error is None
    consumer.mapping.timeout_s = TIMEOUT_S
    consumer.run()
    assert (consumer.row("ada@example.com", "97871060099")["status"], consumer.waiting()) == ("registered", [])
    assert consumer.account.highest_attempts() == 1


@pytest.mark.parametrize("pages", [1, 3, 5, 20])
def test_after_a_long_listing_no_late_last_attempt_starts(consumer: Consumer, pages: int) -> None:
    """Each page takes 24 seconds: one invocation cannot read twenty, and then sends no one it could not query."""
    body = {"registrants": [], "next_page_token": "more"}
    consumer.account.add_fault(kind="answer", status=200, body=body, call="list", times=pages)
    consumer.account.add_fault(kind="answer", status=200, body={"registrants": []}, call="list")
    put_row(consumer, **deferred_row(2, **UNKNOWN))
    consumer.send_registrants("ada@example.com")
    consumer.account.set_latency(24_000)
    consumer.run(invocations=1)
    check_times(consumer, consumer.mapping.invocations[0])
    assert len(consumer.calls()) == (1 if pages < 6 else 0)
    assert consumer.row()["attempts"] == (3 if pages < 6 else 2), "a call that was not made is not counted"


# ── Killed by the timeout ────────────────────────────────────────────────────────────────────────────────────────────


def test_after_a_timeout_finished_work_is_not_repeated(consumer: Consumer) -> None:
    """Reproduce the case of aws-notes.md: Lambda returns the whole event, and 4,384 uploads became 14,727 runs."""
    consumer.send_registrants(*addresses(100))
    receives = iter(range(1, 1_000))

    def hang(**params: Any) -> Any:
        """Hang in a poll after three calls to Zoom."""
        if next(receives) == 9:
            consumer.clock.sleep(1_000)
        return receive(**params)

    receive, consumer.sqs.receive_message = consumer.sqs.receive_message, hang  # type: ignore[method-assign]
    (killed,) = consumer.run(invocations=1)
    assert killed.was_killed
    assert killed.ended_at_s - killed.started_at_s == TIMEOUT_S
    finished = {email for call in consumer.calls() for email in call.emails}
    assert len(finished) == 90
    assert set(consumer.rows()) == finished
    calls = len(consumer.calls())
    assert len(killed.reading.staying) == 10, "Lambda returns the whole event, which is deleted already"

    consumer.run()

    again = [email for call in consumer.calls()[calls:] for email in call.emails]
    assert set(again).isdisjoint(finished)
    assert Counter(again) == Counter(set(addresses(100)) - finished)
    assert consumer.account.highest_attempts() == 1
    assert consumer.waiting() == []


@pytest.mark.parametrize("reports", [True, False])
def test_repeated_timeouts_do_not_multiply_the_calls(consumer: Consumer, reports: bool) -> None:
    """Time out at every second call to Zoom: settled messages stay settled."""
    consumer.mapping.reports_item_failures = reports
    consumer.send_registrants(*addresses(240))
    answers = iter(range(1, 10_000))

    def hang() -> None:
        if next(answers) % 2 == 0:
            consumer.clock.sleep(1_000)

    consumer.transport.after_response = hang
    consumer.run(invocations=4)
    assert sum(invocation.was_killed for invocation in consumer.mapping.invocations) == 3
    consumer.transport.after_response = None
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 240}
    attempts = Counter(entry.attempts for entry in consumer.account.attempts())
    assert attempts[1] >= 120, "half of the calls were settled"
    assert max(attempts) <= 3
    assert consumer.waiting() == []


def test_messages_of_a_killed_invocation_are_visible_soon_after_its_timeout(consumer: Consumer) -> None:
    consumer.send(*(message(email) for email in addresses(30)))
    consumer.transport.after_response = lambda: consumer.clock.sleep(1_000)
    (killed,) = consumer.run(invocations=1)
    assert killed.was_killed
    hidden = [waiting.visible_at_s - killed.ended_at_s for waiting in consumer.sqs.messages(consumer.queue_url)]
    assert len(hidden) == 30
    assert max(hidden) <= 31
