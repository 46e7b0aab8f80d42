"""No reply, log line or metric contains what was delivered, a secret, or the id of a form."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.accept_form.conftest import Webhook
from tests.unit.accept_form.deliveries import delivery_event, generic_event, provider_event
from tests.unit.registrar.forms.providers.people import FORM_ID, NOW, Person
from tests.unit.registrar.forms.providers.samples import SAMPLES

CANARY = "Kanarienvogel"
GOOD = {"email": f"{CANARY}@example.com", "first_name": CANARY, "last_name": CANARY, "comments": CANARY}
WHO = Person(email=f"{CANARY}@example.com", first_name=CANARY, last_name=CANARY, slot=CANARY)

EVENTS: dict[str, dict[str, Any]] = {
    "accepted": generic_event(GOOD),
    "invalid": generic_event({**GOOD, "email": f"{CANARY}@"}),
    "unmapped": generic_event({CANARY: CANARY}),
    "too large": generic_event({CANARY: CANARY * 30_000}),
    "cut off": delivery_event(json.dumps(GOOD).encode()[:-3]),
    "another type": delivery_event(b"x", f"text/{CANARY}"),
    "another charset": delivery_event(b"{}", f"application/json; charset={CANARY}"),
    "invalid base64": {**generic_event(GOOD), "body": f"{CANARY}=", "isBase64Encoded": True},
    "another form": generic_event(GOOD, form_id=CANARY * 3),
    "headers": generic_event(GOOD, headers={"webhook-id": CANARY, "webhook-signature": CANARY, "cookie": CANARY}),
    "a field that is no text": generic_event({**GOOD, "email": {CANARY: [CANARY]}}),
}
BREAKS = ["nothing", "table", "queue", "secrets"]


@pytest.mark.parametrize("break_it", BREAKS)
@pytest.mark.parametrize("secrets", [[], [CANARY]], ids=["unsigned", "signed"])
@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_no_input_no_secret_and_no_form_id_is_echoed_or_logged(
    webhook: Webhook, capsys: pytest.CaptureFixture[str], event: dict[str, Any], secrets: list[str], break_it: str
) -> None:
    webhook.add_form()
    webhook.set_secrets(secrets)
    for operation in {"table": ["put_item", "update_item"], "queue": ["send_message"]}.get(break_it, []):
        client = webhook.sqs if operation == "send_message" else webhook.dynamodb
        client.fail_always(operation, error=lambda: _error_that_quotes("X"))
    if break_it == "secrets":
        webhook.secrets.put_secret_value(SecretId=webhook.aws.secret_id, SecretString=f'"{CANARY} {FORM_ID}"')

    reply = webhook.post(event)

    shown = (reply.text + str(reply.headers) + webhook.log + capsys.readouterr().out).lower()
    assert CANARY.lower() not in shown
    assert FORM_ID not in shown
    assert "traceback" not in shown


@pytest.mark.parametrize("provider", SAMPLES)
def test_no_provider_s_delivery_is_logged_or_in_an_attribute(webhook: Webhook, provider: str) -> None:
    webhook.add_form(provider, fields={"email": "none", "first_name": "none"})

    reply = webhook.post(provider_event(provider, WHO, signed_at=NOW))

    attributes = [letter["MessageAttributes"] for letter in webhook.dead_letters]
    shown = (reply.text + webhook.log + str(attributes)).lower()
    assert CANARY.lower() not in shown
    assert FORM_ID not in shown


def test_reprs_have_no_personal_data_and_no_form_id(webhook: Webhook) -> None:
    form = webhook.add_form()
    app = webhook.app
    delivery = app.read_delivery(form, app.HttpRequest.from_event(generic_event(GOOD)))
    submission = app._submission(form, delivery, app.environment())

    assert submission.registrant is not None
    assert CANARY.lower() not in repr((delivery, submission)).lower()
    assert FORM_ID not in repr((form, delivery, submission))


def _error_that_quotes(operation: str) -> Exception:
    return ClientError({"Error": {"Code": "ValidationException", "Message": f"{CANARY} {FORM_ID}"}}, operation)


def test_a_log_line_names_the_form_as_the_operator_called_it(webhook: Webhook) -> None:
    webhook.add_form(name="spring webinar")
    reply = webhook.post(generic_event(GOOD))

    [line] = webhook.log_lines
    assert (line["message"], line["form"], line["provider"]) == ("Form accepted", "spring webinar", "generic")
    assert line["submission_id"] == reply.content["submission_id"]
    assert line["message_id"]
    assert line["webinar_id"]


# ── Random deliveries ────────────────────────────────────────────────────────────────────────────────────────────────

texts = st.text(max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from(["ana@example.com", "Ana"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(["email", "first_name", "data", "fields", "form_response", "properties", "payload"]) | texts
bodies = st.one_of(
    st.binary(max_size=200), st.dictionaries(names, values, max_size=5).map(lambda one: json.dumps(one).encode())
)
types = st.sampled_from(sorted({sample.content_type for sample in SAMPLES.values()})) | texts


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(provider=st.sampled_from(sorted(SAMPLES)), body=bodies, content_type=types)
def test_no_delivery_causes_an_unhandled_error(webhook: Webhook, provider: str, body: bytes, content_type: str) -> None:
    form_id = provider.ljust(32, "0")
    webhook.add_form(provider, form_id=form_id)
    event = delivery_event(body, "application/octet-stream", form_id=form_id, headers={"content-type": content_type})

    assert webhook.post(event).status in {200, 400, 415}
