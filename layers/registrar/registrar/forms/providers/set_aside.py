"""The body of a dead letter `unmapped_form` (contract 10): what a form delivered, to be mapped again. Pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from registrar import limits
from registrar.forms.providers.delivery import FormField

# Characters that are kept of each value: the first number with which all fields fit.
_KEPT_CHARACTERS: Final = (4_096, 512, 64)
_KEPT_TEXTS: Final = 64  # options that are kept of a value
_NAMES: Final = ("form_id", "submission_id", "submitted_at")


@dataclass(frozen=True, slots=True)
class SetAside:
    """A submission of which no registrant could be made."""

    form_id: str = field(repr=False)
    submission_id: str
    submitted_at: str
    """ISO-8601, UTC."""
    fields: tuple[FormField, ...]


def to_body(
    form_id: str, submission_id: str, submitted_at: str, fields: Sequence[FormField], mapped: Iterable[str] = ()
) -> str:
    """Return the body, at most `limits.SET_ASIDE_BYTES` of ASCII: long values are cut.

    Where that is not enough, the last fields are left out; last of all those with an e-mail address, and those whose
    keys are `mapped`: a submission may be set aside for another reason than its mapping.
    """
    start = dict(zip(_NAMES, (form_id, submission_id, submitted_at), strict=True))
    room = limits.SET_ASIDE_BYTES - len(json.dumps({**start, "fields": []}))
    for most in _KEPT_CHARACTERS:
        items = [_item(one, most) for one in fields]
        if _size(items) <= room:
            break
    keys = frozenset(mapped)  # of an object, its members
    likely = [not keys.isdisjoint((one.key, one.key.partition(".")[0])) or "@" in one.text for one in fields]
    return json.dumps({**start, "fields": _that_fit(items, likely, room)})


def from_body(body: str) -> SetAside | None:
    """Read a body of `to_body`; None for any other."""
    try:
        found = json.loads(body)
        form_id, submission_id, submitted_at = (_text(found[name]) for name in _NAMES)
        return SetAside(form_id, submission_id, submitted_at, tuple(_field(item) for item in found["fields"]))
    except (ValueError, RecursionError, KeyError, TypeError):
        return None


def _item(one: FormField, most: int) -> dict[str, object]:
    texts = [one.value] if isinstance(one.value, str) else one.value[:_KEPT_TEXTS]
    kept = [text[:most] for text in texts]
    names = {"key": one.key, "label": one.label, "type": one.type, "other_key": one.other_key}
    return {
        **{name: text[: limits.SET_ASIDE_NAME_CHARACTERS] for name, text in names.items() if text},
        "value": kept[0] if isinstance(one.value, str) else kept,
    }


def _that_fit(items: Sequence[dict[str, object]], likely: Sequence[bool], room: int) -> list[dict[str, object]]:
    if _size(items) <= room:
        return list(items)
    kept: dict[int, dict[str, object]] = {}
    for place, item in sorted(enumerate(items), key=lambda one: not likely[one[0]]):
        room -= _size([item])
        if room < 0:
            break
        kept[place] = item
    return [kept[place] for place in sorted(kept)]


def _size(items: Sequence[dict[str, object]]) -> int:
    """Return the bytes of these items in a list, with the separators between them."""
    return len(json.dumps(items))


def _field(item: dict[str, object]) -> FormField:
    value = item["value"]
    texts = [_text(text) for text in value] if isinstance(value, list) else _text(value)
    key, label, type_, other_key = (_text(item.get(name, "")) for name in ("key", "label", "type", "other_key"))
    return FormField(key, label, type_, texts, other_key)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
