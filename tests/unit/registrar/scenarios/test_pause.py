"""The whole consumer in virtual time: while the pause flag is set, no registrant is sent, and none is harmed."""

from collections import Counter

import pytest
from registrar import limits
from registrar.storage.pause_flag import ATTRIBUTE, ROW

from tests.consumer import DAY_S, WEBINAR, Consumer, addresses
from tests.fakes.clock import SAMPLE_MOMENT_S
from tests.unit.registrar.samples import deferred_row, put_row
from tests.unit.registrar.scenarios.aws.test_concurrency import Simulation

ADA = "ada@example.com"


def set_flag(consumer: Consumer) -> None:
    item = {"name": {"S": ROW}, ATTRIBUTE: {"S": "2026-11-23T14:00:00Z"}}
    consumer.dynamodb.put_item(TableName="Account", Item=item)


def clear_flag(consumer: Consumer) -> None:
    consumer.dynamodb.update_item(TableName="Account", Key={"name": {"S": ROW}}, UpdateExpression=f"REMOVE {ATTRIBUTE}")


def receives(consumer: Consumer) -> int:
    """Return the highest receive count of a message on the queue."""
    return max(one.receive_count for one in consumer.sqs.messages(consumer.queue_url))


@pytest.mark.parametrize("environments", [1, 2])
def test_running_invocations_stop_sending_within_five_seconds(environments: int) -> None:
    simulation = Simulation(environments=environments)
    consumer = simulation.first
    consumer.send_registrants(*addresses(1_500))
    simulation.run({2.0: lambda: set_flag(consumer), 300.0: lambda: clear_flag(consumer)})
    starts = [call.time - SAMPLE_MOMENT_S for call in consumer.calls()]
    assert any(start < 2 for start in starts)
    assert not any(7 < start < 300 for start in starts)
    assert any(300 < start < 300 + limits.DEFERRAL_LONGEST_SECONDS for start in starts)
    sent = Counter(email for call in consumer.calls() for email in call.emails)
    assert Counter(sent.values()) == {1: 1_500}, "all of them, once"
    assert Counter(consumer.statuses().values()) == {"registered": 1_500}
    assert consumer.dead_letters() == []


def test_an_invocation_that_starts_paused_gives_its_messages_back_and_says_so_once(consumer: Consumer) -> None:
    put_row(consumer, **deferred_row(2))
    before = consumer.row()
    set_flag(consumer)
    consumer.send_registrants(ADA, *addresses(9))
    consumer.run(invocations=1)
    assert consumer.account.calls() == []
    assert consumer.row() == before
    assert len(consumer.waiting()) == 10
    assert len(consumer.logged("Sending paused")) == 1
    assert {line["level"] for line in consumer.log_lines()} == {"INFO"}
    clear_flag(consumer)
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 10}


def test_malformed_messages_wait_too(consumer: Consumer) -> None:
    set_flag(consumer)
    consumer.send("not json")
    consumer.run(invocations=1)
    assert (len(consumer.waiting()), consumer.dead_letters()) == (1, [])


def test_days_of_the_flag_alone_use_few_receives(consumer: Consumer) -> None:
    """As where the flag is set, and the mapping could not be disabled: SQS gives up a message after 800 receives."""
    consumer.send_registrants(ADA)
    set_flag(consumer)
    consumer.run(hours=4 * 24)
    assert consumer.calls() == []
    assert receives(consumer) < 4 * DAY_S / limits.DEFERRAL_LONGEST_SECONDS * 1.25 + 10
    clear_flag(consumer)
    consumer.run()
    assert consumer.statuses() == {ADA: "registered"}


def test_a_flag_that_cannot_be_read_again_does_not_stop_sending(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(2_000))
    consumer.dynamodb.before_next("batch_get_item", lambda _: consumer.dynamodb.deny("get_item"))
    consumer.run(invocations=1)
    assert len(consumer.rows(WEBINAR)) == 2_000
    assert {line["operation"] for line in consumer.logged("AWS call failed")} == {"pause_flag"}


def test_the_flag_is_read_once_per_invocation_and_few_seconds(consumer: Consumer) -> None:
    consumer.send_registrants(ADA)
    consumer.run()
    assert consumer.dynamodb.calls["get_item"] == 2, "the flag and the suppression list"
    consumer.send_registrants(*addresses(600))
    (invocation,) = consumer.run()
    seconds = invocation.ended_at_s - invocation.started_at_s
    assert consumer.dynamodb.calls["get_item"] <= 4 + seconds / limits.PAUSE_CHECK_SECONDS
