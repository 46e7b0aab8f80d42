"""Elements of HTML. Text becomes HTML only here, and is escaped here, so that no page can forget it."""

from collections.abc import Iterable
from html import escape
from typing import Final

_VOID: Final = frozenset({"br", "input", "link", "meta"})


class Html(str):
    """HTML that is safe to send: made of elements and escaped text."""

    __slots__ = ()


Child = str | None
Attribute = str | bool | None


def element(name: str, /, *children: Child, **attributes: Attribute) -> Html:
    """Build an element. Children that are `Html` stay as they are, other text is escaped, None is left out.

    Attribute names are written with underscores for hyphens, and with a last one where Python reserves the name
    (`for_`). True is an attribute without a value, False and None are none.
    """
    start = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{start}>")
    return Html(f"<{name}{start}>{join(children)}</{name}>")


def join(children: Iterable[Child]) -> Html:
    """Join elements and text, as in `element`."""
    return Html("".join(child if isinstance(child, Html) else _escaped(child) for child in children if child))


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{_escaped(value)}"'


def _escaped(text: str) -> str:
    # Halves of a surrogate pair, which JSON can hold, have no bytes in UTF-8.
    return escape(text.encode("utf-8", "replace").decode())
