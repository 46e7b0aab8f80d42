"""bench.costs multiplies the right counts by the right prices, and adds them up once.

The expected amounts are worked out here, from AWS's units, and not with the code under test.
"""

import json
from dataclasses import replace
from functools import cache

import pytest
from registrar.observability.metrics import Metric

from bench import costs
from bench.costs import Event, Usage, by_page, by_service, by_unit, by_webhook, event_usage, quiet_month, register
from bench.throughput import prices
from bench.throughput.prices import PRICES, Bill, Price
from bench.throughput.scenarios import Scenario
from tests.template.cloudformation import TEXT, Template

TEMPLATE = Template(TEXT)
REGISTRANTS = 60
HOURS = 730  # of a month


@cache
def event() -> Event:
    """Register a few registrants, once for all tests."""
    return register(Scenario("event", REGISTRANTS, 6.0, trickle=True))


@cache
def quiet() -> Usage:
    return quiet_month(TEMPLATE)


@cache
def added() -> Usage:
    return event_usage(TEMPLATE, event(), by_page())


def cost(usage: Usage, price: Price) -> float:
    return usage[price] * price.dollars


# ── A quiet month ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_costs_by_the_month_is_counted_in_the_template() -> None:
    of_metric_math = TEXT.count("          MetricStat:\n")  # each is billed like an alarm
    alarms = TEXT.count("Type: AWS::CloudWatch::Alarm\n") - TEXT.count("      Metrics:\n") + of_metric_math
    assert cost(quiet(), prices.ALARM_MONTH) == pytest.approx(0.10 * alarms)
    assert cost(quiet(), prices.SECRET_MONTH) == pytest.approx(0.40 * 3)  # credentials, token, those of all forms
    assert cost(quiet(), prices.DASHBOARD_MONTH) == pytest.approx(3.00)
    assert cost(quiet(), prices.METRIC_MONTH) == pytest.approx(0.30 * 2)  # TokenAge, RefreshFailures


def test_an_idle_queue_is_polled_all_month() -> None:
    # Five pollers, each with one request per 20 seconds; $0.40 per million.
    assert cost(quiet(), prices.SQS_REQUEST) == pytest.approx(5 * 3 * 60 * HOURS * 0.40 / 1_000_000)
    assert prices.SQS_GROUP_REQUEST not in quiet()  # an empty answer has no group id


def test_a_token_is_requested_twice_per_hour() -> None:
    runs = 2 * HOURS
    assert quiet()[prices.SCHEDULED_INVOCATION] == quiet()[prices.INVOCATION] == runs
    assert cost(quiet(), prices.SECRET_CALL) == pytest.approx(
        runs * 2 * 0.05 / 10_000
    )  # credentials read, token written
    assert cost(quiet(), prices.WRITE_UNIT) == pytest.approx(
        runs * 2 * 0.625 / 1_000_000
    )  # the lease taken and returned
    # Half a GB, for Zoom's half second, the calls to AWS and the start.
    assert 0.5 * runs * 0.9 < quiet()[prices.LAMBDA_GB_SECOND] < 0.5 * runs * 1.2


def test_the_schedule_and_the_memory_are_those_of_the_template() -> None:
    often = quiet_month(Template(TEXT.replace("rate(30 minutes)", "rate(15 minutes)")))
    large = quiet_month(Template(TEXT.replace("MemorySize: 512", "MemorySize: 2048")))

    assert often[prices.INVOCATION] == 2 * quiet()[prices.INVOCATION]
    assert large[prices.LAMBDA_GB_SECOND] == pytest.approx(4 * quiet()[prices.LAMBDA_GB_SECOND])


def test_a_schedule_that_cannot_be_counted_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="cron"):
        quiet_month(Template(TEXT.replace("rate(30 minutes)", "cron(0 * * * ? *)")))


def test_the_dashboard_is_small_enough_to_be_free() -> None:
    (dashboard,) = TEMPLATE.of_type("AWS::CloudWatch::Dashboard").values()
    widgets = json.loads(dashboard["DashboardBody"]["Fn::Sub"])["widgets"]

    assert 10 < sum(len(widget["properties"].get("metrics", [])) for widget in widgets) <= 50


# ── The event ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_registrant_opens_a_page_sends_its_form_and_sees_its_status_twice() -> None:
    bill = event().bill
    assert cost(added(), prices.HTTP_REQUEST) == pytest.approx(4 * REGISTRANTS * 1.00 / 1_000_000)
    assert added()[prices.INVOCATION] == 4 * REGISTRANTS + bill.invocations
    assert added()[prices.WRITE_UNIT] == 2 * REGISTRANTS + bill.write_units
    assert added()[prices.SQS_REQUEST] == added()[prices.SQS_GROUP_REQUEST] == REGISTRANTS + bill.sqs_requests
    # The submission, its mark, the row with the join URL; the count of the day's calls takes a few more.
    assert added()[prices.WRITE_UNIT] == pytest.approx(3 * REGISTRANTS, abs=15)


