"""Form providers of the demo: each delivers a submission in its own format, signed if it signs.

Forms are connected as the contract says (section 10), not by the product's code, so that the two may differ.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from local.reporting.samples import Submission
from local.stack import LocalStack

ID_BYTES = 24  # 192 bits
DELIVERY_SECONDS = 30.0  # the first delivery waits for a cold start


@dataclass(frozen=True)
class ConnectedForm:
    """A form of a provider with the URL that was pasted there, and the secret if the provider signs."""

    url: str
    secret: str = ""


def connect_forms(stack: LocalStack, submissions: tuple[Submission, ...]) -> Mapping[str, ConnectedForm]:
    """Connect a form for every provider among the submissions, as `registrar forms add` does."""
    connected: dict[str, ConnectedForm] = {}
    signing: dict[str, list[str]] = {}
    for submission in submissions:
        if submission.via not in DELIVERIES:
            continue
        form_id = secrets.token_urlsafe(ID_BYTES)
        stack.client("dynamodb").put_item(
            TableName=stack.physical_id("FormTable"),
            Item={
                "form_id": {"S": form_id},
                "provider": {"S": submission.via},
                "webinar_id": {"S": submission.webinar_id},
                "fields": {"M": {}},
                "enabled": {"BOOL": True},
            },
        )
        secret = secrets.token_urlsafe(ID_BYTES) if submission.via in SIGNING else ""
        signing |= {form_id: [secret]} if secret else {}
        connected[submission.via] = ConnectedForm(f"{stack.outputs['FormsUrl']}/{form_id}", secret)
    stack.client("secretsmanager").put_secret_value(
        SecretId=stack.physical_id("FormSecrets"), SecretString=json.dumps(signing)
    )
    return connected


def deliver(form: ConnectedForm, submission: Submission) -> int:
    """Deliver a submission to its form; return the HTTP status."""
    return DELIVERIES[submission.via](form, submission)


def _typeform(form: ConnectedForm, submission: Submission) -> int:
    """Send JSON with a signature, as Typeform does: a list of answers whose references the author has set."""
    answers = [
        {"type": "email", "email": submission.email, "field": {"id": "f1", "type": "email", "ref": "email"}},
        *(
            {"type": "text", "text": text, "field": {"id": f"f-{ref}", "type": "short_text", "ref": ref}}
            for ref, text in (("first_name", submission.first_name), ("last_name", submission.last_name))
            if text  # a skipped question is absent
        ),
    ]
    response = {"form_id": "abc123", "token": secrets.token_hex(16), "answers": answers}
    body = json.dumps({"event_id": "01EVT", "event_type": "form_response", "form_response": response}).encode()
    signature = base64.b64encode(hmac.new(form.secret.encode(), body, hashlib.sha256).digest()).decode()
    headers = {"content-type": "application/json", "typeform-signature": f"sha256={signature}"}
    return _post(form, data=body, headers=headers)


def _jotform(form: ConnectedForm, submission: Submission) -> int:
    """Send multipart parts without files, as Jotform does: the answers are JSON text in one of them."""
    answers = {
        "q3_name": {"first": submission.first_name, "last": submission.last_name},
        "q4_email": submission.email,
    }
    parts = {
        "formID": "243231271343446",
        "submissionID": str(secrets.randbelow(9 * 10**18) + 10**18),  # 19 digits
        "webhookURL": form.url,
        "type": "WEB",
        "rawRequest": json.dumps(answers),
    }
    return _post(form, files={name: (None, text) for name, text in parts.items()})


def _post(form: ConnectedForm, **content: Any) -> int:
    response = requests.post(form.url, timeout=DELIVERY_SECONDS, allow_redirects=False, **content)
    return response.status_code


DELIVERIES: Mapping[str, Callable[[ConnectedForm, Submission], int]] = {"typeform": _typeform, "jotform": _jotform}
SIGNING = frozenset({"typeform"})
