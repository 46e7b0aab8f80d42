"""Which fields a form has: the registrant's own, Zoom's standard fields, the host's questions and the dates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from registrar import limits
from registrar.forms.pages.html.element import Html
from registrar.forms.pages.html.inputs import Field
from registrar.forms.pages.language import Language
from registrar.forms.pages.texts.catalogue import FormTexts, LabelTexts
from registrar.forms.pages.texts.countries import countries
from registrar.registrants.optional_fields import FIXED_VALUES, FREE_TEXTS
from registrar.zoom.webinar_facts import Question, WebinarFacts


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form: its name in a post, its label, and how it is asked for."""

    name: str
    label: str
    is_required: bool
    question: Question

    @property
    def is_choice(self) -> bool:
        """Return whether an answer is chosen rather than written."""
        return bool(self.question.answers) or self.name in {*FIXED_VALUES, "country", "occurrence_ids"}


# Zoom's fields and what a browser may fill in by itself (HTML, autofill detail tokens).
_AUTOCOMPLETE: Final[Mapping[str, str]] = {
    "email": "email",
    "first_name": "given-name",
    "last_name": "family-name",
    "address": "address-line1",
    "city": "address-level2",
    "country": "country",
    "zip": "postal-code",
    "state": "address-level1",
    "phone": "tel",
    "org": "organization",
    "job_title": "organization-title",
}
_KEYBOARDS: Final[Mapping[str, str]] = {"email": "email", "phone": "tel"}
_MAX_LENGTH: Final[Mapping[str, int]] = {
    "email": limits.EMAIL_CHARACTERS,
    "first_name": limits.NAME_CHARACTERS,
    "last_name": limits.NAME_CHARACTERS,
    **dict.fromkeys(FREE_TEXTS, limits.STANDARD_FIELD_CHARACTERS),
}

# Zoom's fixed values by the name of their text; numbers read alike in every language.
_IN_WORDS: Final[Mapping[str, str]] = {
    "Within a month": "within_a_month",
    "1-3 months": "months_1_3",
    "4-6 months": "months_4_6",
    "More than 6 months": "more_than_6_months",
    "No timeframe": "no_timeframe",
    "Decision Maker": "decision_maker",
    "Evaluator/Recommender": "evaluator",
    "Influencer": "influencer",
    "Not involved": "not_involved",
    "More than 10,000": "more_than_10_000",
}
_ANSWERS: Final = "answers."
_STANDARD: Final = frozenset(LabelTexts._fields) - {"email", "first_name", "last_name"}


def form_fields(facts: WebinarFacts | None, texts: FormTexts, given: Iterable[str]) -> Iterator[FormField]:
    """Yield the fields in the order of the form. A standard field that Zoom adds one day is left out.

    `given` names the fields that another form has sent: those that this one would not ask for are shown as well.
    """
    questions = facts.questions if facts else ()
    needs_last_name = any(one.name == "last_name" and one.is_required for one in questions)
    names = [("first_name", True), ("last_name", needs_last_name)]
    own = [("email", True), *(reversed(names) if texts.is_family_name_first else names)]
    asked = [Question("short", is_required, name) for name, is_required in own]
    asked += [one for one in questions if one.title or one.name in _STANDARD]
    names_asked = {_name(one) for one in asked}
    for name in given:
        if name not in names_asked and name in _STANDARD:
            asked.append(Question("short", False, name))
        elif name not in names_asked and name.startswith(_ANSWERS):
            asked.append(Question("short", False, title=name.removeprefix(_ANSWERS)))
    for one in asked:
        yield FormField(_name(one), one.title or getattr(texts.labels, one.name), one.is_required, one)


def _name(question: Question) -> str:
    return f"{_ANSWERS}{question.title}" if question.title else question.name


def control(asked: FormField, field: Field, texts: FormTexts, language: Language) -> Html:
    """Return the input of a field."""
    name, type_ = asked.name, asked.question.type
    if name == "comments":
        return field.lines(texts, _MAX_LENGTH[name])
    options = _options(asked, texts, language)
    if not options:
        max_length = _MAX_LENGTH.get(name, limits.ANSWER_CHARACTERS)
        return field.text(texts, _KEYBOARDS.get(name), _AUTOCOMPLETE.get(name), max_length)
    if type_ in {"single", "multiple"}:
        labels = {value: [label] for value, label in options.items()}
        return field.radios(texts, labels) if type_ == "single" else field.checkboxes(texts, labels)
    return field.select(texts, options, _AUTOCOMPLETE.get(name))


def _options(asked: FormField, texts: FormTexts, language: Language) -> Mapping[str, str]:
    """Return what can be chosen, value → label; nothing where the answer is written."""
    if asked.name == "country":
        return countries(language)
    if asked.name in FIXED_VALUES:
        return {value: _in_words(value, texts) for value in FIXED_VALUES[asked.name]}
    return {one: one for one in asked.question.answers}


def _in_words(value: str, texts: FormTexts) -> str:
    return str(getattr(texts.choices, _IN_WORDS[value])) if value in _IN_WORDS else value.replace("-", "\u2013")
