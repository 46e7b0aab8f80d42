"""Find the registrant in a form's fields: by the form's own map, then by type and by the usual labels. Pure.

The spellings are those of the CSV import (`registrants/field_names.py`). A question that the map does not name is not
sent to Zoom. A field of several options has them joined by commas.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from registrar.forms.providers.delivery import FormField
from registrar.forms.providers.form import Form
from registrar.forms.providers.values import is_placeholder
from registrar.registrants.field_names import SPELLINGS, WHOLE_NAMES, plain_name
from registrar.registrants.invisible import trimmed
from registrar.registrants.whole_names import split_name

EMAIL: Final = "email"
FIRST_NAME: Final = "first_name"
LAST_NAME: Final = "last_name"
WEBINAR_ID: Final = "webinar_id"
SUBMISSION_ID: Final = "submission_id"
ANSWERS: Final = "answers."
_WHOLE_NAME: Final = "name"

_TYPES: Final = {
    **dict.fromkeys(("email", "inputemail", "emailinput"), EMAIL),
    **{"firstname": FIRST_NAME, "lastname": LAST_NAME},
}
# Of Jotform. When you rename a question, its key changes, but not the number.
_NUMBERED: Final = re.compile(r"(q[0-9]+)_.*", re.DOTALL)
# The field of ours that a spelling means, and how likely it is: smaller is likelier.
_SPELLED: Final[Mapping[str, tuple[str, int]]] = {
    spelling: (name, rank)
    for name, spellings in {**SPELLINGS, _WHOLE_NAME: WHOLE_NAMES}.items()
    for rank, spelling in enumerate(spellings)
}
# A question may end with one of them: "What is your first name?" Shorter ones end other words: "School name".
_ENDING_CHARACTERS: Final = 6
_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        name: tuple(one for one in SPELLINGS[name] if len(one) >= _ENDING_CHARACTERS)
        for name in (EMAIL, FIRST_NAME, LAST_NAME)
    },
    _WHOLE_NAME: ("yourname", "fullname"),
}


@dataclass(frozen=True, slots=True)
class Mapped:
    """What `Registrant.from_fields` takes. `sources` says from which key each field of ours comes."""

    webinar_id: object
    fields: Mapping[str, object] = field(repr=False)
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unmapped:
    """No registrant can be made of the fields; `missing` names those of ours that are not there.

    `fields` and `sources` are as in `Mapped`, as far as they are known.
    """

    missing: tuple[str, ...]
    fields: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)


def map_fields(form: Form, fields: Sequence[FormField]) -> Mapped | Unmapped:
    """Return the registrant's fields, not yet checked. A placeholder that nothing replaced counts as no answer."""
    answered = [one for one in fields if not is_placeholder(one.text)]
    found = {
        name: one
        for name, key in form.fields.items()
        if name != SUBMISSION_ID and (one := field_at(answered, key, name)) is not None
    }
    guessed = {name: one for name, one in _guessed(answered).items() if name not in form.fields}
    found |= {name: one for name, one in guessed.items() if name != _WHOLE_NAME}
    found |= _from_whole_name(found, guessed.get(_WHOLE_NAME))
    if form.webinar_id is None and (webinar := field_at(answered, form.webinar_from or "")):
        found[WEBINAR_ID] = webinar
    missing = (
        *(() if EMAIL in found else (EMAIL,)),
        *(() if {FIRST_NAME, LAST_NAME} & found.keys() else (FIRST_NAME,)),
        *(() if form.webinar_id or WEBINAR_ID in found else (WEBINAR_ID,)),
    )
    sources = {name: one.key for name, one in found.items()}
    if missing:
        return Unmapped(missing, _values(found), sources)
    webinar_id = form.webinar_id or found[WEBINAR_ID].text
    return Mapped(webinar_id, _values(found), sources)


def field_at(fields: Sequence[FormField], key: str, name: str = "") -> FormField | None:
    """Return the first field with this key, second key or label, in that order; else the members of such an object.

    `name` is the field of ours that it is for: of the name of a person, the first or last name is enough.
    """
    numbered = _NUMBERED.fullmatch(key)
    return _field_at(fields, key, name) or (_field_at(fields, numbered[1], name) if numbered else None)


