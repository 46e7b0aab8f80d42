"""What is not deployed to the emulator: named, with its reason, and nothing else."""

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


def test_what_the_emulator_does_not_know_is_left_out_and_named() -> None:
    text, removed = remove_unsupported(TEMPLATE)

    assert removed == {"Query": "AWS::Logs::QueryDefinition"}
    assert "Query:" not in text
    assert TEMPLATE.replace(TEMPLATE[TEMPLATE.index("  Query") : TEMPLATE.index("  Two")], "") == text
    reason = REASONS["AWS::Logs::QueryDefinition"]
    assert removal_messages(removed) == [f"Not deployed to the emulator: Query ({reason})."]


def test_of_the_real_template_only_the_saved_queries_are_left_out() -> None:
    text, removed = remove_unsupported((REPOSITORY / "template.yaml").read_text(encoding="utf-8"))

    assert set(removed) == {"OneSubmissionQuery", "RefusalsQuery", "SlowCallsQuery"}
    assert "AWS::CloudWatch::Dashboard" in text
    assert not any(name in text for name in removed), "nothing may refer to what is left out"


def test_nothing_left_out_is_nothing_to_tell() -> None:
    assert removal_messages(remove_unsupported("Resources:\n  One:\n    Type: AWS::SQS::Queue\n")[1]) == []
