"""The body of a dead letter `unmapped_form`: it can be mapped again, and it fits."""

import json

import pytest
from registrar import limits
from registrar.forms.providers.delivery import FormField
from registrar.forms.providers.mapping import Mapped, map_fields
from registrar.forms.providers.set_aside import from_body, to_body

from tests.unit.registrar.forms.providers.people import FORM_ID
from tests.unit.registrar.forms.providers.samples import form

SUBMITTED_AT = "2026-09-21T14:13:20Z"


def body_of(*fields: FormField) -> str:
    return to_body(FORM_ID, "5f1d", SUBMITTED_AT, fields)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"webinar_id": "97871060099", "email": "ana@example.com", "first_name": "Ana"}',
        '{"form_id": "f", "submission_id": "s", "submitted_at": "t"}',
        '{"form_id": "f", "submission_id": "s", "submitted_at": "t", "fields": 1}',
        '{"form_id": "f", "submission_id": "s", "submitted_at": "t", "fields": [1]}',
        '{"form_id": "f", "submission_id": "s", "submitted_at": "t", "fields": ["text"]}',
        '{"form_id": "f", "submission_id": "s", "submitted_at": "t", "fields": [{"key": "a"}]}',
        '{"form_id": "f", "submission_id": "s", "submitted_at": "t", "fields": [{"key": "a", "value": 1}]}',
        '{"form_id": "f", "submission_id": "s", "submitted_at": "t", "fields": [{"key": 1, "value": "a"}]}',
        '{"form_id": "f", "submission_id": "s", "submitted_at": "t", "fields": [{"key": "a", "value": [1]}]}',
        '{"form_id": 1, "submission_id": "s", "submitted_at": "t", "fields": []}',
    ],
)
def test_any_other_body_is_none(body: str) -> None:
    assert from_body(body) is None


def test_it_has_the_contracts_shape_and_is_read_back() -> None:
    fields = (
        FormField("q1", "Prénom", "INPUT_TEXT", "Zoë", "1"),
        FormField("q2", "", "", ["A", "B"]),
        FormField("q3", "Control", "", "a\x00\ud800\ufffe"),
    )
    body = body_of(*fields)
    assert body.isascii()
    assert json.loads(body) == {
        "form_id": FORM_ID,
        "submission_id": "5f1d",
        "submitted_at": SUBMITTED_AT,
        "fields": [
            {"key": "q1", "label": "Prénom", "type": "INPUT_TEXT", "other_key": "1", "value": "Zoë"},
            {"key": "q2", "value": ["A", "B"]},
            {"key": "q3", "label": "Control", "value": "a\x00\ud800\ufffe"},
        ],
    }
    read = from_body(body)
    assert read is not None
    assert (read.form_id, read.submission_id, read.submitted_at) == (FORM_ID, "5f1d", SUBMITTED_AT)
    assert read.fields == fields
    assert FORM_ID not in repr(read)


@pytest.mark.parametrize("text", ["x", "é", "🎈", '"', "\x00"])
def test_long_values_are_cut_and_the_rest_is_mapped_again(text: str) -> None:
    fields = [FormField(f"q{n}", "A long question", "text", text * 10_000) for n in range(12)]
    fields += [FormField("e", "E-mail", "email", "ana@example.com"), FormField("n", "Vorname", "text", "Ana")]
    body = body_of(*fields)
    assert len(body) <= limits.SET_ASIDE_BYTES
    read = from_body(body)
    assert read is not None
    assert [one.key for one in read.fields] == [one.key for one in fields]
    assert isinstance(map_fields(form("tally"), read.fields), Mapped)


def test_of_too_many_fields_those_that_are_mapped_are_kept() -> None:
    """HubSpot sends 1,000 properties; what is over the ceiling, or for a webinar that is not open, is complete."""
    others = [FormField(f"property_{n:04}", f"property_{n:04}", "", "x" * 60) for n in range(1_000)]
    fields = [*others, FormField("name.last", "name last", "", "Pérez"), FormField("zip", "zip", "", "28001")]
    read = from_body(to_body(FORM_ID, "5f1d", SUBMITTED_AT, fields, ["name", "zip"]))
    assert read is not None
    assert [one.key for one in read.fields[-2:]] == ["name.last", "zip"]


@pytest.mark.parametrize("value", ["x" * 200, ["🎈" * 5] * 10])
def test_of_too_many_fields_the_last_are_left_out_and_the_email_is_not(value: str | list[str]) -> None:
    fields = [FormField("k" * 300 + str(n), "l" * 300, "t" * 300, value, "o" * 300) for n in range(200)]
    body = body_of(*fields, FormField("e", "E-mail", "email", "ana@example.com"))
    assert limits.SET_ASIDE_BYTES * 0.9 < len(body) <= limits.SET_ASIDE_BYTES
    read = from_body(body)
    assert read is not None
    assert read.fields[0].key == "k" * limits.SET_ASIDE_NAME_CHARACTERS
    assert read.fields[-1].value == "ana@example.com"
