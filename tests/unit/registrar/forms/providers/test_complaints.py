"""What users of other receivers complained about (form-providers.md, section 5), by its number there.

Numbers 8, 9 and 24 are about the function's answers; number 6, fetching a submission back, is never done.
"""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from registrar.forms.providers.delivery import Delivery, FormField, read_delivery
from registrar.forms.providers.form import Form
from registrar.forms.providers.identity import submission_id_of
from registrar.forms.providers.mapping import Mapped, Unmapped, map_fields
from registrar.forms.providers.signatures import is_authentic

from tests.unit.registrar.forms.providers.bodies import as_json, multipart
from tests.unit.registrar.forms.providers.people import MULTIPART, NOW, SECRET, URLENCODED, Person
from tests.unit.registrar.forms.providers.samples import SAMPLES, delivery_of, form, request
from tests.unit.registrar.forms.providers.signing import sign_hubspot


def read(provider: str, payload: object, **attributes: Any) -> Delivery:
    return read_delivery(form(provider, **attributes), request(as_json(payload)))


def mapped(its_form: Form, delivery: Delivery) -> Mapped:
    found = map_fields(its_form, delivery.fields)
    assert isinstance(found, Mapped)
    return found


def tally(*fields: dict[str, object]) -> dict[str, object]:
    return {"eventType": "FORM_RESPONSE", "data": {"responseId": "r1", "fields": list(fields)}}


def values(delivery: Delivery) -> dict[str, str | list[str]]:
    return {one.key: one.value for one in delivery.fields}


def test_01_a_single_choice_is_a_text_or_a_list() -> None:
    options = [{"id": "id-1", "text": "Morning"}, {"id": "id-2", "text": "Evening"}]
    field = {"key": "q", "label": "Slot", "type": "MULTIPLE_CHOICE", "options": options}
    assert values(read("tally", tally({**field, "value": "id-1"}))) == {"q": "Morning"}
    assert values(read("tally", tally({**field, "value": ["id-1"]}))) == {"q": "Morning"}
    assert values(read("tally", tally({**field, "value": ["id-2", "id-1"]}))) == {"q": ["Evening", "Morning"]}
    assert values(read("tally", tally({**field, "value": ["id-3"]}))) == {"q": "id-3"}
    row = {"key": "q_id-1", "label": "Slot (Morning)", "type": "CHECKBOXES", "value": True}
    several = {**field, "type": "CHECKBOXES", "value": ["id-1"]}
    assert values(read("tally", tally(several, row))) == {"q": "Morning", "q_id-1": "true"}


def test_02_two_fields_with_one_label_are_two_fields() -> None:
    delivery = read(
        "tally",
        tally(
            {"key": "q1", "label": "Name", "type": "INPUT_TEXT", "value": "Ana Pérez"},
            {"key": "q2", "label": "Name", "type": "INPUT_TEXT", "value": "ACME"},
            {"key": "q3", "label": "E-mail", "type": "INPUT_EMAIL", "value": "ana@example.com"},
        ),
    )
    assert values(delivery).keys() == {"q1", "q2", "q3"}
    assert mapped(form("tally"), delivery).fields["first_name"] == "Ana"


def test_03_answers_of_a_group_are_kept_by_their_ids() -> None:
    answers = [{"type": "text", "text": f"answer {n}", "field": {"id": f"f{n}", "type": "short_text"}} for n in (1, 2)]
    titles = [{"id": f"f{n}", "title": "The same"} for n in (1, 2)]
    delivery = read("typeform", {"form_response": {"answers": answers, "definition": {"fields": titles}}})
    assert [(one.key, one.label, one.value) for one in delivery.fields] == [
        ("f1", "The same", "answer 1"),
        ("f2", "The same", "answer 2"),
    ]


def test_04_jotform_sends_a_form_in_parts() -> None:
    delivery = read_delivery(form("jotform"), delivery_of("jotform"))
    assert {one.key for one in delivery.fields} >= {"q3_name.first", "q3_name.last", "q4_email"}


