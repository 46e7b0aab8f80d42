"""The metrics of the whole consumer in virtual time: its EMF lines, read as CloudWatch reads them."""

from collections import Counter

import pytest
from registrar.observability.consumer_metrics import _SUMS

from local.reporting.metrics import Emitted, read
from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, addresses, message

ADA = "ada@example.com"


def emitted(consumer: Consumer) -> list[Emitted]:
    return list(read(consumer.printed.getvalue().splitlines()))


def sums(consumer: Consumer) -> dict[str, float]:
    found: Counter[str] = Counter()
    for one in emitted(consumer):
        found[one.name] += sum(one.values)
    return dict(found)


def values(consumer: Consumer, name: str) -> list[float]:
    return [value for one in emitted(consumer) if one.name == name for value in one.values]


def test_registrations_are_counted_with_calls_and_times(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(75))
    consumer.run()

    metrics = sums(consumer)
    assert (metrics["Registered"], metrics["ZoomCalls"]) == (75, 3)
    assert sorted(values(consumer, "RegistrantsPerCall")) == [15, 30, 30]
    assert len(values(consumer, "TimeToJoinUrl")) == 75
    assert values(consumer, "LongestWait") == [0.0] * len(values(consumer, "LongestWait"))
    assert not metrics.keys() & {"Deferred", "Rejected", "Buried", "GivenBack", "OwnFailures", "TooFast"}


def test_each_invocation_prints_one_line(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(75))
    consumer.run()
    consumer.send_registrants("late@example.com")
    consumer.run()

    assert len(consumer.printed.getvalue().splitlines()) == len(consumer.logged("Invocation ended")) >= 2


def test_dimensions_are_service_and_stack(consumer: Consumer) -> None:
    consumer.send_registrants(ADA)
    consumer.send_registrants("eve@example.com", webinar=OTHER_WEBINAR)
    consumer.run()

    assert {tuple(sorted(one.dimensions.items())) for one in emitted(consumer)} == {
        (("service", "register-batch"), ("stack", "test"))
    }


def test_the_time_to_the_join_url_counts_from_the_submission(consumer: Consumer) -> None:
    consumer.send(message(submitted_at="2020-01-01T00:00:00Z"))
    consumer.run()

    (seconds,) = values(consumer, "TimeToJoinUrl")
    assert seconds > 5 * 365 * 86_400


def test_a_submission_time_in_the_future_is_replaced_by_the_messages(consumer: Consumer) -> None:
    consumer.send(message(submitted_at="2999-01-01T00:00:00Z"))
    consumer.run()

    (seconds,) = values(consumer, "TimeToJoinUrl")
    assert 0 <= seconds < 5


def test_retried_deferrals_count_for_the_longest_wait(consumer: Consumer) -> None:
    consumer.transport.is_down = True
    consumer.send_registrants(ADA)
    consumer.run(hours=1)
    assert max(values(consumer, "LongestWait")) > 1_800

    consumer.transport.is_down = False
    consumer.run()
    assert values(consumer, "LongestWait")[-1] == 0, "no registrant waits any longer: the alarm ends"


def test_deferrals_to_the_next_day_are_counted_apart_and_not_in_the_longest_wait(consumer: Consumer) -> None:
    consumer.account.add_fault(kind="html_502", call="batch", times=3)
    consumer.send_registrants(ADA)
    consumer.run(hours=2)
    assert sums(consumer)["DeferredToTomorrow"] == 1

    before = len(values(consumer, "LongestWait"))
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert max(values(consumer, "LongestWait")[before:]) == 0


def test_each_kind_of_429_has_its_metric(consumer: Consumer) -> None:
    for number, (limit, name) in enumerate(
        [("per_second", "TooFast"), ("registrant_day", "RegistrantDailyLimit"), ("account_day", "AccountDailyLimit")]
    ):
        consumer.account.add_fault(kind="rate_limit", limit=limit, call="batch")
        consumer.send_registrants(f"person{number}@example.com")
        consumer.run(invocations=1)
        assert sums(consumer)[name] >= 1, limit


@pytest.mark.parametrize("reason", ["webinar_full", "webinar_over"])
def test_rejections_and_full_webinars_are_counted(consumer: Consumer, reason: str) -> None:
    if reason == "webinar_full":
        consumer.account.set_webinar(WEBINAR, capacity=0)
    else:
        consumer.account.set_webinar(WEBINAR, start_time="2020-01-01T00:00:00Z")
    consumer.send_registrants(ADA)
    consumer.run()

    metrics = sums(consumer)
    assert consumer.reasons() == [reason]
    assert (metrics["Rejected"], metrics["Buried"]) == (1, 1)
    assert metrics.get("WebinarFull", 0) == (1 if reason == "webinar_full" else 0)


def test_a_missing_token_counts_as_access_refused(consumer: Consumer) -> None:
    consumer.account.revoke_tokens()
    consumer.functions.fail_always("invoke", error="ServiceException")
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)

    metrics = sums(consumer)
    assert metrics["AccessRefused"] == 1
    assert metrics["OwnFailures"] >= 1


def test_the_used_share_of_the_daily_quota_is_reported() -> None:
    consumer = Consumer(calls_per_day=4)
    for number in range(5):
        consumer.send_registrants(f"person{number}@example.com")
        consumer.run(invocations=1)

    assert values(consumer, "DailyBudgetUsed")[:4] == [25.0, 50.0, 75.0, 100.0]
    assert sums(consumer)["AccountLimited"] == 1
    assert sums(consumer)["ZoomCalls"] == 4


def test_every_count_of_the_settlement_has_a_metric(consumer: Consumer) -> None:
    """Fail if a count is renamed in settlement.py alone."""
    consumer.account.set_webinar(OTHER_WEBINAR, capacity=0)
    consumer.send_registrants(ADA, ADA, "eve@example.com")
    consumer.send_registrants("eve@example.com", webinar=OTHER_WEBINAR)
    consumer.send("no JSON")
    consumer.run()
    consumer.send_registrants(ADA)
    consumer.transport.is_down = True
    consumer.send_registrants("person1@example.com")
    consumer.run(hours=0.1)

    counted = {name for line in consumer.logged("Invocation ended") for name in line["registrants"]}
    assert {"registered", "skipped", "rejected", "buried", "deferred"} <= counted <= _SUMS.keys()


def test_a_missing_list_scope_counts_as_access_refused_while_sending_goes_on(consumer: Consumer) -> None:
    consumer.account.set_profile(scopes=["webinar:write:batch_registrants:admin"])
    consumer.account.add_fault(kind="hang", call="batch", processed="no", times=2)
    consumer.send_registrants(ADA)
    consumer.run(hours=1)
    assert consumer.row()["status"] == "deferred"
    assert sums(consumer)["AccessRefused"] == 1
    consumer.send_registrants("eve@example.com")
    consumer.run(hours=1)
    assert consumer.row("eve@example.com")["status"] == "registered"
