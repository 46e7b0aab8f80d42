"""Contract 3, the optional fields: what is accepted, in which spelling, and what names which field as wrong."""

import json
from typing import Any

import pytest
from registrar.registrants.optional_fields import FREE_TEXTS, NO_OPTIONAL_FIELDS, OPTIONAL_FIELDS, OptionalFields
from registrar.registrants.registrant import InvalidRegistrant, Key, Registrant

from tests.consumer import WEBINAR, message

ROCKET = "\U0001f680"


def read(**fields: object) -> Registrant:
    """Read a message with these fields; a form endpoint reads its fields by the same code."""
    return Registrant.from_message(json.dumps(json.loads(message()) | fields))


def error(**fields: object) -> str:
    with pytest.raises(InvalidRegistrant) as invalid:
        read(**fields)
    assert invalid.value.key == Key(WEBINAR, "ada@example.com")
    assert [wrong.field for wrong in invalid.value.errors] == list(fields)
    return str(invalid.value)


@pytest.mark.parametrize("value", [1, True, ["x"], {"x": "y"}])
@pytest.mark.parametrize("name", sorted(OPTIONAL_FIELDS - {"answers", "occurrence_ids"}))
def test_a_field_of_another_type_is_named(name: str, value: object) -> None:
    error(**{name: value})


@pytest.mark.parametrize(
    "value", ["text", 1, True, ["x"], {"Diet": 1}, {"Diet": ["x"]}, {"Diet": {}}, {"Q" * 1_001: "x"}]
)
def test_answers_are_an_object_of_texts(value: object) -> None:
    assert "Diet" not in error(answers=value)


@pytest.mark.parametrize(
    "value", ["1753401600000", 1, {"a": "b"}, [1753401600000], [None], ["a,b"], ["a b"], ["x" * 65]]
)
def test_occurrence_ids_are_a_list_of_ids(value: object) -> None:
    error(occurrence_ids=value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "event"),
        ("language", "de"),
        ("language", "ja-JP"),
        ("country", "Germany"),
        ("country", "D3"),
        ("country", "ÄÖ"),
        ("no_of_employees", "101-250"),
        ("purchasing_time_frame", "soon"),
        ("role_in_purchase_process", "Boss"),
        ("source_id", "a,b"),
    ],
)
def test_a_value_that_zoom_does_not_know_is_wrong_and_not_repeated(name: str, value: str) -> None:
    assert not error(**{name: value}).endswith(value)


def test_every_wrong_field_is_named_at_once() -> None:
    error(kind="x", answers=1, language="x", country="x")


def test_more_than_a_message_can_hold_is_wrong() -> None:
    assert "too long" in error(answers={f"{number}{ROCKET * 100}": ROCKET * 128 for number in range(30)})


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("language", " jp-jp ", "jp-JP"),
        ("language", "tr-tr", "Tr-TR"),
        ("country", "de\n", "DE"),
        ("no_of_employees", "1 - 20", "1-20"),
        ("no_of_employees", "more than 10,000", "More than 10,000"),
        ("no_of_employees", "500-1,000", "501-1,000"),
        ("role_in_purchase_process", "decision maker", "Decision Maker"),
        ("purchasing_time_frame", "1-3  Months", "1-3 months"),
        ("org", " Analytical\r\nEngines\x00 ", "Analytical Engines"),
        ("comments", "a\ud800b", "ab"),
        ("comments", "c" * 1_001, "c" * 1_000),
        ("source_id", " 5516482804110 ", "5516482804110"),
    ],
)
def test_case_blanks_and_control_characters_do_not_matter(name: str, written: str, value: str) -> None:
    assert read(**{name: written}).optional.to_fields() == {name: value}


def test_an_answer_is_one_line_of_at_most_128_characters() -> None:
    optional = read(answers={" Diet ": "none\nat all", "Long": "x" * 127 + " yz", "Blank": " ", "Null": None}).optional
    assert optional.answers == {"Diet": "none at all", "Long": "x" * 127}


def test_occurrence_ids_keep_their_order() -> None:
    optional = read(occurrence_ids=["1753401600000", "", "1753401600000", " 1752796800000 "]).optional
    assert optional.occurrence_ids == ("1753401600000", "1752796800000")


@pytest.mark.parametrize("blank", [None, "", " ", "\u200b"])
def test_a_blank_field_counts_as_absent(blank: str | None) -> None:
    names = OPTIONAL_FIELDS - {"answers", "occurrence_ids"}
    registrant = read(**dict.fromkeys(names, blank), answers={}, occurrence_ids=[])
    assert registrant.optional == NO_OPTIONAL_FIELDS
    assert registrant.kind == "webinar"


def test_a_message_carries_what_was_given() -> None:
    fields: dict[str, Any] = {
        "kind": "meeting",
        "answers": {"Diet?": "none", "座席": "前"},
        "occurrence_ids": ["1753401600000"],
        "source_id": "5516482804110",
        "language": "de-DE",
        "no_of_employees": "501-1,000",
        "country": "DE",
        "org": "Analytical Engines",
    }
    registrant = read(**fields)
    assert json.loads(registrant.to_message()).items() >= fields.items()
    assert Registrant.from_message(registrant.to_message()) == registrant


def test_the_longest_message_fits_the_queue() -> None:
    longest = dict.fromkeys(FREE_TEXTS[:4], ROCKET * 1_000) | {"comments": ROCKET * 765}
    assert 58_000 < len(read(**longest, first_name=ROCKET * 64, last_name=ROCKET * 64).to_message()) <= 65_536


def test_a_message_without_them_is_as_before() -> None:
    registrant = Registrant(
        Key(WEBINAR, "ada@example.com"), "Ada@Example.com", "Ada", "Lovelace", "0b0c-1", "2026-11-23T14:00:00Z"
    )
    assert registrant.to_message() == (
        '{"webinar_id": "97871060099", "email": "Ada@Example.com", "first_name": "Ada", "last_name": "Lovelace", '
        '"submission_id": "0b0c-1", "submitted_at": "2026-11-23T14:00:00Z"}'
    )


def test_answers_are_not_in_a_repr() -> None:
    assert "none" not in repr(OptionalFields(answers={"Diet": "none"}, standard={"org": "none"}))
