"""`registrar pause` and `resume`: the flag first, then the mapping; what AWS refuses, and what still runs."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row
from registrar.storage.pause_flag import ROW, PauseFlag
from registrar_cli.clients import aws
from registrar_cli.clients.pause_flag import PauseFlag as CliPauseFlag
from registrar_cli.clients.stack import Stack
from registrar_cli.operations.event_source_mapping import EventSourceMapping
from registrar_cli.operations.pause import BETWEEN, HEEDED_SECONDS, PAUSED, STILL_DISABLING
from registrar_cli.terminal.errors import Exit

from tests.unit.cli.command_line import CommandLine
from tests.unit.cli.conftest import WEBINAR, Queues

PAUSED_AT = "2026-11-23T14:00:00Z"
FOREVER = float("inf")
TO_GO_ON = "To go on: registrar resume"


class FakeMapping:
    """Lambda's client for one mapping; it takes `seconds` to enable or disable."""

    def __init__(self, queues: Queues, state: str = "Enabled") -> None:
        self._clock = queues.clock
        self._state = state
        self._ends_at_s = 0.0
        self.seconds = 3.0
        self.refused = ""
        self.updates: list[bool] = []
        self.on_update: Callable[[], object] = lambda: None

    @property
    def state(self) -> str:
        """Return Lambda's state."""
        if self._clock() >= self._ends_at_s:
            return {"Enabling": "Enabled", "Disabling": "Disabled"}.get(self._state, self._state)
        return self._state

    def list_event_source_mappings(self, **_: Any) -> dict[str, Any]:
        return {"EventSourceMappings": [{"UUID": "1", "State": self.state}]}

    def update_event_source_mapping(self, *, UUID: str, Enabled: bool) -> None:  # noqa: N803  AWS's names
        if self.refused or self.state.endswith("ing"):
            code = self.refused or "ResourceInUseException"
            raise ClientError({"Error": {"Code": code, "Message": UUID}}, "UpdateEventSourceMapping")
        self.updates.append(Enabled)
        self.on_update()
        self._state, self._ends_at_s = ("Enabling" if Enabled else "Disabling"), self._clock() + self.seconds


