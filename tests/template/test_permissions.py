"""Least privilege: each role allows exactly the AWS calls that its function's code makes, on its own resources.

The calls are found in the code: every method called on an AWS client in the files that the function runs.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.template.cloudformation import ROOT, Check, Template, assert_can_fail

SHARED = ROOT / "layers" / "registrar" / "registrar"
# The layer's AWS calls are the consumer's; other functions make theirs in their own folders, and in files named here.
# `file::function` names one function of a file.
SUBMISSION_TABLE = "layers/registrar/registrar/storage/submission_table.py"
WEBINAR_TABLE = "layers/registrar/registrar/storage/webinar_table.py"
CLAIM = (f"{SUBMISSION_TABLE}::_claim", f"{SUBMISSION_TABLE}::mark")
FILES = {
    "AcceptSubmissionFunction": ["functions/accept_submission", *CLAIM, f"{WEBINAR_TABLE}::read"],
    "AcceptFormFunction": ["functions/accept_form", *CLAIM],
    "RegistrationPageFunction": [
        *("functions/registration_page", f"{SUBMISSION_TABLE}::read", f"{WEBINAR_TABLE}::read"),
        "layers/registrar/registrar/storage/registrant_table.py::read",
    ],
    "DescribeWebinarFunction": [
        *("functions/describe_webinar", WEBINAR_TABLE, "layers/registrar/registrar/storage/lookup_pace.py"),
        "layers/registrar/registrar/zoom/token_cache.py",
    ],
    "RegisterBatchFunction": ["functions/register_batch", "layers/registrar/registrar"],
    "RefreshTokenFunction": ["functions/refresh_token"],
}
CLIENTS = {"sqs": "sqs", "dynamodb": "dynamodb", "secrets": "secretsmanager", "functions": "lambda"}
MAKERS = {"client", "client_when_used"}
NO_CALLS = {"exceptions", "meta", "client"}
# IAM has another name for these calls.
ACTIONS = {"lambda:Invoke": "lambda:InvokeFunction"}
BATCHES = {"sqs:SendMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"}
# What the event source mapping does with the function's role.
EVENT_SOURCE_MAPPING = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
ALL_FUNCTIONS = {"logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"}


def aws_calls(paths: list[str]) -> set[str]:
    """Return the IAM actions that the code of these folders, files and functions needs."""
    return {action for path in paths for tree in _trees(path) for action in _calls(tree)}


def python_files(path: str) -> list[Path]:
    """Return the Python files of a folder, or the one file."""
    return sorted((ROOT / path).rglob("*.py")) or [ROOT / path]


def _trees(path: str) -> Iterator[ast.AST]:
    file, _, name = path.partition("::")
    trees = [ast.parse(one.read_text(encoding="utf-8")) for one in python_files(file)]
    if not name:
        yield from trees
        return
    # The first is the outermost: breadth first.
    yield next(one for one in ast.walk(trees[0]) if isinstance(one, ast.FunctionDef) and one.name == name)


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr in NO_CALLS:
            continue
        owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        service = CLIENTS.get(owner.lstrip("_"))
        if service:
            parts = node.attr.split("_")
            batch = service == "sqs" and parts[-1] == "batch"
            action = f"{service}:" + "".join(part.capitalize() for part in (parts[:-1] if batch else parts))
            yield ACTIONS.get(action, action)


def roles(template: Template) -> dict[str, dict[str, Any]]:
    """Return each function's role."""
    functions = template.of_type("AWS::Serverless::Function")
    names = {name: function["Role"]["Fn::GetAtt"].removesuffix(".Arn") for name, function in functions.items()}
    return {name: template.properties(role) for name, role in names.items()}


