"""Every row of the contract's table of answers, and the order of the checks (contract 10)."""

import json
from typing import Any

import pytest
from registrar import limits

from tests.unit.accept_form.conftest import Webhook
from tests.unit.accept_form.deliveries import ANA, delivery_event, generic_event, provider_event
from tests.unit.registrar.forms.providers.people import FORM_ID, NOW, SECRET, WEBINAR
from tests.unit.registrar.forms.providers.samples import SAMPLES, secret_of

GOOD = {"email": "ana@example.com", "first_name": "Ana", "last_name": "Pérez"}
TOO_LARGE = b'{"email": "' + b"a" * limits.WEBHOOK_BYTES + b'"}'
UNPARSEABLE = b'{"email": '


# ── Refused ──────────────────────────────────────────────────────────────────────────────────────────────────────────

ORDER: dict[str, tuple[dict[str, Any], dict[str, Any], int]] = {
    "unknown, and all that follows": ({"form_id": "x" * 43}, delivery_event(TOO_LARGE, "image/png"), 404),
    "disabled, too large": ({"enabled": False}, delivery_event(TOO_LARGE, "image/png"), 410),
    "too large, of another type": ({}, delivery_event(TOO_LARGE, "image/png"), 413),
    "of another type, unsigned": ({}, delivery_event(UNPARSEABLE, "image/png"), 415),
    "of an unknown charset": ({}, delivery_event(b"{}", "application/json; charset=utf-7"), 415),
    "unsigned, unparseable": ({}, delivery_event(UNPARSEABLE), 401),
}


@pytest.mark.parametrize(("attributes", "event", "status"), ORDER.values(), ids=ORDER)
def test_the_checks_have_an_order(
    webhook: Webhook, attributes: dict[str, Any], event: dict[str, Any], status: int
) -> None:
    webhook.add_form("typeform", **attributes)
    webhook.set_secrets([SECRET])

    reply = webhook.post(event)

    assert reply.status == status
    assert reply.content.keys() == {"message"}
    assert webhook.rows == webhook.messages == webhook.dead_letters == []
    assert webhook.dynamodb.calls["update_item"] == 0, "it counts no submission"


def test_what_is_signed_and_cannot_be_parsed_is_refused(webhook: Webhook) -> None:
    webhook.add_form("typeform")
    webhook.set_secrets([SECRET])
    signed = SAMPLES["typeform"].sign
    assert signed is not None

    assert webhook.post(delivery_event(UNPARSEABLE, headers=signed(UNPARSEABLE, NOW))).status == 400


def test_names_of_headers_have_any_case(webhook: Webhook) -> None:
    webhook.add_form("typeform")
    webhook.set_secrets([SECRET])
    event = provider_event("typeform", signed_at=NOW)
    event["headers"] = {name.title(): value for name, value in event["headers"].items()}

    assert webhook.post(event).status == 200


def test_the_largest_delivery_is_read(webhook: Webhook) -> None:
    webhook.add_form()
    start, end = json.dumps(GOOD).encode()[:-1] + b', "x": "', b'"}'
    body = start + b"x" * (limits.WEBHOOK_BYTES - len(start + end)) + end

    assert webhook.post(delivery_event(body)).status == 200
    assert webhook.post(delivery_event(body + b" ")).status == 413


FORM_IDS = ["", "..", "../webinars", "a" * 10_000, "ä" * 43, f"{FORM_ID}\n", "x y" * 10, "%00" * 10]


@pytest.mark.parametrize("form_id", FORM_IDS, ids=[ascii(one[:12]) for one in FORM_IDS])
def test_an_id_that_is_no_token_is_not_looked_up(webhook: Webhook, form_id: str) -> None:
    webhook.add_form()

    assert webhook.post(generic_event(GOOD, form_id=form_id)).status == 404
    assert not webhook.dynamodb.requests
    assert not webhook.secrets.requests


BODIES = {
    "an array": b"[]",
    "a number": b"1",
    "nested too deep": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "a constant of Python": b'{"email": NaN}',
    "not in UTF-8": b'{"email": "\xff"}',
    "empty": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_object_is_refused(webhook: Webhook, body: bytes) -> None:
    webhook.add_form()
    event = delivery_event(body, "application/octet-stream")
    event["headers"]["content-type"] = "application/json"  # base64, as for bytes that are not UTF-8

    assert webhook.post(event).status == 400


@pytest.mark.parametrize("event", [{}, {"Records": []}])
def test_an_event_that_is_no_request_says_so(webhook: Webhook, event: dict[str, Any]) -> None:
    reply = webhook.post(event)

    assert reply.status == 400
    assert "not a request of the HTTP API" in reply.content["message"]


# ── Ignored and set aside ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_test_request_is_verified_and_ignored(webhook: Webhook) -> None:
    webhook.add_form("typeform")
    webhook.set_secrets([SECRET])
    who = type(ANA)(email="an_account@example.com")

    assert webhook.post(provider_event("typeform", who)).status == 401
    reply = webhook.post(provider_event("typeform", who, signed_at=NOW))

    assert reply.status == 200
    assert reply.content.keys() == {"status", "why"}
    assert reply.content["status"] == "ignored"
    assert webhook.rows == webhook.messages == webhook.dead_letters == []
    assert "last_submission_at" not in webhook.form_row


SET_ASIDE: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "missing fields": ({}, {"city": "Bilbao"}, "missing: email, first_name"),
    "a wrong field": ({}, {**GOOD, "email": "ana@"}, "email must be an e-mail address, such as name@example.com"),
    "a webinar that is not open": (
        {"webinar_from": "w"},
        {**GOOD, "w": "99999999999"},
        "webinar_id is not open for registration here",
    ),
    "a webinar that is none": (
        {"webinar_from": "w"},
        {**GOOD, "w": "x"},
        "webinar_id is not open for registration here",
    ),
}