def test_05_colons_and_commas_in_a_label_or_an_answer_separate_nothing() -> None:
    raw = json.dumps({"q4_email": "ana@example.com", "q5_name": "Ana", "q6_doYou": "yes: A, B:C"})
    body = multipart({"pretty": "E-mail: yours, please:eve@example.com, Name:Eve", "rawRequest": raw})
    delivery = read_delivery(form("jotform"), request(body, MULTIPART))
    assert values(delivery) == {"q4_email": "ana@example.com", "q5_name": "Ana", "q6_doYou": "yes: A, B:C"}


def test_07_parts_without_a_charset_are_utf_8() -> None:
    delivery = read_delivery(form("jotform"), delivery_of("jotform", Person(first_name="Zoë 李")))
    assert values(delivery)["q3_name.first"] == "Zoë 李"


def test_10_a_label_that_is_not_ascii_may_be_the_key() -> None:
    answers = {"Prénom": "Zoë", "Nom": "Pérez", "Adresse e-mail": "zoe@example.com", "No Label field_7": "97871060099"}
    its_form = form("elementor", webinar_from="No Label field_7", fields={"first_name": "Prénom"})
    delivery = read_delivery(its_form, request(urlencode(answers).encode(), URLENCODED))
    found = mapped(its_form, delivery)
    assert found.fields == {"email": "zoe@example.com", "first_name": "Zoë", "last_name": "Pérez"}
    assert found.webinar_id == "97871060099"


def test_11_new_ids_of_all_fields_are_no_matter_where_types_and_labels_say_enough() -> None:
    body = SAMPLES["elementor"].build(Person()).replace(b"fields%5Bemail%5D", b"fields%5Bfield_91%5D")
    body = body.replace(b"%5Bid%5D=email", b"%5Bid%5D=field_91")
    delivery = read_delivery(form("elementor"), request(body, URLENCODED))
    assert mapped(form("elementor"), delivery).sources["email"] == "field_91"
    assert map_fields(form("elementor", fields={"email": "email"}), delivery.fields) == Unmapped(("email",))


@pytest.mark.parametrize("provider", [name for name, sample in SAMPLES.items() if sample.own_id])
def test_12_the_same_submission_twice_has_one_id(provider: str) -> None:
    delivery = read_delivery(form(provider), delivery_of(provider))
    found = map_fields(form(provider), delivery.fields)
    ids = {submission_id_of(form(provider), delivery, found, NOW + seconds) for seconds in (0, 7, 86_400)}
    assert len(ids) == 1


def test_13_a_double_click_is_one_submission_where_the_provider_has_no_id() -> None:
    delivery = read_delivery(form("framer"), delivery_of("framer"))
    found = mapped(form("framer"), delivery)
    assert submission_id_of(form("framer"), delivery, found, NOW) == submission_id_of(
        form("framer"), delivery, found, NOW + 2
    )


def test_14_a_list_where_text_is_expected_is_joined() -> None:
    answers = {"your-email": ["ana@example.com"], "your-name": "Ana", "slots": ["A", "B"], "none": []}
    its_form = form("cf7", fields={"answers.Slots": "slots", "answers.None": "none"})
    assert mapped(its_form, read("cf7", answers)).fields == {
        "email": "ana@example.com",
        "first_name": "Ana",
        "last_name": "",
        "answers": {"Slots": "A, B"},
    }


def test_15_placeholders_that_nothing_replaced_are_no_data() -> None:
    answers = {"email": "{{form_submission.email}}", "first_name": "{% name %}", "last_name": "[your-name]"}
    assert map_fields(form("generic"), read("generic", answers).fields) == Unmapped(("email", "first_name"))


def test_16_a_list_that_became_an_object_loses_no_answer() -> None:
    delivery = read("paperform", {"data": {"email": "ana@example.com", "first_name": "Ana"}, "trigger": "submission"})
    assert mapped(form("paperform"), delivery).fields == {"email": "ana@example.com", "first_name": "Ana"}


def test_16_jotforms_form_without_its_answers_does_not_store_the_url() -> None:
    delivery = read_delivery(
        form("jotform"), request(multipart({"webhookURL": "https://x", "pretty": "A:b"}), MULTIPART)
    )
    assert values(delivery) == {"pretty": "A:b"}


