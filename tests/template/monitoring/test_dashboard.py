"""The dashboard answers four questions in order, from emitted metrics; saved queries match real log lines."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.template.cloudformation import ROOT, Check, Template, assert_can_fail
from tests.template.monitoring.metric_names import assert_emitted

COLUMNS = 24  # CloudWatch's grid
QUESTIONS = [
    "## 1. Are people getting in?",
    "## 2. How long does it take?",
    "## 3. What is stuck?",
    "## 4. How much of Zoom's budget is used?",
]
SHARED = ROOT / "layers" / "registrar" / "registrar"


def widgets(template: Template) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(template.properties("Dashboard")["DashboardBody"]["Fn::Sub"])["widgets"]
    return found


def metrics(widget: dict[str, Any]) -> Iterator[list[str]]:
    """Yield namespace, name and dimensions of each metric, with CloudWatch's shorthands expanded."""
    last: list[str] = []
    for line in widget["properties"].get("metrics", []):
        parts = [part for part in line if isinstance(part, str)]
        if parts != ["..."]:
            last = [last[place] if part == "." else part for place, part in enumerate(parts)]
        yield last


def expanded(value: str) -> Any:
    """Return `${X.Y}` as the Ref or GetAtt that it stands for; other text is unchanged."""
    found = re.fullmatch(r"\$\{(.+)\}", value)
    if not found:
        return value
    return {"Fn::GetAtt": found[1]} if "." in found[1] else {"Ref": found[1]}


def every_metric_is_emitted(template: Template) -> None:
    shown = [parts for widget in widgets(template) for parts in metrics(widget)]
    assert len(shown) > 20
    for namespace, name, *rest in shown:
        dimensions = dict(zip(rest[::2], map(expanded, rest[1::2]), strict=True))
        assert_emitted(template, namespace, name, dimensions)


def questions_are_in_order(template: Template) -> None:
    texts = [widget for widget in widgets(template) if widget["type"] == "text"]
    assert [text["properties"]["markdown"] for text in texts] == QUESTIONS
    assert [text["y"] for text in texts] == sorted(text["y"] for text in texts)


def no_widgets_overlap(template: Template) -> None:
    taken: set[tuple[int, int]] = set()
    for widget in widgets(template):
        x, y = widget["x"], widget["y"]
        cells = {(x + dx, y + dy) for dx in range(widget["width"]) for dy in range(widget["height"])}
        assert not cells & taken, widget["properties"].get("title")
        assert x + widget["width"] <= COLUMNS
        taken |= cells


def every_alarm_is_shown(template: Template) -> None:
    (strip,) = [widget for widget in widgets(template) if widget["type"] == "alarm"]
    shown = [re.sub(r"\$\{(\w+)\.Arn\}", r"\1", name) for name in strip["properties"]["alarms"]]
    assert sorted(shown) == sorted(template.of_type("AWS::CloudWatch::Alarm"))


def every_graph_has_a_title_and_a_unit_and_starts_at_zero(template: Template) -> None:
    for widget in widgets(template):
        properties = widget["properties"]
        if widget["type"] in {"metric", "log"}:
            assert properties["title"], widget
            assert properties["region"] == "${AWS::Region}"
        if properties.get("view") == "timeSeries":
            assert properties["yAxis"]["left"]["min"] == 0, properties["title"]
            assert properties["yAxis"]["left"]["label"], properties["title"]


def alarm_lines_match_the_thresholds(template: Template) -> None:
    lines = {
        parts[1]: widget["properties"]["annotations"]["horizontal"][0]["value"]
        for widget in widgets(template)
        if "annotations" in widget["properties"]
        for parts in metrics(widget)
    }
    alarms = {one.get("MetricName"): one["Threshold"] for one in template.of_type("AWS::CloudWatch::Alarm").values()}
    assert len(lines) == 3
    assert all(alarms[name] == value for name, value in lines.items())


def references_exist(template: Template) -> None:
    texts = [template.properties("Dashboard")["DashboardBody"]["Fn::Sub"], template.outputs["DashboardUrl"]["Value"]]
    names = {name for text in texts for name in re.findall(r"\$\{([\w:]+)", str(text))}
    assert names <= template.resources.keys() | {"AWS::Region", "AWS::StackName"}


def queries_match_log_lines(template: Template) -> None:
    source = (SHARED / "observability" / "telemetry.py").read_text(encoding="utf-8")
    queries = template.of_type("AWS::Logs::QueryDefinition")
    assert queries.keys() == {"OneSubmissionQuery", "RefusalsQuery", "SlowCallsQuery"}
    for name, query in queries.items():
        messages = re.findall(r'"([A-Z][a-z ]+)"', query["QueryString"])
        assert all(f'"{message}"' in source for message in messages), name
        fields = re.findall(r"\b(seconds|registrants|webinar_id|zoom_\w+|reason|detail|until)\b", query["QueryString"])
        assert all(re.search(rf'"{field}"|\b{field}=', source) for field in fields), name
        assert query["Name"]["Fn::Sub"].startswith("${AWS::StackName}/"), "two stacks would share one query"
        groups = [one["Ref"] for one in query["LogGroupNames"]]
        assert all(template.resources[group]["Type"] == "AWS::Logs::LogGroup" for group in groups)


CHECKS: list[Check] = [
    every_metric_is_emitted,
    questions_are_in_order,
    no_widgets_overlap,
    every_alarm_is_shown,
    every_graph_has_a_title_and_a_unit_and_starts_at_zero,
    alarm_lines_match_the_thresholds,
    references_exist,
    queries_match_log_lines,
]

BREAKAGES: list[tuple[Check, str, str]] = [
    (every_metric_is_emitted, '"TimeToJoinUrl"', '"SecondsToJoinUrl"'),
    (every_metric_is_emitted, '"service", "refresh-token"', '"service", "register-batch"'),
    (every_metric_is_emitted, '"${RegistrationQueue.QueueName}"', '"${RegistrationQueue}"'),
    (questions_are_in_order, "## 3. What is stuck?", "## 3. What waits?"),
    (no_widgets_overlap, '"x": 9, "y": 19, "width": 6', '"x": 9, "y": 19, "width": 7'),
    (no_widgets_overlap, '"x": 15, "y": 26, "width": 9', '"x": 15, "y": 26, "width": 10'),
    (every_alarm_is_shown, '"${BudgetNearAlarm.Arn}", ', ""),
    (
        every_graph_has_a_title_and_a_unit_and_starts_at_zero,
        '{"min": 0, "label": "seconds"',
        '{"min": 1, "label": "seconds"',
    ),
    (alarm_lines_match_the_thresholds, '"value": 900', '"value": 600'),
    (references_exist, "SOURCE '${RegisterBatchLogGroup}'", "SOURCE '${ConsumerLogGroup}'"),
    (queries_match_log_lines, '["Zoom answered"', '["Zoom has answered"'),
    (queries_match_log_lines, "${AWS::StackName}/slow calls", "slow calls"),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_dashboard_is_correct(template: Template, check: Check) -> None:
    check(template)


@pytest.mark.parametrize(("check", "old", "new"), BREAKAGES, ids=lambda part: getattr(part, "__name__", None))
def test_these_checks_can_fail(check: Check, old: str, new: str) -> None:
    assert_can_fail(check, old, new)
