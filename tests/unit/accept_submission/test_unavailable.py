"""When the table or the queue does not take it: 503 with Retry-After, and never "accepted"."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ConnectionClosedError, NoCredentialsError

from tests.unit.accept_submission.conftest import TABLE, Door, Said
from tests.unit.accept_submission.http_event import ADA, json_event

Breaking = Callable[[Door], None]

TABLE_BREAKS: dict[str, Breaking] = {
    "throttles": lambda door: door.dynamodb.throttle_table(TABLE),
    "denies": lambda door: door.dynamodb.deny("put_item"),
    "is not there": lambda door: door.dynamodb.tables.clear(),
    "is not reached": lambda door: door.dynamodb.unreachable("put_item"),
    "does not answer in time": lambda door: door.dynamodb.lose_answer("put_item"),
    "breaks off": lambda door: door.dynamodb.fail_always("put_item", error=ConnectionClosedError(endpoint_url="x")),
    "has no credentials": lambda door: door.dynamodb.fail_always("put_item", error=NoCredentialsError()),
}

QUEUE_BREAKS: dict[str, Breaking] = {
    "throttles": lambda door: door.sqs.throttle("send_message"),
    "denies": lambda door: door.sqs.deny("send_message"),
    "is not there": lambda door: door.sqs.queues.clear(),
    "is not reached": lambda door: door.sqs.unreachable("send_message"),
    "does not answer in time": lambda door: door.sqs.lose_answer("send_message"),
    "breaks off": lambda door: door.sqs.fail_always("send_message", error=ConnectionClosedError(endpoint_url="x")),
}


def assert_try_again(said: Said) -> None:
    assert said.status == 503
    assert said.content.keys() == {"message"}
    assert int(said.headers["retry-after"]) > 0


@pytest.mark.parametrize("break_it", TABLE_BREAKS.values(), ids=TABLE_BREAKS)
def test_without_a_row_nothing_is_queued(door: Door, break_it: Breaking) -> None:
    break_it(door)

    assert_try_again(door.say(json_event(ADA)))
    assert not door.sqs.requests


@pytest.mark.parametrize("break_it", QUEUE_BREAKS.values(), ids=QUEUE_BREAKS)
def test_what_sqs_has_not_acknowledged_is_not_accepted(door: Door, break_it: Breaking) -> None:
    break_it(door)

    assert_try_again(door.say(json_event(ADA)))


@pytest.mark.parametrize("part", ["SubmissionTable", "RegistrationQueue"])
def test_the_log_says_who_did_not_take_it_and_why(door: Door, part: str) -> None:
    if part == "SubmissionTable":
        door.dynamodb.deny("put_item")
    else:
        door.sqs.deny("send_message")

    door.say(json_event(ADA))

    (line,) = door.log_lines
    assert line["level"] == "ERROR"
    assert line["status"] == 503
    assert line["error"].startswith(f"{part}: AccessDenied")


def test_the_door_opens_again_by_itself(door: Door) -> None:
    door.sqs.fail_next("send_message", "ServiceUnavailable")

    assert_try_again(door.say(json_event(ADA)))
    assert door.say(json_event(ADA)).status == 202
    assert len(door.rows) == 2  # the first one's id was given to nobody, and expires


def test_a_page_says_the_same(door: Door) -> None:
    door.sqs.throttle("send_message")

    said = door.say(json_event(ADA, accept="text/html"))

    assert said.status == 503
    assert int(said.headers["retry-after"]) > 0
    assert "try again" in said.text
