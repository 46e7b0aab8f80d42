"""Status of registrants, and errors for what is not found."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.stack.cli.conftest import Run, dead_letter_for, registered
from tests.stack.conftest import Deployment


def test_status_finds_a_registrant_by_e_mail_and_by_submission(
    deployment: Deployment, run_json: Callable[..., Any]
) -> None:
    webinar_id = deployment.webinar()
    submission_id = deployment.post(webinar_id, json={"email": "Ada@Example.com", "first_name": "Ada"}).json()[
        "submission_id"
    ]
    registered(deployment, webinar_id, "ada@example.com")

    by_email = run_json("status", "ADA@example.com", "--webinar", webinar_id)
    by_submission = run_json("status", submission_id)

    assert by_email == by_submission
    assert by_email[0]["status"] == "registered"
    assert by_email[0]["join_url"].startswith("https://")


def test_status_says_why_a_registrant_is_not_registered_and_what_to_do(deployment: Deployment, run: Run) -> None:
    webinar_id = deployment.webinar(capacity=0)
    dead_letter_for(deployment, webinar_id)

    result = run("status", "eve@example.com", "-w", webinar_id, code=3)

    assert "webinar_full" in result.stdout
    assert "licence" in result.stdout


def test_an_unknown_e_mail_is_masked(run: Run) -> None:
    result = run("status", "nobody@example.com", "-w", "91000000404", code=5)

    assert "n…@example.com" in result.stderr
    assert "nobody@" not in result.stderr


def test_an_unknown_stack_says_what_to_do(run: Run) -> None:
    result = run("list", "91000000404", "--stack", "another", "--json", code=4)

    error = json.loads(result.stderr)["error"]
    assert "another" in error["what"]
    assert "--stack" in error["to_do"]


@pytest.mark.parametrize("arguments", [["status", "neither"], ["list", "12"], ["failures", "-r", "x"], ["discard"]])
def test_wrong_input_exits_with_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments, code=2).stderr
