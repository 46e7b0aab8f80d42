"""If the table or the queue fails, the response is 503 with Retry-After, never 202."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ConnectionClosedError, NoCredentialsError

from tests.unit.accept_submission.conftest import FIREFOX, TABLE, Endpoint, Reply
from tests.unit.accept_submission.http_event import ADA, form_event, json_event

Breaking = Callable[[Endpoint], None]

TABLE_BREAKS: dict[str, Breaking] = {
    "throttles": lambda endpoint: endpoint.dynamodb.throttle_table(TABLE),
    "denies": lambda endpoint: endpoint.dynamodb.deny("put_item"),
    "does not exist": lambda endpoint: endpoint.dynamodb.tables.clear(),
    "is unreachable": lambda endpoint: endpoint.dynamodb.unreachable("put_item"),
    "times out": lambda endpoint: endpoint.dynamodb.lose_answer("put_item"),
    "closes the connection": lambda endpoint: endpoint.dynamodb.fail_always(
        "put_item", error=ConnectionClosedError(endpoint_url="x")
    ),
    "has no credentials": lambda endpoint: endpoint.dynamodb.fail_always("put_item", error=NoCredentialsError()),
}

QUEUE_BREAKS: dict[str, Breaking] = {
    "throttles": lambda endpoint: endpoint.sqs.throttle("send_message"),
    "denies": lambda endpoint: endpoint.sqs.deny("send_message"),
    "does not exist": lambda endpoint: endpoint.sqs.queues.clear(),
    "is unreachable": lambda endpoint: endpoint.sqs.unreachable("send_message"),
    "times out": lambda endpoint: endpoint.sqs.lose_answer("send_message"),
    "closes the connection": lambda endpoint: endpoint.sqs.fail_always(
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
def test_a_message_without_acknowledgement_is_not_accepted(endpoint: Endpoint, break_it: Breaking) -> None:
    break_it(endpoint)

    assert_try_again(endpoint.post(json_event(ADA)))


@pytest.mark.parametrize("part", ["SubmissionTable", "RegistrationQueue"])
def test_the_log_names_the_failed_service_and_its_error(endpoint: Endpoint, part: str) -> None:
    if part == "SubmissionTable":
        endpoint.dynamodb.deny("put_item")
    else:
        endpoint.sqs.deny("send_message")

    endpoint.post(json_event(ADA))

    (line,) = endpoint.log_lines
    assert line["level"] == "ERROR"
    assert line["status"] == 503
    assert line["error"].startswith(f"{part}: AccessDenied")


def test_the_next_form_after_a_failure_is_accepted(endpoint: Endpoint) -> None:
    endpoint.sqs.fail_next("send_message", "ServiceUnavailable")

    assert_try_again(endpoint.post(json_event(ADA)))
    assert endpoint.post(json_event(ADA)).status == 202
    assert len(endpoint.rows) == 2  # the first row's id was never returned; the row expires


def test_a_browser_sees_the_form_again_with_what_was_typed(endpoint: Endpoint) -> None:
    endpoint.sqs.throttle("send_message")

    reply = endpoint.post(form_event(ADA, accept=FIREFOX))

    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0
    assert "submit the form again" in " ".join(reply.text.split())
    assert f'value="{ADA["email"]}"' in reply.text