def test_a_webhook_is_one_request_that_writes_three_times() -> None:
    bill, by_webhooks = event().bill, event_usage(TEMPLATE, event(), by_webhook())
    assert cost(by_webhooks, prices.HTTP_REQUEST) == pytest.approx(REGISTRANTS * 1.00 / 1_000_000)
    assert by_webhooks[prices.SQS_REQUEST] == REGISTRANTS + bill.sqs_requests
    # The submission, the form's count, the mark that the message is sent; the form and its secrets are cached.
    assert by_webhooks[prices.WRITE_UNIT] == 3 * REGISTRANTS + bill.write_units
    assert by_webhooks[prices.READ_UNIT] == bill.read_units


def test_sizes_are_in_gigabytes() -> None:
    stored = added()[prices.TABLE_GB_MONTH]
    assert stored == added()[prices.RECOVERY_GB_MONTH]
    assert 500 < stored * 1e9 / REGISTRANTS < 2_000  # bytes of both rows
    assert 10_000 < added()[prices.TRANSFER_GB] * 1e9 / REGISTRANTS < 30_000  # three pages and an answer
    assert 4_000 < added()[prices.LOG_GB] * 1e9 / REGISTRANTS < 15_000


def test_seconds_count_by_the_memory_of_their_function() -> None:
    consumer_only = event_usage(TEMPLATE, event(), [])
    assert consumer_only[prices.LAMBDA_GB_SECOND] == pytest.approx(event().bill.gb_seconds)  # of 1 GB, as deployed
    visits = added()[prices.LAMBDA_GB_SECOND] - consumer_only[prices.LAMBDA_GB_SECOND]
    assert 0.5 * 0.02 < visits / REGISTRANTS < 0.5 * 0.2  # half a GB, for nine calls to AWS


def test_a_custom_metric_costs_by_the_hour() -> None:
    involved = {"accept-submission", "registration-page", "register-batch"}
    metrics = sum(metric.service.value in involved for metric in Metric)
    assert cost(added(), prices.METRIC_MONTH) == pytest.approx(metrics * 0.30 / HOURS)
    longer = event_usage(TEMPLATE, replace(event(), scenario=replace(event().scenario, seconds=3_601.0)), by_page())
    assert longer[prices.METRIC_MONTH] == pytest.approx(2 * added()[prices.METRIC_MONTH])


@pytest.mark.parametrize(
    ("invocations", "seconds", "recorded"),
    [(100, 1_000.0, 100), (1_000, 100.0, 145), (0, 10.0, 0)],
)
def test_x_ray_records_one_per_second_and_a_twentieth_of_the_rest(
    invocations: int, seconds: float, recorded: int
) -> None:
    assert costs.traces(invocations, seconds) == pytest.approx(recorded)


def test_an_event_with_an_unregistered_registrant_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = costs.result_of
    monkeypatch.setattr(costs, "result_of", lambda *given: replace(counted(*given), lost=1))
    with pytest.raises(RuntimeError, match="1 registrants"):
        register(Scenario("event", 2, 1.0, trickle=True))


# ── Sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

WOOD, WATER = Price("Forest", "log", 2.0, free=10), Price("Lake", "litre", 0.5)


def test_the_sum_is_units_times_price() -> None:
    assert costs.dollars({WOOD: 15, WATER: 4}) == 15 * 2.0 + 4 * 0.5
    assert costs.together({WOOD: 1.5, WATER: 1}, {WOOD: 2}) == {WOOD: 3.5, WATER: 1}


def test_the_always_free_amount_is_used_up_once_per_month() -> None:
    assert costs.dollars_after_free({WOOD: 9, WATER: 4}) == 2.0
    assert costs.dollars_after_free({WOOD: 12}) == 2 * 2.0
    both = by_service({WOOD: 8}, {WOOD: 8})[1][-1]
    assert both[1:] == ["0.000", "12.000", "12.000"]  # what the month has not used of it is left for the event


def test_the_tables_show_everything_and_add_up() -> None:
    head, rows = by_service(quiet(), added())
    assert len({len(row) for row in [head, *rows]}) == 1
    *services, together, _ = rows
    assert [row[0] for row in services] == list(dict.fromkeys(row[0] for row in services))
    for column in (1, 2, 3):
        assert sum(float(row[column]) for row in services) == pytest.approx(float(together[column]), abs=0.01)
    assert float(together[3]) == pytest.approx(float(together[1]) + float(together[2]), abs=0.002)
    head, rows = by_unit(quiet(), added())
    assert len({len(row) for row in [head, *rows]}) == 1
    assert sum(float(row[4] or 0) for row in rows) == pytest.approx(float(together[1]), abs=0.01)
    assert sum(float(row[6] or 0) for row in rows) == pytest.approx(float(together[2]), abs=0.01)


def test_every_price_is_listed_once_and_used() -> None:
    assert len({(price.service, price.unit) for price in PRICES}) == len(PRICES)
    assert set(PRICES) == quiet().keys() | added().keys()
    assert all(price.dollars > 0 and price.free >= 0 for price in PRICES)
    assert all(units > 0 for usage in (quiet(), added()) for price, units in usage.items() if price != prices.READ_UNIT)


def test_a_run_of_a_consumer_is_priced() -> None:
    bill = Bill(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 10_000, 1)
    assert bill.dollars == pytest.approx(0.50 + 0.125 + 0.625 + 0.20 + 13.3334 + 0.05 + 0.50)
