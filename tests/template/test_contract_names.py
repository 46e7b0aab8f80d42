"""Names that others rely on (contract 1): logical ids, parameters, outputs; and the template's form."""

import re
from typing import Any

import pytest
from registrar_cli.terminal.version import __version__

from tests.template.cloudformation import ROOT, Check, Template, assert_can_fail, references

LOGICAL_IDS = [  # in the order of a submission's way, then the token
    "SubmissionApi",
    "SubmissionTable",
    "AcceptSubmissionFunction",
    "AcceptFormFunction",
    "FormTable",
    "FormSecrets",
    "RegistrationPageFunction",
    "DescribeWebinarFunction",
    "WebinarTable",
    "RegistrationQueue",
    "DeadLetterQueue",
    "RegisterBatchFunction",
    "RegistrantTable",
    "ZoomCredentialsSecret",
    "RefreshTokenFunction",
    "ZoomTokenSecret",
]

# Name: default, a word of the description that states the unit or the form, valid values, invalid values.
PARAMETERS: dict[str, tuple[Any, str, list[str], list[str]]] = {
    "ZoomApiUrl": (
        "https://api.zoom.us/v2",
        "URL",
        ["https://api-eu.zoom.us/v2", "http://127.0.0.1:8080/v2", "http://fake"],
        ["", "api.zoom.us", "https://api.zoom.us/v2/", "https://a b", "ftp://x", "https://x?y", "https://"],
    ),
    "ZoomOAuthUrl": (
        "https://zoom.us/oauth/token",
        "URL",
        ["http://127.0.0.1:8080/oauth/token"],
        ["", "zoom.us", "https://", "https://zoom.us/oauth/token?x=y"],
    ),
    "ZoomCallsPerSecond": (10, "per second", ["1", "40"], ["0", "-1", "1001"]),
    "ZoomCallsPerDay": (30_000, "per UTC day", ["1", "60000"], ["0", "-1"]),
    "ZoomBudgetShare": (100, "Percent", ["1", "50", "33.3"], ["0", "101", "-5"]),
    "AutoApprove": ("true", "auto_approve", ["false"], ["True", "", "yes", "1"]),
    "AllowedWebinars": (
        "",
        "ids",
        ["97871060099", "978 7106 0099, 812-3456-7890", "1" * 9, "1" * 15, ",".join(["97871060099"] * 200)],
        [
            "x",
            "12345678",
            "1" * 16,
            "97871060099 81234567890",
            "97871060099;81234567890",
            "97871060099,",
            ",",
            ",".join(["97871060099"] * 210),
        ],
    ),
    "AllowedOrigins": (
        "*",
        "scheme and host",
        ["https://example.com", "https://a.example,http://localhost:8000"],
        [
            "example.com",
            "https://example.com/",
            "https://example.com/form",
            "",
            "https://*",
            "https://*.example.com",
            "https://a.example,https://*.b.example",
            "http://localhost:*",
            "https://bücher.example",  # browsers write xn--bcher-kva.example
            "https://a.example;script-src",
        ],
    ),
    "DrainSeconds": (240, "Seconds", ["0", "30"], ["-1", "241", "900"]),
    "RecordRetentionDays": (400, "Days", ["1", "3650"], ["0", "-1"]),
    "LogRetentionDays": (90, "Days", ["1", "365"], ["0", "2", "91"]),
    "AlarmEmail": ("", "E-mail", ["ops@example.com"], ["ops", "a@b c", "@"]),
    "Architecture": ("arm64", "", ["x86_64"], ["arm", ""]),
}
# Not in the contract: for machines without Python 3.13, and an option of the page.
OURS = {"PythonRuntime", "TurnstileSiteKey"}

