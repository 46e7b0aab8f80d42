"""`watch`: when it ends, and with which exit code."""

import json
import time

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, timestamp
from registrar_cli.operations.daily_quota import DailyQuota, QuotaUse
from registrar_cli.operations.event_source_mapping import EventSourceMapping
from registrar_cli.terminal.errors import Exit

from tests.unit.cli.command_line import CommandLine
from tests.unit.cli.conftest import WEBINAR, Queues

OTHER = "91000000001"


class Mapping:
    def state(self) -> str:
        return "Enabled"


class Quota:
    def used(self) -> QuotaUse:
        return QuotaUse(0, 30_000)


@pytest.fixture
def registrar(queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.setattr(EventSourceMapping, "of", lambda _: Mapping())
    monkeypatch.setattr(DailyQuota, "of", lambda _: Quota())
    return CommandLine(queues, monkeypatch, capfd)


def defer(registrar: CommandLine, queues: Queues, webinar: str) -> None:
    """Add a registrant who waits two hours, with a message that is hidden for as long."""
    queues.sqs.send_message(QueueUrl=queues.url, MessageBody=json.dumps({"webinar_id": webinar}))
    queues.sqs.receive_message(QueueUrl=queues.url, VisibilityTimeout=7_200)
    until = timestamp(time.time() + 7_200)
    row = Row(status="deferred", reason="registrant_daily_limit", deferred_until=until, first_name="Ada")
    registrar.store.change(Key(webinar, "ada@example.com"), None, lambda _: row)


def test_until_empty_ends_in_an_empty_queue(registrar: CommandLine) -> None:
    assert registrar.run("watch", "--until-empty").code == Exit.OK


@pytest.mark.parametrize("arguments", [[], [WEBINAR]])
def test_until_empty_ends_when_only_a_date_is_left_says_so_and_is_no_success(
    registrar: CommandLine, queues: Queues, arguments: list[str]
) -> None:
    defer(registrar, queues, WEBINAR)

    ended = registrar.run("watch", "--until-empty", *arguments)

    assert ended.code == Exit.NEGATIVE
    assert "1 registrant waits: next try" in ended.err


def test_a_watch_that_ends_by_its_number_of_samples_does_not_say_that_all_is_seen(
    registrar: CommandLine, queues: Queues
) -> None:
    queues.sqs.send_message(QueueUrl=queues.url, MessageBody="{}")

    ended = registrar.run("watch", "--until-empty", "--times", "1")

    assert (ended.code, ended.err) == (Exit.OK, "")


def test_a_webinar_without_deferred_registrants_is_done_while_others_wait(
    registrar: CommandLine, queues: Queues
) -> None:
    defer(registrar, queues, OTHER)

    ended = registrar.run("watch", WEBINAR, "--until-empty")

    assert ended.code == Exit.OK
    assert "only 1 registrant of other webinars" in ended.err


def test_while_messages_are_visible_the_table_is_not_scanned(registrar: CommandLine, queues: Queues) -> None:
    queues.sqs.send_message(QueueUrl=queues.url, MessageBody="{}")

    assert registrar.run("watch", "--times", "1").code == Exit.OK
    assert "scan" not in {call.operation for call in registrar.dynamodb.requests}
