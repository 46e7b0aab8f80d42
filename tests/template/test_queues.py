"""The queues and the consumer: numbers that AWS's rules and `limits.py` tie together."""

import math

import pytest
from registrar import limits

from tests.template.cloudformation import Check, Template, assert_can_fail

DAY = 86_400  # seconds
FOURTEEN_DAYS = 14 * DAY


def visibility_is_six_times_the_timeout(template: Template) -> None:
    timeout = template.properties("RegisterBatchFunction")["Timeout"]
    assert template.properties("RegistrationQueue")["VisibilityTimeout"] >= 6 * timeout
    # SQS's own maximum is 12 hours.
    assert template.properties("RegistrationQueue")["VisibilityTimeout"] <= 43_200


def mapping_delivers_ten_messages(template: Template) -> None:
    (event,) = template.properties("RegisterBatchFunction")["Events"].values()
    assert event["Type"] == "SQS"
    mapping = event["Properties"]
    assert mapping["Queue"] == {"Fn::GetAtt": "RegistrationQueue.Arn"}
    assert mapping["BatchSize"] == 10
    assert "MaximumBatchingWindowInSeconds" not in mapping
    assert mapping.get("Enabled", True) is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": limits.CONSUMERS}
    assert limits.CONSUMERS >= 2  # AWS's minimum


def consumer_has_no_other_concurrency_limit(template: Template) -> None:
    function = template.properties("RegisterBatchFunction")
    assert "ReservedConcurrentExecutions" not in function  # uses up receives on throttled deliveries
    assert "AutoPublishAlias" not in function  # an alias would run old configuration


def queues_are_standard_and_retain_for_fourteen_days(template: Template) -> None:
    queues = template.of_type("AWS::SQS::Queue")
    assert queues.keys() == {"RegistrationQueue", "DeadLetterQueue"}
    for queue in queues.values():
        assert queue["MessageRetentionPeriod"] == FOURTEEN_DAYS
        assert queue["SqsManagedSseEnabled"] is True
        assert not queue.get("FifoQueue")
        assert "QueueName" not in queue  # a fixed name could not be deployed twice
        assert "DelaySeconds" not in queue
        assert queue.get("ReceiveMessageWaitTimeSeconds", 0) == 0  # short polling: an empty queue answers at once


def message_is_64_kib_at_most(template: Template) -> None:
    assert template.properties("RegistrationQueue")["MaximumMessageSize"] == 64 * 1024
    # A dead letter is the body and its attributes.
    assert template.properties("DeadLetterQueue").get("MaximumMessageSize", 1_048_576) >= 2 * 64 * 1024


def receive_count_outlasts_an_outage_of_the_age_limit(template: Template) -> None:
    policy = template.properties("RegistrationQueue")["RedrivePolicy"]
    assert policy["deadLetterTargetArn"] == {"Fn::GetAtt": "DeadLetterQueue.Arn"}
    shortest = limits.DEFERRAL_LONGEST_SECONDS * (1 - limits.DEFERRAL_JITTER)
    first_steps = math.ceil(math.log2(limits.DEFERRAL_LONGEST_SECONDS / limits.DEFERRAL_FIRST_SECONDS))
    receives = limits.AGE_LIMIT_SECONDS / shortest + first_steps
    assert policy["maxReceiveCount"] >= 1.5 * receives  # room for abandoned messages
    assert policy["maxReceiveCount"] <= 1_000  # SQS's maximum
    # The comment's arithmetic is that of the numbers.
    (comment,) = [line for line in template.lines if "first short delays" in line]
    room = policy["maxReceiveCount"] - receives
    assert f"{shortest / 60:.0f} min ({limits.DEFERRAL_LONGEST_SECONDS / 60:.0f} min with jitter)" in comment
    assert f"= {limits.AGE_LIMIT_SECONDS / shortest:.0f}, the first short delays {first_steps}" in comment
    assert f"abandoned messages {room:.0f}." in comment


def dead_letters_have_no_consumer_and_no_further_queue(template: Template) -> None:
    assert "RedrivePolicy" not in template.properties("DeadLetterQueue")
    functions = template.of_type("AWS::Serverless::Function").values()
    sources = [event["Properties"].get("Queue") for one in functions for event in one.get("Events", {}).values()]
    assert {"Fn::GetAtt": "DeadLetterQueue.Arn"} not in sources


