"""Any delivery, from any provider, is read or refused; no error repeats a value of it."""

import json
from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from registrar import limits
from registrar.forms.http.request import HttpRequest, Unacceptable
from registrar.forms.providers.delivery import Delivery, read_delivery
from registrar.forms.providers.form import Form
from registrar.forms.providers.identity import submission_id_of
from registrar.forms.providers.mapping import Mapped, Unmapped, map_fields
from registrar.forms.providers.providers import PROVIDERS
from registrar.forms.providers.set_aside import from_body, to_body
from registrar.forms.providers.signatures import is_authentic
from registrar.registrants.registrant import InvalidRegistrant, Registrant

NOW = 1_790_000_000.0
MARK = "zqx"  # in every text, so that it would be seen in an error
ENVELOPES = """answers data fields form_response hidden definition payload schema properties form-submissions submission
questions urlParameters items rawRequest data.json FieldStructure Fields SubFields"""
MEMBERS = """ID id ref key custom_key label title name type email text value options choice choices labels other first
last q3_name q4_email Field1 HandshakeKey token event_type trigger first_name webinar submission_id timestamp
conversion-id"""
SIGNED_BY = "webhook-id webhook-timestamp webhook-signature typeform-signature x-hubspot-signature"
NAMES = st.sampled_from((*ENVELOPES.split(), *MEMBERS.split()))
TEXTS = st.text(max_size=20).map(lambda text: MARK + text) | st.sampled_from(
    ("email", "choice", "CHECKBOXES", "{a}", "")
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | TEXTS, inner, max_size=5),
    max_leaves=25,
)
FORMS = st.builds(
    Form,
    form_id=st.just("form-id-secret"),
    provider=st.sampled_from(list(PROVIDERS)),
    webinar_id=st.none() | st.just("97871060099"),
    webinar_from=st.none() | NAMES,
    fields=st.dictionaries(st.sampled_from(["email", "first_name", "last_name", "answers.Q", "submission_id"]), NAMES),
)
HEADERS = st.dictionaries(st.sampled_from(SIGNED_BY.split()), TEXTS)


def request_of(form: Form, payload: Any, headers: dict[str, str]) -> HttpRequest:
    """Return the payload in the likeliest of the content types of the form's provider."""
    content_type = min(PROVIDERS[form.provider].content_types)
    if content_type == "multipart/form-data":
        part = '--X\r\nContent-Disposition: form-data; name="rawRequest"\r\n\r\n'
        body, content_type = f"{part}{json.dumps(payload)}\r\n--X--\r\n".encode(), f"{content_type}; boundary=X"
    elif content_type == "application/x-www-form-urlencoded":
        members = payload.items() if isinstance(payload, dict) else [("data.json", payload)]
        pairs = [(name.encode("utf-8", "replace"), json.dumps(value)) for name, value in members]
        body = urlencode(pairs).encode()
    else:
        body = json.dumps(payload).encode()
    return HttpRequest("POST", {"content-type": content_type, **headers}, body, {}, "", "https://example.com/forms/f")


def read_or_refused(form: Form, request: HttpRequest) -> Delivery | Unacceptable:
    """Return what came of it; any other exception fails the test."""
    try:
        return read_delivery(form, request)
    except Unacceptable as refused:
        return refused


def errors_of(mapped: Mapped | Unmapped) -> str:
    """Return the text of the error that the check of the registrant raises; empty if it raises none."""
    try:
        if isinstance(mapped, Mapped):
            Registrant.from_fields(mapped.webinar_id, mapped.fields)
    except InvalidRegistrant as invalid:
        return str(invalid)
    return ""


@given(FORMS, JSON, HEADERS)
@settings(max_examples=300)
def test_any_delivery_is_read_or_refused(form: Form, payload: Any, headers: dict[str, str]) -> None:
    request = request_of(form, payload, headers)
    is_authentic(form, ["whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY"], request, NOW)
    delivery = read_or_refused(form, request)
    if isinstance(delivery, Unacceptable):
        assert delivery.status == 400
        assert MARK not in delivery.message
        assert delivery.__suppress_context__ or delivery.__context__ is None
        return
    assert MARK not in (delivery.ignored or "")
    mapped = map_fields(form, delivery.fields)
    body = to_body(form.form_id, submission_id_of(form, delivery, mapped, NOW), "2026-09-21T14:13:20Z", delivery.fields)
    assert len(body) <= limits.SET_ASIDE_BYTES
    again = from_body(body)
    assert again is not None
    assert map_fields(form, again.fields) == mapped
    assert MARK not in errors_of(mapped)


@given(st.binary(max_size=200), st.sampled_from(list(PROVIDERS)), st.text(max_size=40))
@settings(max_examples=50)
def test_any_bytes_of_any_content_type_are_read_or_refused(body: bytes, provider: str, content_type: str) -> None:
    form = Form(form_id="form-id-secret", provider=provider)
    for header in (content_type, *PROVIDERS[provider].content_types, "multipart/form-data; boundary=X"):
        found = read_or_refused(form, HttpRequest("POST", {"content-type": header}, body, {}, "", ""))
        assert isinstance(found, Delivery) or found.status in {400, 415}
