"""The body that each provider sends for one person's answers (form-providers.md, section 1)."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from tests.unit.registrar.forms.providers.people import SECRET, URL, Person


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
