"""Each alarm watches an emitted metric, notifies the topic, and says what to do."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from registrar import limits

from tests.template.cloudformation import Check, Template, assert_can_fail
from tests.template.monitoring.metric_names import assert_emitted

TOKEN_SECONDS = 3_600  # Zoom: a token's lifetime

# What needs an alarm: namespace, metric, resource or None.
WATCHED = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "DeadLetterQueue"),
    ("ZoomRegistrar", "Buried", None),
    ("ZoomRegistrar", "LongestWait", None),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "RegistrationQueue"),
    ("AWS/Lambda", "Errors", "RegisterBatchFunction"),
    ("ZoomRegistrar", "OwnFailures", None),
    ("AWS/Lambda", "Duration", "RegisterBatchFunction"),
    ("AWS/Lambda", "Throttles", "RegisterBatchFunction"),
    ("AWS/Lambda", "Throttles", "AcceptSubmissionFunction"),
    ("ZoomRegistrar", "TokenAge", None),
    ("ZoomRegistrar", "RefreshFailures", None),
    ("AWS/Lambda", "Invocations", "RefreshTokenFunction"),
    ("ZoomRegistrar", "AccessRefused", None),
    ("ZoomRegistrar", "WebinarFull", None),
    ("ZoomRegistrar", "AccountLimited", None),
    ("ZoomRegistrar", "DailyBudgetUsed", None),
    ("ZoomRegistrar", "DeferredToTomorrow", None),
    ("AWS/ApiGateway", "5xx", "SubmissionApi"),
    ("ZoomRegistrar", "RequestsThrottled", "SubmissionApi"),
    ("AWS/Lambda", "Throttles", "AcceptFormFunction"),
    ("AWS/Lambda", "Throttles", "RegistrationPageFunction"),
    ("AWS/Lambda", "Throttles", "DescribeWebinarFunction"),
    ("AWS/Lambda", "Errors", "DescribeWebinarFunction"),
    ("ZoomRegistrar", "LookupsFailed", None),
    ("ZoomRegistrar", "FormsSetAside", None),
    ("ZoomRegistrar", "FormsRefused", None),
    ("ZoomRegistrar", "FormsNotTaken", None),
    ("ZoomRegistrar", "FormCeilingReached", None),
}
REFUSED = {"SubmissionsRefused", "FormsRefused", "FormsUnknown"}
ACCEPTED = {"SubmissionsAccepted", "FormsAccepted", "FormsIgnored", "FormsSetAside"}


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    return template.of_type("AWS::CloudWatch::Alarm")


def of_one_metric(template: Template) -> list[dict[str, Any]]:
    """Return the alarms that watch a single metric; RefusalRateAlarm computes a share of several."""
    return [alarm for alarm in alarms(template).values() if "Metrics" not in alarm]


def watched(alarm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "Metrics" not in alarm:
        yield alarm
    yield from (one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one)


def dimensions(metric: dict[str, Any]) -> dict[str, Any]:
    return {one["Name"]: one["Value"] for one in metric["Dimensions"]}


def each_alarm_watches_an_emitted_metric(template: Template) -> None:
    for alarm in alarms(template).values():
        for metric in watched(alarm):
            assert_emitted(template, metric["Namespace"], metric["MetricName"], dimensions(metric))


def the_refusal_rate_is_the_share_of_all_requests(template: Template) -> None:
    metrics = {one["Id"]: one for one in template.properties("RefusalRateAlarm")["Metrics"]}
    assert [name for name, one in metrics.items() if one["ReturnData"]] == ["share"]
    share = metrics["share"]["Expression"]
    assert share == "IF(refused + accepted >= 20, 100 * refused / (refused + accepted), 0)"
    for name, expected in (("refused", REFUSED), ("accepted", ACCEPTED)):
        expression = metrics[name]["Expression"]
        assert re.fullmatch(r"FILL\(\w+, 0\)( \+ FILL\(\w+, 0\))*", expression)
        ids = re.findall(r"(\w+), 0", expression)
        assert {metrics[one]["MetricStat"]["Metric"]["MetricName"] for one in ids} == expected
    assert {one["MetricStat"]["Stat"] for one in metrics.values() if "MetricStat" in one} == {"Sum"}


def every_failure_to_act_on_is_watched(template: Template) -> None:
    found = []
    for alarm in of_one_metric(template):
        (target,) = {next(iter(value.values())) for value in dimensions(alarm).values() if isinstance(value, dict)}
        resource = None if target == "AWS::StackName" else target.partition(".")[0]
        found.append((alarm["Namespace"], alarm["MetricName"], resource))
    assert len(found) == len(set(found)), "two alarms watch the same metric"
    assert set(found) == WATCHED


def alarms_notify_when_they_begin_and_when_they_end(template: Template) -> None:
    for name, alarm in alarms(template).items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}], name
        assert "AlarmName" not in alarm, "a fixed name could not be deployed twice"


def alarms_say_what_to_do(template: Template) -> None:
    for name, alarm in alarms(template).items():
        description = alarm["AlarmDescription"]
        assert name.endswith("Alarm")
        assert description.endswith(f"More: docs/runbook.md#{name.lower()}"), name
        assert 150 < len(description) <= 1_024, f"{name}: CloudWatch takes 1,024 characters"
        assert re.search(r"[Rr]egistrant", description), f"{name} does not say what it means for registrants"
        assert "@" not in description, name


def missing_data_is_decided(template: Template) -> None:
    decided = {name: alarm["TreatMissingData"] for name, alarm in alarms(template).items()}
    assert {name for name, value in decided.items() if value == "breaching"} == {"RefreshTokenSilentAlarm"}
    # Between two values nothing has improved: the last one stays valid.
    assert {name for name, value in decided.items() if value == "ignore"} == {"DeadLettersAlarm", "BudgetNearAlarm"}
    assert set(decided.values()) <= {"breaching", "ignore", "notBreaching"}


def a_dead_letter_raises_an_alarm_within_five_minutes(template: Template) -> None:
    for name in ("DeadLettersAlarm", "RegistrantsRejectedAlarm"):
        alarm = template.properties(name)
        assert alarm["Period"] * alarm["EvaluationPeriods"] <= 300
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)


def thresholds_agree_with_the_code(template: Template) -> None:
    waiting = template.properties("RegistrantsWaitingAlarm")
    assert waiting["Threshold"] == limits.DEFERRAL_LONGEST_SECONDS
    # A registrant deferred repeatedly is counted at least once per window, so the alarm does not flap.
    assert waiting["Period"] * waiting["EvaluationPeriods"] > limits.DEFERRAL_LONGEST_SECONDS + waiting["Period"] - 1
    assert waiting["DatapointsToAlarm"] == 1
    latest = template.properties("RegisterBatchFunction")["Timeout"] - limits.STORE_SECONDS
    assert template.properties("ConsumerSlowAlarm")["Threshold"] == 1_000 * latest  # milliseconds
    token = template.properties("TokenOldAlarm")
    schedule = 1_800  # seconds; test_functions.py tests the schedule
    # The ages that a round of failures emits: Lambda repeats an asynchronous invocation after one and two minutes.
    first, second, third = schedule, schedule + 60, schedule + 60 + 120
    assert first < second < token["Threshold"] < third < TOKEN_SECONDS
    assert token["ComparisonOperator"] == "GreaterThanThreshold"
    assert token["Period"] == schedule
    silent = template.properties("RefreshTokenSilentAlarm")
    assert silent["Period"] == schedule
    assert silent["EvaluationPeriods"] >= 2


def cloudwatch_may_publish_to_the_topic(template: Template) -> None:
    # CloudWatch may not use the AWS managed key: every notification would be lost without an error.
    assert "KmsMasterKeyId" not in template.properties("AlarmTopic")


CHECKS: list[Check] = [
    each_alarm_watches_an_emitted_metric,
    every_failure_to_act_on_is_watched,
    alarms_notify_when_they_begin_and_when_they_end,
    alarms_say_what_to_do,
    missing_data_is_decided,
    a_dead_letter_raises_an_alarm_within_five_minutes,
    thresholds_agree_with_the_code,
    cloudwatch_may_publish_to_the_topic,
    the_refusal_rate_is_the_share_of_all_requests,
]

BREAKAGES: list[tuple[Check, str, str]] = [
    (each_alarm_watches_an_emitted_metric, "MetricName: LongestWait", "MetricName: LongestWaiting"),
    (each_alarm_watches_an_emitted_metric, 'MetricName: "5xx"', "MetricName: 5XXError"),
    (each_alarm_watches_an_emitted_metric, "Namespace: ZoomRegistrar", "Namespace: Registrar"),
    (
        each_alarm_watches_an_emitted_metric,
        "{Name: service, Value: register-batch}",
        "{Name: service, Value: consumer}",
    ),
    (each_alarm_watches_an_emitted_metric, "- {Name: stack, Value: !Ref AWS::StackName}\n      S", "\n      S"),
    (the_refusal_rate_is_the_share_of_all_requests, "MetricName: FormsUnknown", "MetricName: FormsNotTaken"),
    (the_refusal_rate_is_the_share_of_all_requests, "FILL(form_unknown, 0)", "form_unknown"),
    (
        each_alarm_watches_an_emitted_metric,
        "{Name: QueueName, Value: !GetAtt DeadLetterQueue.QueueName}",
        "{Name: QueueName, Value: !GetAtt DeadLetterQueue.Arn}",
    ),
    (each_alarm_watches_an_emitted_metric, "{Name: ApiId, Value:", "{Name: ApiName, Value:"),
    (
        each_alarm_watches_an_emitted_metric,
        "      MetricName: TokenAge\n      Dimensions:",
        "      MetricName: TokenAge\n      Dimensions: *of_register_batch\n      Other:",
    ),
    (every_failure_to_act_on_is_watched, "MetricName: Buried", "MetricName: Rejected"),
    (
        every_failure_to_act_on_is_watched,
        "{Name: QueueName, Value: !GetAtt DeadLetterQueue.QueueName}",
        "{Name: QueueName, Value: !GetAtt RegistrationQueue.QueueName}",
    ),
    (alarms_notify_when_they_begin_and_when_they_end, "&notify [!Ref AlarmTopic]", "&notify []"),
    (alarms_say_what_to_do, "docs/runbook.md#webinarfullalarm", "docs/runbook.md"),
    (alarms_say_what_to_do, "the page asked them to submit", "the page asked ada@example.com to submit"),
    (missing_data_is_decided, "TreatMissingData: breaching", "TreatMissingData: missing"),
    (missing_data_is_decided, "TreatMissingData: ignore", "TreatMissingData: notBreaching"),
    (
        a_dead_letter_raises_an_alarm_within_five_minutes,
        "EvaluationPeriods: 1  # minute",
        "EvaluationPeriods: 10  # minute",
    ),
    (thresholds_agree_with_the_code, "Threshold: 900  # seconds", "Threshold: 600  # seconds"),
    (thresholds_agree_with_the_code, "EvaluationPeriods: 4  #", "EvaluationPeriods: 3  #"),
    (thresholds_agree_with_the_code, "Threshold: 285000", "Threshold: 300000"),
    (thresholds_agree_with_the_code, "Threshold: 1900", "Threshold: 2700"),
    (thresholds_agree_with_the_code, "Threshold: 1900", "Threshold: 1800"),
    (each_alarm_watches_an_emitted_metric, '{ $.status = "429" }', "{ $.status = 429 }"),
    (each_alarm_watches_an_emitted_metric, '"apiId":"$context.apiId",', ""),
    (each_alarm_watches_an_emitted_metric, "LogGroupName: !Ref SubmissionApiLogGroup", "LogGroupName: !Ref Other"),
    (cloudwatch_may_publish_to_the_topic, "DisplayName: Zoom registrar", "KmsMasterKeyId: alias/aws/sns"),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_alarms_are_as_designed(template: Template, check: Check) -> None:
    check(template)


@pytest.mark.parametrize(("check", "old", "new"), BREAKAGES, ids=lambda part: getattr(part, "__name__", None))
def test_these_checks_can_fail(check: Check, old: str, new: str) -> None:
    assert_can_fail(check, old, new)
