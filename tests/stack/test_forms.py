"""From a form provider's delivery to a registrant or a dead letter, on the deployed stack."""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

import requests

from tests.stack.conftest import END_SECONDS, Deployment

SECRET = "test-secret-0001"
ADA = {"email": "Ada@Example.com", "first_name": "Ada", "last_name": "Lovelace"}


class Connected:
    """A form of a provider, connected to the stack."""

    def __init__(self, deployment: Deployment, provider: str, webinar_id: str) -> None:
        self.form_id = secrets.token_urlsafe(24)
        self.url = f"{deployment.stack.outputs['FormsUrl']}/{self.form_id}"
        self._dynamodb, self._table = deployment.stack.client("dynamodb"), deployment.stack.physical_id("FormTable")
        texts = {"form_id": self.form_id, "provider": provider, "name": provider, "webinar_id": webinar_id}
        self._dynamodb.put_item(TableName=self._table, Item={name: {"S": text} for name, text in texts.items()})

    def sign_with(self, deployment: Deployment, secret: str) -> None:
        """Add a signing secret; others' stay as they are."""
        client, secret_id = deployment.stack.client("secretsmanager"), deployment.stack.physical_id("FormSecrets")
        # The emulator gives a secret without a value the empty text; on AWS there is none to read.
        held = json.loads(client.get_secret_value(SecretId=secret_id)["SecretString"] or "{}")
        client.put_secret_value(SecretId=secret_id, SecretString=json.dumps(held | {self.form_id: [secret]}))

    def deliver(self, **request: Any) -> requests.Response:
        """Deliver to the form, without following a redirect, as providers do."""
        return requests.post(self.url, timeout=END_SECONDS, allow_redirects=False, **request)

    def attribute(self, name: str) -> str | None:
        """Return an attribute of the form's row."""
        key = {"form_id": {"S": self.form_id}}
        row = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True)["Item"]
        return next(iter(row[name].values())) if name in row else None


def signed(body: bytes) -> dict[str, str]:
    digest = base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()
    return {"content-type": "application/json", "typeform-signature": f"sha256={digest}"}


def typeform(token: str) -> bytes:
    def answer(type_: str, value: str, ref: str) -> dict[str, Any]:
        return {"type": type_, type_: value, "field": {"id": ref, "type": type_, "ref": ref}}

    answers = [answer("email", ADA["email"], "email"), answer("text", ADA["first_name"], "first_name")]
    response = {"form_id": "abc123", "token": token, "answers": answers}
    return json.dumps({"event_id": "01EVT", "event_type": "form_response", "form_response": response}).encode()


def test_a_form_id_that_is_none_is_refused(deployment: Deployment) -> None:
    for form_id in ("no-form-of-this-stack-0001", "%2e%2e%2fwebinars"):
        response = requests.post(f"{deployment.stack.outputs['FormsUrl']}/{form_id}", json=ADA, timeout=END_SECONDS)
        assert response.status_code == 404


def test_what_cannot_be_mapped_is_set_aside_with_its_reason(deployment: Deployment) -> None:
    form = Connected(deployment, "generic", deployment.webinar())

    response = form.deliver(json={"first_name": "Ada", "favourite": "engines"})

    assert (response.status_code, response.json()["status"]) == (200, "set_aside")
    submission_id = response.json()["submission_id"]
    status = requests.get(f"{deployment.stack.submission_url}/submissions/{submission_id}", timeout=END_SECONDS).json()
    assert status == {"submission_id": submission_id, "status": "rejected", "reason": "unmapped_form"}


def test_a_signed_delivery_of_typeform_becomes_one_registrant(deployment: Deployment) -> None:
    webinar_id = deployment.webinar()
    form = Connected(deployment, "typeform", webinar_id)
    form.sign_with(deployment, SECRET)
    body = typeform("tok1")

    refused = form.deliver(data=body + b" ", headers=signed(body))
    replies = [form.deliver(data=body, headers=signed(body)) for _ in range(3)]

    assert refused.status_code == 401
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.text for reply in replies}) == 1
    row = deployment.row_with("registered", webinar_id, "ada@example.com")
    assert row["submission_id"] == replies[0].json()["submission_id"]
    assert form.attribute("last_submission_at")
    deployment.wait_until_queue_is_empty()
    calls = [call for call in deployment.zoom.calls() if call.webinar == webinar_id]
    assert [call.emails for call in calls] == [("Ada@Example.com",)]


def test_an_unsigned_multipart_delivery_of_jotform_becomes_a_registrant(deployment: Deployment) -> None:
    webinar_id = deployment.webinar()
    form = Connected(deployment, "jotform", webinar_id)
    answers = {"q3_name": {"first": "Zoë", "last": "Lovelace"}, "q4_email": "zoe@example.com"}
    parts = {"submissionID": "6084250982513018472", "webhookURL": form.url, "rawRequest": json.dumps(answers)}

    response = form.deliver(files={name: (None, text) for name, text in parts.items()})

    assert (response.status_code, response.json()["status"]) == (200, "queued")
    assert deployment.row_with("registered", webinar_id, "zoe@example.com")["first_name"] == "Zoë"
    assert form.form_id not in deployment.log("AcceptFormFunction")