def statements(role: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield all statements, those under a condition too."""
    for policy in role["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def granted(role: dict[str, Any]) -> dict[str, set[str]]:
    """Return the allowed actions by resource, without the asterisk of the batch calls."""
    actions: dict[str, set[str]] = {}
    for statement in statements(role):
        assert statement["Effect"] == "Allow"
        for resource in listed(statement["Resource"]):
            name = resource if isinstance(resource, str) else resource["Fn::GetAtt"].split(".")[0]
            actions.setdefault(name, set()).update(action.removesuffix("*") for action in listed(statement["Action"]))
    return actions


def every_function_has_a_role_of_its_own(template: Template) -> None:
    functions = template.of_type("AWS::Serverless::Function")
    assert functions.keys() == FILES.keys()
    assert all("Policies" not in function for function in functions.values())
    assert len({function["Role"]["Fn::GetAtt"] for function in functions.values()}) == len(functions)
    for role in roles(template).values():
        assert role.keys() == {"AssumeRolePolicyDocument", "Policies"}  # no managed policies, no fixed name
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert trust["Action"] == "sts:AssumeRole"


def no_statement_allows_everything(template: Template) -> None:
    for role in roles(template).values():
        for statement in statements(role):
            assert statement.keys() == {"Effect", "Action", "Resource"}
            for action in listed(statement["Action"]):
                assert "*" not in action or (action[-1] == "*" and action[:-1] in BATCHES), action
            actions = listed(statement["Action"])
            for resource in listed(statement["Resource"]):
                is_trace = all(action.startswith("xray:") for action in actions)
                assert isinstance(resource, dict) or (resource == "*" and is_trace), resource


def permissions_match_the_code(template: Template) -> None:
    for name, role in roles(template).items():
        allowed = {action for actions in granted(role).values() for action in actions}
        needed = aws_calls(FILES[name]) | ALL_FUNCTIONS
        if name == "RegisterBatchFunction":
            needed |= EVENT_SOURCE_MAPPING
        assert allowed == needed, name


def permissions_are_on_their_own_resources(template: Template) -> None:
    form_endpoint, webhook, page, lookup, consumer, refresher = (granted(roles(template)[name]) for name in FILES)
    own_log = {"logs:CreateLogStream", "logs:PutLogEvents"}
    trace = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
    assert form_endpoint == {
        "AcceptSubmissionLogGroup": own_log,
        "*": trace,
        "SubmissionTable": {"dynamodb:PutItem", "dynamodb:UpdateItem"},
        "WebinarTable": {"dynamodb:GetItem"},
        "TurnstileSecret": {"secretsmanager:GetSecretValue"},
        "RegistrationQueue": {"sqs:SendMessage"},
    }
    assert webhook == {
        "AcceptFormLogGroup": own_log,
        "*": trace,
        "FormTable": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "FormSecrets": {"secretsmanager:GetSecretValue"},
        "SubmissionTable": {"dynamodb:PutItem", "dynamodb:UpdateItem"},
        "RegistrationQueue": {"sqs:SendMessage"},
        "DeadLetterQueue": {"sqs:SendMessage"},
    }
    # Strangers open the page: it can neither write nor read the token.
    assert page == {
        "RegistrationPageLogGroup": own_log,
        "*": trace,
        "SubmissionTable": {"dynamodb:GetItem"},
        "RegistrantTable": {"dynamodb:BatchGetItem"},
        "WebinarTable": {"dynamodb:GetItem"},
        "DescribeWebinarFunction": {"lambda:InvokeFunction"},
    }
    assert lookup == {
        "DescribeWebinarLogGroup": own_log,
        "*": trace,
        "WebinarTable": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "AccountTable": {"dynamodb:UpdateItem"},
        "ZoomTokenSecret": {"secretsmanager:GetSecretValue"},
        "RefreshTokenFunction": {"lambda:InvokeFunction"},
    }
    assert refresher == {
        "RefreshTokenLogGroup": own_log,
        "*": trace,
        "ZoomCredentialsSecret": {"secretsmanager:GetSecretValue"},
        "ZoomTokenSecret": {"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"},
        "AccountTable": {"dynamodb:UpdateItem"},
    }
    assert consumer["RegisterBatchLogGroup"] == own_log
    assert consumer["*"] == trace
    # It receives from the queue and may not send to it: a copy would start with a receive count of zero.
    assert consumer["RegistrationQueue"] == EVENT_SOURCE_MAPPING | {"sqs:ChangeMessageVisibility"}
    assert consumer["DeadLetterQueue"] == {"sqs:SendMessage"}
    assert consumer["ZoomTokenSecret"] == {"secretsmanager:GetSecretValue"}
    assert consumer["RefreshTokenFunction"] == {"lambda:InvokeFunction"}
    assert all(action.startswith("dynamodb:") for action in consumer["RegistrantTable"] | consumer["AccountTable"])
    assert not {"dynamodb:DeleteItem", "dynamodb:Scan"} & consumer["RegistrantTable"]
    # It draws calls and reads the suppression list; only `registrar forget` adds entries.
    assert consumer["AccountTable"] == {"dynamodb:GetItem", "dynamodb:UpdateItem"}
    # It notes which webinars refuse registrants, and reads nothing of what the page goes by.
    assert consumer["WebinarTable"] == {"dynamodb:UpdateItem"}
    only = {"WebinarTable", "RegistrantTable", "AccountTable", "RegistrationQueue", "DeadLetterQueue"}
    assert consumer.keys() == only | {"ZoomTokenSecret", "RefreshTokenFunction", "RegisterBatchLogGroup", "*"}


def only_the_refresher_reads_the_credentials(template: Template) -> None:
    readers = [name for name, role in roles(template).items() if "ZoomCredentialsSecret" in granted(role)]
    assert readers == ["RefreshTokenFunction"]


CHECKS: list[Check] = [
    every_function_has_a_role_of_its_own,
    no_statement_allows_everything,
    permissions_match_the_code,
    permissions_are_on_their_own_resources,
    only_the_refresher_reads_the_credentials,
]

BREAKAGES: list[tuple[Check, str, str]] = [
    (every_function_has_a_role_of_its_own, "Role: !GetAtt RefreshTokenRole.Arn", "Role: !GetAtt RegisterBatchRole.Arn"),
    (
        every_function_has_a_role_of_its_own,
        "      AssumeRolePolicyDocument: *assumed_by_lambda\n",
        "      RoleName: x\n      AssumeRolePolicyDocument: *assumed_by_lambda\n",
    ),
    (every_function_has_a_role_of_its_own, "Service: lambda.amazonaws.com", "Service: ec2.amazonaws.com"),
    (
        every_function_has_a_role_of_its_own,
        "      CodeUri: functions/refresh_token/\n",
        "      CodeUri: functions/refresh_token/\n      Policies: [AdministratorAccess]\n",
    ),
    (no_statement_allows_everything, "Action: sqs:SendMessage, Resource", 'Action: "*", Resource'),
    (no_statement_allows_everything, "Action: sqs:SendMessage, Resource", "Action: sqs:*, Resource"),
    (no_statement_allows_everything, "Action: dynamodb:GetItem, Resource", "Action: dynamodb:Get*, Resource"),
    (no_statement_allows_everything, "Resource: !GetAtt SubmissionTable.Arn", 'Resource: "*"'),
    (no_statement_allows_everything, "Resource: !GetAtt SubmissionTable.Arn", "Resource: arn:aws:dynamodb:::table/x"),
    (
        permissions_match_the_code,
        "Action: [dynamodb:PutItem, dynamodb:UpdateItem], Resource",
        "Action: [dynamodb:PutItem, dynamodb:DeleteItem], Resource",
    ),
    (permissions_match_the_code, "                  - sqs:ChangeMessageVisibility*\n", ""),
    (
        permissions_match_the_code,
        "[dynamodb:BatchGetItem, dynamodb:BatchWriteItem, dynamodb:PutItem, dynamodb:UpdateItem]",
        "[dynamodb:BatchGetItem, dynamodb:PutItem, dynamodb:UpdateItem]",
    ),
    (
        permissions_match_the_code,
        "[secretsmanager:GetSecretValue, secretsmanager:PutSecretValue]",
        "secretsmanager:GetSecretValue",
    ),
    (
        permissions_are_on_their_own_resources,
        "Action: sqs:SendMessage*, Resource: !GetAtt DeadLetterQueue.Arn",
        "Action: sqs:SendMessage*, Resource: !GetAtt RegistrationQueue.Arn",
    ),
    (
        permissions_are_on_their_own_resources,
        "Resource: !GetAtt SubmissionTable.Arn",
        "Resource: !GetAtt RegistrantTable.Arn",
    ),
    (
        permissions_are_on_their_own_resources,
        "Action: [dynamodb:GetItem, dynamodb:UpdateItem], Resource: !GetAtt AccountTable.Arn",
        "Action: [dynamodb:GetItem, dynamodb:UpdateItem], Resource: !GetAtt RegistrantTable.Arn",
    ),
    (
        only_the_refresher_reads_the_credentials,
        "secretsmanager:GetSecretValue, Resource: !GetAtt ZoomTokenSecret.Id",
        "secretsmanager:GetSecretValue, Resource: !GetAtt ZoomCredentialsSecret.Id",
    ),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_permissions_are_minimal(template: Template, check: Check) -> None:
    check(template)


@pytest.mark.parametrize(("check", "old", "new"), BREAKAGES, ids=lambda part: getattr(part, "__name__", None))
def test_these_checks_can_fail(check: Check, old: str, new: str) -> None:
    assert_can_fail(check, old, new)


def test_the_aws_calls_in_the_code_are_found() -> None:
    assert {"dynamodb:PutItem", "sqs:SendMessage"} < aws_calls(FILES["AcceptSubmissionFunction"])
    assert {"sqs:ReceiveMessage", "lambda:InvokeFunction"} < aws_calls(FILES["RegisterBatchFunction"])
    assert "secretsmanager:PutSecretValue" in aws_calls(FILES["RefreshTokenFunction"])
    assert aws_calls([f"{WEBINAR_TABLE}::read"]) == {"dynamodb:GetItem"}


def test_every_client_has_a_name_that_is_searched_for() -> None:
    """The services that clients are made for are those whose calls are found."""
    made = set()
    for folder in [folder for folders in FILES.values() for folder in folders]:
        for file in python_files(folder.partition("::")[0]):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in MAKERS and node.args:
                    made |= {argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)}
    assert made == set(CLIENTS.values())
