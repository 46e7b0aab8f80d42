"""Signatures, to the letter of the vectors in form-providers.md."""

import base64
import hmac
import json
from collections.abc import Mapping

import pytest
from registrar.forms.http.request import HttpRequest
from registrar.forms.providers.signatures import Signature, is_authentic

from tests.unit.registrar.forms.providers.people import JSON, NOW, SECRET, STANDARD_SECRET, URLENCODED
from tests.unit.registrar.forms.providers.samples import form, request, secret_of

HUBSPOT_URL = "https://hooks.example.com/in/hubspot?w=97871060099"
HUBSPOTS_OWN_URL = "https://www.example.com/webhook_uri"
TYPEFORM_BODY = (
    '{"event_id":"01EVT","event_type":"form_response","form_response":{"form_id":"abc123","token":"tok1","answers":'
    '[{"type":"email","email":"ana@example.com","field":{"id":"f1","type":"email","ref":"email"}}]}}'
)
TALLY_BODY = (
    '{"eventId":"ev1","eventType":"FORM_RESPONSE","data":{"responseId":"r1","fields":[{"key":"question_1",'
    '"label":"Prénom","type":"INPUT_TEXT","value":"Ana"}]}}'
)
WEBFLOW_BODY = (
    '{"triggerType":"form_submission","payload":{"name":"Webinar","id":"s1","data":{"Email":"ana@example.com"}}}'
)
EVENT_BODY = (
    '{"type":"registrant.registered","timestamp":"2026-09-21T14:13:20Z",'
    '"data":{"submission_id":"0b0c1d2e-0000-4000-8000-000000000001"}}'
)
EMAIL_BODY = '{"email":"ana@example.com"}'
HUBSPOT_V1 = "f6d2ba88c2991cc58aae6183314ea6735436024e05dce9e11b04dd5a20cf21da"
HUBSPOT_V2 = "bbd6f44f483f8f6c28eb921f18df8f03628cd88e03a6c5b5453ba54be0a6b655"
HUBSPOTS_OWN_V2 = "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900"
HUBSPOT_V3 = "QZYjHPDifHtG4B+tvGMpbGaUuuBCsDuwgOQr8vuTeuM="

# (provider, secret, URL, body, headers)
VECTORS: Mapping[str, tuple[str, str, str, str, Mapping[str, str]]] = {
    "typeform": (
        "typeform",
        SECRET,
        "",
        TYPEFORM_BODY,
        {"typeform-signature": "sha256=Jw4PPYG8X+ue7BhkNL0gN1T49dR0MLeKKvnJOIApcMY="},
    ),
    "tally, not ASCII": (
        "tally",
        SECRET,
        "",
        TALLY_BODY,
        {"tally-signature": "aeCCdEbXyeQahEyTYPDM9Dd/idt4CcxXvxqREtZlf3E="},
    ),
    "webflow": (
        "webflow",
        SECRET,
        "",
        WEBFLOW_BODY,
        {
            "x-webflow-timestamp": "1790000000000",
            "x-webflow-signature": "047940ec8e852a90159c27230ec79615e93349a568fe3915a85475698e714352",
        },
    ),
    "hubspot v1": (
        "hubspot",
        SECRET,
        HUBSPOT_URL,
        EMAIL_BODY,
        {"x-hubspot-signature-version": "v1", "x-hubspot-signature": HUBSPOT_V1},
    ),
    "hubspot v2": (
        "hubspot",
        SECRET,
        HUBSPOT_URL,
        EMAIL_BODY,
        {"x-hubspot-signature-version": "v2", "x-hubspot-signature": HUBSPOT_V2},
    ),
    "hubspot v3": (
        "hubspot",
        SECRET,
        HUBSPOT_URL,
        EMAIL_BODY,
        {
            "x-hubspot-request-timestamp": "1790000000000",
            "x-hubspot-signature-v3": HUBSPOT_V3,
        },
    ),
    "hubspot's own v2": (
        "hubspot",
        "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
        HUBSPOTS_OWN_URL,
        '{"example_field":"example_value"}',
        {"x-hubspot-signature-version": "v2", "x-hubspot-signature": HUBSPOTS_OWN_V2},
    ),
    "wpforms": (
        "wpforms",
        SECRET,
        "",
        EMAIL_BODY,
        {
            "x-wpforms-webhook-signature": "t=1790000000,"
            "v=0baffaeabe614a84fbc84acd1b318f1f699e319219295df49b65c947a8ecb7c6"
        },
    ),
    "framer": (
        "framer",
        SECRET,
        "",
        '{"Name":"Ana","Email":"ana@example.com"}',
        {
            "framer-webhook-submission-id": "0b0c1d2e-0000-4000-8000-000000000001",
            "framer-signature": "sha256=c3b76a8ac0286ec65516d3add75018ef5676de337bd24df8ebb8db4df0e556ee",
        },
    ),
    "generic": (
        "generic",
        STANDARD_SECRET,
        "",
        EVENT_BODY,
        {
            "webhook-id": "msg_0001",
            "webhook-timestamp": "1790000000",
            "webhook-signature": "v1,qRhoQoT8ox8q5trrH4z4Lnp/poIXiDu4ii3JoYmaPuY=",
        },
    ),
    "google": (
        "google",
        STANDARD_SECRET,
        "",
        '{"email":"ana@example.com","first_name":"Ana"}',
        {
            "webhook-id": "gf-resp-1",
            "webhook-timestamp": "1790000000",
            "webhook-signature": "v1,tORpJZdPFyNK6fpULGimHTci5kvIZx7YBJXVuECCW9I=",
        },
    ),
}


