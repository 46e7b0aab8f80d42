"""The whole consumer in virtual time: AWS calls fail and invocations are killed; no submission is lost."""

from collections import Counter
from typing import Any

import pytest

from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, addresses, message
from tests.fakes import TimeIsUp
from tests.unit.registrar.aws_faults import LASTING_FAULTS, OPERATIONS

ADA = "ada@example.com"

FAULTS = LASTING_FAULTS | {
    "once": lambda fake, operation: fake.fail_next(operation, "InternalServerError"),
    "response lost once": lambda fake, operation: fake.lose_answer(operation),
    "an unexpected error": lambda fake, operation: fake.fail_next(operation, RuntimeError("ada@example.com")),
    "killed": lambda fake, operation: fake.fail_next(operation, TimeIsUp()),
}


def fill(consumer: Consumer) -> None:
    """Queue full batches, an ended webinar and malformed messages, with a revoked token.

    No duplicates: two messages of one registrant, neither of which left a row, may cost a fourth attempt.
    """
    consumer.account.set_webinar(OTHER_WEBINAR, start_time="2020-01-01T00:00:00Z")
    consumer.account.revoke_tokens()
    consumer.send_registrants(*addresses(35))
    consumer.send_registrants(*addresses(5), webinar=OTHER_WEBINAR)
    consumer.send("not json", message("augusta@example.com", first_name="\x00"))


def check_outcomes(consumer: Consumer) -> None:
    """Assert that every message had the right outcome, within three attempts."""
    assert consumer.waiting() == []
    assert Counter(consumer.statuses().values()) == {"registered": 35, "rejected": 1}
    assert Counter(consumer.statuses(OTHER_WEBINAR).values()) == {"rejected": 5}
    reasons = {one.body: one.attributes["reason"] for one in consumer.dead_letters()}
    assert Counter(reasons.values()) == {"webinar_over": 5, "malformed_message": 1, "invalid_registrant": 1}
    assert consumer.account.highest_attempts() <= 3


def check_responses(consumer: Consumer) -> None:
    """Assert that each invocation that was not killed returned a valid partial batch response."""
    for invocation in consumer.mapping.invocations:
        if invocation.error is not None:
            # An unexpected error may return the whole event while it is opened, not while messages are settled.
            assert type(invocation.error) in {TimeIsUp, RuntimeError}
        else:
            assert invocation.reading.fault is None


@pytest.mark.parametrize("how", FAULTS)
@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=str)
def test_after_any_aws_failure_every_message_has_its_outcome(
    consumer: Consumer, service: str, operation: str, how: str
) -> None:
    fill(consumer)
    fake = getattr(consumer, service)
    FAULTS[how](fake, operation)
    consumer.run(invocations=4)
    check_responses(consumer)
    fake.heal()
    consumer.run()
    check_responses(consumer)
    check_outcomes(consumer)


@pytest.mark.parametrize("number", range(1, 9))
def test_killed_at_any_write_every_registrant_is_registered(consumer: Consumer, number: int) -> None:
    """Kill the invocation at its n-th writing AWS call."""
    consumer.send_registrants(*addresses(35))
    calls = iter(range(1, 100))

    def is_fatal(_: Any) -> bool:
        return next(calls) == number

    for fake in (consumer.sqs, consumer.dynamodb):
        for name in ("change_message_visibility_batch", "delete_message_batch", "batch_write_item", "update_item"):
            fake.fail_next(name, TimeIsUp(), when=is_fatal)
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 35}
    assert consumer.waiting() == []
    assert consumer.account.highest_attempts() <= 2


def test_killed_after_zooms_response_the_batch_is_registered_soon_after(consumer: Consumer) -> None:
    kills = iter([TimeIsUp()])

    def kill_once() -> None:
        for kill in kills:
            raise kill

    consumer.transport.after_response = kill_once
    consumer.send_registrants(*addresses(30))
    started = consumer.clock()
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 30}
    assert consumer.account.highest_attempts() == 2
    assert {(row["attempts"], row["attempts_on"]) for row in consumer.rows().values()} == {(2, "2026-11-23")}
    assert consumer.clock() - started < 400


def test_killed_after_every_response_no_registrant_uses_more_than_two_attempts_per_day(consumer: Consumer) -> None:
    def kill() -> None:
        raise TimeIsUp

    consumer.transport.after_response = kill
    consumer.send_registrants(*addresses(5))
    consumer.run(hours=30)
    assert consumer.account.highest_attempts() == 2, "the last attempt waits until Zoom was queried"
    consumer.transport.after_response = None
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 5}


def test_an_attempt_of_a_killed_message_counts_for_a_duplicate(consumer: Consumer) -> None:
    """Kill the first message's invocation; then deliver both, the new one first."""
    kills = [TimeIsUp(), TimeIsUp()]

    def kill() -> None:
        if kills:
            raise kills.pop()

    consumer.transport.after_response = kill
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    consumer.clock.sleep(330)
    queue = consumer.sqs.queues[consumer.queue_url]
    queue.settle(consumer.clock())
    consumer.send_registrants(ADA)
    event = consumer.mapping.take()
    assert event is not None
    event["Records"].sort(key=lambda record: record["attributes"]["ApproximateReceiveCount"])
    assert [record["attributes"]["ApproximateReceiveCount"] for record in event["Records"]] == ["1", "2"]
    consumer.mapping.invoke(event)
    consumer.account.add_fault(kind="html_502", call="batch", times=50)
    consumer.run(hours=9)
    assert consumer.account.highest_attempts() == 2, "before the third, Zoom is queried and has the registrant"


