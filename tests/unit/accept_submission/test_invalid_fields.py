"""Forms refused with 422: every invalid field is named, and no input is echoed."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from tests.unit.accept_submission.conftest import Endpoint, Reply
from tests.unit.accept_submission.http_event import ADA, FORM_TYPE, WEBINAR, form_event, http_event, json_event

TOO_LONG_EMAIL = "a" * 60 + "@" + ".".join(["b" * 30] * 2) + ".com" + "c" * 3  # 129 characters, otherwise valid


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in ADA.items() if key != name}


def assert_invalid(reply: Reply, *fields: str) -> None:
    """Assert a 422 that names exactly these fields."""
    assert reply.status == 422
    assert reply.content.keys() == {"errors"}
    assert all(error.keys() == {"field", "message"} and error["message"] for error in reply.content["errors"])
    assert sorted(reply.invalid_fields) == sorted(fields)


@pytest.mark.parametrize("name", ["email", "first_name"])
def test_a_required_field_may_not_be_missing_null_or_blank(endpoint: Endpoint, name: str) -> None:
    mononym = {**ADA, "last_name": ""}  # a last name would take the place of an empty first name
    for invalid in (without(name), {**ADA, name: None}, {**mononym, name: ""}, {**mononym, name: " \t\u00a0\u200b"}):
        assert_invalid(endpoint.post(json_event(invalid)), name)
    for invalid in (without(name), {**mononym, name: ""}):
        assert_invalid(endpoint.post(form_event(invalid)), name)

    assert endpoint.wrote_nothing()


@pytest.mark.parametrize("name", ["email", "first_name", "last_name"])
@pytest.mark.parametrize("value", [1, 0, 1.5, True, False, [], ["ada@example.com"], {}, {"a": {"b": 1}}, 10**400])
def test_a_field_of_another_type_is_invalid(endpoint: Endpoint, name: str, value: object) -> None:
    reply = endpoint.post(json_event({**ADA, name: value}))

    assert_invalid(reply, name)
    assert reply.content["errors"][0]["message"] == "must be text"
    assert endpoint.wrote_nothing()


@pytest.mark.parametrize("name", ["email", "first_name", "last_name"])
@pytest.mark.parametrize("second", ["the same", "another", "empty"])
def test_a_repeated_field_is_invalid(endpoint: Endpoint, name: str, second: str) -> None:
    value = {"the same": ADA[name], "another": "grace@example.com", "empty": ""}[second]
    pairs = [*ADA.items(), (name, value)]
    as_json = "{" + ", ".join(f'"{key}": "{text}"' for key, text in pairs) + "}"

    for reply in (endpoint.post(http_event(as_json.encode())), endpoint.post(form_event(pairs))):
        assert_invalid(reply, name)
        assert reply.content["errors"][0]["message"] == "must be given only once"

    assert endpoint.wrote_nothing()


def test_an_escaped_repetition_is_invalid(endpoint: Endpoint) -> None:
    as_json = b'{"email": "a@example.com", "\\u0065mail": "b@example.com", "first_name": "A"}'
    as_form = b"email=a%40example.com&%65mail=b%40example.com&first_name=A"

    assert_invalid(endpoint.post(http_event(as_json)), "email")
    assert_invalid(endpoint.post(http_event(as_form, FORM_TYPE)), "email")


def test_a_repetition_in_a_nested_object_is_ignored(endpoint: Endpoint) -> None:
    as_json = b'{"email": "a@example.com", "first_name": "A", "more": {"email": "b", "email": "c"}}'

    assert endpoint.post(http_event(as_json)).status == 202


INVALID_EMAILS = [
    "ada",
    "@example.com",
    "ada@",
    "ada@example",
    "ada@@example.com",
    "ada@example..com",
    ".ada@example.com",
    "ada@-example.com",
    "ada@example.com, grace@example.com",
    "Ada <ada@example.com>",
    "ada lovelace@example.com",
    '"ada lovelace"@example.com',
    "ada@[127.0.0.1]",
    "ada@localhost",
    "ada@example.com\nbcc: grace@example.com",
    "ada\x00@example.com",
    "ada@example.com\x00",
    "ada\x7f@example.com",
    "ada\u202e@example.com",
    "ada@xn--.com",
    "ada@☃.net",
    "\ud800@example.com",
    "ada@\udfff.com",
    TOO_LONG_EMAIL,
]


@pytest.mark.parametrize("email", INVALID_EMAILS, ids=lambda text: ascii(text)[:40])
def test_an_invalid_email_is_refused(endpoint: Endpoint, email: str) -> None:
    assert_invalid(endpoint.post(json_event({**ADA, "email": email})), "email")
    assert endpoint.wrote_nothing()


def test_an_email_may_have_128_characters(endpoint: Endpoint) -> None:
    assert len(TOO_LONG_EMAIL) == 129
    assert endpoint.post(json_event({**ADA, "email": TOO_LONG_EMAIL[1:]})).status == 202


CONTROLS = ["\x00", "\x07", "\x1b[31m", "\x1f", "\x7f", "\x9f", "\ud800", "\udc00\ud800"]


@pytest.mark.parametrize("name", ["first_name", "last_name"])
@pytest.mark.parametrize("control", CONTROLS, ids=ascii)
def test_a_name_has_no_control_characters(endpoint: Endpoint, name: str, control: str) -> None:
    assert_invalid(endpoint.post(json_event({**ADA, name: f"A{control}da"})), name)
    assert endpoint.wrote_nothing()


@pytest.mark.parametrize("name", ["first_name", "last_name"])
@pytest.mark.parametrize(("character", "count"), [("a", 65), ("é", 65), ("🐦", 65), ("a", 10_000)])
def test_a_name_has_64_characters_at_most(endpoint: Endpoint, name: str, character: str, count: int) -> None:
    assert_invalid(endpoint.post(json_event({**ADA, name: character * count})), name)
    assert endpoint.post(json_event({**ADA, name: character * 64})).status == 202


INVALID_WEBINARS = [
    "../x",
    "..%2Fx",
    "1 OR 1",
    "",
    "%20",
    "-",
    "7" * 40,
    "7" * 8,
    "7" * 16,
    "97871060099x",
    "97871060099/users",
    "97871060099%2Fusers",
    "97871060099?x=1",
    "+97871060099",
    "9.7871060099",
    "9787106009e9",
    "0x97871060099",
    "97871060099%00",
    "97871060099%0A",
    "97871060099\u2028",
    "\u0669" * 11,  # digits, but not ASCII's
    "\uff17" * 11,
    "\u00b2" * 11,
    "%FF%FE",
    "%ED%A0%80",
    "<script>",
]


@pytest.mark.parametrize("webinar", INVALID_WEBINARS, ids=ascii)
@pytest.mark.parametrize("encoded", [False, True])
def test_an_invalid_webinar_id_is_refused(endpoint: Endpoint, webinar: str, encoded: bool) -> None:
    reply = endpoint.post(json_event(ADA, webinar=quote(webinar, safe="") if encoded else webinar))

    assert_invalid(reply, "webinar_id")
    assert endpoint.wrote_nothing()


@pytest.mark.parametrize(
    "webinar",
    [
        *(WEBINAR, "978 7106 0099", "978-7106-0099", "978%207106%200099", " 97871060099 ", "978%C2%A07106%C2%A00099"),
        *("978\u20137106\u20130099", "97871060099%E2%80%8B", "7" * 9, "7" * 15, "0" * 9),
    ],
)
def test_a_webinar_id_may_be_written_as_zoom_shows_it(endpoint: Endpoint, webinar: str) -> None:
    assert endpoint.post(json_event(ADA, webinar=webinar)).status == 202

    digits = "".join(re.findall(r"[0-9]", re.sub(r"%..", "", webinar)))
    assert endpoint.rows[0]["webinar_id"] == digits
    assert endpoint.messages[0]["webinar_id"] == digits
    assert endpoint.sent[0]["MessageGroupId"] == digits


def test_only_allowed_webinars_are_accepted(open_endpoint: Any) -> None:
    endpoint = open_endpoint(WEBINAR, "81234567890")

    assert endpoint.post(json_event(ADA)).status == 202
    assert endpoint.post(json_event(ADA, webinar="812 3456-7890")).status == 202
    for other in ("97871060098", "978710600991", "7" * 40, "../x", ""):
        assert_invalid(endpoint.post(json_event(ADA, webinar=other)), "webinar_id")
    assert len(endpoint.messages) == 2


ALL_INVALID = {"email": "ada@", "first_name": "\x00", "last_name": "a" * 65}


@pytest.mark.parametrize("webinar", ["97871060098", "1 OR 1", ""])
@pytest.mark.parametrize("allowed", [(), (WEBINAR,)], ids=["any", "one"])
def test_every_invalid_field_is_named(open_endpoint: Any, webinar: str, allowed: tuple[str, ...]) -> None:
    invalid_webinar = ["webinar_id"] if allowed or webinar != "97871060098" else []

    for event in (json_event(ALL_INVALID, webinar=webinar), form_event(ALL_INVALID, webinar=webinar)):
        assert_invalid(open_endpoint(*allowed).post(event), *invalid_webinar, "email", "first_name", "last_name")


def test_repeated_invalid_and_disallowed_fields_are_named_once_each(open_endpoint: Any) -> None:
    pairs = [("email", "a@"), ("email", ""), ("first_name", "\x00"), ("last_name", "x"), ("last_name", "\x00")]
    endpoint = open_endpoint(WEBINAR)

    assert_invalid(endpoint.post(form_event(pairs, webinar="x")), "webinar_id", "email", "first_name", "last_name")
    assert endpoint.wrote_nothing()
