"""The whole consumer in virtual time: a busy table slows calls down, and does not stop them."""

from collections import Counter
from typing import Any

import pytest
from registrar import limits

from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, addresses
from tests.fakes.dynamodb.throughput import WRITE_UNITS_PER_S
from tests.unit.registrar.scenarios.aws.test_concurrency import Simulation


def of_webinar(webinar: str, *, share: int = 1) -> Any:
    """Return a predicate for entries of this webinar; `share` 2: for every second one."""

    def matches(entry: dict[str, Any]) -> bool:
        item = entry.get("PutRequest", entry).get("Item", entry)
        number = int("".join(filter(str.isdigit, item["email"]["S"])) or 0)
        return item["webinar_id"]["S"] == webinar and number % share == 0

    return matches


def attempts(consumer: Consumer) -> Counter[str]:
    """Return how often each registrant was sent."""
    return Counter(email for call in consumer.calls() for email in call.emails)


def test_one_webinar_at_40_calls_per_second_is_registered_as_fast_as_its_partition_takes_rows() -> None:
    """Zoom would take 1,164 per second; no call of AWS fails in the end, and no registrant is sent twice."""
    simulation = Simulation(environments=2, calls_per_second=40)
    consumer = simulation.first
    consumer.dynamodb.limit_partitions(burst_s=0.1)
    consumer.account.set_limits(plan="business")
    consumer.send_registrants(*addresses(6_000))
    began_s = simulation.clock()
    simulation.run()
    assert Counter(consumer.statuses().values()) == {"registered": 6_000}
    assert set(attempts(consumer).values()) == {1}
    assert simulation.clock() - began_s < 6_000 / WRITE_UNITS_PER_S + 3
    assert "AWS call failed" not in consumer.log()


@pytest.mark.parametrize("seconds", [1.0, 6.0])
def test_seconds_of_throttling_delay_a_row_and_fail_nothing(consumer: Consumer, seconds: float) -> None:
    consumer.send_registrants(*addresses(90))
    healed_at = consumer.clock() + seconds
    for operation in ("batch_get_item", "batch_write_item", "put_item"):
        consumer.dynamodb.fail_always(
            operation, error="ThrottlingException", when=lambda _: consumer.clock() < healed_at
        )
    consumer.run(invocations=1)
    assert Counter(consumer.statuses().values()) == {"registered": 90}
    assert set(attempts(consumer).values()) == {1}
    assert consumer.logged("AWS call failed") == []


def test_rows_that_are_left_over_do_not_stop_the_other_calls(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(30))
    consumer.send_registrants(*addresses(60), webinar=OTHER_WEBINAR)
    consumer.dynamodb.fail_entries("batch_write_item", of_webinar(WEBINAR, share=2))
    consumer.run(invocations=1)
    assert Counter(consumer.statuses(OTHER_WEBINAR).values()) == {"registered": 60}
    assert Counter(consumer.statuses().values()) == {"registered": 15}
    assert len(consumer.waiting()) == 15
    consumer.dynamodb.heal()
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 30}


def test_a_table_that_takes_no_row_of_a_call_stops_sending(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(300))
    consumer.dynamodb.throttle("batch_write_item", "put_item")
    consumer.run(invocations=1)
    assert len(consumer.calls()) == 1
    assert len(consumer.waiting()) == 300


@pytest.mark.parametrize("rejected", [True, False], ids=["rejections", "reservations"])
def test_single_rows_share_the_time_of_one_wait(consumer: Consumer, rejected: bool) -> None:
    """Thirty waits, one after the other, would outlast the function."""
    if rejected:
        consumer.account.delete_webinar(WEBINAR)
    consumer.send_registrants(*addresses(30))
    if not rejected:
        consumer.dynamodb.fail_next("batch_get_item", "InternalServerError")  # received twice: to be reserved
        consumer.run(invocations=1)
        consumer.clock.sleep(60)
    consumer.dynamodb.throttle("put_item")
    consumer.run(invocations=1)
    invocation = consumer.mapping.invocations[-1]
    assert invocation.ended_at_s - invocation.started_at_s < limits.STORE_SECONDS
    assert consumer.dynamodb.calls["put_item"] >= 30, "each is tried"
    assert len(consumer.waiting()) == 30
    assert len(consumer.calls()) == rejected
    consumer.dynamodb.heal()
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"rejected" if rejected else "registered": 30}
    assert consumer.waiting() == []


def test_a_throttled_reservation_stays_unsent_and_the_others_go(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(10))
    consumer.dynamodb.fail_next("batch_get_item", "InternalServerError")
    consumer.run(invocations=1)
    consumer.clock.sleep(60)
    consumer.dynamodb.fail_always("put_item", error="ThrottlingException", when=of_webinar(WEBINAR, share=2))
    consumer.run(invocations=1)
    assert Counter(consumer.statuses().values()) == {"registered": 5}
    assert len(consumer.waiting()) == 5
