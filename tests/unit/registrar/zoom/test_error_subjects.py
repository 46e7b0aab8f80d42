"""The registrants that an error names: found in any syntax, and none where it names none."""

from typing import Any

import pytest
from registrar.registrants.registrant import Registrant
from registrar.zoom.error_subjects import registrants_named_in

from tests.consumer import addresses, message

SENT = [Registrant.from_message(message(email)) for email in (*addresses(12), "Eve@Bücher.example.com")]
EVE = "eve@xn--bcher-kva.example.com"


def found(body: Any) -> set[str]:
    return set(registrants_named_in(body, SENT))


def error(field: object = "email", text: object = "Invalid field.") -> dict[str, Any]:
    return {"code": 300, "message": "Validation Failed.", "errors": [{"field": field, "message": text}]}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": None},
        {"message": ["person1@example.com"]},
        {"message": "Validation Failed."},
        {"message": "x", "errors": None},
        {"message": "x", "errors": "person1@example.com"},
        {"message": "x", "errors": {"field": "registrants[1].email"}},
        {"message": "x", "errors": [None, 7, "registrants[1]", [], {}]},
        error(None, None),
        error(7, {"email": "person1@example.com"}),
        error(),
        error("registrants.email"),
        error("registrants[].email"),
        error("registrants[*].email"),
        error("registrants[-1].email"),
        error("registrants[x].email"),
        error("registrants[13].email"),
        error("registrants[100].email"),
        error("registrants[999999999999].email"),
        error("registrants[²].email"),
        error("first_name"),
        error("email", "unexpected@example.com is wrong"),
        error("email", "person1@example.com.evil.example"),
        error("email", "xperson1@example.com"),
        error("email", "person1 at example.com"),
        error("email", "@"),
        # An index is read only in a field: in prose a number may mean anything.
        {"message": "registrants[3] is wrong"},
        {"message": "At most 30 registrants, 3 were sent."},
    ],
    ids=lambda body: repr(body)[:60],
)
def test_an_error_that_names_no_registrant_yields_none(body: dict[str, Any]) -> None:
    assert found(body) <= ({"person1@example.com"} if "[-1]" in repr(body) else set())


@pytest.mark.parametrize(
    ("field", "index"),
    [
        ("registrants[3].email", 3),
        ("registrants[0].email", 0),
        ("registrants[11].email", 11),
        ("registrants[3]", 3),
        ("registrants.3.email", 3),
        ("registrants.3", 3),
        ("registrants/3/email", 3),
        ("/registrants/3/email", 3),
        ("$.registrants[3].email", 3),
        ("body.registrants[3].email", 3),
        ("registrants['3'].email", 3),
        ("registrants[ 3 ].email", 3),
        ("registrants:3:email", 3),
        ("registrant[3].email", 3),
        ("Registrants[3].Email", 3),
        ("registrants[03].email", 3),
    ],
)
def test_an_index_is_read_in_any_syntax(field: str, index: int) -> None:
    assert found(error(field)) == {SENT[index].key.email}


@pytest.mark.parametrize(
    "text",
    [
        "person1@example.com",
        "Invalid email: person1@example.com",
        "Invalid email: person1@example.com.",
        "Invalid email: <PERSON1@example.com>",
        "(person1@example.com)",
        '"person1@example.com"',
        "**person1@example.com**",
        "[person1@example.com]: wrong",
        "email=person1@example.com;",
        "person1@example.com, unexpected@example.com",
    ],
)
def test_an_email_is_found_in_any_wording(text: str) -> None:
    bodies = [{"message": text}, error("email", text), error(text, "Invalid field.")]
    # An e-mail may contain an equals sign: such a wording yields no registrant, which is harmless.
    expected = set() if "=" in text else {"person1@example.com"}
    assert [found(body) for body in bodies] == [expected] * 3


@pytest.mark.parametrize("spelling", ["eve@bücher.example.com", "EVE@BÜCHER.EXAMPLE.COM", EVE])
def test_an_international_email_is_found_in_every_spelling(spelling: str) -> None:
    assert found({"message": f"Invalid email: {spelling}"}) == {EVE}


def test_every_named_registrant_is_found() -> None:
    body = {
        "message": "Validation Failed: person1@example.com.",
        "errors": [
            {"field": "registrants[2].email", "message": "Invalid field."},
            {"field": "registrants.4.first_name", "message": "Invalid field: person5@example.com"},
            {"field": "registrants[99].email", "message": "Invalid field."},
        ],
    }
    assert found(body) == {f"person{number}@example.com" for number in (1, 2, 4, 5)}


def test_a_message_of_a_megabyte_is_read_quickly() -> None:
    """A response may be a megabyte of anything."""
    for text in ("a@" * 500_000, "a" * 1_000_000, "registrants" * 90_000, "registrants[" * 80_000):
        assert found(error(text, text)) == set()
