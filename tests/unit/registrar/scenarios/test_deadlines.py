"""Time that runs out: nothing is begun that cannot be stored, and a killed function repeats no finished work."""

from collections import Counter
from typing import Any

import pytest

from tests.consumer import TIMEOUT_S, Consumer, message, people
from tests.fakes import Invocation
from tests.unit.registrar.registration.test_reservation import waits, write
from tests.unit.registrar.scenarios.test_unknown_outcomes import UNKNOWN

STORE_S, CALL_S = 15, 25


@pytest.fixture
def consumer() -> Consumer:
    return Consumer(checked=False)


def many_webinars(consumer: Consumer, number: int) -> None:
    """One person in each, so that each costs a call."""
    for place in range(number):
        webinar = str(97871060200 + place)
        consumer.account.set_webinar(webinar)
        consumer.send_people("ada@example.com", webinar=webinar)


def check_times(consumer: Consumer, invocation: Invocation) -> None:
    """No call of this invocation was begun that could not have been stored in time."""
    deadline = invocation.started_at_s + TIMEOUT_S
    mine = [call for call in consumer.calls() if invocation.started_at_s <= call.time <= invocation.ended_at_s]
    assert all(deadline - call.time >= STORE_S + CALL_S / 2 - 1 for call in mine)
    assert invocation.error is None
    assert invocation.ended_at_s <= deadline - 5


@pytest.mark.parametrize("seconds", [0.3, 3, 9, 20, 24.5])
def test_however_slow_zoom_is_the_last_call_is_stored_in_time(consumer: Consumer, seconds: float) -> None:
    consumer.account.set_latency(int(seconds * 1_000))
    many_webinars(consumer, 30)
    consumer.run(invocations=2)
    for invocation in consumer.mapping.invocations:
        check_times(consumer, invocation)
    consumer.run()
    assert {row["status"] for row in consumer.dynamodb.rows("Registrants")} == {"registered"}
    assert consumer.account.highest_attempts() == 1


@pytest.mark.parametrize("operation", ["batch_write_item", "batch_get_item", "delete_message_batch", "receive_message"])
def test_however_slow_our_own_side_is_nobody_is_killed(consumer: Consumer, operation: str) -> None:
    fake = consumer.dynamodb if "item" in operation else consumer.sqs
    fake.latency_s[operation] = 3.5
    consumer.account.set_latency(2_000)
    many_webinars(consumer, 40)
    consumer.run(invocations=1)
    check_times(consumer, consumer.mapping.invocations[0])


@pytest.mark.parametrize("refresh_seconds", [5, 20, 34])
@pytest.mark.parametrize("remaining", [41, 50, 65, 80])
def test_a_slow_token_does_not_begin_a_call_that_cannot_be_stored(
    consumer: Consumer, remaining: float, refresh_seconds: float
) -> None:
    mint = consumer._refresh

    def slowly(event: Any, context: Any) -> Any:
        consumer.clock.sleep(refresh_seconds)
        return mint(event, context)

    consumer.functions.register("RefreshToken", slowly)
    consumer.account.revoke_tokens()
    consumer.send_people("ada@example.com")
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


@pytest.mark.parametrize("pages", [1, 3, 8, 20])
def test_a_long_list_does_not_begin_a_last_attempt_that_cannot_be_stored(consumer: Consumer, pages: int) -> None:
    """Each page takes 24 seconds: twenty of them are not read in one invocation, and nobody is sent unasked."""
    body = {"registrants": [], "next_page_token": "more"}
    consumer.account.add_fault(kind="answer", status=200, body=body, call="list", times=pages)
    consumer.account.add_fault(kind="answer", status=200, body={"registrants": []}, call="list")
    write(consumer, **waits(2, **UNKNOWN))
    consumer.send_people("ada@example.com")
    consumer.account.set_latency(24_000)
    consumer.run(invocations=1)
    check_times(consumer, consumer.mapping.invocations[0])
    assert len(consumer.calls()) == (1 if pages < 9 else 0)
    assert consumer.row()["attempts"] == (3 if pages < 9 else 2), "what was not sent is not counted"


# ── Killed all the same ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_function_killed_by_its_timeout_repeats_no_finished_work(consumer: Consumer) -> None:
    """The case of aws-notes.md: Lambda returns the whole event, and 4,384 uploads became 14,727 runs."""
    consumer.send_people(*people(100))
    receives = iter(range(1, 1_000))

    def hang(**params: Any) -> Any:
        """After three calls to Zoom a poll hangs for ever."""
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
    assert len(killed.reading.staying) == 10, "Lambda gives the whole event back, which is deleted already"

    consumer.run()

    again = [email for call in consumer.calls()[calls:] for email in call.emails]
    assert set(again).isdisjoint(finished)
    assert Counter(again) == Counter(set(people(100)) - finished)
    assert consumer.account.highest_attempts() == 1
    assert consumer.waiting() == []


@pytest.mark.parametrize("reports", [True, False])
def test_killed_again_and_again_the_work_ends_and_is_not_multiplied(consumer: Consumer, reports: bool) -> None:
    """Functions die at every second call to Zoom: what was settled before stays settled."""
    consumer.mapping.reports_item_failures = reports
    consumer.send_people(*people(240))
    answers = iter(range(1, 10_000))

    def die() -> None:
        if next(answers) % 2 == 0:
            consumer.clock.sleep(1_000)

    consumer.line.after_answer = die
    consumer.run(invocations=4)
    assert sum(invocation.was_killed for invocation in consumer.mapping.invocations) == 3
    consumer.line.after_answer = None
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 240}
    attempts = Counter(entry.attempts for entry in consumer.account.attempts())
    assert attempts[1] >= 120, "half of the calls were settled"
    assert max(attempts) <= 3
    assert consumer.waiting() == []


def test_the_event_is_hidden_no_longer_than_a_killed_function_can_hold_it(consumer: Consumer) -> None:
    consumer.send(*(message(email) for email in people(30)))
    consumer.line.after_answer = lambda: consumer.clock.sleep(1_000)
    (killed,) = consumer.run(invocations=1)
    assert killed.was_killed
    hidden = [waiting.visible_at_s - killed.ended_at_s for waiting in consumer.sqs.messages(consumer.queue_url)]
    assert len(hidden) == 30
    assert max(hidden) <= 31
