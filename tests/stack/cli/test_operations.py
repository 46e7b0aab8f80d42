"""Doctor, pause, resume and watch."""

import json
from collections.abc import Callable
from typing import Any

from tests.stack.cli.conftest import Run, registered
from tests.stack.conftest import Deployment


def test_doctor_passes_for_an_open_webinar_and_names_what_is_wrong(
    deployment: Deployment, run_json: Callable[..., Any], run: Run
) -> None:
    webinar_id = deployment.webinar()
    assert run_json("doctor", webinar_id)["reds"] == 0
    deployment.zoom.set_webinar(webinar_id, type=9, approval_type=2, required_questions=["job_title"])

    result = run_json("doctor", webinar_id, code=3)

    reds = {check["what"]: check["to_do"] for check in result["checks"] if check["light"] == "red"}
    assert reds.keys() == {"type", "registration"}
    assert all(reds.values())
    assert "✗" in run("doctor", webinar_id, code=3).stdout


def test_doctor_detects_broken_credentials_while_the_token_is_valid(
    deployment: Deployment, run_json: Callable[..., Any]
) -> None:
    secrets, secret = deployment.stack.client("secretsmanager"), deployment.stack.outputs["ZoomCredentialsSecretArn"]
    good = secrets.get_secret_value(SecretId=secret)["SecretString"]
    deployment.reset_mint_interval()
    secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(json.loads(good) | {"client_secret": "wrong"}))
    try:
        result = run_json("doctor", code=3)
    finally:
        secrets.put_secret_value(SecretId=secret, SecretString=good)
        deployment.reset_mint_interval()

    (check,) = (check for check in result["checks"] if check["light"] == "red")
    assert check["what"] == "credentials"
    assert "Zoom refuses the credentials" in check["says"]
    assert run_json("doctor")["reds"] == 0


def test_doctor_fails_while_zoom_is_unavailable(deployment: Deployment, run_json: Callable[..., Any]) -> None:
    deployment.zoom.add_fault(kind="answer", status=500, times=20, body={"code": 500, "message": "x"})

    checks = run_json("doctor", code=3)["checks"]

    assert [check["what"] for check in checks if check["light"] == "red"] == ["Zoom"]


def test_pause_keeps_messages_waiting_and_resume_registers_them(
    deployment: Deployment, run_json: Callable[..., Any], run: Run
) -> None:
    webinar_id = deployment.webinar()
    try:
        paused = run_json("pause")
        assert paused["mapping"] == "Disabled"
        assert "14 days" in paused["means"]
        assert run_json("doctor", code=3)["reds"] == 1
        deployment.post(webinar_id, data={"email": "ada@example.com", "first_name": "Ada"})
        assert run_json("watch", "--times", "1")["mapping"] == f"Disabled, paused since {paused['paused_since']}"
        assert deployment.row(webinar_id, "ada@example.com") is None
    finally:
        run("resume")
    registered(deployment, webinar_id, "ada@example.com")


def test_watch_prints_one_line_per_sample(deployment: Deployment, run: Run) -> None:
    webinar_id = deployment.webinar()
    deployment.post(webinar_id, data={"email": "ada@example.com", "first_name": "Ada"})
    registered(deployment, webinar_id, "ada@example.com")

    lines = run("watch", webinar_id, "--times", "2", "--every", "0.2", "--json").stdout.splitlines()

    assert len(lines) == 2
    assert json.loads(lines[1])["rows"] == {"registered": 1}
    assert "registered" in run("watch", webinar_id, "--times", "1").stdout
