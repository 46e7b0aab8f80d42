"""Metrics: one line per request, without personal data."""

import pytest

from local.reporting.metrics import read
from tests.unit.accept_submission.conftest import Endpoint
from tests.unit.accept_submission.http_event import ADA, json_event


def emitted(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, float]]:
    return [(one.name, value) for one in read(capsys.readouterr().out.splitlines()) for value in one.values]


def test_an_accepted_form_is_counted(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    assert endpoint.post(json_event(ADA)).status == 202
    assert emitted(capsys) == [("SubmissionsAccepted", 1)]


@pytest.mark.parametrize("fields", [{}, {**ADA, "email": "none"}, []])
def test_a_refused_form_is_counted(endpoint: Endpoint, capsys: pytest.CaptureFixture[str], fields: object) -> None:
    assert endpoint.post(json_event(fields)).status in {400, 422}
    assert emitted(capsys) == [("SubmissionsRefused", 1)]


def test_a_form_that_is_not_accepted_is_counted(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    endpoint.sqs.throttle("send_message")
    assert endpoint.post(json_event(ADA)).status == 503
    assert emitted(capsys) == [("SubmissionsNotTaken", 1)]


def test_the_line_has_no_personal_data(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    endpoint.post(json_event(ADA))
    (line,) = capsys.readouterr().out.splitlines()
    assert not any(text.lower() in line.lower() for text in (*ADA.values(), "97871060099"))
