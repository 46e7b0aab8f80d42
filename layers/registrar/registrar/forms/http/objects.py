"""Parse a body into one object: JSON, or a form, whose names may have brackets (`fields[email][value]`)."""

import re
from collections.abc import Iterable
from typing import Final

from registrar import limits
from registrar.forms.http.content import (
    JSON,
    MULTIPART,
    URLENCODED,
    Pair,
    content_type_of,
    parse_json,
    parse_urlencoded,
)
from registrar.forms.http.request import HttpRequest, Unacceptable

# PHP writes arrays like this. `Name [optional]` is a label.
_BRACKETS: Final = re.compile(r"([^\[\]]*[^\[\]\s])((?:\[[^\[\]]*\])+)")
_BRACKET: Final = re.compile(r"\[([^\[\]]*)\]")


class Several(list[object]):
    """The values of one name that came more than once."""


def parse_object(request: HttpRequest) -> dict[str, object]:
    """Parse the body by its content type; what is no form is read as JSON.

    Raises:
        Unacceptable: 400, it cannot be parsed, or is not an object.
    """
    content_type, charset = content_type_of(request.header("content-type"))
    try:
        if content_type == URLENCODED:
            return unbracketed(parse_urlencoded(request.body, charset))
        if content_type == MULTIPART:
            # With its library: few requests are multipart.
            from registrar.forms.http.multipart import parse_multipart  # noqa: PLC0415

            return unbracketed(parse_multipart(request.body, request.header("content-type"), charset))
        # API Gateway has already decoded what it delivers as text.
        value = parse_json(request.body, "utf-8" if request.is_decoded else charset, merged)
    except (ValueError, RecursionError):
        # The parser's own message would quote the input.
        raise Unacceptable(400, f"The body cannot be read as {content_type or JSON}.") from None
    if not isinstance(value, dict):
        raise Unacceptable(400, "The body must be a JSON object.")
    return value


def merged(pairs: Iterable[Pair]) -> dict[str, object]:
    """Return an object; a name that is repeated has all its values, as `Several`."""
    members: dict[str, object] = {}
    for name, value in pairs:
        _add(members, name, value)
    return members


def unbracketed(pairs: Iterable[Pair]) -> dict[str, object]:
    """Return an object of a form's pairs: `a[b]=1` is a member of `a`, `a[]=1` and `a[0]=1` are one of its values."""
    members: dict[str, object] = {}
    for name, value in pairs:
        named = _BRACKETS.fullmatch(name) if name.endswith("]") else None
        path = [named[1], *_BRACKET.findall(named[2])] if named else [name]
        if len(path) > limits.FORM_NESTING or not _put(members, path, value):
            _add(members, name, value)
    return members


def _put(members: dict[str, object], path: list[str], value: object) -> bool:
    """Add a value at a path; return False where a value without members is in the way."""
    *outer, last = path if len(path) == 1 or (path[-1] and not path[-1].isdigit()) else path[:-1]
    for step in outer:
        inner = members.setdefault(step, {})
        if not isinstance(inner, dict):
            return False
        members = inner
    _add(members, last, value)
    return True


def _add(members: dict[str, object], name: str, value: object) -> None:
    if name not in members:
        members[name] = value
        return
    others = members[name]
    if not isinstance(others, Several):
        others = members[name] = Several([others])
    others.append(value)