def test_an_unreachable_table_uses_few_receives(consumer: Consumer) -> None:
    consumer.dynamodb.unreachable()
    consumer.send_registrants(ADA)
    consumer.run(hours=10)
    (waiting,) = consumer.sqs.messages(consumer.queue_url)
    assert waiting.receive_count <= 60
    assert consumer.calls() == [], "no registrant is sent that could not be stored"


def test_without_the_dead_letter_queue_rejected_messages_stay_on_the_queue(consumer: Consumer) -> None:
    consumer.sqs.deny("send_message_batch")
    fill(consumer)
    consumer.run(hours=3)
    bodies = Counter(waiting.body for waiting in consumer.sqs.messages(consumer.queue_url))
    assert len(bodies) == 7
    assert len([call for call in consumer.calls() if call.webinar == OTHER_WEBINAR]) <= 2


def test_when_sending_stops_registrants_not_sent_get_no_row(consumer: Consumer) -> None:
    consumer.account.set_profile(scopes=())
    consumer.send_registrants(*addresses(45))
    consumer.run(invocations=1)
    assert len(consumer.rows()) == 30
    assert len(consumer.waiting()) == 45


def test_an_unexpected_error_is_logged_by_type_and_place_only(consumer: Consumer) -> None:
    consumer.dynamodb.fail_next("batch_get_item", RuntimeError("ada@example.com"))
    consumer.send_registrants(ADA)
    (invocation,) = consumer.run(invocations=1)
    (line,) = consumer.logged("Unexpected error")
    assert line["error"] == "RuntimeError"
    assert any(place.startswith("storage/registrant_table.py:") for place in line["where"])
    assert [item["itemIdentifier"] for item in invocation.response["batchItemFailures"]] == invocation.message_ids


def race(consumer: Consumer, webinar: str, call_seconds: float = 0) -> None:
    """During the first call, let another environment settle a second message of Ada's."""
    pending = [webinar]

    def settle_elsewhere() -> None:
        if pending:
            consumer.send_registrants(ADA, webinar=pending.pop())
            consumer.mapping.poll()
            consumer.clock.sleep(call_seconds)

    consumer.transport.after_response = settle_elsewhere


def test_two_environments_that_race_for_one_registrant_register_them_once(consumer: Consumer) -> None:
    consumer.send_registrants(ADA)
    first = consumer.mapping.take()
    assert first is not None
    race(consumer, WEBINAR)
    consumer.mapping.invoke(first)
    assert consumer.row()["status"] == "registered"
    assert consumer.waiting() == []
    assert len(consumer.account.registrants(WEBINAR)) == 1


def test_attempts_of_two_racing_environments_are_both_counted(consumer: Consumer) -> None:
    consumer.account.add_fault(kind="html_502", times=2)
    consumer.send_registrants(ADA)
    first = consumer.mapping.take()
    assert first is not None
    race(consumer, WEBINAR)
    consumer.mapping.invoke(first)
    assert consumer.row()["attempts"] == 2


def hidden_for(consumer: Consumer) -> list[float]:
    """Return for how many seconds each message on the queue stays hidden."""
    return [waiting.visible_at_s - consumer.clock() for waiting in consumer.sqs.messages(consumer.queue_url)]


def test_a_failing_table_stops_sending_and_abandons_all_messages_with_a_delay(consumer: Consumer) -> None:
    consumer.dynamodb.deny("batch_write_item")
    consumer.send_registrants(*addresses(5))
    consumer.send_registrants(*addresses(4), webinar=OTHER_WEBINAR)
    consumer.run(invocations=1)
    assert len(consumer.calls()) == 1, "a registrant sent now could not be stored"
    assert len(hidden_for(consumer)) == 9
    assert min(hidden_for(consumer)) >= 30


def test_when_the_account_is_stopped_unsent_messages_stay_hidden_as_long(consumer: Consumer) -> None:
    consumer.account.set_limits(heavy_per_day=0)
    consumer.send_registrants(*addresses(5))
    consumer.send_registrants(*addresses(4), webinar=OTHER_WEBINAR)
    consumer.run(invocations=1)
    assert len(consumer.calls()) == 1
    assert min(hidden_for(consumer)) >= 9 * 3_600, "it is ten hours to midnight"


def test_a_waiting_registrant_registered_elsewhere_meanwhile_is_not_sent(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(5))
    consumer.send_registrants(ADA, webinar=OTHER_WEBINAR)
    race(consumer, OTHER_WEBINAR, call_seconds=24)
    consumer.run()
    assert consumer.row(webinar=OTHER_WEBINAR)["status"] == "registered"
    assert [call.webinar for call in consumer.calls()].count(OTHER_WEBINAR) == 1
    assert consumer.waiting() == []
