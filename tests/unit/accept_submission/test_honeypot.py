"""A filled field that no person sees: answered as if accepted, stored nowhere, and counted."""

import uuid
from typing import Any

import pytest

from local.reporting.metrics import read
from tests.unit.accept_submission.conftest import FIREFOX, Endpoint
from tests.unit.accept_submission.http_event import ADA, form_event, json_event, multipart_event

TRAPPED = {**ADA, "_gotcha": "https://spam.example"}
TRAPPED_TWICE = [*ADA.items(), ("_gotcha", "x"), ("_gotcha", "")]


@pytest.mark.parametrize(
    "event",
    [form_event(TRAPPED), multipart_event(TRAPPED.items()), form_event(TRAPPED_TWICE)],
    ids=["form", "multipart", "twice"],
)
@pytest.mark.parametrize("accept", ["*/*", FIREFOX])
def test_nothing_is_stored_and_the_answer_is_that_of_a_person(
    endpoint: Endpoint, event: dict[str, Any], accept: str
) -> None:
    event["headers"]["accept"] = accept
    replies = [endpoint.post(event), endpoint.post(event)]
    assert endpoint.wrote_nothing()

    accepted = endpoint.post(form_event(ADA, accept=accept))
    for reply in replies:
        assert reply.status == accepted.status
        assert reply.headers.keys() == accepted.headers.keys()
        if accept == "*/*":
            assert reply.content.keys() == accepted.content.keys()
            assert uuid.UUID(reply.content["submission_id"]).version == 4
    assert replies[0] != replies[1], "each has an id of its own"
    assert len(endpoint.messages) == 1


def test_a_wrong_field_is_still_named(endpoint: Endpoint) -> None:
    assert endpoint.post(form_event({**TRAPPED, "email": "ada"})).invalid_fields == ["email"]


@pytest.mark.parametrize(
    "event", [json_event(TRAPPED), form_event({**ADA, "_gotcha": " "})], ids=["json", "a blank one"]
)
def test_json_has_no_such_field_and_a_blank_one_is_not_filled(endpoint: Endpoint, event: dict[str, Any]) -> None:
    assert endpoint.post(event).status == 202
    assert len(endpoint.messages) == 1


def test_it_is_counted_and_logged_without_what_was_sent(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    endpoint.post(form_event(TRAPPED))

    counted = [(one.name, value) for one in read(capsys.readouterr().out.splitlines()) for value in one.values]
    assert counted == [("HoneypotFilled", 1)]
    assert [line["message"] for line in endpoint.log_lines] == ["Submission dropped"]
    assert "spam" not in endpoint.log
