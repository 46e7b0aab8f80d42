"""Dead letters: listed, sent back, corrected, deleted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.stack.cli.conftest import Run, dead_letter_for, registered
from tests.stack.conftest import Deployment


def test_failures_are_grouped_by_reason_without_registrants_registered_since(
    deployment: Deployment, run_json: Callable[..., Any], run: Run
) -> None:
    webinar_id = deployment.webinar(capacity=0)
    body = dead_letter_for(deployment, webinar_id)

    result = run_json("failures", "-w", webinar_id, code=3)

    (group,) = result["groups"]
    assert (group["reason"], group["dead_letters"], group["webinars"]) == ("webinar_full", 1, {webinar_id: 1})
    assert group["to_do"]
    assert "e…@example.com" in run("failures", "-w", webinar_id, code=3).stdout
    deployment.zoom.set_webinar(webinar_id, capacity=10)
    deployment.send(body)
    registered(deployment, webinar_id, "eve@example.com")
    result = run_json("failures", "-w", webinar_id)
    assert (result["groups"], result["registered_since"]) == ([], 1)
    assert run_json("discard", "--registered", "-w", webinar_id, "--yes")["deleted"] == 1


@pytest.mark.parametrize("selection", [["--reason", "webinar_full"], ["--yes"]])
def test_retry_sends_dead_letters_back_and_deletes_them(
    deployment: Deployment, run_json: Callable[..., Any], run: Run, selection: list[str]
) -> None:
    webinar_id = deployment.webinar(capacity=0)
    dead_letter_for(deployment, webinar_id)
    assert run_json("retry", "-w", webinar_id, "--dry-run")["would_be_sent"] == 1
    deployment.zoom.set_webinar(webinar_id, capacity=10)

    run_json("retry", *selection)

    registered(deployment, webinar_id, "eve@example.com")
    assert run_json("failures", "-w", webinar_id)["dead_letters"] == 0
    assert len(deployment.zoom.registrants(webinar_id)) == 1


def test_a_retry_killed_before_the_delete_registers_no_one_twice(
    deployment: Deployment, run_json: Callable[..., Any]
) -> None:
    """A retry that is killed between sending and deleting leaves both the message and the dead letter."""
    webinar_id = deployment.webinar(capacity=0)
    body = dead_letter_for(deployment, webinar_id)
    deployment.zoom.set_webinar(webinar_id, capacity=10)
    deployment.send(body, MessageGroupId=webinar_id)
    registered(deployment, webinar_id, "eve@example.com")
    deployment.zoom.clear_calls()

    result = run_json("retry", "-w", webinar_id)

    assert (result["sent"], result["registered_since"]) == (0, 1)
    assert run_json("failures", "-w", webinar_id)["registered_since"] == 0
    assert (len(deployment.zoom.registrants(webinar_id)), deployment.zoom.calls()) == (1, [])


def test_a_corrected_list_replaces_the_dead_letters(
    deployment: Deployment, run_json: Callable[..., Any], run: Run, tmp_path: Path
) -> None:
    wrong, right = deployment.webinar(capacity=0), deployment.webinar()
    dead_letter_for(deployment, wrong)
    run("failures", "-w", wrong, "--csv", "work.csv", code=3)
    work = tmp_path / "work.csv"
    work.write_text(
        work.read_text(encoding="utf-8-sig").replace(wrong, right).replace("eve@", "evelyn@"), encoding="utf-8"
    )

    assert run_json("retry", "--corrected", "work.csv")["sent"] == 1

    registered(deployment, right, "evelyn@example.com")
    assert run_json("failures", "-w", wrong)["dead_letters"] == 0


def test_dead_letters_are_sent_to_another_webinar(
    deployment: Deployment, run_json: Callable[..., Any], run: Run
) -> None:
    wrong, right = deployment.webinar(capacity=0), deployment.webinar()
    dead_letter_for(deployment, wrong)
    assert "takes no registrants" in run("retry", "-w", wrong, "--to", "99999999404", code=2).stderr

    assert run_json("retry", "-w", wrong, "--to", right)["sent"] == 1

    registered(deployment, right, "eve@example.com")
    assert run_json("list", wrong)["sums"] == {"corrected": 1}
    found = run_json("status", "eve@example.com", "-w", wrong)
    assert [(one["webinar_id"], one["status"]) for one in found] == [(right, "registered"), (wrong, "corrected")]


def test_discard_asks_and_deletes(deployment: Deployment, run_json: Callable[..., Any], run: Run) -> None:
    webinar_id = deployment.webinar(capacity=0)
    dead_letter_for(deployment, webinar_id)

    assert "--yes" in run("discard", "-w", webinar_id, code=2).stderr
    assert run_json("discard", "-w", webinar_id, "--dry-run")["dead_letters"] == 1
    assert run_json("discard", "-w", webinar_id, "--yes")["deleted"] == 1
    assert run_json("failures", "-w", webinar_id)["dead_letters"] == 0