def _field_at(fields: Sequence[FormField], key: str, name: str) -> FormField | None:
    if not key:
        return None
    for key_of in (attrgetter("key"), attrgetter("other_key"), attrgetter("label")):
        for one in fields:
            if key_of(one) == key:
                return one
    members = [one for one in fields if any(of.startswith(f"{key}.") for of in (one.key, one.other_key))]
    parts = [one for one in members if one.type == name]
    if parts or not members:
        return parts[0] if parts else None
    texts = [one.text for one in members]
    return FormField(key, key, "", " ".join(texts) if name in {FIRST_NAME, LAST_NAME} else texts)


class _Names(NamedTuple):
    """A field, and the names by which it may be known."""

    field: FormField
    label: str
    key: str
    type: str

    def rank(self, wanted: str) -> int | None:
        """Return how likely the label or key means a field of ours; None if it does not."""
        meant = [_SPELLED[name] for name in (self.label, self.key) if name in _SPELLED]
        return min((rank for name, rank in meant if name == wanted), default=None)


def _guessed(fields: Sequence[FormField]) -> dict[str, FormField]:
    """Return the fields that are known by their type, key or label, under our names for them."""
    names = [_Names(one, plain_name(one.label), plain_name(one.key), plain_name(one.type)) for one in fields]
    found = {name: _known(names, name) for name in (EMAIL, FIRST_NAME, LAST_NAME, _WHOLE_NAME)}
    if found[EMAIL] is None:
        found[EMAIL] = _ending(names, EMAIL)
    if found[_WHOLE_NAME] is None:
        found |= {name: found[name] or _ending(names, name) for name in (FIRST_NAME, LAST_NAME, _WHOLE_NAME)}
    return {name: one for name, one in found.items() if one is not None}


def _known(names: Sequence[_Names], wanted: str) -> FormField | None:
    """Return the likeliest field: of the right type if there are such, and then with the likeliest name."""
    typed = [one for one in names if _TYPES.get(one.type) == wanted]
    ranked = [(rank, one.field) for one in typed or names if (rank := one.rank(wanted)) is not None]
    if ranked:
        return min(ranked, key=itemgetter(0))[1]
    return typed[0].field if typed else None


def _ending(names: Sequence[_Names], wanted: str) -> FormField | None:
    """Return the only field whose label ends like this; of two, one is about another person."""
    found = [one.field for one in names if one.label.endswith(_ENDINGS[wanted])]
    return found[0] if len(found) == 1 else None


def _from_whole_name(found: Mapping[str, FormField], whole: FormField | None) -> dict[str, FormField]:
    """Return what a whole name stands for: beside a first name the last name, and the other way round; alone, both.

    People write in such a field the last name, or the first name again before it.
    """
    if whole is None or whole in found.values():
        return {}
    text = whole.text
    if FIRST_NAME in found:
        text = text.removeprefix(f"{found[FIRST_NAME].text} ")
    if LAST_NAME in found:
        text = text.removesuffix(f" {found[LAST_NAME].text}")
    part = replace(whole, value=text)
    return {name: part for name in (FIRST_NAME, LAST_NAME) if name not in found}


def _values(found: Mapping[str, FormField]) -> dict[str, object]:
    values: dict[str, object] = {
        name: one.text for name, one in found.items() if name != WEBINAR_ID and not name.startswith(ANSWERS)
    }
    first_name, last_name = found.get(FIRST_NAME), found.get(LAST_NAME)
    if first_name == last_name and first_name is not None:
        values[FIRST_NAME], values[LAST_NAME] = split_name(trimmed(first_name.text))
    if last_name is not None:
        # Beside a last name, an empty first name is replaced by it (contract 3); an absent one is an error.
        values.setdefault(FIRST_NAME, "")
    if answers := {name.removeprefix(ANSWERS): one.text for name, one in found.items() if name.startswith(ANSWERS)}:
        values["answers"] = answers
    if dates := found.get("occurrence_ids"):
        values["occurrence_ids"] = [text.strip() for text in dates.text.split(",")]
    return values
