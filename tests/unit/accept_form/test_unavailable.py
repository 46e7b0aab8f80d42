"""When a call to AWS fails, cold or warm, the reply is 503 with Retry-After, and nothing passes unverified."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ConnectionClosedError

from tests.unit.accept_form.conftest import Webhook
from tests.unit.accept_form.deliveries import generic_event, provider_event
from tests.unit.registrar.forms.providers.people import NOW, SECRET

GOOD = {"email": "ana@example.com", "first_name": "Ana"}
INCOMPLETE = {"first_name": "Ana"}

Breaking = Callable[[Webhook], None]
CALLS: dict[str, tuple[Breaking, dict[str, str], str]] = {
    "reading the form": (lambda one: one.dynamodb.deny("get_item"), GOOD, "FormTable: AccessDenied"),
    "reading the secrets": (lambda one: one.secrets.deny("get_secret_value"), GOOD, "FormSecrets: AccessDenied"),
    "writing the row": (lambda one: one.dynamodb.deny("put_item"), GOOD, "SubmissionTable: AccessDenied"),
    "queueing": (lambda one: one.sqs.deny("send_message"), GOOD, "RegistrationQueue: AccessDenied"),
    "setting aside": (lambda one: one.sqs.deny("send_message"), INCOMPLETE, "DeadLetterQueue: AccessDenied"),
    "a lost answer": (lambda one: one.sqs.lose_answer("send_message"), GOOD, "RegistrationQueue: "),
    "a closed connection": (
        lambda one: one.sqs.fail_always("send_message", error=ConnectionClosedError(endpoint_url="x")),
        GOOD,
        "RegistrationQueue: ConnectionClosedError",
    ),
}


@pytest.mark.parametrize("is_warm", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize(("break_it", "fields", "error"), CALLS.values(), ids=CALLS)
def test_a_failed_call_is_a_503(
    webhook: Webhook, break_it: Breaking, fields: dict[str, str], error: str, is_warm: bool
) -> None:
    webhook.add_form()
    if is_warm:
        webhook.post(generic_event({**GOOD, "submission_id": "warms up"}))
        webhook.clock.sleep(61)
    before = len(webhook.log_lines)
    break_it(webhook)

    reply = webhook.post(generic_event(fields))

    assert reply.status == 503
    assert reply.content.keys() == {"message"}
    assert int(reply.headers["retry-after"]) > 0
    [line] = webhook.log_lines[before:]
    assert (line["level"], line["message"]) == ("ERROR", "Form not taken")
    assert line["error"].startswith(error)


BROKEN = {
    "not JSON": ("{", "FormSecrets: not JSON"),
    "no object": ('["x"]', "FormSecrets: not a JSON object"),
    "a text for a list": ('{"%s": "x"}', "FormSecrets: the entry of this form is not a list of texts"),
    "a blank secret": ('{"%s": [""]}', "FormSecrets: the entry of this form is not a list of texts"),
    "a number": ('{"%s": [1]}', "FormSecrets: the entry of this form is not a list of texts"),
}


@pytest.mark.parametrize(("value", "error"), BROKEN.values(), ids=BROKEN)
def test_secrets_that_are_broken_let_nothing_pass(webhook: Webhook, value: str, error: str) -> None:
    form = webhook.add_form("typeform")
    webhook.secrets.put_secret_value(SecretId=webhook.aws.secret_id, SecretString=value.replace("%s", form.form_id))

    assert webhook.post(provider_event("typeform", signed_at=NOW)).status == 503
    assert webhook.log_lines[0]["error"] == error
    assert webhook.messages == []


def test_a_secret_that_is_binary_lets_nothing_pass(webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    webhook.add_form("typeform")
    monkeypatch.setattr(webhook.secrets, "get_secret_value", lambda SecretId: {"SecretBinary": b"{}"})  # noqa: N803

    assert webhook.post(provider_event("typeform")).status == 503


def test_a_secret_without_a_value_is_no_secret_and_one_that_is_gone_lets_nothing_pass(webhook: Webhook) -> None:
    webhook.add_form("typeform")
    webhook.secrets.secrets[webhook.aws.secret_id].versions.clear()
    assert webhook.post(provider_event("typeform")).status == 200

    webhook.clock.sleep(61)
    webhook.secrets.secrets.clear()
    assert webhook.post(provider_event("typeform")).status == 503


# ── Caches ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_secrets_rotate_within_a_minute_without_a_refused_delivery(webhook: Webhook) -> None:
    webhook.add_form("typeform")
    webhook.set_secrets(["the old one"])
    assert webhook.post(provider_event("typeform", signed_at=NOW)).status == 401

    webhook.set_secrets(["the old one", SECRET])
    webhook.clock.sleep(59)
    assert webhook.post(provider_event("typeform", signed_at=NOW)).status == 401
    webhook.clock.sleep(1)
    assert webhook.post(provider_event("typeform", signed_at=NOW)).status == 200


def test_a_new_form_is_signed_at_once_while_others_secrets_are_cached(webhook: Webhook) -> None:
    webhook.add_form()
    assert webhook.post(generic_event(GOOD)).status == 200

    new = webhook.add_form("typeform", form_id="n" * 43)
    webhook.set_secrets([SECRET], new.form_id)

    assert webhook.post(provider_event("typeform", form_id=new.form_id)).status == 401
    assert webhook.post(provider_event("typeform", form_id=new.form_id, signed_at=NOW)).status == 200


def test_a_form_that_was_changed_is_used_within_a_minute(webhook: Webhook) -> None:
    webhook.add_form()
    assert webhook.post(generic_event(GOOD)).status == 200

    webhook.add_form(enabled=False)
    webhook.clock.sleep(59)
    assert webhook.post(generic_event(GOOD)).status == 200
    webhook.clock.sleep(1)
    assert webhook.post(generic_event(GOOD)).status == 410


@pytest.mark.parametrize("before", [None, False], ids=["unknown", "disabled"])
def test_a_form_is_found_the_moment_it_is_added_or_enabled(webhook: Webhook, before: bool | None) -> None:
    """Typeform switches a webhook off after one 404 or 410, and the operator tests a form at once."""
    if before is not None:
        webhook.add_form(enabled=before)
    assert webhook.post(generic_event(GOOD)).status == (404 if before is None else 410)

    webhook.add_form()
    assert webhook.post(generic_event(GOOD)).status == 200
    assert webhook.dynamodb.requests_of("get_item")[0]["ConsistentRead"] is True
