"""What each provider sends for one person's answers, and how it signs it (form-providers.md, section 1).

The bodies are built here, and the signatures computed with `hmac` alone, so that nothing of the code under test is
used to test it.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from registrar.forms.http.request import HttpRequest
from registrar.forms.providers.form import Form

FORM_ID = "f" * 43
SECRET = "test-secret-0001"
OTHER_SECRET = "another-secret-2"
# Bytes 1 to 24, and 2 to 25.
STANDARD_SECRET = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY"
OTHER_STANDARD_SECRET = "whsec_AgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ"
NOW = 1_790_000_000.0
WEBINAR = "97871060099"
URL = f"https://hooks.example.com/forms/{FORM_ID}?w={WEBINAR}"
JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=X"


@dataclass(frozen=True)
class Person:
    """What somebody answers; None is a question that they skip."""

    email: str | None = "ana@example.com"
    first_name: str = "Ana"
    last_name: str = "Pérez"
    webinar: str | None = WEBINAR
    slot: str = "Morning"
    submission: str = "r1"


def request(
    body: bytes, content_type: str = JSON, headers: Mapping[str, str] | None = None, url: str = URL
) -> HttpRequest:
    """Return a delivery as API Gateway hands it over."""
    return HttpRequest(
        method="POST",
        headers={"content-type": content_type, **(headers or {})},
        body=body,
        parameters={"form_id": FORM_ID},
        query=url.partition("?")[2],
        url=url,
        is_decoded=content_type.startswith((JSON, "text/")),
    )


def form(provider: str, **attributes: Any) -> Form:
    """Return a form of this provider, for one webinar unless the attributes say otherwise."""
    if "webinar_from" not in attributes:
        attributes = {"webinar_id": WEBINAR, **attributes}
    return Form(form_id=FORM_ID, provider=provider, **attributes)


def as_json(value: object) -> bytes:
    """Return JSON in raw UTF-8, as most providers write it."""
    return json.dumps(value, ensure_ascii=False).encode()


def multipart(parts: Mapping[str, str]) -> bytes:
    """Return a form in parts, as Jotform sends it: without a charset."""
    written = [
        f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts.items()
    ]
    return "".join([*written, "--X--\r\n"]).encode()


def typeform(who: Person) -> bytes:
    """Return an answer for each question; skipped ones are absent."""
    choice = {"id": "c1", "ref": "r1", "label": who.slot}
    email = {"type": "email", "email": who.email, "field": {"id": "f1", "type": "email", "ref": "email"}}
    answers = [
        *([email] if who.email else []),
        {"type": "text", "text": who.first_name, "field": {"id": "f2", "type": "short_text", "ref": "first_name"}},
        {"type": "text", "text": who.last_name, "field": {"id": "f4", "type": "short_text", "ref": "01HZ-uuid"}},
        {"type": "choice", "choice": choice, "field": {"id": "f3", "type": "multiple_choice", "ref": "slot"}},
    ]
    titles = [{"id": "f1", "ref": "email", "title": "Your e-mail"}, {"id": "f4", "title": "What's your last name?"}]
    response = {
        "form_id": "abc123",
        "token": who.submission,
        "hidden": {"webinar": who.webinar},
        "definition": {"id": "abc123", "title": "Sign up", "fields": titles},
        "answers": answers,
    }
    return as_json({"event_id": "01EVT", "event_type": "form_response", "form_response": response})


def tally(who: Person) -> bytes:
    """Return all fields; skipped ones are null."""
    options = [{"id": "id-1", "text": who.slot}, {"id": "id-2", "text": "Never"}]
    fields = [
        {"key": "question_w_5cce3ba2", "label": "webinar", "type": "HIDDEN_FIELDS", "value": who.webinar},
        {"key": "question_1", "label": "Prénom", "type": "INPUT_TEXT", "value": who.first_name},
        {"key": "question_2", "label": "Nom", "type": "INPUT_TEXT", "value": who.last_name},
        {"key": "question_3", "label": "Adresse", "type": "INPUT_EMAIL", "value": who.email},
        {"key": "question_4", "label": "Slot", "type": "DROPDOWN", "value": ["id-1"], "options": options},
    ]
    data = {"responseId": who.submission, "submissionId": who.submission, "formId": "mR01vw", "fields": fields}
    return as_json({"eventId": "ev1", "eventType": "FORM_RESPONSE", "data": data})


def jotform(who: Person) -> bytes:
    """Return a form in parts, whose answers are JSON text; slashes are escaped as PHP does."""
    answers = {
        "slug": "submit/243231271343446",
        "q3_name": {"first": who.first_name, "last": who.last_name},
        "q4_email": who.email or "",
        "q7_slot": [who.slot],
        "q9_webinar": who.webinar,
        "path": "/submit/243231271343446",
    }
    raw = json.dumps(answers, ensure_ascii=False).replace("/", "\\/")
    pretty = f"Name:{who.first_name}, E-mail:{who.email}"
    return multipart(
        {
            "action": "",
            "webhookURL": URL,
            "formID": "243231271343446",
            "submissionID": f"60842509825130184{who.submission}",
            "rawRequest": raw,
            "pretty": pretty,
        }
    )


def webflow(who: Person) -> bytes:
    """Return version 2 of the payload."""
    data = {"First Name": who.first_name, "Last Name": who.last_name, "E-Mail": who.email, "Slot": who.slot}
    schema = [{"fieldName": "E-Mail", "fieldType": "FormTextInput", "fieldElementId": "285042f7"}]
    payload = {
        "name": "Webinar",
        "data": {**data, "webinar": who.webinar},
        "schema": schema,
        "id": who.submission,
        "formElementId": "97e5c20e",
    }
    return as_json({"triggerType": "form_submission", "payload": payload})


def hubspot(who: Person) -> bytes:
    """Return a contact with all its properties."""
    values = {"firstname": who.first_name, "lastname": who.last_name, "slot": who.slot, "webinar": who.webinar}
    properties = {name: {"value": value, "versions": [{"value": "old"}]} for name, value in values.items()}
    if who.email:
        properties["email"] = {"value": who.email, "versions": []}
    submissions = [
        {"conversion-id": who.submission, "form-id": "form-1", "timestamp": 1790000000000},
        {"conversion-id": "before", "form-id": "form-0", "timestamp": 1780000000000},
    ]
    return as_json({"vid": 1, "portal-id": 2, "properties": properties, "form-submissions": submissions})


def gravityforms(who: Person) -> bytes:
    """Return a whole entry; the values are texts."""
    entry = {"id": who.submission, "form_id": "7", "ip": "192.0.2.1", "source_url": URL, "status": "active"}
    answers = {"1.3": who.first_name, "1.6": who.last_name, "2": who.email or "", "5": who.webinar}
    return as_json({**entry, **answers, "6": json.dumps([who.slot])})


def elementor(who: Person) -> bytes:
    """Return the advanced data: PHP arrays."""
    answers = {
        "email": ("E-mail", "email", who.email or ""),
        "name": ("Name", "text", who.first_name),
        "field_2": ("Last name", "text", who.last_name),
        "slot": ("Slot", "select", who.slot),
        "webinar": ("", "hidden", who.webinar or ""),
    }
    pairs = {"form[id]": "a1b2c3d", "form[name]": "Webinar"}
    for key, (title, type_, value) in answers.items():
        named = {"id": key, "type": type_, "title": title, "value": value, "raw_value": value, "required": "1"}
        pairs |= {f"fields[{key}][{name}]": text for name, text in named.items()}
    return urlencode({**pairs, "meta[remote_ip][value]": "192.0.2.1"}).encode()


def wpforms(who: Person) -> bytes:
    """Return what the site maps: a whole name, and options joined by bars."""
    name = f"{who.first_name} {who.last_name}"
    return as_json({"name": name, "email": who.email or "", "slot": who.slot, "webinar": who.webinar})


def cf7(who: Person) -> bytes:
    """Return the tags, escaped as PHP does."""
    answers = {
        "your-name": f"{who.first_name} {who.last_name}",
        "your-email": who.email or "",
        "slots": [who.slot],
        "webinar": who.webinar,
        "_post_id": 12,
    }
    return json.dumps(answers).replace("/", "\\/").encode()


def framer(who: Person) -> bytes:
    """Return one flat object."""
    name = f"{who.first_name} {who.last_name}"
    return as_json({"Name": name, "Email": who.email or "", "Slot": who.slot, "webinar": who.webinar})


def wufoo(who: Person) -> bytes:
    """Return the fields and, because metadata is on, what they are called."""
    structure = {
        "Fields": [
            {
                "Title": "Name",
                "Type": "shortname",
                "ID": "Field1",
                "SubFields": [{"ID": "Field1", "Label": "First"}, {"ID": "Field2", "Label": "Last"}],
            },
            {"Title": "Where do we reach you?", "Type": "email", "ID": "Field3"},
            {"Title": "Slot", "Type": "radio", "ID": "Field5"},
        ]
    }
    pairs = {
        "Field1": who.first_name,
        "Field2": who.last_name,
        "Field3": who.email or "",
        "Field5": who.slot,
        "Field6": "",
        "Field7": who.webinar or "",
        "CreatedBy": "public",
        "EntryId": who.submission,
        "IP": "192.0.2.1",
        "HandshakeKey": SECRET,
        "FieldStructure": json.dumps(structure),
        "FormStructure": "{}",
    }
    return urlencode(pairs).encode()


def formstack(who: Person) -> bytes:
    """Return the fields by their ids."""
    answers = {
        "94332580": {"first": who.first_name, "last": who.last_name},
        "94332587": who.email or "",
        "94332590": who.slot,
        "94332599": who.webinar,
    }
    return as_json({"FormID": "123", "UniqueID": who.submission, "HandshakeKey": SECRET, **answers})


def fillout(who: Person) -> bytes:
    """Return the questions; skipped ones are null."""
    questions = [
        {"id": "5AtgG35", "name": "Where do we reach you?", "type": "EmailInput", "value": who.email},
        {"id": "6BtgG35", "name": "First name", "type": "ShortAnswer", "value": who.first_name},
        {"id": "7CtgG35", "name": "Last name", "type": "ShortAnswer", "value": who.last_name},
        {"id": "8DtgG35", "name": "Slot", "type": "MultipleChoice", "value": who.slot},
    ]
    submission = {
        "submissionId": who.submission,
        "questions": questions,
        "calculations": [],
        "urlParameters": [{"id": "webinar", "name": "webinar", "value": who.webinar}],
    }
    return as_json({"formId": "x", "formName": "Sign up", "submission": submission})


def paperform(who: Person) -> bytes:
    """Return the questions; not all have a key of the author's."""
    data = [
        {"title": "Reach you?", "type": "email", "key": "f8quc", "custom_key": "email", "value": who.email},
        {"title": "First name", "type": "text", "key": "a1", "custom_key": None, "value": who.first_name},
        {"title": "Last name", "type": "text", "key": "a2", "custom_key": None, "value": who.last_name},
        {"title": "Slot", "type": "choices", "key": "a3", "custom_key": "slot", "value": [who.slot]},
        {"title": "Webinar", "type": "hidden", "key": "a4", "custom_key": "webinar", "value": who.webinar},
    ]
    envelope = {"form_id": "6924", "submission_id": who.submission, "ip_address": "192.0.2.1", "trigger": "submission"}
    return as_json({"data": data, **envelope})


