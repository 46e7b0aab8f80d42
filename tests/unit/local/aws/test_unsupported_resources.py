"""Resources that the emulator does not support are removed and reported with the reason; all others stay."""

from local.aws.unsupported_resources import REASONS, removal_messages, remove_unsupported
from local.processes.paths import REPOSITORY

TEMPLATE = """Resources:
  One:
    Type: AWS::SQS::Queue
  Query:
    Type: AWS::Logs::QueryDefinition
    Properties:
      Name:
        Fn::Sub: ${AWS::StackName}/x
  Two:
    Properties:
      Type: AWS::Logs::QueryDefinition
    Type: AWS::SQS::Queue
Outputs:
  Url:
    Value: x
"""


def test_unsupported_resources_are_removed_and_reported() -> None:
    text, removed = remove_unsupported(TEMPLATE)

    assert removed == {"Query": "AWS::Logs::QueryDefinition"}
    assert "Query:" not in text
    assert TEMPLATE.replace(TEMPLATE[TEMPLATE.index("  Query") : TEMPLATE.index("  Two")], "") == text
    reason = REASONS["AWS::Logs::QueryDefinition"]
    assert removal_messages(removed) == [f"Not deployed to the emulator: Query ({reason})."]


def test_only_saved_queries_and_the_metric_filter_of_the_real_template_are_removed() -> None:
    text, removed = remove_unsupported((REPOSITORY / "template.yaml").read_text(encoding="utf-8"))

    assert set(removed) == {"RequestsThrottledFilter", "OneSubmissionQuery", "RefusalsQuery", "SlowCallsQuery"}
    assert "AWS::CloudWatch::Dashboard" in text
    assert not any(name in text for name in removed), "no resource may refer to a removed one"


def test_an_alarm_of_metric_math_stays_with_a_metric_of_its_own() -> None:
    head, rest = "Resources:\n  Alarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n", "      Threshold: 50\n"
    metrics = "      Metrics:\n      - Id: share\n        Expression: IF(a > 1,\n          0)\n      - Id: a\n"
    text, removed = remove_unsupported(head + metrics + rest)

    assert removed == {}
    assert text.startswith(head + "      Namespace: ")
    assert text.endswith("      Period: 300\n" + rest)
    assert "share" not in text


def test_without_removed_resources_there_is_no_message() -> None:
    assert removal_messages(remove_unsupported("Resources:\n  One:\n    Type: AWS::SQS::Queue\n")[1]) == []