def retention_outlasts_the_age_limit(template: Template) -> None:
    queue = template.properties("RegistrationQueue")
    assert queue["MessageRetentionPeriod"] >= limits.AGE_LIMIT_SECONDS + 2 * DAY


def drain_ends_in_time_to_send_and_store(template: Template) -> None:
    timeout = template.properties("RegisterBatchFunction")["Timeout"]
    longest_drain = template.parameters["DrainSeconds"]["MaxValue"]
    assert longest_drain + limits.ZOOM_CALL_SECONDS + limits.STORE_SECONDS <= timeout
    assert timeout == limits.FUNCTION_SECONDS
    assert template.parameters["DrainSeconds"]["Default"] <= longest_drain


CHECKS: list[Check] = [
    visibility_is_six_times_the_timeout,
    mapping_delivers_ten_messages,
    consumer_has_no_other_concurrency_limit,
    queues_are_standard_and_retain_for_fourteen_days,
    message_is_64_kib_at_most,
    receive_count_outlasts_an_outage_of_the_age_limit,
    dead_letters_have_no_consumer_and_no_further_queue,
    retention_outlasts_the_age_limit,
    drain_ends_in_time_to_send_and_store,
]

BREAKAGES: list[tuple[Check, str, str]] = [
    (visibility_is_six_times_the_timeout, "VisibilityTimeout: 1800", "VisibilityTimeout: 1799"),
    (visibility_is_six_times_the_timeout, "Timeout: 300 ", "Timeout: 301 "),
    (mapping_delivers_ten_messages, "BatchSize: 10 ", "BatchSize: 30 "),
    (mapping_delivers_ten_messages, "BatchSize: 10 ", "MaximumBatchingWindowInSeconds: 5\n            BatchSize: 10 "),
    (mapping_delivers_ten_messages, "{MaximumConcurrency: 2}", "{MaximumConcurrency: 3}"),
    (mapping_delivers_ten_messages, "[ReportBatchItemFailures]", "[]"),
    (mapping_delivers_ten_messages, "            FunctionResponseTypes: [ReportBatchItemFailures]\n", ""),
    (mapping_delivers_ten_messages, "Queue: !GetAtt RegistrationQueue.Arn", "Queue: !GetAtt DeadLetterQueue.Arn"),
    (
        dead_letters_have_no_consumer_and_no_further_queue,
        "Queue: !GetAtt RegistrationQueue.Arn",
        "Queue: !GetAtt DeadLetterQueue.Arn",
    ),
    (
        consumer_has_no_other_concurrency_limit,
        "      MemorySize: 1024 ",
        "      ReservedConcurrentExecutions: 2\n      MemorySize: 1024 ",
    ),
    (
        queues_are_standard_and_retain_for_fourteen_days,
        "MessageRetentionPeriod: 1209600",
        "MessageRetentionPeriod: 345600",
    ),
    (queues_are_standard_and_retain_for_fourteen_days, "      SqsManagedSseEnabled: true\n", ""),
    (message_is_64_kib_at_most, "MaximumMessageSize: 65536", "MaximumMessageSize: 262144"),
    (receive_count_outlasts_an_outage_of_the_age_limit, "maxReceiveCount: 800", "maxReceiveCount: 500"),
    (receive_count_outlasts_an_outage_of_the_age_limit, "/ 12 min (15", "/ 15 min (15"),
    (
        receive_count_outlasts_an_outage_of_the_age_limit,
        "!GetAtt DeadLetterQueue.Arn\n        max",
        "!GetAtt RegistrationQueue.Arn\n        max",
    ),
    (retention_outlasts_the_age_limit, "MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 345600"),
    (drain_ends_in_time_to_send_and_store, "Timeout: 300 ", "Timeout: 250 "),
    (drain_ends_in_time_to_send_and_store, "MaxValue: 240", "MaxValue: 290"),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_queues_follow_the_rules(template: Template, check: Check) -> None:
    check(template)


@pytest.mark.parametrize(("check", "old", "new"), BREAKAGES, ids=lambda part: getattr(part, "__name__", None))
def test_these_checks_can_fail(check: Check, old: str, new: str) -> None:
    assert_can_fail(check, old, new)
