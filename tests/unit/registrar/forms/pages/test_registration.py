"""The registration page as HTML; tests/browser shows that it works."""

from dataclasses import replace

import pytest
from registrar.forms.pages.language import Language
from registrar.forms.pages.registration import FormPage, registration_page
from registrar.registrants.fields import FieldError
from registrar.zoom.webinar_facts import Occurrence, Question, WebinarFacts

FACTS = WebinarFacts(webinar_id="97871060099", topic="Keynote", type=5)
PAGE = FormPage(
    webinar_id="97871060099",
    language=Language.ENGLISH,
    facts=FACTS,
    action="registrants",
    now=1_796_000_000.0,
    submission_token="5f0c1d2e-0000-4000-8000-000000000002",
)
DATES = (Occurrence("1", "2026-12-01T15:00:00Z", 60), Occurrence("2", "2026-12-08T15:00:00Z", 60))


def page(**changes: object) -> str:
    return registration_page(replace(PAGE, **changes))  # type: ignore[arg-type]


def facts(*questions: Question, **changes: object) -> WebinarFacts:
    return replace(FACTS, questions=questions, **changes)  # type: ignore[arg-type]


def test_without_facts_it_asks_for_what_every_webinar_needs() -> None:
    html = page(facts=None, kind="meeting")
    assert '<h1 tabindex="-1">Register for the meeting</h1>' in html
    assert [name in html for name in ('name="email"', 'name="first_name"', 'name="last_name"')] == [True] * 3
    assert html.count(" required>") == 2


@pytest.mark.parametrize(
    ("question", "html"),
    [
        (Question("short", True, "last_name"), 'autocomplete="family-name" maxlength="64" required'),
        (Question("short", False, "org"), 'name="org" type="text" value="" autocomplete="organization"'),
        (Question("short", False, "no_of_employees"), '<option value="501-1,000">501\u20131,000</option>'),
        (Question("short", False, "country"), '<option value="CI">Côte d\u2019Ivoire</option>'),
        (Question("short", True, title="Why?"), 'name="answers.Why?" type="text" value="" maxlength="128" required'),
        (Question("single", False, title="A?", answers=("x",)), 'name="answers.A?" type="radio" value="x"'),
        (Question("multiple", True, title="A?", answers=("x",)), 'name="answers.A?" type="checkbox" value="x">'),
        (Question("dropdown", False, title="A?", answers=("x",)), '<option value="x">x</option>'),
    ],
)
def test_each_question_has_its_input(question: Question, html: str) -> None:
    assert html in page(facts=facts(question))


def test_a_standard_field_that_is_new_at_zoom_is_left_out() -> None:
    assert "shoe_size" not in page(facts=facts(Question("short", True, "shoe_size")))


@pytest.mark.parametrize(("registration_type", "input_type"), [(2, "radio"), (3, "checkbox")])
def test_the_dates_of_a_series_are_chosen(registration_type: int, input_type: str) -> None:
    html = page(facts=facts(type=9, registration_type=registration_type, occurrences=DATES))
    assert html.count(f'name="occurrence_ids" type="{input_type}"') == 2


def test_dates_that_need_no_choice_are_listed() -> None:
    html = page(facts=facts(type=9, registration_type=1, occurrences=DATES))
    assert ("occurrence_ids" in html, html.count("<dd>")) == (False, 2)


def test_a_wrong_field_has_its_message_and_an_input_of_the_same_value() -> None:
    html = page(errors=[FieldError("email", "must be given only once")], values={"email": ["a@example.com", "b"]})
    assert 'value="b" autocomplete="email" maxlength="128" required autofocus aria-invalid="true"' in html
    assert 'aria-describedby="registrar-0-error"' in html
    assert '<p class="wrong" id="registrar-0-error">This was sent more than once.' in html
    assert "<title>Error: Keynote" in html


def test_what_another_sites_form_has_sent_is_kept() -> None:
    values = {"org": ["Example"], "answers.Diet": ["Vegan"], "occurrence_ids": ["1", "2"], "source_id": ["s"]}
    html = page(facts=None, values=values, next_url="https://example.com/thanks")
    for name, value in (("org", "Example"), ("answers.Diet", "Vegan")):
        assert f'name="{name}" type="text" value="{value}"' in html
    for name, value in (("occurrence_ids", "1"), ("occurrence_ids", "2"), ("source_id", "s")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in html
    assert '<input type="hidden" name="_next" value="https://example.com/thanks">' in html


def test_an_error_of_no_field_is_in_the_summary() -> None:
    html = page(
        errors=[FieldError("webinar_id", "is not open for registration here"), FieldError("cf-turnstile-response", "?")]
    )
    assert "<li>Registration is not open here for the webinar. Please tell the organizer.</li>" in html
    assert "<li>Please confirm that you are human" in html
    assert "autofocus" not in html


def test_the_family_name_comes_first_in_japanese() -> None:
    html = page(language=Language.JAPANESE)
    assert html.index('name="last_name"') < html.index('name="first_name"')


def test_what_was_typed_is_in_no_repr() -> None:
    assert "ada@example.com" not in repr(replace(PAGE, values={"email": ["ada@example.com"]}))


def test_half_a_surrogate_pair_does_not_break_the_page() -> None:
    page(values={"first_name": ["\ud800"]}).encode()
