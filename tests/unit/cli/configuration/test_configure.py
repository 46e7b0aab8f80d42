"""`registrar configure`: CloudFormation gets the same template, new values, and nothing that it would refuse."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from registrar_cli.clients import aws
from registrar_cli.clients.stack import Stack
from registrar_cli.configuration.parameters import Parameter, parse_changes
from registrar_cli.configuration.update import StackUpdate
from registrar_cli.terminal.errors import Exit, Failed, Unreachable, WrongInput

from tests.template.cloudformation import TEXT, Template
from tests.unit.cli.command_line import Ended, run_registrar

ARN = "arn:aws:cloudformation:eu-central-1:123456789012:stack/events/1"
DECLARATIONS = Template(TEXT).parameters
VALUES = {name: str(declaration["Default"]) for name, declaration in DECLARATIONS.items()}
STACK = Stack("events", ARN, {}, VALUES, {}, "CREATE_COMPLETE")
PARAMETERS = {name: Parameter(name, VALUES[name], declaration) for name, declaration in DECLARATIONS.items()}


class CloudFormation:
    """A CloudFormation client whose requests and responses are checked against AWS's model."""

    def __init__(self) -> None:
        self.client: Any = boto3.client(
            "cloudformation", region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="test"
        )
        self._stubber = Stubber(self.client)
        self._stubber.activate()
        self.token = ""
        self.client.meta.events.register("before-parameter-build.cloudformation.UpdateStack", self._remember)

    def _remember(self, params: dict[str, Any], **_: Any) -> None:
        self.token = params["ClientRequestToken"]

    def finds(self, status: str = "CREATE_COMPLETE") -> None:
        stack = {"StackName": "events", "StackId": ARN, "StackStatus": status, "CreationTime": "2026-11-26T00:00:00Z"}
        stack["Parameters"] = [{"ParameterKey": name, "ParameterValue": value} for name, value in VALUES.items()]
        self._stubber.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": "events"})

    def has_template(self, body: str = json.dumps({"Parameters": DECLARATIONS})) -> None:
        self._stubber.add_response("list_stack_resources", {"StackResourceSummaries": []})
        self._stubber.add_response(
            "get_template",
            {"TemplateBody": body},
            {"StackName": "events", "TemplateStage": "Processed"},
        )

    def updates(self, **new: str) -> None:
        self._stubber.add_response("update_stack", {"StackId": ARN}, self._update(new))

    def refuses(self, message: str, code: str = "ValidationError", **new: str) -> None:
        self._stubber.add_client_error("update_stack", code, message, expected_params=self._update(new))

    def reports(self, *events: tuple[str, str, str]) -> None:
        """Add events of the update, each a resource, a status and a reason, the oldest first."""
        found = [
            {
                **{"StackId": ARN, "StackName": "events", "EventId": str(number), "Timestamp": "2026-11-26T00:00:00Z"},
                **{"LogicalResourceId": resource, "PhysicalResourceId": ARN if resource == "events" else resource},
                **{"ResourceStatus": status, "ResourceStatusReason": reason, "ClientRequestToken": self.token},
            }
            for number, (resource, status, reason) in enumerate(events)
        ]
        older = found[:1] and [found[0] | {"ClientRequestToken": "older", "ResourceStatus": "UPDATE_FAILED"}]
        self._stubber.add_response("describe_stack_events", {"StackEvents": [*reversed(found), *older]})

    @staticmethod
    def _update(new: dict[str, str]) -> dict[str, Any]:
        return {
            "StackName": "events",
            "UsePreviousTemplate": True,
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": new[name]}
                if name in new
                else {"ParameterKey": name, "UsePreviousValue": True}
                for name in VALUES
            ],
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            "ClientRequestToken": ANY,
        }

    def assert_all_called(self) -> None:
        self._stubber.assert_no_pending_responses()


@pytest.fixture
def cloudformation(monkeypatch: pytest.MonkeyPatch) -> CloudFormation:
    found = CloudFormation()
    monkeypatch.setattr(aws, "client", lambda _: found.client)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return found


Configure = Callable[..., Ended]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Configure:
    def run(*arguments: str) -> Ended:
        return run_registrar(monkeypatch, capfd, "configure", "--stack", "events", *arguments)

    return run