OUTPUTS = {
    "SubmissionUrl": {"Fn::GetAtt": "SubmissionApi.ApiEndpoint"},
    "FormsUrl": {"Fn::Sub": "${SubmissionApi.ApiEndpoint}/forms"},
    "RegistrationQueueUrl": {"Ref": "RegistrationQueue"},
    "DeadLetterQueueUrl": {"Ref": "DeadLetterQueue"},
    "RegistrantTableName": {"Ref": "RegistrantTable"},
    "ZoomCredentialsSecretArn": {"Fn::GetAtt": "ZoomCredentialsSecret.Id"},
    "ZoomTokenSecretArn": {"Fn::GetAtt": "ZoomTokenSecret.Id"},
    "TurnstileSecretArn": {"Fn::GetAtt": "TurnstileSecret.Id"},
    "AlarmTopicArn": {"Ref": "AlarmTopic"},
    "OperatorPolicyArn": {"Ref": "OperatorPolicy"},
    "DashboardUrl": {
        "Fn::Sub": "https://console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}#dashboards/dashboard/${Dashboard}"
    },
    "Version": __version__,
}


def admits(parameter: dict[str, Any], value: str) -> bool:
    """Return whether CloudFormation accepts this value, by its rules for patterns, bounds and listed values."""
    values = [part.strip() for part in value.split(",")] if parameter["Type"] == "CommaDelimitedList" else [value]
    allowed = [str(one) for one in parameter.get("AllowedValues", [])]
    if allowed and not set(values) <= set(allowed):
        return False
    pattern = parameter.get("AllowedPattern")
    if pattern and not all(re.fullmatch(pattern, one) for one in values):
        return False
    if len(value) > parameter.get("MaxLength", 4_096):
        return False
    if parameter["Type"] == "Number" and not allowed:
        return bool(float(parameter["MinValue"]) <= float(value) <= float(parameter["MaxValue"]))
    return True


def logical_ids(template: Template) -> None:
    order = [name for name in template.resources if name in LOGICAL_IDS]
    assert order == LOGICAL_IDS


def parameters_are_those_of_the_contract(template: Template) -> None:
    assert template.parameters.keys() == PARAMETERS.keys() | OURS
    for name, (default, word, _, _) in PARAMETERS.items():
        parameter = template.parameters[name]
        assert parameter["Default"] == default, name
        assert word in parameter["Description"], name
        assert len(parameter["Description"]) > 20, name


def parameters_have_bounds(template: Template) -> None:
    for name, parameter in template.parameters.items():
        bounds = parameter.keys() & {"AllowedValues", "AllowedPattern", "MinValue", "MaxValue"}
        assert bounds == {"MinValue", "MaxValue"} or len(bounds) == 1, name
        assert admits(parameter, str(parameter["Default"])), name
        if "AllowedPattern" in bounds:
            assert parameter["ConstraintDescription"], name
    for name, (_, _, good, bad) in PARAMETERS.items():
        assert all(admits(template.parameters[name], value) for value in good), name
        assert not any(admits(template.parameters[name], value) for value in bad), name


def allowed_webinars_fit_the_variables_of_a_function(template: Template) -> None:
    """Lambda's limit counts names and values; CloudFormation's names have at most these lengths."""
    longest = {"AllowedWebinars": template.parameters["AllowedWebinars"]["MaxLength"], "AWS::StackName": 128}
    longest |= {"AllowedOrigins": 500, "TurnstileSiteKey": 40}  # the origins have no bound of their own
    queue = "https://sqs.ap-northeast-1.amazonaws.com.cn/123456789012/"
    arn = "arn:aws-cn:secretsmanager:ap-northeast-1:"
    for name in ("SubmissionTable", "WebinarTable", "RegistrantTable", "FormTable"):
        longest[name] = 128 + len(name) + 15
    longest |= dict.fromkeys(("RegistrationQueue", "DeadLetterQueue"), len(queue) + 80)
    longest |= dict.fromkeys(("TurnstileSecret", "FormSecrets"), len(arn) + len("123456789012:secret:") + 50)
    longest |= {"DescribeWebinarFunction": 64}
    for function in ("AcceptSubmissionFunction", "AcceptFormFunction", "RegistrationPageFunction"):
        variables = template.properties(function)["Environment"]["Variables"]
        size = sum(len(name) + longest[next(references(value))] for name, value in variables.items())
        assert size <= 4_096, function


