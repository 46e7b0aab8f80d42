"""Change frozen dataclasses by JSON, checked against the types of their fields.

The control API sends the JSON. A wrong name or value raises `NotAllowedError`, which says what is wrong and what is
allowed: a mistyped switch must not leave a test that tests nothing.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, replace
from enum import Enum
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints


class NotAllowedError(ValueError):
    """A name or value that the fake does not know."""


class Dataclass(Protocol):
    """Any instance of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


T = TypeVar("T", bound=Dataclass)


def changed(current: T, changes: Mapping[str, object]) -> T:
    """Return `current` with the changes made, each checked against the type of its field."""
    hints = _hints(type(current))
    for name in changes:
        if name not in hints:
            raise NotAllowedError(f"{type(current).__name__} has no '{name}'; it has: {', '.join(hints)}")
    return replace(current, **{name: _fitted(name, hints[name], value) for name, value in changes.items()})


def require(condition: bool, message: str) -> None:
    """Raise `NotAllowedError` unless the condition holds: for the bounds that a dataclass sets itself."""
    if not condition:
        raise NotAllowedError(message)


def mapping_of(what: str, value: object) -> Mapping[str, object]:
    """Return the value if it is a JSON object."""
    if not isinstance(value, Mapping):
        raise NotAllowedError(f"{what} must be a JSON object, not {type(value).__name__}")
    return value


@cache
def _hints(kind: type[Dataclass]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _fitted(name: str, hint: Any, value: object) -> object:
    if hint is object:
        return value
    if get_origin(hint) in (Union, types.UnionType):
        return None if value is None else _fitted(name, _without_none(hint), value)
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        return _texts(name, value) if item is str else _records(name, item, value)
    if get_origin(hint) is dict:
        return _text_map(name, value)
    if issubclass(hint, Enum):
        return _member(name, hint, value)
    return _plain(name, hint, value)


def _plain(name: str, kind: type, value: object) -> object:
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise NotAllowedError(f"'{name}' must be of type {kind.__name__}, not {value!r}")
    return value


def _without_none(hint: Any) -> Any:
    (kind,) = (argument for argument in get_args(hint) if argument is not types.NoneType)
    return kind


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise NotAllowedError(f"'{name}' must be a list of strings, not {value!r}")
    return tuple(value)


def _records(name: str, kind: type[Dataclass], value: object) -> tuple[Dataclass, ...]:
    """Return dataclasses, each from an object that has at least the fields without a default."""
    if not isinstance(value, list | tuple):
        raise NotAllowedError(f"'{name}' must be a list of objects, not {value!r}")
    return tuple(_record(f"an item of '{name}'", kind, item) for item in value)


def _record(what: str, kind: type[Dataclass], value: object) -> Dataclass:
    if isinstance(value, kind):
        return value
    hints, given = _hints(kind), mapping_of(what, value)
    missing = {field.name for field in fields(kind) if field.default is MISSING} - given.keys()
    if missing or given.keys() - hints.keys():
        raise NotAllowedError(f"{what} has {', '.join(hints)}, not {', '.join(map(str, given)) or 'nothing'}")
    return kind(**{field: _fitted(field, hints[field], content) for field, content in given.items()})


def _text_map(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for pair in value.items() for text in pair):
        raise NotAllowedError(f"'{name}' must be an object of strings, not {value!r}")
    return dict(value)


def _member(name: str, kind: type[Enum], value: object) -> Enum:
    for member in kind:
        # The types are compared too: True == 1, but it is no approval type.
        if value is member or (value == member.value and type(value) is type(member.value)):
            return member
    allowed = ", ".join(repr(member.value) for member in kind)
    raise NotAllowedError(f"'{name}' cannot be {value!r}; allowed: {allowed}")
