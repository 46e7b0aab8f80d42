"""Whole stories with a broken AWS, and with deaths: nothing is lost, nobody pays more than three attempts a day."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, message, people
from tests.fakes import TimeIsUp

ADA = "ada@example.com"

OPERATIONS = [
    ("sqs", "receive_message"),
    ("sqs", "change_message_visibility_batch"),
    ("sqs", "delete_message_batch"),
    ("sqs", "send_message_batch"),
    ("dynamodb", "batch_get_item"),
    ("dynamodb", "batch_write_item"),
    ("dynamodb", "put_item"),
    ("dynamodb", "update_item"),
    ("secrets", "get_secret_value"),
    ("functions", "invoke"),
]

BREAK: dict[str, Callable[[Any, str], None]] = {
    "throttled": lambda fake, operation: fake.throttle(operation),
    "denied": lambda fake, operation: fake.deny(operation),
    "out of reach": lambda fake, operation: fake.unreachable(operation),
    "answers lost": lambda fake, operation: fake.lose_answer(operation, times=1_000),
    "once": lambda fake, operation: fake.fail_next(operation, "InternalServerError"),
    "answer lost once": lambda fake, operation: fake.lose_answer(operation),
    "an error nobody foresaw": lambda fake, operation: fake.fail_next(operation, RuntimeError("ada@example.com")),
    "killed": lambda fake, operation: fake.fail_next(operation, TimeIsUp()),
}


def fill(consumer: Consumer) -> None:
    """Everything at once: full calls, a webinar that is over, wrong messages, an old token.

    No duplicates: two different messages of one person, neither of which left a trace, may cost a fourth attempt.
    """
    consumer.account.set_webinar(OTHER_WEBINAR, start_time="2020-01-01T00:00:00Z")
    consumer.account.revoke_tokens()
    consumer.send_people(*people(35))
    consumer.send_people(*people(5), webinar=OTHER_WEBINAR)
    consumer.send("not json", message("augusta@example.com", first_name="\x00"))


def check_end(consumer: Consumer) -> None:
    """Everybody ended where he should, and it cost no more than allowed."""
    assert consumer.waiting() == []
    assert Counter(consumer.statuses().values()) == {"registered": 35, "rejected": 1}
    assert Counter(consumer.statuses(OTHER_WEBINAR).values()) == {"rejected": 5}
    buried = {letter.body: letter.attributes["reason"] for letter in consumer.dead_letters()}
    assert Counter(buried.values()) == {"webinar_over": 5, "malformed_message": 1, "invalid_registrant": 1}
    assert consumer.account.highest_attempts() <= 3


def check_answers(consumer: Consumer) -> None:
    """Every invocation that was not killed has answered, and Lambda has understood it."""
    for invocation in consumer.mapping.invocations:
        if invocation.error is not None:
            # Not while people are settled: only while the event is opened may an error nobody foresaw return it whole.
            assert type(invocation.error) in {TimeIsUp, RuntimeError}
        else:
            assert invocation.reading.fault is None


@pytest.mark.parametrize("how", BREAK)
@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=str)
def test_whatever_breaks_everybody_ends_well_once_it_is_mended(
    consumer: Consumer, service: str, operation: str, how: str
) -> None:
    fill(consumer)
    fake = getattr(consumer, service)
    BREAK[how](fake, operation)
    consumer.run(invocations=4)
    check_answers(consumer)
    fake.heal()
    consumer.run()
    check_answers(consumer)
    check_end(consumer)


@pytest.mark.parametrize("number", range(1, 9))
def test_killed_at_any_write_of_a_smooth_delivery(consumer: Consumer, number: int) -> None:
    """The n-th call that changes something outside never comes back: the environment is gone."""
    consumer.send_people(*people(35))
    calls = iter(range(1, 100))

    def dies(_: Any) -> bool:
        return next(calls) == number

    for fake in (consumer.sqs, consumer.dynamodb):
        for name in ("change_message_visibility_batch", "delete_message_batch", "batch_write_item", "update_item"):
            fake.fail_next(name, TimeIsUp(), when=dies)
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 35}
    assert consumer.waiting() == []
    assert consumer.account.highest_attempts() <= 2


def test_killed_between_zooms_answer_and_our_write_nobody_is_lost_or_hidden_for_long(consumer: Consumer) -> None:
    deaths = iter([TimeIsUp()])

    def die_once() -> None:
        for death in deaths:
            raise death

    consumer.line.after_answer = die_once
    consumer.send_people(*people(30))
    started = consumer.clock()
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 30}
    assert consumer.account.highest_attempts() == 2
    assert {(row["attempts"], row["attempts_on"]) for row in consumer.rows().values()} == {(2, "2026-11-23")}
    assert consumer.clock() - started < 400


def test_killed_after_every_answer_nobody_is_tried_more_than_three_times_a_day(consumer: Consumer) -> None:
    def die() -> None:
        raise TimeIsUp

    consumer.line.after_answer = die
    consumer.send_people(*people(5))
    consumer.run(hours=30)
    assert consumer.account.highest_attempts() == 2, "the last attempt waits until Zoom was asked"
    consumer.line.after_answer = None
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 5}


def test_a_second_message_does_not_hide_an_attempt_of_the_first(consumer: Consumer) -> None:
    """Killed with the first message, then both are in hand, the fresh one leading."""
    deaths = [TimeIsUp(), TimeIsUp()]

    def die() -> None:
        if deaths:
            raise deaths.pop()

    consumer.line.after_answer = die
    consumer.send_people(ADA)
    consumer.run(invocations=1)
    consumer.clock.sleep(330)
    queue = consumer.sqs.queues[consumer.queue_url]
    queue.settle(consumer.clock())
    consumer.send_people(ADA)
    event = consumer.mapping.take()
    assert event is not None
    event["Records"].sort(key=lambda record: record["attributes"]["ApproximateReceiveCount"])
    assert [record["attributes"]["ApproximateReceiveCount"] for record in event["Records"]] == ["1", "2"]
    consumer.mapping.invoke(event)
    consumer.account.add_fault(kind="html_502", call="batch", times=50)
    consumer.run(hours=9)
    assert consumer.account.highest_attempts() == 2, "before the third, Zoom is asked, and knows her"


def test_a_table_that_is_gone_does_not_burn_the_receive_counts(consumer: Consumer) -> None:
    consumer.dynamodb.unreachable()
    consumer.send_people(ADA)
    consumer.run(hours=10)
    (waiting,) = consumer.sqs.messages(consumer.queue_url)
    assert waiting.receive_count <= 60
    assert consumer.calls() == [], "nobody is sent who could not be stored"


def test_a_dead_letter_queue_that_is_gone_keeps_everybody_on_the_queue(consumer: Consumer) -> None:
    consumer.sqs.deny("send_message_batch")
    fill(consumer)
    consumer.run(hours=3)
    bodies = Counter(waiting.body for waiting in consumer.sqs.messages(consumer.queue_url))
    assert len(bodies) == 7
    assert len([call for call in consumer.calls() if call.webinar == OTHER_WEBINAR]) <= 2


def test_when_sending_stops_who_was_not_tried_gets_no_row(consumer: Consumer) -> None:
    consumer.account.set_profile(scopes=())
    consumer.send_people(*people(45))
    consumer.run(invocations=1)
    assert len(consumer.rows()) == 30
    assert len(consumer.waiting()) == 45


def test_an_error_nobody_foresaw_is_told_by_type_and_place_only(consumer: Consumer) -> None:
    consumer.dynamodb.fail_next("batch_get_item", RuntimeError("ada@example.com"))
    consumer.send_people(ADA)
    (invocation,) = consumer.run(invocations=1)
    (line,) = consumer.logged("Unexpected error")
    assert line["error"] == "RuntimeError"
    assert any(place.startswith("registrant_table.py:") for place in line["where"])
    assert [item["itemIdentifier"] for item in invocation.response["batchItemFailures"]] == invocation.message_ids


def test_two_environments_that_race_for_one_person_register_him_once(consumer: Consumer) -> None:
    """While Zoom answers us, somebody else takes his second message through to the end."""
    consumer.send_people(ADA)
    first = consumer.mapping.take()
    assert first is not None
    raced: list[Any] = []

    def race() -> None:
        if not raced:
            raced.append(None)
            consumer.send_people(ADA)
            raced.append(consumer.mapping.poll())

    consumer.line.after_answer = race
    consumer.mapping.invoke(first)
    assert consumer.row()["status"] == "registered"
    assert consumer.waiting() == []
    assert len(consumer.account.registrants(WEBINAR)) == 1


def test_two_environments_that_both_fail_count_both_attempts(consumer: Consumer) -> None:
    consumer.account.add_fault(kind="html_502", times=2)
    consumer.send_people(ADA)
    first = consumer.mapping.take()
    assert first is not None
    raced: list[Any] = []

    def race() -> None:
        if not raced:
            raced.append(None)
            consumer.send_people(ADA)
            consumer.mapping.poll()

    consumer.line.after_answer = race
    consumer.mapping.invoke(first)
    assert consumer.row()["attempts"] == 2


def hidden_for(consumer: Consumer) -> list[float]:
    """For how many seconds each message on the queue is still hidden."""
    return [waiting.visible_at_s - consumer.clock() for waiting in consumer.sqs.messages(consumer.queue_url)]


def test_a_table_that_refuses_stops_the_sending_and_gives_everybody_back_for_a_while(consumer: Consumer) -> None:
    consumer.dynamodb.deny("batch_write_item")
    consumer.send_people(*people(5))
    consumer.send_people(*people(4), webinar=OTHER_WEBINAR)
    consumer.run(invocations=1)
    assert len(consumer.calls()) == 1, "who is sent now could not be stored"
    assert len(hidden_for(consumer)) == 9
    assert min(hidden_for(consumer)) >= 30


def test_when_the_account_is_stopped_whoever_was_not_sent_stays_hidden_as_long(consumer: Consumer) -> None:
    consumer.account.set_limits(heavy_per_day=0)
    consumer.send_people(*people(5))
    consumer.send_people(*people(4), webinar=OTHER_WEBINAR)
    consumer.run(invocations=1)
    assert len(consumer.calls()) == 1
    assert min(hidden_for(consumer)) >= 9 * 3_600, "it is ten hours to midnight"


def test_who_waited_in_hand_while_another_environment_registered_him_is_not_sent_again(consumer: Consumer) -> None:
    consumer.send_people(*people(5))
    consumer.send_people(ADA, webinar=OTHER_WEBINAR)
    raced: list[Any] = []

    def race() -> None:
        """The first call takes long, and meanwhile his second message is handled elsewhere, to the end."""
        if not raced:
            raced.append(None)
            consumer.send_people(ADA, webinar=OTHER_WEBINAR)
            consumer.mapping.poll()
            consumer.clock.sleep(24)

    consumer.line.after_answer = race
    consumer.run()
    assert consumer.row(webinar=OTHER_WEBINAR)["status"] == "registered"
    assert [call.webinar for call in consumer.calls()].count(OTHER_WEBINAR) == 1
    assert consumer.waiting() == []