def parameters_are_used_and_grouped(template: Template) -> None:
    used = set(references([template.content["Resources"], template.content["Globals"], template.content["Conditions"]]))
    assert template.parameters.keys() <= used
    groups = template.content["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    listed = [name for group in groups for name in group["Parameters"]]
    assert sorted(listed) == sorted(template.parameters)


def outputs_are_those_of_the_contract(template: Template) -> None:
    assert {name: output["Value"] for name, output in template.outputs.items()} == OUTPUTS
    assert all(output["Description"] for output in template.outputs.values())


def references_exist(template: Template) -> None:
    pseudo = {"AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::StackId", "AWS::StackName", "AWS::NoValue"}
    known = template.resources.keys() | template.parameters.keys() | pseudo
    assert set(references(template.content)) <= known


def every_resource_has_a_comment(template: Template) -> None:
    for name in template.resources:
        above = template.lines[template.line_of("Resources", name) - 1].strip()
        assert above.startswith("# "), f"{name} has no comment above it"
        assert not above.startswith("# ──"), f"{name} has only the section's title above it"
        assert above.endswith((".", "?", ")")), f"{name}: {above}"


def every_number_has_a_unit(template: Template) -> None:
    numbers = list(template.numbers("Resources"))
    assert len(numbers) > 15
    for number in numbers:
        near = template.lines[number.line - 3 : number.line]
        comments = [line for line in near if line.strip().startswith("#")]
        assert " # " in template.lines[number.line] or comments, f"{number.path}: {number.value} has no unit"


def lines_are_short(template: Template) -> None:
    assert [line for line in template.lines if len(line) > 128] == []


def runtime_is_python_3_13_on_the_cheaper_architecture(template: Template) -> None:
    assert template.parameters["PythonRuntime"]["Default"] == "python3.13"
    function = template.content["Globals"]["Function"]
    assert function["Runtime"] == {"Ref": "PythonRuntime"}
    assert function["Architectures"] == [{"Ref": "Architecture"}]
    # The layer is built with the same Python.
    assert template.properties("RegistrarLayer")["CompatibleRuntimes"] == [{"Ref": "PythonRuntime"}]
    context = template.resources["RegistrarLayer"]["Metadata"]["ContextPath"]
    assert context == {"Fn::Sub": "layers/registrar/runtimes/${PythonRuntime}"}
    for version in template.parameters["PythonRuntime"]["AllowedValues"]:
        makefile = ROOT / context["Fn::Sub"].replace("${PythonRuntime}", version) / "Makefile"
        assert makefile.is_file()
        assert makefile.read_text(encoding="utf-8") == f"LAYER_PYTHON = {version}\ninclude Makefile\n"
    assert not any("Runtime" in one for one in template.of_type("AWS::Serverless::Function").values())


def skips_have_reasons(template: Template) -> None:
    skips = [
        skip
        for resource in template.resources.values()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]
    assert skips
    assert all(skip.keys() == {"id", "comment"} and len(skip["comment"]) > 20 for skip in skips)


CHECKS: list[Check] = [
    logical_ids,
    parameters_are_those_of_the_contract,
    parameters_have_bounds,
    allowed_webinars_fit_the_variables_of_a_function,
    parameters_are_used_and_grouped,
    outputs_are_those_of_the_contract,
    references_exist,
    every_resource_has_a_comment,
    every_number_has_a_unit,
    lines_are_short,
    runtime_is_python_3_13_on_the_cheaper_architecture,
    skips_have_reasons,
]

BREAKAGES: list[tuple[Check, str, str]] = [
    (logical_ids, "  DeadLetterQueue:\n", "  DeadLetters:\n"),
    (logical_ids, "  RegistrationQueue:\n    Type", "  Registrations:\n    Type"),
    (parameters_are_those_of_the_contract, "    Default: 30000\n", "    Default: 60000\n"),
    (parameters_are_those_of_the_contract, '    Default: "true"', "    Default: true"),
    (
        parameters_are_those_of_the_contract,
        "Description: Days for which CloudWatch",
        "Description: How long CloudWatch",
    ),
    (parameters_are_those_of_the_contract, "  DrainSeconds:\n    Type", "  DrainTime:\n    Type"),
    (parameters_have_bounds, "    MinValue: 0\n    MaxValue: 240\n", "    MaxValue: 240\n"),
    (parameters_have_bounds, "    MaxValue: 240\n", "    MaxValue: 300\n"),
    (parameters_have_bounds, "AllowedValues: [arm64, x86_64]", "AllowedValues: [x86_64]"),
    (parameters_have_bounds, "^([ -]*([0-9][ -]*){9,15}(,[ -]*([0-9][ -]*){9,15})*)?$", "^[0-9, -]*$"),
    (parameters_have_bounds, "    AllowedPattern: ^(\\*|https?://[A-Za-z0-9.:[\\]-]+)$\n", ""),
    (parameters_have_bounds, "://[A-Za-z0-9.:[\\]-]+)$\n", "://[^\\s/,]+)$\n"),
    (
        parameters_have_bounds,
        "    MaxLength: 2500  # characters: Lambda allows 4 KB for all variables of a function\n",
        "",
    ),
    (allowed_webinars_fit_the_variables_of_a_function, "MaxLength: 2500", "MaxLength: 4096"),
    (parameters_are_used_and_grouped, "DRAIN_SECONDS: !Ref DrainSeconds", "DRAIN_SECONDS: 240"),
    (parameters_are_used_and_grouped, "[AllowedWebinars, AllowedOrigins, ", "[AllowedWebinars, "),
    (outputs_are_those_of_the_contract, "  SubmissionUrl:\n", "  Url:\n"),
    (outputs_are_those_of_the_contract, f"    Value: {__version__}\n", "    Value: 0.9.0\n"),
    (outputs_are_those_of_the_contract, "    Value: !Ref DeadLetterQueue\n", "    Value: !Ref RegistrationQueue\n"),
    (references_exist, "Endpoint: !Ref AlarmEmail", "Endpoint: !Ref AlarmMail"),
    (
        every_resource_has_a_comment,
        "  # Created without a value, which",
        "  # ── x ──\n  Bare:\n    Type: T\n\n  # Created without a value, which",
    ),
    (every_resource_has_a_comment, "  # Sends the alarms to AlarmEmail, if set.\n", ""),
    (every_number_has_a_unit, "MemorySize: 1024  #", "MemorySize: 1024\n      #"),
    (
        every_number_has_a_unit,
        "        MaxAge: 600  # seconds for which a browser caches the preflight response",
        "        MaxAge: 600",
    ),
    (runtime_is_python_3_13_on_the_cheaper_architecture, "Default: python3.13", "Default: python3.14"),
    (runtime_is_python_3_13_on_the_cheaper_architecture, "Runtime: !Ref PythonRuntime", "Runtime: python3.12"),
    (runtime_is_python_3_13_on_the_cheaper_architecture, "runtimes/${PythonRuntime}", "runtimes/python3.13"),
    (runtime_is_python_3_13_on_the_cheaper_architecture, "[python3.11, ", "[python3.10, python3.11, "),
    (
        skips_have_reasons,
        "comment: Encrypted with SQS-managed keys (SqsManagedSseEnabled), which this check does not recognise.",
        "comment: because",
    ),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_template_has_its_names_and_its_form(template: Template, check: Check) -> None:
    check(template)


@pytest.mark.parametrize(("check", "old", "new"), BREAKAGES, ids=lambda part: getattr(part, "__name__", None))
def test_these_checks_can_fail(check: Check, old: str, new: str) -> None:
    assert_can_fail(check, old, new)


def test_a_duplicate_key_is_an_error() -> None:
    with pytest.raises(AssertionError, match="twice"):
        assert Template("a: 1\na: 2\n").content


def test_every_source_folder_exists(template: Template) -> None:
    for function in template.of_type("AWS::Serverless::Function").values():
        assert (ROOT / function["CodeUri"] / "app.py").is_file()
    layer = template.properties("RegistrarLayer")
    assert (ROOT / layer["ContentUri"] / "Makefile").is_file()
    assert template.resources["RegistrarLayer"]["Metadata"]["BuildMethod"] == "makefile"
    assert layer["CompatibleArchitectures"] == ["arm64", "x86_64"]