@pytest.mark.parametrize(
    ("assignment", "what", "to_do"),
    [
        ("ZoomBudgetShare=0", "between 1 and 100", "Percent of"),
        ("ZoomBudgetShare=101", "between 1 and 100", "Percent of"),
        ("ZoomBudgetShare=half", "must be a number", "Percent of"),
        ("ZoomBudgetShare=", "must be a number", "Percent of"),
        ("ZoomBudgetShare=nan", "must be a number", "Percent of"),
        ("ZoomBudgetShare=1e1", "must be a number", "Percent of"),
        ("ZoomBudgetShare=1_0", "must be a number", "Percent of"),
        ("ZoomBudgetShare= 50", "must be a number", "Percent of"),
        ("ZoomBudgetShare=50.", "must be a number", "Percent of"),
        ("ZoomBudgetShare=\N{ARABIC-INDIC DIGIT FIVE}0", "must be a number", "Percent of"),
        ("AutoApprove=yes", "must be true or false", "auto_approve"),
        ("LogRetentionDays=31", "must be 1 or 3 or 5", "CloudWatch"),
        ("AlarmEmail=nobody", "must be an e-mail address", "alarms"),
        ("AlarmEmail= ada@example.com", "must be an e-mail address", "alarms"),
        ("AlarmEmail=ada@example.com\n", "must be an e-mail address", "alarms"),
        ("ZoomApiUrl=https://api.zoom.us/v2 ", "must be an https:// URL", "URL of Zoom"),
        ("AllowedWebinars=97871060099,12", "webinar ids of 9 to 15 digits", "Webinar ids"),
        ("AllowedOrigins=https://example.com/", "origins such as", "Origins"),
        ("AllowedOrigins=*,example.com", "origins such as", "Origins"),
        ("zoombudgetshare=50", "Did you mean ZoomBudgetShare?", "registrar configure"),
        ("BudgetShare=50", "Did you mean ZoomBudgetShare?", "registrar configure"),
        ("Nonsense=50", "There is no parameter Nonsense.", "registrar configure"),
        ("ZoomBudgetShare", "has no value", "NAME=VALUE"),
        ("Architecture=sparc", "must be arm64 or x86_64", "Instruction set"),
        ("Architecture=x86_64", "belongs to the build", "&& sam deploy --stack-name zoom-registrar"),
        (
            "PythonRuntime=python3.12",
            "belongs to the build",
            "sam build --parameter-overrides PythonRuntime=python3.12 && sam deploy --stack-name zoom-registrar"
            " --parameter-overrides PythonRuntime=python3.12",
        ),
    ],
)
def test_what_cloudformation_would_refuse_is_refused_before_anything_is_sent(
    assignment: str, what: str, to_do: str
) -> None:
    with pytest.raises(WrongInput) as raised:
        parse_changes([assignment], PARAMETERS)

    assert what in raised.value.what
    assert to_do in raised.value.to_do


def test_a_parameter_cannot_be_given_twice() -> None:
    with pytest.raises(WrongInput, match="twice"):
        parse_changes(["ZoomBudgetShare=50", "ZoomBudgetShare=60"], PARAMETERS)


@pytest.mark.parametrize("name", sorted(VALUES))
def test_every_default_is_accepted_and_the_current_value_is_no_change(name: str) -> None:
    PARAMETERS[name].check(VALUES[name])

    if name not in {"Architecture", "PythonRuntime"}:
        assert parse_changes([f"{name}={VALUES[name]}"], PARAMETERS) == []


@pytest.mark.parametrize(
    "assignment",
    [
        *("AlarmEmail=ada@example.com", "AlarmEmail=", "AllowedWebinars=978 7106 0099,978-7106-0100"),
        *("AllowedOrigins=https://example.com, https://www.example.com", "ZoomApiUrl=http://127.0.0.1:8080/v2"),
    ],
)
def test_what_cloudformation_accepts_is_accepted(assignment: str) -> None:
    name, _, value = assignment.partition("=")
    PARAMETERS[name].check(value)


