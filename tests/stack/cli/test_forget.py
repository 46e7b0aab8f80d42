"""Forget: a person is erased everywhere, cancelled at Zoom, and their messages on the queue are dropped."""

import json
import time
from collections.abc import Callable
from typing import Any

from tests.stack.cli.conftest import Run, registered
from tests.stack.conftest import Deployment, eventually


def test_forget_erases_a_person_everywhere_and_cancels_at_zoom(
    deployment: Deployment, run_json: Callable[..., Any], run: Run
) -> None:
    webinar_id, full = deployment.webinar(), deployment.webinar(capacity=0)
    email = f"eve.{time.time_ns()}@example.com"
    for one in (webinar_id, full):
        deployment.post(one, data={"email": email, "first_name": "Eve"})
    registered(deployment, webinar_id, email)
    deployment.row_with("rejected", full, email)
    expected = {"rows": 2, "submissions": 2, "dead_letters": 1}

    assert run_json("forget", email, "--dry-run").items() >= {**expected, "suppressed": False}.items()
    result = run_json("forget", email, "--cancel-at-zoom", "--yes")

    assert result.items() >= {**expected, "cancelled": 1, "suppressed": True}.items()
    assert result["cannot_be_erased"]
    run("status", email, code=5)
    assert [one.status.value for one in deployment.zoom.registrants(webinar_id)] == ["cancelled"]
    table = deployment.stack.client("dynamodb").scan(TableName=deployment.stack.physical_id("AccountTable"))
    assert any(item["name"]["S"] == "forgotten" for item in table["Items"])
    assert "eve." not in json.dumps(table["Items"])


def test_a_message_on_the_queue_is_dropped_and_a_later_one_registered(
    deployment: Deployment, run_json: Callable[..., Any], run: Run
) -> None:
    webinar_id = deployment.webinar()
    email = f"eve.{time.time_ns()}@example.com"
    try:
        run_json("pause")
        message_id = deployment.send(json.dumps({"webinar_id": webinar_id, "email": email, "first_name": "Eve"}))
        assert "Nothing is stored of" in run("forget", email, "--yes", code=5).stdout
    finally:
        run_json("resume")
    eventually(lambda: message_id in deployment.log("RegisterBatchFunction") or None)
    dropped = [line for line in deployment.log("RegisterBatchFunction").splitlines() if message_id in line]
    assert ["Forgotten" in line for line in dropped] == [True]
    assert (deployment.row(webinar_id, email), deployment.zoom.registrants(webinar_id)) == (None, [])

    deployment.post(webinar_id, data={"email": email, "first_name": "Eve"})
    registered(deployment, webinar_id, email)