def unbounce(who: Person) -> bytes:
    """Return a form with JSON text, whose values are lists."""
    answers = {
        "first_name": who.first_name,
        "last_name": who.last_name,
        "email": who.email or "",
        "slot": who.slot,
        "webinar": who.webinar,
        "ip_address": "192.0.2.1",
    }
    text = json.dumps({name: [value] for name, value in answers.items()})
    return urlencode({"page_name": "Landing", "variant": "a", "data.json": text, "data.xml": "<?xml ?>"}).encode()


def google(who: Person) -> bytes:
    """Return what our own script writes."""
    items = [
        {"id": "respondent_email", "title": "Email", "type": "EMAIL", "value": who.email},
        {"id": "11", "title": "First name", "type": "TEXT", "value": who.first_name},
        {"id": "12", "title": "Last name", "type": "TEXT", "value": who.last_name},
        {"id": "13", "title": "Slot", "type": "CHECKBOX", "value": [who.slot]},
        {"id": "14", "title": "Webinar", "type": "TEXT", "value": who.webinar},
    ]
    return as_json({"response_id": who.submission, "items": items})


def generic(who: Person) -> bytes:
    """Return what Zapier or Make post: whatever its author chose."""
    answers = {"E-Mail": who.email or "", "firstName": who.first_name, "lastName": who.last_name}
    return as_json({**answers, "slot": who.slot, "webinar": who.webinar, "submission_id": who.submission})


