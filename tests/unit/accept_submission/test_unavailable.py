"""When the table or the queue does not take it: 503 with Retry-After, and never "accepted"."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ConnectionClosedError, NoCredentialsError

from tests.unit.accept_submission.conftest import TABLE, Endpoint, Reply
from tests.unit.accept_submission.http_event import ADA, json_event

Breaking = Callable[[Endpoint], None]

TABLE_BREAKS: dict[str, Breaking] = {
    "throttles": lambda endpoint: endpoint.dynamodb.throttle_table(TABLE),
    "denies": lambda endpoint: endpoint.dynamodb.deny("put_item"),
    "is not there": lambda endpoint: endpoint.dynamodb.tables.clear(),
    "is not reached": lambda endpoint: endpoint.dynamodb.unreachable("put_item"),
    "does not answer in time": lambda endpoint: endpoint.dynamodb.lose_answer("put_item"),
    "breaks off": lambda endpoint: endpoint.dynamodb.fail_always(
        "put_item", error=ConnectionClosedError(endpoint_url="x")
    ),
    "has no credentials": lambda endpoint: endpoint.dynamodb.fail_always("put_item", error=NoCredentialsError()),
}

QUEUE_BREAKS: dict[str, Breaking] = {
    "throttles": lambda endpoint: endpoint.sqs.throttle("send_message"),
    "denies": lambda endpoint: endpoint.sqs.deny("send_message"),
    "is not there": lambda endpoint: endpoint.sqs.queues.clear(),
    "is not reached": lambda endpoint: endpoint.sqs.unreachable("send_message"),
    "does not answer in time": lambda endpoint: endpoint.sqs.lose_answer("send_message"),
    "breaks off": lambda endpoint: endpoint.sqs.fail_always(
        "send_message", error=ConnectionClosedError(endpoint_url="x")
    ),
}


def assert_try_again(reply: Reply) -> None:
    assert reply.status == 503
    assert reply.content.keys() == {"message"}
    assert int(reply.headers["retry-after"]) > 0


@pytest.mark.parametrize("break_it", TABLE_BREAKS.values(), ids=TABLE_BREAKS)
def test_without_a_row_nothing_is_queued(endpoint: Endpoint, break_it: Breaking) -> None:
    break_it(endpoint)

    assert_try_again(endpoint.post(json_event(ADA)))
    assert not endpoint.sqs.requests


@pytest.mark.parametrize("break_it", QUEUE_BREAKS.values(), ids=QUEUE_BREAKS)
def test_what_sqs_has_not_acknowledged_is_not_accepted(endpoint: Endpoint, break_it: Breaking) -> None:
    break_it(endpoint)

    assert_try_again(endpoint.post(json_event(ADA)))


@pytest.mark.parametrize("part", ["SubmissionTable", "RegistrationQueue"])
def test_the_log_says_who_did_not_take_it_and_why(endpoint: Endpoint, part: str) -> None:
    if part == "SubmissionTable":
        endpoint.dynamodb.deny("put_item")
    else:
        endpoint.sqs.deny("send_message")

    endpoint.post(json_event(ADA))

    (line,) = endpoint.log_lines
    assert line["level"] == "ERROR"
    assert line["status"] == 503
    assert line["error"].startswith(f"{part}: AccessDenied")


def test_the_door_opens_again_by_itself(endpoint: Endpoint) -> None:
    endpoint.sqs.fail_next("send_message", "ServiceUnavailable")

    assert_try_again(endpoint.post(json_event(ADA)))
    assert endpoint.post(json_event(ADA)).status == 202
    assert len(endpoint.rows) == 2  # the first one's id was given to nobody, and expires


def test_a_page_says_the_same(endpoint: Endpoint) -> None:
    endpoint.sqs.throttle("send_message")

    reply = endpoint.post(json_event(ADA, accept="text/html"))

    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0
    assert "try again" in reply.text
