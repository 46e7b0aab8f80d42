"""`forms try`: what a submission becomes is what AcceptForm would make of it, and what is missing has a way out."""

import json
from pathlib import Path

import pytest
from registrar.forms.providers.delivery import FormField
from registrar_cli.terminal.errors import Exit

from tests.unit.cli.conftest import WEBINAR
from tests.unit.cli.forms.conftest import BADGE, EMAIL, Forms

TYPEFORM = {
    "event_type": "form_response",
    "form_response": {
        "token": "tok1",
        "hidden": {"webinar": WEBINAR},
        "answers": [
            {"type": "email", "email": "ana@example.com", "field": {"id": "f1", "type": "email", "ref": "email"}},
            {"type": "text", "text": "Ana", "field": {"id": "f2", "type": "short_text", "ref": "first_name"}},
        ],
    },
}


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / "sample.json"
    file.write_text(json.dumps(TYPEFORM), encoding="utf-8")
    return file


def test_each_field_of_ours_is_shown_with_its_key(forms: Forms, sample: Path) -> None:
    forms.add(provider="typeform")

    ended = forms.run("forms", "try", "sign-up", str(sample))
    assert ended.code == Exit.OK
    assert f"would be queued  Ana <ana@example.com> for webinar {WEBINAR}" in ended.out

    result = forms.run("forms", "try", "sign-up", str(sample), "--json").result
    assert result["sources"] == {"email": "email", "first_name": "first_name"}
    assert result["registrant"]["email"] == "ana@example.com"
    assert (forms.queued, forms.dead_letters) == ([], 0)


@pytest.mark.parametrize(("allowed", "code"), [("", Exit.OK), (WEBINAR, Exit.OK), ("91000000001", Exit.NEGATIVE)])
def test_a_webinar_that_a_field_names_is_checked_against_those_allowed(
    forms: Forms, sample: Path, allowed: str, code: Exit
) -> None:
    forms.add(provider="typeform", webinar_id=None, webinar_from="webinar")
    forms.parameters["AllowedWebinars"] = allowed

    ended = forms.run("forms", "try", "sign-up", str(sample))

    assert ended.code == code
    assert ("not among AllowedWebinars" in ended.out) == (code != Exit.OK)


def test_without_a_file_the_newest_submission_that_is_set_aside_is_tried(forms: Forms) -> None:
    form = forms.add()
    forms.set_aside(form, EMAIL)
    forms.set_aside(form, EMAIL, BADGE, number=2)

    ended = forms.run("forms", "try", "sign-up")

    assert ended.code == Exit.NEGATIVE
    assert "first_name is missing" in ended.out
    assert "→ registrar forms change sign-up --map first_name=q3_badge" in ended.out, "the only field that is left"
    assert form.form_id not in ended.out
    assert forms.dead_letters == 2


@pytest.mark.parametrize(
    ("fields", "suggestion"),
    [
        ([BADGE, FormField("q5", "Adresse", "text", "ana@example.com")], "--map email=q5 --map first_name=q3_badge"),
        ([EMAIL, BADGE, FormField("q6", "Nom de scène", "text", "Ana")], "--map first_name=q6"),
        ([EMAIL, BADGE, FormField("q7", "Diet", "text", "none")], "--map first_name=KEY"),
        ([EMAIL, BADGE, FormField("q8", "Webinar", "hidden", WEBINAR)], "--map first_name=q3_badge"),
        ([EMAIL, FormField("my name", "Badge name", "text", "Ana"), BADGE], "--map first_name='my name'"),
    ],
)
def test_what_is_missing_is_looked_for_in_values_and_labels(
    forms: Forms, fields: list[FormField], suggestion: str
) -> None:
    forms.set_aside(forms.add(), *fields)

    assert forms.run("forms", "try", "sign-up", "--json").result["suggestion"].endswith(f" sign-up {suggestion}")


def test_no_other_field_is_suggested_for_a_missing_webinar(forms: Forms) -> None:
    forms.set_aside(forms.add(webinar_id=None, webinar_from="q8"), EMAIL, FormField("first_name", "", "", "Ana"), BADGE)

    assert "--webinar-from KEY" in forms.run("forms", "try", "sign-up").out


def test_what_a_corrected_mapping_registers_is_sent_back_next(forms: Forms) -> None:
    forms.set_aside(forms.add(fields={"first_name": "q3_badge"}), EMAIL, BADGE)

    ended = forms.run("forms", "try", "sign-up")

    assert ended.code == Exit.OK
    assert "→ registrar retry --reason unmapped_form" in ended.out


def test_a_missing_webinar_is_taken_from_the_field_that_looks_like_one(forms: Forms) -> None:
    form = forms.add(webinar_id=None, webinar_from="q8")
    forms.set_aside(
        form, EMAIL, FormField("q2_first", "First name", "text", "Ana"), FormField("q9", "W", "text", WEBINAR)
    )

    ended = forms.run("forms", "try", "sign-up")

    assert "webinar_id is missing" in ended.out
    assert "registrar forms change sign-up --webinar-from q9" in ended.out


def test_a_wrong_value_has_no_mapping_to_suggest(forms: Forms) -> None:
    forms.set_aside(
        forms.add(), FormField("q4_email", "E-mail", "email", "nobody"), FormField("q1", "First name", "", "A")
    )

    ended = forms.run("forms", "try", "sign-up")

    assert ended.code == Exit.NEGATIVE
    assert "no registrant  email" in ended.out
    assert "→" not in ended.out


def test_nothing_that_is_set_aside_is_told(forms: Forms) -> None:
    forms.add()

    ended = forms.run("forms", "try", "sign-up")

    assert ended.code == Exit.NOT_FOUND
    assert "Give a file" in ended.err


@pytest.mark.parametrize(
    ("provider", "body", "options", "code", "says"),
    [
        ("typeform", "{", [], Exit.USAGE, "answered with 400"),
        ("typeform", "{}", ["--content-type", "text/xml"], Exit.USAGE, "answered with 415"),
        ("typeform", '{"event_type": "ping"}', [], Exit.NEGATIVE, "ignored"),
        ("wufoo", "Field1=Ana&Field3=ana%40example.com", [], Exit.NEGATIVE, "first_name is missing"),
        (
            "jotform",
            '--X\r\nContent-Disposition: form-data; name="rawRequest"\r\n\r\n'
            '{"q3_name":{"first":"Ana","last":"Pérez"},"q4_email":"ana@example.com"}\r\n--X--\r\n',
            [],
            Exit.OK,
            "Ana Pérez",
        ),
    ],
)
def test_a_body_is_read_as_the_provider_sends_it(
    forms: Forms, tmp_path: Path, provider: str, body: str, options: list[str], code: Exit, says: str
) -> None:
    forms.add(provider=provider)
    file = tmp_path / "body"
    file.write_bytes(body.encode())

    ended = forms.run("forms", "try", "sign-up", str(file), *options)

    assert ended.code == code
    assert says in ended.out + ended.err
    assert ("→ registrar forms change" in ended.out) == ("is missing" in says)
