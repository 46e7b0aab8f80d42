"""The door's figures: one line a form, of what became of it, and of nobody in particular."""

import pytest

from local.reporting.metrics import read
from tests.unit.accept_submission.conftest import Endpoint
from tests.unit.accept_submission.http_event import ADA, json_event


def told(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, float]]:
    return [(one.name, value) for one in read(capsys.readouterr().out.splitlines()) for value in one.values]


def test_a_form_that_is_taken(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    assert endpoint.post(json_event(ADA)).status == 202
    assert told(capsys) == [("SubmissionsAccepted", 1)]


@pytest.mark.parametrize("fields", [{}, {**ADA, "email": "nobody"}, []])
def test_a_form_that_is_refused(endpoint: Endpoint, capsys: pytest.CaptureFixture[str], fields: object) -> None:
    assert endpoint.post(json_event(fields)).status in {400, 422}
    assert told(capsys) == [("SubmissionsRefused", 1)]


def test_a_form_that_cannot_be_taken(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    endpoint.sqs.throttle("send_message")
    assert endpoint.post(json_event(ADA)).status == 503
    assert told(capsys) == [("SubmissionsNotTaken", 1)]


def test_the_line_names_nobody(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    endpoint.post(json_event(ADA))
    (line,) = capsys.readouterr().out.splitlines()
    assert not any(text.lower() in line.lower() for text in (*ADA.values(), "97871060099"))
