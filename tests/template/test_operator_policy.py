"""`OperatorPolicy` allows exactly the AWS calls that the command line makes, on the stack's own resources.

The calls are found in the code: methods and paginators of AWS clients. tests/stack/cli/test_permissions.py runs the
commands with this policy alone.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.template.cloudformation import ROOT, Check, Template, assert_can_fail
from tests.template.test_permissions import ACTIONS, BATCHES, CLIENTS, NO_CALLS, listed

CLI = ROOT / "cli" / "registrar_cli"
NAMES = CLIENTS | {"cloudformation": "cloudformation"}
# What the layer's RegistrantTable.read and SuppressionList.contains call for the command line.
OF_THE_LAYER = {"dynamodb:BatchGetItem", "dynamodb:GetItem"}
NEEDS_NO_PERMISSION = {"sts:GetCallerIdentity"}
# `registrar configure NAME=VALUE` needs the rights of a deployment: CloudFormation changes resources with them.
OF_A_DEPLOYMENT = {"cloudformation:UpdateStack", "cloudformation:DescribeStackEvents"}
WITHOUT_RESOURCE = {"cloudwatch:DescribeAlarms", "lambda:GetAccountSettings", "lambda:ListEventSourceMappings"}


def calls(source: str) -> Iterator[str]:
    """Yield the IAM action of each AWS call in Python code."""
    tree = ast.parse(source)
    paginators = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not (service := _service(node.value)):
            continue
        name = node.attr
        if name == "get_paginator":
            name = ast.literal_eval(paginators[id(node)].args[0])
        if name not in NO_CALLS | {"token_hex"}:  # of Python's module `secrets`
            parts = name.split("_")
            batch = service == "sqs" and parts[-1] == "batch"
            action = f"{service}:" + "".join(part.capitalize() for part in (parts[:-1] if batch else parts))
            yield ACTIONS.get(action, action)


def _service(owner: ast.expr) -> str | None:
    """Return the service of a client: `sqs`, `self._sqs`, `session.sqs` or `aws.client("sqs")`."""
    if isinstance(owner, ast.Call) and getattr(owner.func, "attr", "") == "client":
        return str(ast.literal_eval(owner.args[0]))
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return NAMES.get(name.lstrip("_"))


def calls_of(folder: Path) -> set[str]:
    return {action for file in folder.rglob("*.py") for action in calls(file.read_text(encoding="utf-8"))}


def granted(template: Template) -> dict[str, set[str]]:
    """Return the allowed actions by resource, without the asterisk of the batch calls."""
    actions: dict[str, set[str]] = {}
    for statement in template.properties("OperatorPolicy")["PolicyDocument"]["Statement"]:
        assert statement.keys() == {"Effect", "Action", "Resource"}
        assert statement["Effect"] == "Allow"
        for action in listed(statement["Action"]):
            assert "*" not in action or action.removesuffix("*") in BATCHES, action
            actions.setdefault(_resource(statement["Resource"]), set()).add(action.removesuffix("*"))
    return actions


def _resource(resource: Any) -> str:
    if isinstance(resource, str):
        return resource
    ((function, of),) = resource.items()
    if function == "Fn::Sub":
        return str(of).split(":", maxsplit=8)[-1]  # from the account on; partition and region hold colons
    return str(of).split(".")[0]


def the_policy_allows_what_the_commands_call(template: Template) -> None:
    allowed = {action for actions in granted(template).values() for action in actions}
    assert allowed == (calls_of(CLI) | OF_THE_LAYER) - NEEDS_NO_PERMISSION - OF_A_DEPLOYMENT


def each_action_is_allowed_on_its_own_resources(template: Template) -> None:
    assert granted(template) == {
        "${AWS::AccountId}:stack/${AWS::StackName}/*": {
            *("cloudformation:DescribeStacks", "cloudformation:GetTemplate", "cloudformation:ListStackResources")
        },
        "RegistrationQueue": {"sqs:GetQueueAttributes", "sqs:SendMessage"},
        "DeadLetterQueue": {
            *("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
            *("sqs:ReceiveMessage", "sqs:StartMessageMoveTask"),
        },
        "RegistrantTable": {
            *("dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:DescribeTable"),
            *("dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"),
        },
        "SubmissionTable": {
            *("dynamodb:DeleteItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem"),
            *("dynamodb:Scan", "dynamodb:UpdateItem"),
        },
        "FormTable": {
            *("dynamodb:DeleteItem", "dynamodb:DescribeTable", "dynamodb:PutItem", "dynamodb:Scan"),
            "dynamodb:UpdateItem",
        },
        "WebinarTable": {"dynamodb:DescribeTable"},
        "FormSecrets": {"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"},
        "AccountTable": {"dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:UpdateItem"},
        "ZoomTokenSecret": {"secretsmanager:GetSecretValue"},
        "ZoomCredentialsSecret": {"secretsmanager:DescribeSecret"},  # never their value
        "RefreshTokenFunction": {"lambda:InvokeFunction"},
        "${AWS::AccountId}:event-source-mapping:${RegisterBatchFunctionRegistrations}": {
            "lambda:UpdateEventSourceMapping"
        },
        "AlarmTopic": {"sns:ListSubscriptionsByTopic"},
        "*": WITHOUT_RESOURCE,
    }


def the_policy_has_no_name(template: Template) -> None:
    """A name would need CAPABILITY_NAMED_IAM."""
    assert template.properties("OperatorPolicy").keys() == {"Description", "PolicyDocument"}


def the_policy_fits_a_managed_policy(template: Template) -> None:
    """IAM takes 6,144 characters, blanks not counted; an ARN has at most 230, with the longest stack name."""
    document = json.dumps(template.properties("OperatorPolicy")["PolicyDocument"])
    references = document.count('"Ref"') + document.count('"Fn::GetAtt"') + document.count('"Fn::Sub"')
    assert len("".join(document.split())) + 230 * references <= 6_144


CHECKS: list[Check] = [
    the_policy_fits_a_managed_policy,
    the_policy_allows_what_the_commands_call,
    each_action_is_allowed_on_its_own_resources,
    the_policy_has_no_name,
]
BREAKAGES: list[tuple[Check, str, str]] = [
    (the_policy_fits_a_managed_policy, "- sqs:StartMessageMoveTask", f"- sqs:{'x' * 3_000}"),
    (the_policy_allows_what_the_commands_call, "              - sqs:StartMessageMoveTask\n", ""),
    (the_policy_allows_what_the_commands_call, "cloudwatch:DescribeAlarms, ", ""),
    (the_policy_allows_what_the_commands_call, "Action: sns:ListSubscriptionsByTopic", "Action: sns:Publish"),
    (the_policy_allows_what_the_commands_call, "[cloudwatch:DescribeAlarms,", "[dynamodb:PutItem,"),
    (the_policy_allows_what_the_commands_call, "- sqs:StartMessageMoveTask", '- "sqs:*"'),
    (
        each_action_is_allowed_on_its_own_resources,
        "secretsmanager:DescribeSecret, Resource: !GetAtt ZoomCredentialsSecret.Id",
        'secretsmanager:DescribeSecret, Resource: "*"',
    ),
    (the_policy_has_no_name, "      Description: Allows what", "      ManagedPolicyName: x\n      Description: Allows"),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_operators_policy_is_minimal(template: Template, check: Check) -> None:
    check(template)


@pytest.mark.parametrize(("check", "old", "new"), BREAKAGES)
def test_these_checks_can_fail(check: Check, old: str, new: str) -> None:
    assert_can_fail(check, old, new)


def test_calls_are_found_however_a_client_is_named() -> None:
    source = """
session.sqs.send_message_batch(x)
self._functions.invoke(x)
aws.client("sns").get_paginator("list_subscriptions_by_topic").paginate()
self._dynamodb.exceptions.ConditionalCheckFailedException
self._dynamodb.get_paginator("scan")
"""
    assert set(calls(source)) == {
        *("sqs:SendMessage", "lambda:InvokeFunction", "sns:ListSubscriptionsByTopic", "dynamodb:Scan")
    }
