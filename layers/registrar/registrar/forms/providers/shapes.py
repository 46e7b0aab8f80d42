"""Find the answers in a payload: an object of them, or a list of fields (form-providers.md, section 2). Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from registrar import limits
from registrar.forms.providers.values import plain_value, texts_of

FIRST_NAME: Final = "first_name"
LAST_NAME: Final = "last_name"
# The members of a person's name, as Jotform and Formstack send it.
_NAME: Final = frozenset({"prefix", "first", "middle", "last", "suffix"})
_NAME_TYPES: Final = {"first": FIRST_NAME, "last": LAST_NAME}


class Answer(NamedTuple):
    """A field as the provider names it, with its value as it was sent."""

    key: str
    label: str
    type: str
    value: object
    other_key: str = ""


class Item(NamedTuple):
    """Where a field of a list has its key (the first of `keys` that it has), label, type and value: paths into it."""

    keys: tuple[str, ...]
    label: str = "label"
    type: str = "type"
    value: Callable[[Mapping[str, object]], object] = plain_value


class Descriptions(NamedTuple):
    """A second list, that describes the fields: which label, type and other key belongs to a key. Paths."""

    at: str
    key: str
    label: str
    type: str = ""
    other_key: str = ""
    parts: str = ""
    """Where a field lists its parts, which have keys and labels of their own: first and last name."""
    part_label: str = ""


def at(value: object, path: str) -> object:
    """Return what lies at a path of names, such as `payload/data`; None if nothing does."""
    for step in path.split("/"):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def text_at(value: object, path: str) -> str:
    """Return the text at a path; empty if there is none."""
    return next(iter(texts_of(at(value, path))), "") if path else ""


def fields_in(value: object) -> Sequence[Mapping[str, object]] | None:
    """Return the fields of a list, or of an object whose members are fields; None of what has other contents."""
    items = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(items, list):
        return None
    fields = [one for one in items if isinstance(one, dict)]
    return fields if fields or not items else None


def answers_in_list(fields: Sequence[Mapping[str, object]], item: Item) -> Iterator[Answer]:
    """Yield the answers of a list of fields."""
    for field in fields:
        keys = [key for key in (text_at(field, path) for path in item.keys) if key]
        label = text_at(field, item.label)
        key, other_key = (keys or [label])[0], keys[-1] if len(keys) > 1 else ""
        yield Answer(key, label, text_at(field, item.type), item.value(field), other_key)


def answers_in_object(members: Mapping[str, object], pattern: re.Pattern[str] | None = None) -> Iterator[Answer]:
    """Yield the members as answers. Where some names match the pattern, these only: the others are no answers.

    The pattern's groups `label` and `other_key` are parts of the name.
    """
    matches = {name: pattern.fullmatch(name) if pattern else None for name in members}
    has_matches = any(matches.values())
    for name, value in members.items():
        groups = found.groupdict() if (found := matches[name]) else {}
        if found or not has_matches:
            yield Answer(name, groups.get("label") or name, "", value, groups.get("other_key") or "")


def described(answers: Iterable[Answer], payload: object, descriptions: Descriptions) -> Iterator[Answer]:
    """Add to the answers what another list of the payload says about their keys."""
    known = dict(_descriptions(at(payload, descriptions.at), descriptions))
    for answer in answers:
        label, type_, other_key = known.get(answer.key) or known.get(answer.other_key) or ("", "", "")
        yield Answer(
            answer.key,
            label or answer.label,
            answer.type or type_,
            answer.value,
            answer.other_key or other_key,
        )


def _descriptions(fields: object, where: Descriptions) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for field in fields if isinstance(fields, list) else ():
        type_, other_key = text_at(field, where.type), text_at(field, where.other_key)
        yield text_at(field, where.key), (text_at(field, where.label), type_, other_key)
        parts = at(field, where.parts)
        for part in parts if isinstance(parts, list) else ():
            yield text_at(part, where.key), (text_at(part, where.part_label), type_, other_key)


def expanded(answer: Answer, levels: int = limits.FORM_NESTING) -> Iterator[Answer]:
    """Yield an answer for each member of an object: `q3_name.first`; deeper ones than `levels` are left out.

    An object with a `value` stands for it.
    """
    value = answer.value
    if not isinstance(value, dict):
        yield answer
    elif levels and "value" in value:
        yield from expanded(answer._replace(value=value["value"]), levels - 1)
    elif levels:
        is_name = value.keys() <= _NAME
        for name, inner in value.items():
            type_ = _NAME_TYPES.get(name, answer.type) if is_name else answer.type
            other_key = answer.other_key and f"{answer.other_key}.{name}"
            part = Answer(f"{answer.key}.{name}", f"{answer.label} {name}", type_, inner, other_key)
            yield from expanded(part, levels - 1)
