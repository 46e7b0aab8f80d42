"""Find the registrant's fields in a form: by their own names, else by the usual spellings of other forms.

A form that was made for something else has `firstName`, `E-Mail` or a single `name`; the table of spellings is that of
the CSV import. The optional fields of contract 3 are found by their own names only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from registrar.forms.http.content import Pair, Pairs
from registrar.registrants.field_names import SPELLINGS, WHOLE_NAMES, plain_name
from registrar.registrants.invisible import is_blank, trimmed
from registrar.registrants.optional_fields import OPTIONAL_FIELDS
from registrar.registrants.whole_names import split_name

FIELDS = ("email", "first_name", "last_name")
_LISTS = {"answers", "occurrence_ids"}
_SINGLE = OPTIONAL_FIELDS - _LISTS


@dataclass(frozen=True)
class Fields:
    """The known fields; others are dropped.

    `repeated` holds the names of fields that came more than once. `typed` is what was entered, by the names of our own
    form: there, an answer is `answers.<title>`.
    """

    values: Mapping[str, object] = field(repr=False)
    repeated: frozenset[str]
    typed: Mapping[str, Sequence[str]] = field(repr=False)


def find_fields(pairs: Sequence[Pair], is_html: bool) -> Fields:
    """Return the fields. In an HTML form, a question or the dates may have several values."""
    found = _names_and_email(pairs)
    for name, value in pairs:
        if name in _SINGLE:
            found.setdefault(name, []).append(value)
    values = {name: several[-1] for name, several in found.items() if several}
    repeated = {name for name, several in found.items() if len(several) > 1}
    answers, dates = _answers(pairs), _values(pairs, "occurrence_ids")
    if answers:
        values["answers"] = {title: _joined(several) for title, several in answers.items()}
    if dates:
        values["occurrence_ids"] = dates if is_html else dates[-1]
    if not is_html:
        objects = _values(pairs, "answers")
        if objects and not isinstance(objects[-1], Pairs):
            values["answers"] = objects[-1]
        if max(len(objects), *map(len, answers.values()), 0) > 1:
            repeated.add("answers")
        if len(dates) > 1:
            repeated.add("occurrence_ids")
    typed = {**found, "occurrence_ids": dates, **{f"answers.{title}": given for title, given in answers.items()}}
    texts = {name: [one for one in several if isinstance(one, str)] for name, several in typed.items()}
    return Fields(values, frozenset(repeated), {name: several for name, several in texts.items() if several})


def _names_and_email(pairs: Sequence[Pair]) -> dict[str, list[object]]:
    """Return all values; in a form that does not use a field's own name, different ones are a repetition."""
    found = {name: _values(pairs, name) for name in FIELDS}
    has_own_first_name = bool(found["first_name"])
    for name in FIELDS:
        found[name] = found[name] or _spelled(pairs, SPELLINGS[name])
    # A form with first_name is made for this endpoint, so that its other fields are not meant.
    wholes: list[str] = []
    if not has_own_first_name:
        wholes = [one for one in _spelled(pairs, WHOLE_NAMES) if isinstance(one, str)]
    if found["first_name"]:
        found["last_name"] = found["last_name"] or [*wholes]
    elif found["last_name"]:
        found["first_name"] = [*wholes]
    else:
        found["first_name"], found["last_name"] = _split(wholes)
    return found


def _values(pairs: Sequence[Pair], name: str) -> list[object]:
    return [value for given, value in pairs if given == name]


def _spelled(pairs: Sequence[Pair], spellings: Sequence[str]) -> list[object]:
    """Return the different values under these spellings; a blank one only if there is no other."""
    values: list[object] = []
    for given, value in pairs:
        if plain_name(given) in spellings and value not in values:
            values.append(value)
    return [value for value in values if not _says_nothing(value)] or values[:1]


def _says_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str) and is_blank(value))


def _split(whole_names: Sequence[str]) -> tuple[list[object], list[object]]:
    parts = [split_name(trimmed(name)) for name in whole_names]
    return [first_name for first_name, _ in parts], [*(last_name for _, last_name in parts[:1])]


def _answers(pairs: Sequence[Pair]) -> dict[str, list[object]]:
    """Return the answers by title: of an object `answers`, and of `answers.<title>` or `answers[<title>]`."""
    answers: dict[str, list[object]] = {}
    for title, value in _each_answer(pairs):
        answers.setdefault(title, []).append(value)
    return answers


def _each_answer(pairs: Sequence[Pair]) -> Iterator[Pair]:
    for name, value in pairs:
        if name == "answers" and isinstance(value, Pairs):
            yield from value
        elif name.startswith("answers."):
            yield name.removeprefix("answers."), value
        elif name.startswith("answers[") and name.endswith("]"):
            yield name[len("answers[") : -1], value


def _joined(several: Sequence[object]) -> object:
    """Return the answer; several texts of one question are one answer, as Zoom takes it."""
    texts = [one for one in several if isinstance(one, str) and not is_blank(one)]
    return several[0] if len(several) == 1 else ", ".join(texts)
