"""The metrics that demo and serve print: each metric has a label, and is aggregated as in CloudWatch."""

import json

from registrar.observability.metrics import Metric
from rich.console import Console

from local.reporting.metrics import QUESTIONS, Reading, read


def emf(service: str = "register-batch", **values: object) -> str:
    """Return an EMF line as Powertools prints it."""
    directive = {
        "Namespace": "ZoomRegistrar",
        "Dimensions": [["stack", "service"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in values],
    }
    blob = {
        "_aws": {"Timestamp": 1_795_435_200_000, "CloudWatchMetrics": [directive]},
        "stack": "s",
        "service": service,
    }
    return json.dumps(blob | values)


LINES = [
    "START RequestId: x",
    emf("accept-submission", SubmissionsAccepted=[1.0]),
    '{"level": "INFO", "message": "Submission accepted"}',
    emf(Registered=[29.0], TimeToJoinUrl=[1.0, 2.0, 9.0], LongestWait=[0.0], DailyBudgetUsed=[40.0]),
    emf(Registered=1, ZoomCalls=2, DailyBudgetUsed=[41.5], Deferred=0),
]


def shown(reading: Reading) -> str:
    console = Console(width=100)
    with console.capture() as capture:
        console.print(reading.table())
    return capture.get()


def test_every_metric_has_one_label() -> None:
    names = [name for metrics in QUESTIONS.values() for _, name, _ in metrics]

    assert sorted(names) == sorted(metric.title for metric in Metric)


def test_lists_and_single_values_are_read_and_other_lines_are_not() -> None:
    found = list(read(LINES))

    assert [(one.name, one.values) for one in found][:2] == [("SubmissionsAccepted", (1.0,)), ("Registered", (29.0,))]
    assert found[0].dimensions == {"stack": "s", "service": "accept-submission"}
    assert Reading(tuple(found)).values("Registered") == [29.0, 1]


def test_the_table_answers_the_four_questions_without_metrics_that_are_zero() -> None:
    text = shown(Reading(tuple(read(LINES))))

    assert [question in text for question in QUESTIONS] == [True] * 4
    assert "registered                         " in text
    assert "30" in text
    assert "median 2.0, max 9.0 s" in text
    assert "41.5 %" in text
    assert "deferrals" not in text
    assert "nothing to report" in text


def test_lines_of_two_environments_in_one_are_both_read() -> None:
    one, log = emf(Registered=[1.0]), '{"level": "INFO"}'

    for line in (one + log, log + one, one + one, one + log + one):
        assert [found.values for found in read([line])] == [(1.0,)] * line.count("_aws")


def test_an_incomplete_line_is_ignored() -> None:
    assert list(read([emf(Registered=[1.0])[:-5]])) == []


def test_without_metrics_there_is_nothing_to_report() -> None:
    assert shown(Reading()).count("nothing to report") == 4
    assert Reading().line().startswith("0 forms accepted · 0 webhooks accepted · 0 registered")