def vector(name: str) -> tuple[str, str, HttpRequest]:
    provider, secret, url, body, headers = VECTORS[name]
    return provider, secret, request(body.encode(), JSON, headers, url or "https://hooks.example.com/forms/f")


def is_right(provider: str, body: bytes, headers: Mapping[str, str], secret: str = "", url: str = HUBSPOT_URL) -> bool:
    delivered = request(body, JSON, headers, url)
    return is_authentic(form(provider), [secret or secret_of(provider)], delivered, NOW)


@pytest.mark.parametrize("name", VECTORS)
def test_a_body_that_is_changed_by_one_byte_is_refused(name: str) -> None:
    provider, secret, delivered = vector(name)
    for place in range(len(delivered.body)):
        changed = bytearray(delivered.body)
        changed[place] ^= 1
        other = request(bytes(changed), JSON, delivered.headers, delivered.url)
        assert not is_authentic(form(provider), [secret], other, NOW), place


@pytest.mark.parametrize("name", VECTORS)
def test_every_character_of_a_digest_counts(name: str) -> None:
    provider, secret, delivered = vector(name)
    [(header, value)] = [one for one in VECTORS[name][-1].items() if len(one[1]) > 40]
    digest = value.rpartition(",")[2].rpartition("v=")[2].removeprefix("sha256=")
    for place in range(len(value) - len(digest), len(value)):
        forged = f"{value[:place]}{'a' if value[place] != 'a' else 'b'}{value[place + 1 :]}"
        other = request(delivered.body, JSON, {**delivered.headers, header: forged}, delivered.url)
        assert not is_authentic(form(provider), [secret], other, NOW), place


@pytest.mark.parametrize("name", VECTORS)
def test_the_vector_is_authentic(name: str) -> None:
    provider, secret, delivered = vector(name)
    assert is_authentic(form(provider), [secret], delivered, NOW)


def test_the_digest_of_the_raw_body_that_formstack_documents() -> None:
    # The facts know no header for it, so no provider uses it: contract 10 has the HandshakeKey.
    signature = Signature(header="x-test")
    digest = "3ac7e1f874e23e755dcfcd47a32c0c26bbeaec27b9259dbcfdc5434cec666bd1"
    assert signature.is_valid(request(EMAIL_BODY.encode(), headers={"x-test": digest}), SECRET, NOW)


