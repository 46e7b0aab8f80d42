"""Parse a body by its content type: JSON, or a form's pairs of name and value (contract 2)."""

import json
from collections.abc import Callable, Mapping, Sequence
from email.message import Message
from typing import Final
from urllib.parse import parse_qsl

from registrar.forms.http.request import Unacceptable

JSON: Final = "application/json"
URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"

Pair = tuple[str, object]

# Charsets that browsers and other tools name, and the codec for each. Only old pages send the Latin ones.
_CHARSETS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8-sig"),
    **dict.fromkeys(("us-ascii", "ascii"), "ascii"),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1"), "latin-1"),
    **dict.fromkeys(("iso-8859-15", "latin-9"), "iso-8859-15"),
    **dict.fromkeys(("windows-1252", "cp1252"), "cp1252"),
}
# A browser posts a form in the charset of its page, and names it in no header.
_UNNAMED: Final = ("utf-8-sig", "cp1252")


def is_known_charset(charset: str | None) -> bool:
    """Return whether bodies in this charset can be read; None is one that is not named."""
    return charset is None or charset in _CHARSETS


def codec_of(charset: str) -> str:
    """Return the codec of a charset that a form, or a part of it, names.

    Raises:
        Unacceptable: 400, it is unknown.
    """
    try:
        return _CHARSETS[charset.strip().lower()]
    except KeyError:
        raise Unacceptable(400, "The form names a charset that is not read here. Use UTF-8.") from None


def content_type_of(header: str) -> tuple[str, str | None]:
    """Return the content type, and the charset if the header names one, both in lower case."""
    message = _parsed(header)
    charset = _parameter(message, "charset")
    return message.get_content_type() if header else "", None if charset is None else charset.lower()


def parameter_of(header: str, name: str) -> str | None:
    """Return a parameter of a Content-Type header; None if it has none of this name."""
    return _parameter(_parsed(header), name)


def _parsed(header: str) -> Message:
    message = Message()
    message["content-type"] = header
    return message


def _parameter(message: Message, name: str) -> str | None:
    try:
        parameter = message.get_param(name)
    except (TypeError, ValueError):  # CPython raises them for invalid numbered parameters (charset*0=)
        return ""
    return None if parameter is None else str(parameter)


class Pairs(list[Pair]):
    """A JSON object as its pairs, repeated keys included."""


def parse_json(body: bytes, charset: str | None, to_object: Callable[[list[Pair]], object] = Pairs) -> object:
    """Parse JSON; objects become `Pairs`, or what `to_object` makes of them, so that repeated keys are seen.

    Raises:
        ValueError: it is none; the message may quote the input. RecursionError: it is nested too deep.
    """
    text = body.decode(_CHARSETS[charset or "utf-8"])
    return json.loads(text, object_pairs_hook=to_object, parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    # Python accepts NaN and Infinity; JSON does not.
    raise ValueError(name)


def parse_urlencoded(body: bytes, charset: str | None) -> list[tuple[str, str]]:
    """Parse a form that a browser or a program encoded.

    Raises:
        ValueError: it cannot be decoded. Unacceptable: 400, its field `_charset_` names one that is unknown.
    """
    # Latin-1 has a character for each byte, so that this undoes the percent-encoding and nothing else.
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    return decoded([(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs], charset)


def decoded(encoded: Sequence[tuple[bytes, bytes]], charset: str | None) -> list[tuple[str, str]]:
    """Decode a form's names and values, all in one charset.

    Raises:
        ValueError: they are in another one. Unacceptable: 400, the field `_charset_` names one that is unknown.
    """
    named = charset or dict(encoded).get(b"_charset_", b"").decode("latin-1")
    error = ValueError()
    for codec in [codec_of(named)] if named.strip() else _UNNAMED:
        try:
            return [(name.decode(codec), value.decode(codec)) for name, value in encoded]
        except UnicodeDecodeError as unreadable:
            error = unreadable
    raise error
