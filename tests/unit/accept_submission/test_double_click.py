"""A rendered form is one submission for each registrant, however often it is posted.

Posts at the same moment: tests/unit/registrar/storage/test_submission_table.py.
"""

import uuid

import pytest

from tests.unit.accept_submission.conftest import FIREFOX, Endpoint
from tests.unit.accept_submission.http_event import ADA, form_event, json_event, multipart_event

TOKEN = "0b0c7c3a-6f0e-4a57-9d35-000000000001"
FORM = {**ADA, "_submission": TOKEN}


def test_a_form_that_is_posted_again_is_answered_alike_and_sent_once(endpoint: Endpoint) -> None:
    replies = [
        endpoint.post(event)
        for event in (form_event(FORM), multipart_event(FORM.items()), form_event({**FORM, "email": "ADA@example.com"}))
    ]

    assert [reply.status for reply in replies] == [202] * 3
    assert len({reply.content["submission_id"] for reply in replies}) == 1
    assert len(endpoint.messages) == len(endpoint.rows) == 1
    assert endpoint.rows[0]["queued_at"]
    assert uuid.UUID(endpoint.rows[0]["submission_id"]) != uuid.UUID(TOKEN), "who has the form has not the status"


def test_a_reload_leads_a_browser_to_the_same_status_page(endpoint: Endpoint) -> None:
    first, second = (endpoint.post(form_event(FORM, accept=FIREFOX)) for _ in range(2))

    assert first.headers["location"] == second.headers["location"]


def test_another_registrant_webinar_or_form_is_another_submission(endpoint: Endpoint) -> None:
    endpoint.post(form_event(FORM))
    endpoint.post(form_event({**FORM, "email": "grace@example.com"}))
    endpoint.post(form_event(FORM, webinar="81234567890"))
    endpoint.post(form_event({**FORM, "_submission": str(uuid.uuid4())}))

    assert len(endpoint.messages) == len(endpoint.rows) == 4


@pytest.mark.parametrize("token", ["", "1", TOKEN[:-1], f"{{{TOKEN}}}", TOKEN.replace("-", ""), f"urn:uuid:{TOKEN}"])
def test_what_is_no_uuid_makes_no_form_of_its_own(endpoint: Endpoint, token: str) -> None:
    for _ in range(2):
        assert endpoint.post(form_event({**ADA, "_submission": token})).status == 202

    assert len(endpoint.messages) == 2


def test_json_has_no_token(endpoint: Endpoint) -> None:
    for _ in range(2):
        assert endpoint.post(json_event(FORM)).status == 202

    assert len(endpoint.messages) == 2


def test_a_form_whose_message_was_not_taken_can_be_sent_again(endpoint: Endpoint) -> None:
    endpoint.sqs.fail_next("send_message", "ServiceUnavailable")

    assert [endpoint.post(form_event(FORM)).status for _ in range(3)] == [503, 202, 202]
    assert len(endpoint.rows) == 1
    assert len(endpoint.sqs.messages(endpoint.queue_url)) == 1


def test_a_submission_that_is_queued_but_not_marked_is_accepted(endpoint: Endpoint) -> None:
    endpoint.dynamodb.deny("update_item")

    assert endpoint.post(form_event(FORM)).status == 202
    assert [line["message"] for line in endpoint.log_lines] == ["Submission not marked", "Submission accepted"]
