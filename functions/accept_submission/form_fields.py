"""Find the registrant's fields in a form: by their own names, else by the usual spellings of other forms.

A form that was made for something else has `firstName`, `E-Mail` or a single `name`; the table of spellings is that of
the CSV import.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registrar.forms.http.content import Pair
from registrar.registrants.field_names import SPELLINGS, WHOLE_NAMES, plain_name
from registrar.registrants.invisible import is_blank, trimmed
from registrar.registrants.whole_names import split_name

FIELDS = ("email", "first_name", "last_name")


@dataclass(frozen=True)
class Form:
    """The known fields; others are dropped. `repeated` holds the names of fields that came more than once."""

    fields: Mapping[str, object] = field(repr=False)
    repeated: frozenset[str]


def find_fields(pairs: Sequence[Pair]) -> Form:
    """Return the fields; in a form that does not use a field's own name, different values for it are a repetition."""
    found: dict[str, Sequence[object]] = {name: [value for given, value in pairs if given == name] for name in FIELDS}
    has_own_first_name = bool(found["first_name"])
    for name in FIELDS:
        found[name] = found[name] or _spelled(pairs, SPELLINGS[name])
    # A form with first_name is made for this endpoint, so that its other fields are not meant.
    wholes = [] if has_own_first_name else [one for one in _spelled(pairs, WHOLE_NAMES) if isinstance(one, str)]
    if found["first_name"]:
        found["last_name"] = found["last_name"] or wholes
    elif found["last_name"]:
        found["first_name"] = wholes
    else:
        found["first_name"], found["last_name"] = _split(wholes)
    return Form(
        {name: values[-1] for name, values in found.items() if values},
        frozenset(name for name, values in found.items() if len(values) > 1),
    )


def _spelled(pairs: Sequence[Pair], spellings: Sequence[str]) -> list[object]:
    """Return the different values under these spellings; a blank one only if there is no other."""
    values: list[object] = []
    for given, value in pairs:
        if plain_name(given) in spellings and value not in values:
            values.append(value)
    return [value for value in values if not _says_nothing(value)] or values[:1]


def _says_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str) and is_blank(value))


def _split(whole_names: Sequence[str]) -> tuple[Sequence[object], Sequence[object]]:
    parts = [split_name(trimmed(name)) for name in whole_names]
    return [first_name for first_name, _ in parts], [last_name for _, last_name in parts][:1]
