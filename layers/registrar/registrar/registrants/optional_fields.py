"""The optional fields of a registrant (contract 3): answers, dates, Zoom's standard fields. Pure.

A blank one counts as absent. Case and blanks do not matter in Zoom's fixed values, and Zoom's own spelling is kept. Of
a text, a line break becomes a space, other control characters are removed, and what is longer than the limit is cut:
nobody is refused for a long comment.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from registrar import limits
from registrar.registrants.fields import FieldError, WrongField, one_line
from registrar.registrants.invisible import is_invisible

# Zoom's own spellings (zoom-api-2.md, section 2).
LANGUAGES: Final = (
    *("en-US", "de-DE", "es-ES", "fr-FR", "jp-JP", "pt-PT", "ru-RU", "zh-CN", "zh-TW", "ko-KO", "it-IT", "vi-VN"),
    *("pl-PL", "Tr-TR"),
)
FIXED_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "purchasing_time_frame": ("Within a month", "1-3 months", "4-6 months", "More than 6 months", "No timeframe"),
    "role_in_purchase_process": ("Decision Maker", "Evaluator/Recommender", "Influencer", "Not involved"),
    "no_of_employees": (
        *("1-20", "21-50", "51-100", "101-500", "501-1,000", "1,001-5,000", "5,001-10,000", "More than 10,000"),
    ),
}
FREE_TEXTS: Final = ("address", "city", "state", "zip", "phone", "industry", "org", "job_title", "comments")
# What Zoom documents and then refuses.
_DOCUMENTED: Final = {"500-1,000": "501-1,000"}


class Kind(StrEnum):
    """What a registrant is registered for."""

    WEBINAR = "webinar"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class OptionalFields:
    """The kind, and the optional fields that are given.

    `answers` maps the titles of the host's questions to texts; `standard` holds Zoom's standard fields by their names.
    """

    kind: Kind = Kind.WEBINAR
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    occurrence_ids: tuple[str, ...] = ()
    source_id: str | None = None
    language: str | None = None
    standard: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_fields(self) -> dict[str, Any]:
        """Return the fields as a message holds them, without those that are absent."""
        fields = {
            "kind": self.kind if self.kind != Kind.WEBINAR else None,
            "answers": self.answers,
            "occurrence_ids": self.occurrence_ids,
            "source_id": self.source_id,
            "language": self.language,
            **self.standard,
        }
        return {name: value for name, value in fields.items() if value}


def read_optional_fields(fields: Mapping[str, object]) -> tuple[OptionalFields, list[FieldError]]:
    """Check the optional fields; return them, and an error for each that is wrong."""
    found: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, check in _CHECKS.items():
        try:
            found[name] = check(fields.get(name))
        except WrongField as error:
            errors.append(FieldError(name, str(error)))
    given = {name: value for name, value in found.items() if value}
    standard = {name: given.pop(name) for name in STANDARD_FIELDS if name in given}
    optional = OptionalFields(**given, standard=standard)
    if len(json.dumps(optional.to_fields())) > limits.OPTIONAL_FIELDS_BYTES:
        errors.append(FieldError("answers", "are too long together with the other fields"))
    return optional, errors


def _kind(value: object) -> Kind | None:
    kind = _KIND_VALUES(value)
    return Kind(kind) if kind else None


def _answers(value: object) -> dict[str, str]:
    answers = {} if value is None else value
    if not isinstance(answers, Mapping) or any(not isinstance(one, str | None) for one in answers.values()):
        raise WrongField("must be an object of question titles and texts")
    if any(len(title) > limits.QUESTION_CHARACTERS for title in answers):
        raise WrongField(f"must have question titles of no more than {limits.QUESTION_CHARACTERS} characters")
    cut = {_text(title): _cut(answer, limits.ANSWER_CHARACTERS) for title, answer in answers.items()}
    return {title: answer for title, answer in cut.items() if title and answer}


def _occurrence_ids(value: object) -> tuple[str, ...]:
    ids = () if value is None else value
    if not isinstance(ids, list | tuple) or any(not isinstance(one, str) for one in ids):
        raise WrongField("must be a list of texts")
    return tuple(dict.fromkeys(filter(None, map(_id, ids))))


def _id(value: object) -> str | None:
    """Check one of Zoom's ids, which are opaque; Zoom takes several with commas between them."""
    text = _text(value)
    if len(text) > limits.ZOOM_ID_CHARACTERS or any(one == "," or is_invisible(one) for one in text):
        raise WrongField(f"must be no more than {limits.ZOOM_ID_CHARACTERS} characters, without spaces and commas")
    return text or None


def _country(value: object) -> str | None:
    text = _text(value)
    if text and not re.fullmatch(r"[A-Za-z]{2}", text):
        raise WrongField("must be a country code of two letters")
    return text.upper() or None


def _free_text(value: object) -> str | None:
    return _cut(value, limits.STANDARD_FIELD_CHARACTERS) or None


def _one_of(values: Iterable[str], also: Mapping[str, str] | None = None) -> Callable[[object], str | None]:
    """Return the check for one of these values; `also` maps other spellings to them."""
    listed = ", ".join(values)
    by_plain = {_plain(spelling): value for spelling, value in {**{one: one for one in values}, **(also or {})}.items()}

    def check(value: object) -> str | None:
        text = _text(value)
        if text and _plain(text) not in by_plain:
            raise WrongField(f"must be one of: {listed}")
        return by_plain[_plain(text)] if text else None

    return check


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _cut(value: object, most: int) -> str:
    return one_line(_text(value)[:most])


def _text(value: object) -> str:
    """Return a text as one line, without control characters and halves of a surrogate pair; null as empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise WrongField("must be text")
    line = one_line(value)
    if line.isprintable():
        return line
    return one_line("".join(one for one in line if unicodedata.category(one) not in {"Cc", "Cs"}))


_KIND_VALUES: Final = _one_of(tuple(Kind))
_STANDARD_CHECKS: Final[Mapping[str, Callable[[object], str | None]]] = {
    **dict.fromkeys(FREE_TEXTS, _free_text),
    "country": _country,
    **{name: _one_of(values, _DOCUMENTED) for name, values in FIXED_VALUES.items()},
}
_CHECKS: Final[Mapping[str, Callable[[object], object]]] = {
    "kind": _kind,
    "answers": _answers,
    "occurrence_ids": _occurrence_ids,
    "source_id": _id,
    "language": _one_of(LANGUAGES),
    **_STANDARD_CHECKS,
}
STANDARD_FIELDS: Final = tuple(_STANDARD_CHECKS)
OPTIONAL_FIELDS: Final = frozenset(_CHECKS)
NO_OPTIONAL_FIELDS: Final = OptionalFields()