def _digest(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def sign_typeform(body: bytes, now: float) -> dict[str, str]:
    """Sign as Typeform."""
    return {"typeform-signature": "sha256=" + _base64(_digest(SECRET, body))}


def sign_tally(body: bytes, now: float) -> dict[str, str]:
    """Sign as Tally."""
    return {"tally-signature": _base64(_digest(SECRET, body))}


def sign_webflow(body: bytes, now: float) -> dict[str, str]:
    """Sign as Webflow."""
    moment = str(int(now * 1_000))
    digest = _digest(SECRET, f"{moment}:".encode() + body)
    return {"x-webflow-timestamp": moment, "x-webflow-signature": digest.hex()}


def sign_hubspot(body: bytes, now: float) -> dict[str, str]:
    """Sign as HubSpot's apps, version 3."""
    moment = str(int(now * 1_000))
    digest = _digest(SECRET, f"POST{URL}".encode() + body + moment.encode())
    return {"x-hubspot-request-timestamp": moment, "x-hubspot-signature-v3": _base64(digest)}


def sign_wpforms(body: bytes, now: float) -> dict[str, str]:
    """Sign as WPForms."""
    digest = _digest(SECRET, f"{int(now)}.".encode() + body)
    return {"x-wpforms-webhook-signature": f"t={int(now)},v={digest.hex()}"}


def sign_framer(body: bytes, now: float) -> dict[str, str]:
    """Sign as Framer."""
    digest = _digest(SECRET, body + b"submission-1")
    return {"framer-webhook-submission-id": "submission-1", "framer-signature": f"sha256={digest.hex()}"}


def sign_standard(body: bytes, now: float) -> dict[str, str]:
    """Sign as Standard Webhooks."""
    signed = f"msg-1.{int(now)}.".encode() + body
    digest = hmac.new(bytes(range(1, 25)), signed, hashlib.sha256).digest()
    signature = f"v1,{_base64(digest)}"
    return {"webhook-id": "msg-1", "webhook-timestamp": str(int(now)), "webhook-signature": signature}


def send_secret(body: bytes, now: float) -> dict[str, str]:
    """Add nothing: the body has the secret."""
    return {}


@dataclass(frozen=True)
class Sample:
    """How a provider sends a person's answers, and what its form has to map because no type or label says it."""

    build: Callable[[Person], bytes]
    content_type: str = JSON
    fields: Mapping[str, str] = field(default_factory=dict)
    webinar_from: str = "webinar"
    slot: str = "slot"
    sign: Callable[[bytes, float], dict[str, str]] | None = None
    has_time: bool = False
    own_id: str | None = None
    """The id that the provider gives the submission `r1`."""


SAMPLES: Mapping[str, Sample] = {
    "typeform": Sample(typeform, sign=sign_typeform, own_id="r1"),
    "tally": Sample(tally, slot="Slot", sign=sign_tally, own_id="r1"),
    "jotform": Sample(jotform, MULTIPART, webinar_from="q9_webinar", slot="q7_slot", own_id="60842509825130184r1"),
    "webflow": Sample(webflow, slot="Slot", sign=sign_webflow, has_time=True, own_id="r1"),
    "hubspot": Sample(hubspot, sign=sign_hubspot, has_time=True, own_id="r1"),
    "gravityforms": Sample(
        gravityforms,
        fields={"email": "2", "first_name": "1.3", "last_name": "1.6"},
        webinar_from="5",
        slot="6",
        own_id="7-r1",
    ),
    "elementor": Sample(elementor, URLENCODED),
    "wpforms": Sample(wpforms, sign=sign_wpforms, has_time=True),
    "cf7": Sample(cf7, "application/json; charset=UTF-8", slot="slots"),
    "framer": Sample(framer, slot="Slot", sign=sign_framer),
    "wufoo": Sample(wufoo, URLENCODED, webinar_from="Field7", slot="Field5", sign=send_secret, own_id="r1"),
    "formstack": Sample(
        formstack,
        fields={"email": "94332587"},
        webinar_from="94332599",
        slot="94332590",
        sign=send_secret,
        own_id="r1",
    ),
    "fillout": Sample(fillout, "", slot="8DtgG35", own_id="r1"),
    "paperform": Sample(paperform, own_id="r1"),
    "unbounce": Sample(unbounce, URLENCODED),
    "google": Sample(google, webinar_from="14", slot="13", sign=sign_standard, has_time=True, own_id="r1"),
    "generic": Sample(generic, sign=sign_standard, has_time=True, own_id="r1"),
}
STANDARD = frozenset({"google", "generic"})


def secret_of(provider: str) -> str:
    """Return the secret with which the samples of this provider are signed."""
    return STANDARD_SECRET if provider in STANDARD else SECRET


def delivery_of(provider: str, who: Person = Person()) -> HttpRequest:
    """Return an unsigned delivery of this person's answers."""
    sample = SAMPLES[provider]
    return request(sample.build(who), sample.content_type)


def form_of(provider: str, **attributes: Any) -> Form:
    """Return a form that maps what the provider's sample needs."""
    attributes["fields"] = {**SAMPLES[provider].fields, **attributes.get("fields", {})}
    return form(provider, **attributes)
