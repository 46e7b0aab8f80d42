"""Forms that were made for something else: the usual spellings, a single name, and the charset of their pages."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.unit.accept_submission.conftest import Endpoint
from tests.unit.accept_submission.http_event import FORM_TYPE, form_event, http_event

Pairs = Sequence[tuple[str, str]]


def as_json(pairs: Pairs) -> dict[str, Any]:
    return http_event(
        ("{" + ", ".join(f"{json.dumps(name)}: {json.dumps(text)}" for name, text in pairs) + "}").encode()
    )


@pytest.mark.parametrize("make", [form_event, as_json], ids=["form", "json"])
@pytest.mark.parametrize(
    "pairs",
    [
        [("email", "ada@example.com"), ("firstName", "Ada"), ("lastName", "Lovelace")],
        [("Email", "ada@example.com"), ("firstname", "Ada"), ("lastname", "Lovelace")],
        [("E-Mail", "ada@example.com"), ("Vorname", "Ada"), ("Nachname", "Lovelace")],
        [("mail", "ada@example.com"), ("fname", "Ada"), ("lname", "Lovelace")],
        [("EMAIL", "ada@example.com"), ("FNAME", "Ada"), ("LNAME", "Lovelace")],
        [("your-email", "ada@example.com"), ("your-name", "Ada Lovelace")],
        [("email_address", "ada@example.com"), ("given-name", "Ada"), ("family-name", "Lovelace")],
        [("contact[email]", "ada@example.com"), ("name[first]", "Ada"), ("name[last]", "Lovelace")],
        [("メールアドレス", "ada@example.com"), ("名", "Ada"), ("姓", "Lovelace")],
        [("email", "ada@example.com"), ("name", "Ada Lovelace")],
        [("Full Name", "  Ada   Lovelace "), ("E-mail address", "ada@example.com")],
        [("email", "ada@example.com"), ("vorname", "Ada"), ("name", "Lovelace")],
        [("email", "ada@example.com"), ("name", "Ada"), ("surname", "Lovelace")],
        [("email", "ada@example.com"), ("fullname", "Lovelace, Ada")],
        [("mail", "ada@example.com"), ("E-Mail", "ada@example.com"), ("name", "Ada Lovelace"), ("full_name", "")],
        [("email", "ada@example.com"), ("mail", "eve@example.com"), ("fname", "Ada"), ("lname", "Lovelace")],
        [("mail", "ada@example.com"), ("first_name", "Ada"), ("fname", "Eve"), ("last_name", "Lovelace")],
    ],
    ids=lambda pairs: " ".join(name for name, _ in pairs),
)  # fmt: skip
def test_the_usual_spellings_are_read_where_the_own_name_is_absent(endpoint: Endpoint, make: Any, pairs: Pairs) -> None:
    assert endpoint.post(make(pairs)).status == 202
    (message,) = endpoint.messages
    sent = (message["email"], message["first_name"], message["last_name"])
    assert sent == ("ada@example.com", "Ada", "Lovelace")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Suharto", ("Suharto", None)),
        ("Ada King Lovelace", ("Ada King", "Lovelace")),
        ("Ada\u00a0Lovelace", ("Ada", "Lovelace")),
        ("\u200bAda Lovelace\n", ("Ada", "Lovelace")),
        ("Ludwig van Beethoven", ("Ludwig", "van Beethoven")),
        ("山田 太郎", ("太郎", "山田")),
    ],
    ids=ascii,
)
def test_a_single_name_is_split(endpoint: Endpoint, name: str, parts: tuple[str, str | None]) -> None:
    assert endpoint.post(form_event({"email": "ada@example.com", "name": name})).status == 202
    (message,) = endpoint.messages
    assert (message["first_name"], message.get("last_name")) == parts


@pytest.mark.parametrize("make", [form_event, as_json], ids=["form", "json"])
@pytest.mark.parametrize(
    ("pairs", "fields"),
    [
        ([("mail", "ada@example.com"), ("E-Mail", "eve@example.com"), ("fname", "Ada")], ["email"]),
        ([("mail", "ada@example.com"), ("mail", "eve@example.com"), ("fname", "Ada")], ["email"]),
        ([("email", "ada@example.com"), ("fname", "Ada"), ("firstName", "Eve")], ["first_name"]),
        ([("email", "ada@example.com"), ("fname", "Ada"), ("surname", "L"), ("lname", "K")], ["last_name"]),
        ([("email", "ada@example.com"), ("name", "Ada L"), ("fullname", "Eve K")], ["first_name"]),
    ],
    ids=str,
)
def test_different_values_of_one_field_are_a_repetition(
    endpoint: Endpoint, make: Any, pairs: Pairs, fields: list[str]
) -> None:
    reply = endpoint.post(make(pairs))

    assert (reply.status, reply.invalid_fields) == (422, fields)
    assert reply.content["errors"][0]["message"] == "must be given only once"
    assert endpoint.wrote_nothing()


def test_a_form_with_first_name_means_no_other_field_by_name(endpoint: Endpoint) -> None:
    fields = {"email": "ada@example.com", "first_name": "Ada", "name": "newsletter", "nameofparticipant": "Eve"}

    assert endpoint.post(form_event(fields)).status == 202
    assert "last_name" not in endpoint.messages[0]


@pytest.mark.parametrize("name", [{"first": "Ada"}, ["Ada"], 7, None, True])
def test_a_single_name_that_is_no_text_is_ignored(endpoint: Endpoint, name: object) -> None:
    reply = endpoint.post(http_event(json.dumps({"email": "ada@example.com", "name": name}).encode()))

    assert (reply.status, reply.invalid_fields) == (422, ["first_name"])
    assert reply.content["errors"][0]["message"] == "is required"


def test_a_spelling_of_another_type_is_invalid_under_the_fields_own_name(endpoint: Endpoint) -> None:
    reply = endpoint.post(http_event(b'{"mail": 7, "firstName": ["Ada"], "lname": {}}'))

    assert [error["field"] for error in reply.content["errors"]] == ["email", "first_name", "last_name"]
    assert {error["message"] for error in reply.content["errors"]} == {"must be text"}


# ── The charset of the page ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"email=zoe%40example.com&first_name=Zo%EB", FORM_TYPE),
        (b"email=zoe%40example.com&first_name=Zo%EB&_charset_=windows-1252", FORM_TYPE),
        (b"_charset_=ISO-8859-1&email=zoe%40example.com&first_name=Zo%EB", FORM_TYPE),
        (b"email=zoe%40example.com&first_name=Zo\xeb", FORM_TYPE),
        (b"email=zoe%40example.com&first_name=Zo%C3%AB", FORM_TYPE),
        (b"email=zoe%40example.com&first_name=Zo%C3%AB&_charset_=UTF-8", FORM_TYPE),
        ("email=zoe%40example.com&first_name=Zoë".encode(), FORM_TYPE),
        *((b"email=zoe%40example.com&first_name=Zo%EB", f"{FORM_TYPE};charset={name}")
          for name in ("latin1", "Latin-1", "cp1252", "windows-1252", "iso-8859-1", "ISO-8859-15")),
        (b"email=zoe%40example.com&first_name=Zo%EB&_charset_=utf-8", f"{FORM_TYPE}; charset=latin1"),
        (b"email=zoe%40example.com&first_name=Zo%C3%AB&_charset_=", FORM_TYPE),
    ],
    ids=str,
)  # fmt: skip
def test_a_form_is_read_in_the_charset_of_its_page(endpoint: Endpoint, body: bytes, content_type: str) -> None:
    assert endpoint.post(http_event(body, content_type)).status == 202
    assert endpoint.messages[0]["first_name"] == "Zoë"


@pytest.mark.parametrize(
    ("body", "name"),
    [(b"first_name=%80uro", "€uro"), (b"first_name=%93Ada%94", "“Ada”"), (b"x=%FF&first_name=Zo%C3%AB", "ZoÃ«")],
)
def test_without_a_charset_a_form_is_utf8_as_a_whole_or_windows_1252(
    endpoint: Endpoint, body: bytes, name: str
) -> None:
    assert endpoint.post(http_event(b"email=zoe%40example.com&" + body, FORM_TYPE)).status == 202
    assert endpoint.messages[0]["first_name"] == name


def test_iso_8859_15_has_the_euro_sign(endpoint: Endpoint) -> None:
    body = b"email=zoe%40example.com&first_name=%A4uro"
    assert endpoint.post(http_event(body, f"{FORM_TYPE};charset=iso-8859-15")).status == 202
    assert endpoint.messages[0]["first_name"] == "€uro"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"first_name=%FF", f"{FORM_TYPE}; charset=utf-8"),
        (b"first_name=%FF&_charset_=UTF-8", FORM_TYPE),
        (b"first_name=%81", FORM_TYPE),  # neither UTF-8 nor windows-1252
        (b"first_name=%93%FA&_charset_=Shift_JIS", FORM_TYPE),
        (b"first_name=Ada&_charset_=%FF", FORM_TYPE),
    ],
    ids=str,
)
def test_a_form_that_contradicts_its_charset_is_unreadable(endpoint: Endpoint, body: bytes, content_type: str) -> None:
    assert endpoint.post(http_event(body, content_type, webinar="x")).status == 400
    assert endpoint.wrote_nothing()


def test_json_without_a_charset_is_read_as_utf8_only(endpoint: Endpoint) -> None:
    body = b'{"email": "zoe@example.com", "first_name": "Zo\xeb"}'
    assert endpoint.post(http_event(body, base64_encoded=True)).status == 400
