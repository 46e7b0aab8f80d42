"""From a form to a join URL or a dead letter, on the deployed stack."""

import json
from urllib.parse import urlsplit

import pytest
import requests

from tests.stack.conftest import Deployment

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ADA = {"email": "Ada@Example.com", "first_name": "Ada", "last_name": "Lovelace"}


def test_an_unknown_webinar_dead_letters_the_message_with_its_reason(deployment: Deployment) -> None:
    body = json.dumps({"webinar_id": "91000000404", "email": "ada@example.com", "first_name": "Ada", "more": "kept"})

    deployment.send(body, MessageGroupId="91000000404")

    dead_letter = deployment.dead_letter(body)
    attributes = {name: value["StringValue"] for name, value in dead_letter["MessageAttributes"].items()}
    assert attributes["reason"] == "webinar_not_found"
    assert (attributes["zoom_status"], attributes["zoom_code"]) == ("404", "3001")
    assert {"detail", "zoom_tracking_id", "batch_id", "failed_at"} <= attributes.keys()
    assert dead_letter["Attributes"]["MessageGroupId"] == "91000000404"
    row = deployment.row_with("rejected", "91000000404", "ada@example.com")
    assert row["reason"] == "webinar_not_found"


@pytest.mark.parametrize("body", ["no JSON", "[]", '{"webinar_id": "97871060099"}'])
def test_a_malformed_message_is_dead_lettered_without_a_call(deployment: Deployment, body: str) -> None:
    deployment.send(body)

    dead_letter = deployment.dead_letter(body)

    assert dead_letter["MessageAttributes"]["reason"]["StringValue"] == "malformed_message"
    assert deployment.zoom.calls() == []


def test_a_token_that_zoom_refuses_is_replaced_and_the_call_repeated(deployment: Deployment) -> None:
    webinar_id = deployment.webinar()
    deployment.reset_mint_interval()
    deployment.zoom.revoke_tokens()

    deployment.post(webinar_id, data=ADA)

    row = deployment.row_with("registered", webinar_id, "ada@example.com")
    assert row["join_url"].startswith("https://")
    calls = [(call.call, call.status) for call in deployment.zoom.calls()]
    # If an earlier test minted a token, both the cached and the newer token are refused.
    assert calls[-2:] == [("token", 200), ("batch", 201)]
    assert set(calls[:-2]) == {("batch", 401)}


def test_a_form_becomes_a_row_with_a_trimmed_join_url(deployment: Deployment) -> None:
    webinar_id = deployment.webinar()

    response = deployment.post(webinar_id, json=ADA)

    assert response.status_code == 202
    row = deployment.row_with("registered", webinar_id, "ada@example.com")
    assert row["join_url"] == row["join_url"].strip()
    assert row["submission_id"] == response.json()["submission_id"]
    assert (row["first_name"], row["last_name"]) == ("Ada", "Lovelace")
    assert "reason" not in row
    (call,) = [call for call in deployment.zoom.calls() if call.webinar == webinar_id]
    assert call.emails == ("Ada@Example.com",)
    assert call.violations == ()


def test_a_browser_gets_a_page_and_no_join_url(deployment: Deployment) -> None:
    webinar_id = deployment.webinar()

    response = deployment.post(webinar_id, data=ADA, headers={"Accept": BROWSER})

    [redirect] = response.history
    assert redirect.status_code == 303
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "zoom.us" not in response.text


def test_all_invalid_fields_are_reported_at_once(deployment: Deployment) -> None:
    response = deployment.post("not-an-id", data={"email": "no-at-sign", "first_name": ""})

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["webinar_id", "email", "first_name"]


def test_cors_allows_pages_of_other_origins(deployment: Deployment) -> None:
    url = f"{deployment.stack.submission_url}/webinars/97871060099/registrants"
    headers = {"Origin": "https://example.com", "Access-Control-Request-Method": "POST"}

    response = requests.options(url, headers=headers, timeout=10)

    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]


def test_two_submissions_of_one_e_mail_are_one_registrant(deployment: Deployment) -> None:
    webinar_id = deployment.webinar()
    for email in ("ada@example.com", "ADA@example.COM"):
        assert deployment.post(webinar_id, data=ADA | {"email": email}).status_code == 202

    deployment.row_with("registered", webinar_id, "ada@example.com")
    deployment.wait_until_queue_is_empty()

    assert len(deployment.zoom.registrants(webinar_id)) == 1


def test_the_outputs_are_those_of_the_contract(deployment: Deployment) -> None:
    outputs = deployment.stack.outputs

    assert outputs.keys() >= {
        "SubmissionUrl",
        "RegistrationQueueUrl",
        "DeadLetterQueueUrl",
        "RegistrantTableName",
        "ZoomCredentialsSecretArn",
        "ZoomTokenSecretArn",
    }
    assert urlsplit(outputs["SubmissionUrl"]).scheme == "http"


def test_while_zoom_is_unavailable_registrants_are_deferred(deployment: Deployment) -> None:
    webinar_id = deployment.webinar()
    deployment.zoom.add_fault(kind="html_502", call="batch", webinar=webinar_id)

    deployment.post(webinar_id, data=ADA)

    row = deployment.row_with("deferred", webinar_id, "ada@example.com")
    assert row["reason"] == "zoom_unavailable"
    assert row["attempts"] == 1
    assert row["deferred_until"] > row["updated_at"]


def test_no_log_contains_personal_data_or_secrets(deployment: Deployment) -> None:
    webinar_id = deployment.webinar()
    deployment.zoom.add_fault(kind="rate_limit", limit="registrant_day", call="batch", webinar=webinar_id)
    registrant = {"email": "Secret.Person@Example.com", "first_name": "Xanthippe", "last_name": "Quicksilver"}

    deployment.post(webinar_id, data=registrant)
    deployment.row_with("deferred", webinar_id, "secret.person@example.com")

    printed = "".join(
        map(deployment.log, ("AcceptSubmissionFunction", "RegisterBatchFunction", "RefreshTokenFunction"))
    )
    token = json.loads(
        deployment.stack.client("secretsmanager").get_secret_value(
            SecretId=deployment.stack.outputs["ZoomTokenSecretArn"]
        )["SecretString"]
    )["access_token"]
    assert webinar_id in printed
    for secret in ("secret.person", "xanthippe", "quicksilver", token.lower(), "fake-secret"):
        assert secret not in printed.lower()
