"""Deliveries that register no one: tests, pings, other events, partial responses, robots."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from registrar.forms.providers.delivery import read_delivery

from tests.unit.registrar.forms.providers.people import URLENCODED, Person
from tests.unit.registrar.forms.providers.samples import SAMPLES, delivery_of, form_of, request

Change = Callable[[dict[str, Any]], Any]


def with_event(name: str, value: object) -> Change:
    return lambda payload: payload.update({name: value})


IGNORED: dict[str, tuple[str, Change]] = {
    "typeform, partial response": ("typeform", with_event("event_type", "form_response_partial")),
    "tally, another event": ("tally", with_event("eventType", "FORM_PUBLISHED")),
    "webflow, another event": ("webflow", with_event("triggerType", "site_publish")),
    "paperform, partial submission": ("paperform", with_event("trigger", "partial_submission")),
    "google, blank second event": ("google", lambda payload: payload["items"].clear()),
    "google, blank answers": ("google", lambda payload: payload.update(items=[{"id": "1", "value": ""}])),
    "generic, honeypot": ("generic", with_event("_gotcha", "https://example.com")),
}


@pytest.mark.parametrize("name", IGNORED)
def test_a_delivery_that_is_no_submission_is_ignored(name: str) -> None:
    provider, change = IGNORED[name]
    payload = json.loads(SAMPLES[provider].build(Person()))
    change(payload)
    ignored = read_delivery(form_of(provider), request(json.dumps(payload).encode())).ignored
    assert ignored is not None
    assert ignored.endswith(".")
    assert "example" not in ignored


@pytest.mark.parametrize("email", ["an_account@example.com", "An_Account@Example.com "])
def test_typeforms_test_request_is_ignored(email: str) -> None:
    delivery = read_delivery(form_of("typeform"), delivery_of("typeform", Person(email=email)))
    assert delivery.ignored == "This is a test request of the provider."


@pytest.mark.parametrize("provider", [name for name in SAMPLES if name != "typeform"])
def test_that_address_is_a_person_elsewhere(provider: str) -> None:
    delivery = read_delivery(form_of(provider), delivery_of(provider, Person(email="an_account@example.com")))
    assert delivery.ignored is None


def test_an_empty_honeypot_is_left_empty_by_people() -> None:
    answers = {"email": "ana@example.com", "first_name": "Ana", "_gotcha": ""}
    delivery = read_delivery(form_of("generic"), request(urlencode(answers).encode(), URLENCODED))
    assert delivery.ignored is None
    assert {one.key for one in delivery.fields} == {"email", "first_name"}


@pytest.mark.parametrize("provider", ["typeform", "tally", "webflow", "paperform"])
def test_a_payload_without_an_event_is_a_submission(provider: str) -> None:
    payload = json.loads(SAMPLES[provider].build(Person()))
    for name in ("event_type", "eventType", "triggerType", "trigger"):
        payload.pop(name, None)
    assert read_delivery(form_of(provider), request(json.dumps(payload).encode())).ignored is None
