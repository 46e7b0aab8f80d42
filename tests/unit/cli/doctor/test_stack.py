"""`doctor` on AWS's documented responses: errors, and what the emulator lacks (e-mail subscriptions, alarms)."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from registrar_cli.clients import aws
from registrar_cli.clients.stack import Stack
from registrar_cli.doctor.stack import check_stack
from registrar_cli.operations.check import Check, Light
from registrar_cli.operations.event_source_mapping import EventSourceMapping
from registrar_cli.operations.queue_depths import Depth, QueueDepths
from registrar_cli.terminal.suggestions import set_stack
from registrar_cli.terminal.version import __version__

TOPIC = "arn:aws:sns:eu-central-1:123456789012:zoom-registrar-AlarmTopic-1"
STACK = Stack(
    name="zoom-registrar",
    arn="arn:aws:cloudformation:eu-central-1:123456789012:stack/zoom-registrar/1",
    outputs={"AlarmTopicArn": TOPIC},
    parameters={"AllowedWebinars": "97871060099"},
    resources={
        "RegistrantTable": "r",
        "SubmissionTable": "s",
        "AccountTable": "a",
        "FormTable": "f",
        "WebinarTable": "w",
        "DeadLettersAlarm": "zoom-registrar-DeadLettersAlarm-1",
    },
)
REFUSED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "secret text"}}, "Any")


def subscription(arn: str) -> dict[str, str]:
    return {"SubscriptionArn": arn, "Owner": "1", "Protocol": "email", "Endpoint": "a@example.com", "TopicArn": TOPIC}


CONFIRMED, PENDING, DELETED = map(subscription, (f"{TOPIC}:1", "PendingConfirmation", "Deleted"))


class World:
    """AWS's responses for a healthy stack, which a test may change."""

    def __init__(self) -> None:
        self.depth = Depth(3, 2, 0)
        self.mapping = "Enabled"
        self.table = "ACTIVE"
        self.subscriptions = [CONFIRMED]
        self.ringing: list[str] = []
        self.refused: set[str] = set()
        self.executions = 1_000
        self.webinars = "97871060099"
        self.site_key = ""
        self.version: dict[str, str] = {"Version": __version__}

    def client(self, service: str) -> Any:
        """Return a botocore client whose requests and responses are checked against AWS's model."""
        client = boto3.client(
            service, region_name="eu-central-1", aws_access_key_id="test", aws_secret_access_key="test"
        )
        stubber = Stubber(client)
        operation, response, asked = self._responses()[service]
        if service in self.refused:
            stubber.add_client_error(operation, "AccessDenied", "secret text")
        else:
            stubber.add_response(operation, response, asked)
        stubber.activate()
        return client

    def _responses(self) -> dict[str, tuple[str, dict[str, Any], dict[str, Any]]]:
        alarms = [{"AlarmName": name, "StateValue": "ALARM"} for name in self.ringing]
        return {
            "sts": ("get_caller_identity", {"Account": "123456789012"}, {}),
            "lambda": ("get_account_settings", {"AccountLimit": {"ConcurrentExecutions": self.executions}}, {}),
            "sns": ("list_subscriptions_by_topic", {"Subscriptions": self.subscriptions}, {"TopicArn": TOPIC}),
            "cloudwatch": (
                "describe_alarms",
                {"MetricAlarms": alarms},
                {"AlarmNamePrefix": "zoom-registrar-", "StateValue": "ALARM"},
            ),
        }

    def checks(self) -> dict[str, Check]:
        """Return the checks by their subject."""

        def describe_table(TableName: str) -> dict[str, Any]:  # noqa: N803  AWS's name
            if "dynamodb" in self.refused:
                raise REFUSED
            return {"Table": {"TableStatus": self.table}}

        session: Any = SimpleNamespace(
            stack=replace(
                STACK,
                parameters={"AllowedWebinars": self.webinars, "TurnstileSiteKey": self.site_key},
                outputs={"AlarmTopicArn": TOPIC, **self.version},
            ),
            functions=self.client("lambda"),
            dynamodb=SimpleNamespace(describe_table=describe_table),
        )
        return {check.what: check for check in check_stack(session)}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(aws, "client", world.client)
    monkeypatch.setattr(QueueDepths, "of", lambda _: SimpleNamespace(now=lambda: world.depth))
    monkeypatch.setattr(EventSourceMapping, "of", lambda _: SimpleNamespace(state=lambda: world.mapping))
    return world