class World(CommandLine):
    """A stack with a mapping and a pause flag."""

    def __init__(self, queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        super().__init__(queues, monkeypatch, capfd)
        self.clock, self.sqs = queues.clock, queues.sqs
        self.dynamodb.add_table("Account", "name")
        self.dynamodb.add_table("Submissions", "submission_id")
        self.functions = FakeMapping(queues)
        outputs = {
            "RegistrationQueueUrl": queues.url,
            "DeadLetterQueueUrl": queues.dead_letter_url,
            "RegistrantTableName": "Registrants",
        }
        resources = {
            "AccountTable": "Account",
            "RegisterBatchFunction": "RegisterBatch",
            "SubmissionTable": "Submissions",
        }
        parameters = {"ZoomCallsPerDay": "30000", "ZoomBudgetShare": "50"}
        clients = {"sqs": queues.sqs, "dynamodb": self.dynamodb, "lambda": self.functions}
        monkeypatch.setattr(Stack, "find", lambda *_: Stack("test", "arn", outputs, parameters, resources))
        monkeypatch.setattr(aws, "client", clients.__getitem__)
        monkeypatch.setattr("time.monotonic", queues.clock.monotonic)
        monkeypatch.setattr("time.sleep", queues.clock.sleep)
        monkeypatch.setattr("time.time", queues.clock)
        monkeypatch.setattr(EventSourceMapping.__init__, "__defaults__", (queues.clock.sleep,))
        monkeypatch.setattr(CliPauseFlag.__init__, "__defaults__", (queues.clock,))

    @property
    def is_paused(self) -> bool:
        """Return what the consumer reads."""
        return PauseFlag(self.dynamodb.client, "Account", self.clock).is_set()

    def run_json(self, *arguments: str, code: int = Exit.OK) -> Any:
        ended = self.run(*arguments, "--json")
        assert ended.code == code, ended.err
        return ended.result


@pytest.fixture
def world(queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> World:
    return World(queues, monkeypatch, capfd)


def test_pause_sets_the_flag_then_disables_the_mapping_and_resume_undoes_both(world: World, queues: Queues) -> None:
    for number in range(3):
        queues.sqs.send_message(QueueUrl=queues.url, MessageBody=str(number))
    queues.sqs.receive_message(QueueUrl=queues.url)
    order: list[str] = []
    world.dynamodb.on_effect = lambda name, *_: order.append(name)
    world.functions.on_update = lambda: order.append("mapping")
    found = world.run_json("pause")
    assert order == ["update_item", "mapping"]
    assert found == {
        "dry_run": False,
        "mapping": "Disabled",
        "paused_since": PAUSED_AT,
        "waiting": 3,
        "in_flight": 1,
        "means": f"{PAUSED} {TO_GO_ON}",
    }
    assert world.is_paused
    order.clear()
    assert world.run_json("resume")["mapping"] == "Enabled"
    assert order == ["update_item", "mapping"]
    assert not world.is_paused


@pytest.mark.parametrize("seconds", [0.0, 3.0, 20.0])
def test_pause_returns_when_no_further_call_starts(world: World, seconds: float) -> None:
    world.functions.seconds = seconds
    began = world.clock()
    world.run_json("pause")
    assert world.clock() - began == pytest.approx(max(HEEDED_SECONDS, seconds), abs=1)


def test_a_mapping_that_takes_as_long_as_an_invocation_is_no_failure(world: World) -> None:
    world.functions.seconds = FOREVER
    began = world.clock()
    found = world.run_json("pause")
    assert (found["mapping"], found["means"]) == ("Disabling", f"{PAUSED} {STILL_DISABLING} {TO_GO_ON}")
    assert world.clock() - began < 60
    again = world.run_json("pause")
    assert (again["paused_since"], again["mapping"]) == (PAUSED_AT, "Disabling")


def test_resume_waits_until_lambda_has_disabled_the_mapping(world: World) -> None:
    world.functions.seconds = 40.0
    assert world.run_json("pause")["mapping"] == "Disabling"
    world.functions.seconds = 5.0
    assert world.run_json("resume")["mapping"] == "Enabled"
    assert world.functions.updates == [False, True]


def test_resume_that_lambda_does_not_finish_is_a_partial_success(world: World) -> None:
    world.run_json("pause")
    world.functions.seconds = FOREVER
    found = world.run_json("resume", code=Exit.NEGATIVE)
    assert (found["mapping"], found["paused_since"], found["means"]) == ("Enabling", None, BETWEEN)


def test_without_the_right_to_disable_the_mapping_the_flag_still_pauses(world: World) -> None:
    world.functions.refused = "AccessDeniedException"
    ended = world.run("pause")
    assert ended.code == Exit.NEGATIVE
    shown = " ".join(ended.out.split())
    assert "The pause flag alone stops sending" in shown
    assert "AccessDenied" in shown
    assert shown.endswith(TO_GO_ON)
    assert world.is_paused


def test_without_the_right_to_set_the_flag_nothing_changes(world: World) -> None:
    world.dynamodb.deny("update_item")
    for command in ("pause", "resume"):
        ended = world.run(command, "--json")
        assert (ended.code, ended.out) == (Exit.UNREACHABLE, "")
    assert world.functions.updates == []


@pytest.mark.parametrize("as_json", [True, False])
def test_the_result_is_shown_even_if_sqs_does_not_answer(world: World, queues: Queues, as_json: bool) -> None:
    queues.sqs.deny("get_queue_attributes")
    if as_json:
        assert world.run_json("pause")["waiting"] is None
    else:
        assert "unknown, AWS denies" in world.run("pause").out


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_a_dry_run_changes_nothing_and_shows_both(world: World, command: str) -> None:
    assert world.run_json(command, "--dry-run")["paused_since"] is None
    world.run("pause")
    updates = list(world.functions.updates)
    found = world.run_json(command, "--dry-run")
    assert (found["dry_run"], found["mapping"], found["paused_since"]) == (True, "Disabled", PAUSED_AT)
    assert "Would" in found["means"]
    assert world.functions.updates == updates
    assert world.is_paused


def test_the_other_commands_show_that_sending_is_paused(world: World) -> None:
    world.store.change(Key(WEBINAR, "ada@example.com"), None, lambda _: Row(status="deferred"))
    world.dynamodb.update_item(
        TableName="Account",
        Key={"name": {"S": ROW}},
        UpdateExpression="SET paused_at = :at",
        ExpressionAttributeValues={":at": {"S": PAUSED_AT}},
    )
    assert world.functions.state == "Enabled", "the flag alone"
    watched = world.run("watch", "--times", "1").out
    assert "the consumer is paused: registrar resume" in watched
    ended = world.run("status", "ada@example.com", "--webinar", WEBINAR)
    assert ", 1 s ago: no one is sent to Zoom" in ended.err
    assert "registrar resume" in ended.err
    queued = world.run("status", "eve@example.com", "--webinar", WEBINAR)
    assert (queued.code, "no one is sent to Zoom" in queued.err) == (Exit.NOT_FOUND, True)
    world.run("resume")
    assert "paused" not in world.run("watch", "--times", "1").out
    assert "paused" not in world.run("status", "ada@example.com", "--webinar", WEBINAR).err
