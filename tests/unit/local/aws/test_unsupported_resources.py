"""What is not deployed to the emulator: named, with its reason, and nothing else."""

from local.aws.unsupported_resources import REASONS, in_words, leave_out
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


def test_what_the_emulator_does_not_know_is_left_out_and_named() -> None:
    text, left_out = leave_out(TEMPLATE)

    assert left_out == {"Query": "AWS::Logs::QueryDefinition"}
    assert "Query:" not in text
    assert TEMPLATE.replace(TEMPLATE[TEMPLATE.index("  Query") : TEMPLATE.index("  Two")], "") == text
    assert in_words(left_out) == [f"Left out of this deployment: Query ({REASONS['AWS::Logs::QueryDefinition']})."]


def test_of_the_real_template_only_the_saved_queries_are_left_out() -> None:
    text, left_out = leave_out((REPOSITORY / "template.yaml").read_text(encoding="utf-8"))

    assert set(left_out) == {"OneSubmissionQuery", "RefusalsQuery", "SlowCallsQuery"}
    assert "AWS::CloudWatch::Dashboard" in text
    assert not any(name in text for name in left_out), "nothing may refer to what is left out"


def test_nothing_left_out_is_nothing_to_tell() -> None:
    assert in_words(leave_out("Resources:\n  One:\n    Type: AWS::SQS::Queue\n")[1]) == []
