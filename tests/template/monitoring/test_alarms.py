"""Each alarm watches something that is emitted, speaks to whom it concerns, and says what to do."""

import re
from typing import Any

import pytest
from registrar import limits

from tests.template.cloudformation import Check, Template, assert_alive
from tests.template.monitoring.metric_names import assert_emitted

TOKEN_SECONDS = 3_600  # Zoom: a token's life

# What somebody must be woken for (issue 3, item 2): namespace, metric, resource or None.
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
}


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    return template.of_type("AWS::CloudWatch::Alarm")


def dimensions(alarm: dict[str, Any]) -> dict[str, Any]:
    return {one["Name"]: one["Value"] for one in alarm["Dimensions"]}


def each_alarm_watches_what_is_emitted(template: Template) -> None:
    for alarm in alarms(template).values():
        assert_emitted(template, alarm["Namespace"], alarm["MetricName"], dimensions(alarm))


def everything_that_should_wake_somebody_is_watched(template: Template) -> None:
    found = []
    for alarm in alarms(template).values():
        (target,) = {next(iter(value.values())) for value in dimensions(alarm).values() if isinstance(value, dict)}
        resource = None if target == "AWS::StackName" else target.partition(".")[0]
        found.append((alarm["Namespace"], alarm["MetricName"], resource))
    assert len(found) == len(set(found)), "two alarms for the same"
    assert set(found) == WATCHED


def alarms_speak_when_they_begin_and_when_they_end(template: Template) -> None:
    for name, alarm in alarms(template).items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}], name
        assert "AlarmName" not in alarm, "two stacks of one account could not have it"


def alarms_say_what_to_do(template: Template) -> None:
    for name, alarm in alarms(template).items():
        description = alarm["AlarmDescription"]
        assert name.endswith("Alarm")
        assert description.endswith(f"More: docs/runbook.md#{name.lower()}"), name
        assert 150 < len(description) <= 1_024, f"{name}: CloudWatch takes 1,024 characters"
        assert re.search(r"[Pp]eople|[Nn]obody|Somebody", description), f"{name} does not say what it means for them"
        assert "@" not in description, name


def missing_data_is_decided(template: Template) -> None:
    decided = {name: alarm["TreatMissingData"] for name, alarm in alarms(template).items()}
    assert {name for name, value in decided.items() if value == "breaching"} == {"RefresherSilentAlarm"}
    # Between two figures nothing has become better: the last one stands.
    assert {name for name, value in decided.items() if value == "ignore"} == {"DeadLettersAlarm", "BudgetNearAlarm"}
    assert set(decided.values()) <= {"breaching", "ignore", "notBreaching"}


def a_dead_letter_is_told_within_five_minutes(template: Template) -> None:
    for name in ("DeadLettersAlarm", "BurialAlarm"):
        alarm = template.properties(name)
        assert alarm["Period"] * alarm["EvaluationPeriods"] <= 300
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)


def thresholds_agree_with_the_code(template: Template) -> None:
    waiting = template.properties("PeopleWaitingAlarm")
    assert waiting["Threshold"] == limits.DEFERRAL_LONGEST_SECONDS
    # Somebody deferred again and again is seen at least once in the window: the alarm does not flutter.
    assert waiting["Period"] * waiting["EvaluationPeriods"] > limits.DEFERRAL_LONGEST_SECONDS + waiting["Period"] - 1
    assert waiting["DatapointsToAlarm"] == 1
    latest = template.properties("RegisterBatchFunction")["Timeout"] - limits.STORE_SECONDS
    assert template.properties("ConsumerSlowAlarm")["Threshold"] == 1_000 * latest  # milliseconds
    token = template.properties("TokenOldAlarm")
    schedule = 1_800  # seconds; that it is this is tested in test_functions.py
    assert schedule < token["Threshold"] < TOKEN_SECONDS
    assert token["Period"] == schedule
    silent = template.properties("RefresherSilentAlarm")
    assert silent["Period"] == schedule
    assert silent["EvaluationPeriods"] >= 2