@pytest.mark.parametrize(("attributes", "fields", "detail"), SET_ASIDE.values(), ids=SET_ASIDE)
def test_what_is_no_registrant_is_set_aside(
    open_webhook: Any, attributes: dict[str, Any], fields: dict[str, str], detail: str
) -> None:
    webhook = open_webhook(allowed=frozenset({WEBINAR}))
    webhook.add_form(**attributes)

    reply = webhook.post(generic_event(fields))

    assert reply.status == 200
    assert reply.content.keys() == {"submission_id", "status"}
    assert reply.content["status"] == "set_aside"
    assert webhook.messages == []
    [letter] = webhook.dead_letters
    attributes_sent = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert attributes_sent == {"reason": "unmapped_form", "detail": detail, "failed_at": "2026-09-21T14:13:20Z"}
    assert letter.get("MessageGroupId") == (None if "webinar_from" in attributes else WEBINAR)
    body = json.loads(letter["MessageBody"])
    assert body.keys() == {"form_id", "submission_id", "submitted_at", "fields"}
    assert body["submission_id"] == reply.content["submission_id"] == webhook.rows[0]["submission_id"]
    assert webhook.form_row["unmapped_in_a_row"] == 1


@pytest.mark.parametrize(("webinar_id", "group"), [("978 7106-0099", WEBINAR), ("none of mine", None)])
def test_a_webinar_id_with_spaces_loses_nothing(webhook: Webhook, webinar_id: str, group: str | None) -> None:
    """SQS refuses them in a message group."""
    webhook.add_form(webinar_id=webinar_id)

    assert webhook.post(generic_event({"first_name": "Ana"})).content["status"] == "set_aside"
    assert webhook.dead_letters[0].get("MessageGroupId") == group


def test_deliveries_in_a_row_without_a_registrant_are_counted(webhook: Webhook) -> None:
    webhook.add_form()
    counts = []
    for fields in ({"a": "1"}, {"a": "2"}, {"email": "ana@example.com", "first_name": "Ana"}, {"a": "3"}):
        webhook.post(generic_event(fields))
        counts.append(webhook.form_row["unmapped_in_a_row"])

    assert counts == [1, 2, 0, 1]


def test_ten_thousand_fields_are_set_aside_in_a_message_that_the_queue_takes(webhook: Webhook) -> None:
    webhook.add_form()

    assert webhook.post(generic_event({f"f{number}": "x" * 9 for number in range(10_000)})).status == 200
    assert len(webhook.dead_letters[0]["MessageBody"].encode()) <= limits.SET_ASIDE_BYTES


# ── Queued ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("provider", SAMPLES)
def test_each_provider_s_delivery_becomes_a_registrant(webhook: Webhook, provider: str) -> None:
    webhook.add_form(provider, fields=SAMPLES[provider].fields)
    if SAMPLES[provider].sign is not None:
        webhook.set_secrets([secret_of(provider)])

    reply = webhook.post(provider_event(provider, signed_at=NOW))

    assert (reply.status, reply.content["status"]) == (200, "queued")
    [message] = webhook.messages
    assert (message["webinar_id"], message["email"], message["first_name"]) == (WEBINAR, "Ana@Example.com", "Ana")
    assert message["submission_id"] == reply.content["submission_id"]
    assert message["submitted_at"] == "2026-09-21T14:13:20Z"
    [row] = webhook.rows
    assert (row["webinar_id"], row["email"]) == (WEBINAR, "ana@example.com")
    assert webhook.form_row["last_submission_at"] == "2026-09-21T14:13:20Z"
    assert webhook.form_row["unmapped_in_a_row"] == 0


def test_a_webinar_that_the_operator_chose_needs_not_be_allowed(open_webhook: Any) -> None:
    webhook = open_webhook(allowed=frozenset({"99999999999"}))
    webhook.add_form()

    assert webhook.post(generic_event(GOOD)).content["status"] == "queued"


def test_the_webinar_comes_from_its_field_if_it_is_allowed(open_webhook: Any) -> None:
    webhook = open_webhook(allowed=frozenset({WEBINAR}))
    webhook.add_form(webinar_from="w")

    assert webhook.post(generic_event({**GOOD, "w": "978 7106 0099"})).content["status"] == "queued"
    assert webhook.messages[0]["webinar_id"] == WEBINAR


def test_a_meeting_s_registrant_has_a_row_that_says_so(webhook: Webhook) -> None:
    webhook.add_form(fields={"kind": "kind"})

    assert webhook.post(generic_event({**GOOD, "kind": "meeting"})).content["status"] == "queued"
    assert webhook.rows[0]["kind"] == "meeting"