@pytest.mark.parametrize("name", VECTORS)
def test_a_malformed_header_is_a_refusal(name: str) -> None:
    provider, secret, delivered = vector(name)
    malformed = ("", ",", "v9", "v1,", "v1,é", "sha256=", "t=,v=", "t=1,v=", "9" * 400, "NaN", "1e9", "\ud800", "٣")
    for header in VECTORS[name][-1]:
        for value in malformed:
            other = request(delivered.body, JSON, {**delivered.headers, header: value}, delivered.url)
            assert not is_authentic(form(provider), [secret], other, NOW), (header, value)


def test_an_empty_secret_signs_nothing() -> None:
    body = TALLY_BODY.encode()
    signed = {"tally-signature": base64.b64encode(hmac.digest(b"", body, "sha256")).decode()}
    assert not is_authentic(form("tally"), [""], request(body, JSON, signed), NOW)
    assert not is_authentic(form("wufoo"), [""], request(b"HandshakeKey=", URLENCODED), NOW)


def test_the_headers_of_another_provider_prove_nothing() -> None:
    _, secret, delivered = vector("tally, not ASCII")
    assert not is_authentic(form("typeform"), [secret], delivered, NOW)


def test_hubspots_newest_signature_decides() -> None:
    headers = {"x-hubspot-signature-version": "v1", "x-hubspot-signature": HUBSPOT_V1}
    assert is_right("hubspot", EMAIL_BODY.encode(), headers)
    old = {"x-hubspot-signature-v3": HUBSPOT_V3, "x-hubspot-request-timestamp": "1780000000000"}
    assert not is_right("hubspot", EMAIL_BODY.encode(), {**headers, **old})


def test_hubspot_signs_its_whole_url() -> None:
    headers = VECTORS["hubspot v2"][-1]
    for other in ("https://hooks.example.com/in/hubspot", f"{HUBSPOT_URL}&x=1", HUBSPOT_URL.replace("https", "http")):
        assert not is_right("hubspot", EMAIL_BODY.encode(), headers, url=other)


def test_one_of_several_standard_webhook_signatures_is_enough() -> None:
    headers = dict(VECTORS["generic"][-1])
    right = headers["webhook-signature"]
    headers["webhook-signature"] = f"v1a,unknown v1,AAAA= {right}"
    assert is_right("generic", EVENT_BODY.encode(), headers)
    headers["webhook-signature"] = f"v1a,{right.removeprefix('v1,')}"
    assert not is_right("generic", EVENT_BODY.encode(), headers)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_!", "whsec_A", "é", "\ud800", "no base64 at all"])
def test_a_secret_that_is_none_proves_nothing(secret: str) -> None:
    assert not is_right("generic", EVENT_BODY.encode(), VECTORS["generic"][-1], secret)


def test_a_standard_webhook_whose_body_is_no_utf_8() -> None:
    assert not is_right("generic", b"\xff", VECTORS["generic"][-1])


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (URLENCODED, b"HandshakeKey="),
        (URLENCODED, b"Field1=test-secret-0001"),
        (URLENCODED, b"HandshakeKey=test-secret-0002"),
        (URLENCODED, b"HandshakeKey=test-secret-0001&HandshakeKey=test-secret-0002"),
        (URLENCODED, b"HandshakeKey[a]=test-secret-0001"),
        (URLENCODED, b"handshakekey=test-secret-0001"),
        (JSON, b'{"HandshakeKey": ["test-secret-0001"]}'),
        (JSON, b'{"HandshakeKey": "test-secret-0001"'),
        (JSON, b'["HandshakeKey", "test-secret-0001"]'),
        (JSON, b"\xff"),
    ],
)
def test_a_wrong_handshake_key(content_type: str, body: bytes) -> None:
    assert not is_authentic(form("formstack"), [SECRET], request(body, content_type), NOW)


@pytest.mark.parametrize("name", VECTORS)
def test_a_refusal_needs_no_body_that_can_be_parsed(name: str) -> None:
    provider, secret, delivered = vector(name)
    for body in (b"", b"\xff", b"[" * 100_000, json.dumps({"a": 1}).encode("utf-16")):
        assert not is_authentic(form(provider), [secret], request(body, JSON, delivered.headers, delivered.url), NOW)