def the_topic_can_be_spoken_to(template: Template) -> None:
    # CloudWatch may not use SNS's own key: each alarm would be lost without a trace.
    assert "KmsMasterKeyId" not in template.properties("AlarmTopic")


CHECKS: list[Check] = [
    each_alarm_watches_what_is_emitted,
    everything_that_should_wake_somebody_is_watched,
    alarms_speak_when_they_begin_and_when_they_end,
    alarms_say_what_to_do,
    missing_data_is_decided,
    a_dead_letter_is_told_within_five_minutes,
    thresholds_agree_with_the_code,
    the_topic_can_be_spoken_to,
]

BREAKAGES: list[tuple[Check, str, str]] = [
    (each_alarm_watches_what_is_emitted, "MetricName: LongestWait", "MetricName: LongestWaiting"),
    (each_alarm_watches_what_is_emitted, 'MetricName: "5xx"', "MetricName: 5XXError"),
    (each_alarm_watches_what_is_emitted, "Namespace: ZoomRegistrar", "Namespace: Registrar"),
    (each_alarm_watches_what_is_emitted, "{Name: service, Value: register-batch}", "{Name: service, Value: consumer}"),
    (each_alarm_watches_what_is_emitted, "        - {Name: stack, Value: !Ref AWS::StackName}\n", ""),
    (
        each_alarm_watches_what_is_emitted,
        "{Name: QueueName, Value: !GetAtt DeadLetterQueue.QueueName}",
        "{Name: QueueName, Value: !GetAtt DeadLetterQueue.Arn}",
    ),
    (each_alarm_watches_what_is_emitted, "{Name: ApiId, Value:", "{Name: ApiName, Value:"),
    (
        each_alarm_watches_what_is_emitted,
        "      MetricName: TokenAge\n      Dimensions:",
        "      MetricName: TokenAge\n      Dimensions: *of_register_batch\n      Other:",
    ),
    (everything_that_should_wake_somebody_is_watched, "MetricName: Buried", "MetricName: Rejected"),
    (
        everything_that_should_wake_somebody_is_watched,
        "{Name: QueueName, Value: !GetAtt DeadLetterQueue.QueueName}",
        "{Name: QueueName, Value: !GetAtt RegistrationQueue.QueueName}",
    ),
    (alarms_speak_when_they_begin_and_when_they_end, "&tell [!Ref AlarmTopic]", "&tell []"),
    (alarms_say_what_to_do, "docs/runbook.md#webinarfullalarm", "docs/runbook.md"),
    (alarms_say_what_to_do, "they were asked to send it again", "ada@example.com was asked to send it again"),
    (missing_data_is_decided, "TreatMissingData: breaching", "TreatMissingData: missing"),
    (missing_data_is_decided, "TreatMissingData: ignore", "TreatMissingData: notBreaching"),
    (a_dead_letter_is_told_within_five_minutes, "EvaluationPeriods: 1  # minute", "EvaluationPeriods: 10  # minute"),
    (thresholds_agree_with_the_code, "Threshold: 900  # seconds", "Threshold: 600  # seconds"),
    (thresholds_agree_with_the_code, "EvaluationPeriods: 4  #", "EvaluationPeriods: 3  #"),
    (thresholds_agree_with_the_code, "Threshold: 285000", "Threshold: 300000"),
    (thresholds_agree_with_the_code, "Threshold: 2700", "Threshold: 3600"),
    (the_topic_can_be_spoken_to, "DisplayName: Zoom registrar", "KmsMasterKeyId: alias/aws/sns"),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_somebody_is_woken_in_time(template: Template, check: Check) -> None:
    check(template)


@pytest.mark.parametrize(("check", "old", "new"), BREAKAGES, ids=lambda part: getattr(part, "__name__", None))
def test_these_checks_can_fail(check: Check, old: str, new: str) -> None:
    assert_alive(check, old, new)