@pytest.mark.parametrize("provider", ["typeform", "tally", "fillout", "paperform", "hubspot", "webflow", "google"])
def test_16_an_envelope_that_changed_loses_no_answer(provider: str) -> None:
    body = {"v3": {"Email": "ana@example.com"}, "first_name": "Ana", "more": [{"value": "x"}]}
    delivery = read(provider, body)
    assert values(delivery) == {"v3.Email": "ana@example.com", "first_name": "Ana", "more": "x"}
    its_form = form(provider, fields={"email": "v3.Email"})
    assert mapped(its_form, delivery).fields == {"email": "ana@example.com", "first_name": "Ana"}


def test_17_typeforms_test_data_registers_no_one() -> None:
    assert read_delivery(form("typeform"), delivery_of("typeform", Person(email="an_account@example.com"))).ignored


def test_18_the_signature_is_read_from_the_right_header() -> None:
    """HubSpot's third version has a header name of its own, and a version header that says v1."""
    body = b'{"email":"ana@example.com"}'
    headers = {**sign_hubspot(body, NOW), "x-hubspot-signature-version": "v1", "x-hubspot-signature": "0" * 64}
    assert is_authentic(form("hubspot"), [SECRET], request(body, headers=headers), NOW)


def test_19_the_url_is_signed_as_it_was_sent() -> None:
    url, body = "https://hooks.example.com/forms/a%20b%2Bc?w=1%3A2&x=%C3%A9", b"{}"
    v2 = hashlib.sha256(f"{SECRET}POST{url}".encode() + body).hexdigest()
    headers = {"x-hubspot-signature-version": "v2", "x-hubspot-signature": v2}
    assert is_authentic(form("hubspot"), [SECRET], request(body, headers=headers, url=url), NOW)


def test_19_hubspots_third_version_decodes_a_few_escapes() -> None:
    sent = "https://hooks.example.com/forms/a%20b%2Bc?w=1%3A2%2c3&x=%C3%A9"
    signed = "https://hooks.example.com/forms/a%20b%2Bc?w=1:2,3&x=%C3%A9"
    digest = hmac.new(SECRET.encode(), f"POST{signed}{{}}1790000000000".encode(), hashlib.sha256).digest()
    headers = {
        "x-hubspot-request-timestamp": "1790000000000",
        "x-hubspot-signature-v3": base64.b64encode(digest).decode(),
    }
    assert is_authentic(form("hubspot"), [SECRET], request(b"{}", headers=headers, url=sent), NOW)


def test_20_uploads_are_links_or_nothing() -> None:
    files = [{"id": "1", "name": "cv.pdf", "url": "https://example.com/cv.pdf", "mimeType": "x", "size": 5}]
    delivery = read("tally", tally({"key": "q", "label": "CV", "type": "FILE_UPLOAD", "value": files}))
    assert values(delivery) == {"q": "cv.pdf"}
    raw = json.dumps(
        {"q4_email": "ana@example.com", "cv": ["https://example.com/cv.pdf"], "temp_upload": {"q7": ["x"]}}
    )
    jotform = read_delivery(form("jotform"), request(multipart({"rawRequest": raw}), MULTIPART))
    assert values(jotform) == {"q4_email": "ana@example.com"}


def test_21_a_partial_response_is_ignored() -> None:
    payload = json.loads(SAMPLES["typeform"].build(Person())) | {"event_type": "form_response_partial"}
    assert read("typeform", payload).ignored


@pytest.mark.parametrize("value", [None, "", "  ", []])
def test_22_absent_is_not_empty(value: object) -> None:
    delivery = read("tally", tally({"key": "q1", "label": "Name", "type": "INPUT_TEXT", "value": value}))
    assert delivery.fields == ()


def test_23_an_email_in_a_hidden_field_is_kept_as_it_was_typed() -> None:
    hidden = {"key": "question_1_uuid", "label": "email", "type": "HIDDEN_FIELDS", "value": "Ada@Example.com"}
    name = {"key": "q2", "label": "Name", "type": "INPUT_TEXT", "value": "Ada"}
    assert mapped(form("tally"), read("tally", tally(name, hidden))).fields["email"] == "Ada@Example.com"


def test_25_a_deleted_question_is_named() -> None:
    its_form = form("tally", fields={"first_name": "question_gone"})
    fields = [FormField("q3", "E-mail", "INPUT_EMAIL", "ana@example.com")]
    assert map_fields(its_form, fields) == Unmapped(("first_name",))