@pytest.mark.parametrize(
    ("service", "what"),
    [("sts", "AWS credentials"), ("sns", "alarm e-mail"), ("cloudwatch", "alarms"), ("dynamodb", "tables")],
)
def test_each_access_error_is_a_failed_check_of_its_own(world: World, service: str, what: str) -> None:
    world.refused = {service}

    found = world.checks()

    assert found[what].light == Light.RED
    assert "AccessDenied" in found[what].says
    assert "right to" in found[what].to_do
    assert "secret" not in repr(found)
    assert [check.light for check in found.values()].count(Light.RED) == 1


def _with_dead_letters(world: World) -> None:
    world.depth = Depth(0, 0, 7)


Change = Callable[[World], None]


@pytest.mark.parametrize(
    ("change", "what", "light", "to_do"),
    [
        (lambda world: setattr(world, "version", {"Version": "1.0.0"}), "version", Light.YELLOW, "#updating"),
        (lambda world: setattr(world, "version", {}), "version", Light.YELLOW, "#updating"),
        (lambda world: setattr(world, "subscriptions", [PENDING]), "alarm e-mail", Light.RED, "link"),
        (lambda world: setattr(world, "subscriptions", [CONFIRMED, PENDING]), "alarm e-mail", Light.RED, "link"),
        (
            lambda world: setattr(world, "subscriptions", [DELETED]),
            "alarm e-mail",
            Light.YELLOW,
            "registrar configure AlarmEmail=",
        ),
        (
            lambda world: setattr(world, "ringing", ["zoom-registrar-DeadLettersAlarm-1"]),
            "alarms",
            Light.RED,
            "docs/runbook.md#deadlettersalarm",
        ),
        (lambda world: setattr(world, "executions", 99), "concurrency", Light.YELLOW, "L-B99A9384"),
        (lambda world: setattr(world, "webinars", " "), "form endpoint", Light.YELLOW, "configure AllowedWebinars="),
        (lambda world: setattr(world, "mapping", "Disabled"), "consumer", Light.RED, "registrar resume"),
        (
            lambda world: setattr(world, "table", "UPDATING"),
            "tables",
            Light.RED,
            "sam build && sam deploy --stack-name",
        ),
        (_with_dead_letters, "dead letters", Light.YELLOW, "registrar failures"),
    ],
)
def test_a_failed_check_says_how_to_fix_it(world: World, change: Change, what: str, light: Light, to_do: str) -> None:
    change(world)

    check = world.checks()[what]

    assert check.light == light
    assert to_do in check.to_do


@pytest.mark.parametrize(
    ("webinars", "site_key", "light", "is_told"),
    [
        ("", "", Light.YELLOW, True),
        ("", "1x00000000000000000000AA", Light.YELLOW, False),
        ("97871060099", "", Light.GREEN, False),
    ],
)
def test_a_page_that_nothing_protects_is_told(
    world: World, webinars: str, site_key: str, light: Light, is_told: bool
) -> None:
    world.webinars, world.site_key = webinars, site_key

    check = world.checks().get("form endpoint")

    assert (check.light if check else Light.GREEN) == light
    assert is_told == (check is not None and "nothing tells people from programs" in check.says)
    assert is_told == (check is not None and "turn on Turnstile" in check.to_do)


def test_a_quota_that_may_not_be_read_is_not_checked(world: World) -> None:
    world.refused = {"lambda"}

    check = world.checks()["concurrency"]

    assert check.light == Light.NOT_CHECKED
    assert check.says.startswith("not checked: AWS denies GetAccountSettings")


def test_an_alarm_of_another_stack_is_not_shown(world: World) -> None:
    world.ringing = ["zoom-registrar-test-DeadLettersAlarm-9"]

    assert world.checks()["alarms"].light == Light.GREEN


def test_a_suggested_command_names_a_stack_that_is_not_the_default(world: World) -> None:
    world.mapping, world.webinars, world.table, world.site_key = "Disabled", "", "UPDATING", "1x00000000000000000000AA"
    set_stack("events")

    found = world.checks()

    assert found["consumer"].to_do == "registrar resume --stack events"
    assert found["form endpoint"].to_do == "registrar configure AllowedWebinars=ID,ID --stack events"
    assert found["tables"].to_do.endswith("sam deploy --stack-name events")


def test_a_healthy_stack_is_green(world: World) -> None:
    assert {check.light for check in world.checks().values()} == {Light.GREEN}
