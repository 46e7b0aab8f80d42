"""`Metrics`: one EMF line per invocation, even if the invocation fails."""

import json
from contextlib import suppress

import pytest
from registrar import limits
from registrar.observability.metrics import NAMESPACE, Metric, Metrics, Service

from local.reporting.metrics import read


def test_a_line_holds_names_units_and_two_dimensions(capsys: pytest.CaptureFixture[str]) -> None:
    with Metrics(Service.REGISTER_BATCH, "spring") as metrics:
        metrics.count(Metric.REGISTERED, 30)
        metrics.count(Metric.REGISTERED, 12)
        metrics.value(Metric.TIME_TO_JOIN_URL, 1.23456)
        metrics.value(Metric.TIME_TO_JOIN_URL, 2)

    (line,) = capsys.readouterr().out.splitlines()
    blob = json.loads(line)
    (directive,) = blob["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == NAMESPACE == "ZoomRegistrar"
    assert [sorted(names) for names in directive["Dimensions"]] == [["service", "stack"]]
    assert (blob["service"], blob["stack"]) == ("register-batch", "spring")
    assert {one["Name"]: one["Unit"] for one in directive["Metrics"]} == {
        "Registered": "Count",
        "TimeToJoinUrl": "Seconds",
    }
    assert (blob["Registered"], blob["TimeToJoinUrl"]) == ([42.0], [1.235, 2.0])


def test_a_failing_invocation_prints_its_metrics_too(capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(ZeroDivisionError), Metrics(Service.REGISTER_BATCH, "spring") as metrics:
        metrics.count(Metric.ZOOM_CALLS)
        raise ZeroDivisionError

    assert [one.name for one in read(capsys.readouterr().out.splitlines())] == ["ZoomCalls"]


def test_without_a_value_there_is_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Metrics(Service.ACCEPT_SUBMISSION, "spring") as metrics:
        metrics.value(Metric.TOKEN_AGE, None)

    assert capsys.readouterr().out == ""


def test_a_zero_is_printed_so_that_an_alarm_can_end(capsys: pytest.CaptureFixture[str]) -> None:
    with Metrics(Service.REFRESH_TOKEN, "spring") as metrics:
        metrics.count(Metric.REFRESH_FAILURES, 0)

    assert [one.values for one in read(capsys.readouterr().out.splitlines())] == [(0.0,)]


def test_two_invocations_do_not_share_their_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    for service in (Service.ACCEPT_SUBMISSION, Service.REFRESH_TOKEN):
        with Metrics(service, "spring") as metrics:
            metrics.count(Metric.REGISTERED)

    found = list(read(capsys.readouterr().out.splitlines()))
    assert [one.dimensions["service"] for one in found] == ["accept-submission", "refresh-token"]
    assert [one.values for one in found] == [(1.0,), (1.0,)]


@pytest.mark.parametrize("number", [1, 98, 99, 100, 101, 5_000])
def test_many_values_stay_one_line_with_their_percentiles(capsys: pytest.CaptureFixture[str], number: int) -> None:
    with Metrics(Service.REGISTER_BATCH, "spring") as metrics:
        for value in reversed(range(number)):
            metrics.value(Metric.TIME_TO_JOIN_URL, value)

    (one,) = read(capsys.readouterr().out.splitlines())
    assert len(one.values) == min(number, limits.VALUES_PER_METRIC) < 100
    ranked = sorted(one.values)
    assert (ranked[0], ranked[-1]) == (0, number - 1)
    assert ranked[len(ranked) // 2] == pytest.approx((number - 1) / 2, abs=max(1, number / 100))


def test_every_metric_at_once_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Metrics(Service.REGISTER_BATCH, "spring") as metrics:
        for metric in Metric:
            metrics.count(metric)

    assert len(capsys.readouterr().out.splitlines()) == 1


def test_metric_names_are_unique_and_valid_in_cloudwatch() -> None:
    titles = [metric.title for metric in Metric]
    assert len(set(titles)) == len(titles)
    assert all(title.isalnum() and title.isascii() for title in titles)