def test_new_values_are_shown_sent_and_awaited_and_the_code_stays(
    cloudformation: CloudFormation, configure: Configure
) -> None:
    cloudformation.finds()
    cloudformation.has_template()
    cloudformation.updates(ZoomBudgetShare="50", AlarmEmail="ada@example.com")
    cloudformation.finds("UPDATE_IN_PROGRESS")
    cloudformation.reports()
    cloudformation.finds("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    cloudformation.reports()
    cloudformation.finds("UPDATE_COMPLETE")

    ended = configure("ZoomBudgetShare=50", "AlarmEmail=ada@example.com", "--yes")

    assert ended.code == Exit.OK, ended.err
    assert ended.err.split() == ["ZoomBudgetShare", "100", "→", "50", "AlarmEmail", "(empty)", "→", "ada@example.com"]
    assert ended.out == "Done. 2 parameters changed; the code is the same.\n"
    cloudformation.assert_all_called()


def test_a_long_value_is_shown_whole_before_it_is_confirmed(
    cloudformation: CloudFormation, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    webinars = ",".join(str(97_871_060_000 + number) for number in range(200))
    cloudformation.finds()
    cloudformation.has_template()

    ended = configure(f"AllowedWebinars={webinars}", "--dry-run")

    assert webinars in "".join(ended.err.split())


def test_no_file_of_the_working_directory_is_read(
    cloudformation: CloudFormation, configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold a template of another version, or one that is not built."""
    folder = tmp_path / "deleted"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    cloudformation.finds()
    cloudformation.has_template()
    cloudformation.updates(ZoomBudgetShare="50")
    cloudformation.finds("UPDATE_COMPLETE")

    ended = configure("ZoomBudgetShare=50", "--yes", "--json")

    assert ended.code == Exit.OK, ended.err
    assert ended.result == {
        "dry_run": False,
        "changes": [{"name": "ZoomBudgetShare", "from": "100", "to": "50"}],
        "status": "UPDATE_COMPLETE",
    }


@pytest.mark.parametrize(
    ("arguments", "code", "out"),
    [
        (["ZoomBudgetShare=100", "AutoApprove=true"], Exit.OK, "Nothing to change"),
        (["ZoomBudgetShare=50", "--dry-run"], Exit.OK, "1 parameter would be changed."),
        (["ZoomBudgetShare=50"], Exit.USAGE, ""),  # there is no terminal to confirm it
        (["ZoomBudgetShare=500", "--yes"], Exit.USAGE, ""),
    ],
)
def test_nothing_is_sent_without_a_change_and_a_confirmation(
    cloudformation: CloudFormation, configure: Configure, arguments: list[str], code: Exit, out: str
) -> None:
    cloudformation.finds()
    cloudformation.has_template()

    ended = configure(*arguments)

    assert ended.code == code
    assert out in ended.out
    cloudformation.assert_all_called()


def test_without_arguments_the_parameters_and_their_values_are_shown(
    cloudformation: CloudFormation, configure: Configure
) -> None:
    cloudformation.finds()
    cloudformation.has_template()
    shown = configure().out
    assert all(name in shown for name in VALUES)
    assert "Percent of" in shown

    cloudformation.finds()
    cloudformation.has_template()
    result = configure("--json").result

    assert (result["stack"], result["status"]) == ("events", "CREATE_COMPLETE")
    share = next(one for one in result["parameters"] if one["name"] == "ZoomBudgetShare")
    assert (share["value"], share["default"], share["minimum"], share["maximum"]) == ("100", "100", 1, 100)


@pytest.mark.parametrize(
    ("status", "to_do"),
    [
        ("UPDATE_IN_PROGRESS", "Wait"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name events"),
        ("UPDATE_FAILED", "rollback-stack --stack-name events"),
        ("REVIEW_IN_PROGRESS", "docs/operations.md#a-first-deployment-that-fails"),
        ("CREATE_FAILED", "docs/operations.md#a-first-deployment-that-fails"),
        ("ROLLBACK_COMPLETE", "docs/operations.md#a-first-deployment-that-fails"),
    ],
)
def test_a_stack_that_cannot_be_updated_is_left_alone(
    cloudformation: CloudFormation, configure: Configure, status: str, to_do: str
) -> None:
    cloudformation.finds(status)
    cloudformation.has_template()

    ended = configure("ZoomBudgetShare=50", "--yes", "--json")

    assert ended.code == Exit.NEGATIVE
    assert status in ended.error["what"]
    assert to_do in ended.error["to_do"]
    cloudformation.assert_all_called()


@pytest.mark.parametrize(
    "template",
    [
        "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n",
        '{"Resources": {}}',
        '{"Parameters": {"DBPassword": {}}}',
    ],
)
def test_the_parameters_of_another_product_are_not_changed(
    cloudformation: CloudFormation, configure: Configure, template: str
) -> None:
    cloudformation.finds()
    cloudformation.has_template(template)

    ended = configure("DBPassword=secret", "--yes", "--json")

    assert ended.code == Exit.UNREACHABLE
    assert "The stack events is no Zoom registrar" in ended.error["what"]
    cloudformation.assert_all_called()


def started(cloudformation: CloudFormation, clock: Callable[[], float] = lambda: 0.0) -> StackUpdate:
    update = StackUpdate(cloudformation.client, STACK, sleep=lambda _: None, clock=clock)
    cloudformation.updates(ZoomBudgetShare="50")
    assert update.start(parse_changes(["ZoomBudgetShare=50"], PARAMETERS), VALUES)
    return update


def test_a_failed_update_names_the_cause_and_not_its_consequences(cloudformation: CloudFormation) -> None:
    update = started(cloudformation)
    cloudformation.finds("UPDATE_ROLLBACK_IN_PROGRESS")
    cloudformation.reports(("AcceptSubmissionFunction", "UPDATE_COMPLETE", ""), ("events", "UPDATE_COMPLETE", ""))
    cloudformation.finds("UPDATE_ROLLBACK_COMPLETE")
    cloudformation.reports(
        ("AlarmTopicSubscription", "UPDATE_FAILED", "Resource update cancelled"),
        ("RegisterBatchFunction", "UPDATE_FAILED", "Rate exceeded for ada@example.com"),
        ("events", "UPDATE_ROLLBACK_IN_PROGRESS", "The following resource(s) failed to update"),
    )
    done: list[int] = []

    with pytest.raises(Failed) as raised:
        done.extend(update.progress())

    assert done == [1]
    assert raised.value.what.startswith("The update failed: RegisterBatchFunction: Rate exceeded")
    assert "ada@" not in raised.value.what
    assert "restored the previous values" in raised.value.to_do


def test_a_failed_rollback_says_how_to_repair_the_stack(cloudformation: CloudFormation) -> None:
    update = started(cloudformation)
    cloudformation.finds("UPDATE_ROLLBACK_FAILED")
    cloudformation.reports()

    with pytest.raises(Failed) as raised:
        list(update.progress())

    assert "names no reason" in raised.value.what
    assert "continue-update-rollback --stack-name events" in raised.value.to_do


def test_an_update_that_takes_too_long_goes_on(cloudformation: CloudFormation) -> None:
    update = started(cloudformation, clock=iter([0.0, 1_801.0]).__next__)
    cloudformation.finds("UPDATE_IN_PROGRESS")
    cloudformation.reports()

    with pytest.raises(Unreachable, match="goes on"):
        list(update.progress())


@pytest.mark.parametrize(
    ("code", "message", "error"),
    [
        ("ValidationError", "Stack [events] is in a state for ada@example.com", Failed),
        ("AccessDenied", "… is not authorized to perform: cloudformation:UpdateStack on …", Unreachable),
    ],
)
def test_a_refused_update_changes_nothing(
    cloudformation: CloudFormation, code: str, message: str, error: type[Exception]
) -> None:
    cloudformation.refuses(message, code, ZoomBudgetShare="50")
    update = StackUpdate(cloudformation.client, STACK)

    with pytest.raises(error) as raised:
        update.start(parse_changes(["ZoomBudgetShare=50"], PARAMETERS), VALUES)

    assert "ada@" not in str(raised.value)


def test_an_update_without_effect_is_no_error(cloudformation: CloudFormation) -> None:
    cloudformation.refuses("No updates are to be performed.", ZoomBudgetShare="50")

    assert not StackUpdate(cloudformation.client, STACK).start(
        parse_changes(["ZoomBudgetShare=50"], PARAMETERS), VALUES
    )


def test_what_cloudformation_does_not_change_is_not_said_to_be_changed(
    cloudformation: CloudFormation, configure: Configure
) -> None:
    cloudformation.finds()
    cloudformation.has_template()
    cloudformation.refuses("No updates are to be performed.", AllowedOrigins="*,*")

    ended = configure("AllowedOrigins=*,*", "--yes")

    assert ended.code == Exit.OK
    assert ended.out == "Nothing to change: CloudFormation finds no difference.\n"
