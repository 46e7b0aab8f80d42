"""The registration page, also after a field was wrong: then with what was typed, and a message at each wrong field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from registrar.forms.pages.availability import dates_of, moment, open_occurrences
from registrar.forms.pages.html.dates import duration, time_element
from registrar.forms.pages.html.document import TURNSTILE_SCRIPT, document
from registrar.forms.pages.html.element import Child, Html, element
from registrar.forms.pages.html.inputs import Field
from registrar.forms.pages.language import Language
from registrar.forms.pages.questions import FormField, control, form_fields
from registrar.forms.pages.texts.all_languages import TEXTS
from registrar.forms.pages.texts.catalogue import ErrorTexts, FormTexts, Texts
from registrar.forms.pages.texts.field_messages import in_words
from registrar.registrants.fields import FieldError
from registrar.zoom.webinar_facts import Occurrence, Question, WebinarFacts

_ONE_DATE, _SEVERAL_DATES = 2, 3  # Zoom's registration types: register for one date, or for several, of a series
_OCCURRENCES: Final = "occurrence_ids"
_CARRIED: Final = ("source_id", "language", _OCCURRENCES)  # of another site's form; nobody types them
TURNSTILE_ANSWER: Final = "cf-turnstile-response"


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """What a form shows. Without facts it has the three fields that every webinar has."""

    webinar_id: str
    kind: str = "webinar"
    language: Language
    facts: WebinarFacts | None
    action: str
    """Where the form is sent, as a browser resolves it."""
    now: float
    submission_token: str
    """A UUID, one per form: however often this form is sent, it is one submission."""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    """What was typed, by field name."""
    errors: Sequence[FieldError] = ()
    is_busy: bool = False
    """Whether the submission could not be queued (503): the form asks to be sent again."""
    turnstile_site_key: str = ""
    next_url: str = field(default="", repr=False)
    """The form's `_next`, kept for when it is sent again."""


def registration_page(page: FormPage) -> str:
    """Return the form."""
    texts = TEXTS[page.language]
    topic = page.facts.topic if page.facts else ""
    heading = topic or texts.about(page.kind, texts.form.heading)
    title = texts.form.title.format(topic=topic) if topic else heading
    if page.errors:
        title = texts.labelled(texts.errors.prefix, title)
    fields = _fields(page, texts)
    content = [
        element("h1", heading, tabindex="-1"),
        *_when(page, texts),
        _summary(page, texts, fields),
        _form(page, texts, fields),
    ]
    return document(page.language, title, content)


def _when(page: FormPage, texts: Texts) -> list[Html]:
    """Return when it starts and how long it takes, unless its dates are to be chosen."""
    facts = page.facts
    starts = dates_of(facts, page.now) if facts and not _dates(facts, page.now) else []
    if facts is None or not starts:
        return []
    rows = [element("dt", texts.dates.start)]
    rows += [element("dd", *time_element(start, facts.timezone, texts)) for start in starts]
    if facts.duration_minutes:
        rows += [element("dt", texts.dates.duration), element("dd", duration(facts.duration_minutes, texts))]
    return [element("dl", *rows)]


def _fields(page: FormPage, texts: Texts) -> list[tuple[FormField, Field]]:
    """Return all fields with what was typed; the first wrong one has the focus."""
    errors = {error.field: error for error in reversed(page.errors)}
    asked = list(_asked(page, texts.form))
    first_wrong = next((one.name for one in asked if one.name in errors), None)
    return [
        (
            one,
            Field(
                name=one.name,
                id=f"registrar-{number}",
                label=one.label,
                is_required=one.is_required,
                values=page.values.get(one.name, ()),
                error=_sentence(errors[one.name], texts.errors, one.is_choice) if one.name in errors else "",
                has_focus=one.name == first_wrong,
            ),
        )
        for number, one in enumerate(asked)
    ]


def _asked(page: FormPage, texts: FormTexts) -> Iterator[FormField]:
    if page.facts and _dates(page.facts, page.now):
        label = texts.one_date if page.facts.registration_type == _ONE_DATE else texts.several_dates
        yield FormField(_OCCURRENCES, label, True, Question("dates", True))
    yield from form_fields(page.facts, texts, page.values)


def _dates(facts: WebinarFacts, now: float) -> list[Occurrence]:
    is_asked = facts.registration_type in {_ONE_DATE, _SEVERAL_DATES}
    return open_occurrences(facts, now) if is_asked else []


def _sentence(error: FieldError, texts: ErrorTexts, is_choice: bool = False) -> str:
    special = {_OCCURRENCES: texts.date, TURNSTILE_ANSWER: texts.human}
    return special.get(error.field) or in_words(error.message, texts, is_choice)


def _summary(page: FormPage, texts: Texts, fields: Sequence[tuple[FormField, Field]]) -> Html | None:
    """Return the list of everything that is wrong, with links; what is no field of this form is named, too."""
    if page.is_busy:
        return element("div", element("p", texts.errors.busy), role="alert", class_="summary")
    if not page.errors:
        return None
    items: list[Child] = [
        element("a", texts.labelled(one.label, one.error), href=f"#{one.id}") for _, one in fields if one.error
    ]
    names = {one.name for _, one in fields}
    items += [texts.about(page.kind, _sentence(one, texts.errors)) for one in page.errors if one.field not in names]
    listed = element("ul", *(element("li", item) for item in items))
    return element("div", element("h2", texts.errors.heading), listed, role="alert", class_="summary")


def _form(page: FormPage, texts: Texts, fields: Sequence[tuple[FormField, Field]]) -> Html:
    own = {"_submission": [page.submission_token], "_next": [page.next_url] if page.next_url else []}
    # What is wrong is not carried: nobody could correct it.
    left_out = {one.name for one, _ in fields} | {error.field for error in page.errors}
    hidden = {**own, **{name: page.values.get(name, []) for name in _CARRIED if name not in left_out}}
    return element(
        "form",
        element("p", texts.form.required_note, class_="soft"),
        *(element("input", type="hidden", name=name, value=one) for name, values in hidden.items() for one in values),
        *(_control(page, texts, asked, one) for asked, one in fields),
        _trap(),
        *_turnstile(page, texts.form),
        element("button", texts.form.submit),
        method="post",
        action=page.action,
        accept_charset="utf-8",
    )


def _control(page: FormPage, texts: Texts, asked: FormField, one: Field) -> Html:
    if asked.name != _OCCURRENCES or page.facts is None:
        return control(asked, one, texts.form, page.language)
    facts = page.facts
    options = {
        date.id: time_element(start, facts.timezone, texts)
        for date in _dates(facts, page.now)
        if (start := moment(date.starts_at))
    }
    is_one = facts.registration_type == _ONE_DATE
    return one.radios(texts.form, options) if is_one else one.checkboxes(texts.form, options)


def _trap() -> Html:
    """Return a field that no person sees, and programs fill in."""
    trap = element("input", name="_gotcha", tabindex="-1", autocomplete="off")
    return element("div", trap, class_="trap", aria_hidden="true")


def _turnstile(page: FormPage, texts: FormTexts) -> list[Child]:
    if not page.turnstile_site_key:
        return []
    widget = element(
        "div", class_="cf-turnstile field", data_sitekey=page.turnstile_site_key, data_language=page.language
    )
    needs = element("noscript", element("p", texts.needs_javascript, class_="wrong"))
    return [widget, needs, element("script", src=TURNSTILE_SCRIPT, async_=True, defer=True)]
