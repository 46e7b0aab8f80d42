"""Parse a posted form (contract 2): content type, size and syntax, in that order, into pairs of name and value.

Events have API Gateway's payload format 2.0.
"""

import base64
import json
from collections.abc import Callable, Mapping
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from form_fields import Form, Pair, find_fields
from registrar import limits

# Charsets that browsers and other tools name, and the codec for each. Only old pages send the Latin ones.
_CHARSETS = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8-sig"),
    **dict.fromkeys(("us-ascii", "ascii"), "ascii"),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1"), "latin-1"),
    **dict.fromkeys(("iso-8859-15", "latin-9"), "iso-8859-15"),
    **dict.fromkeys(("windows-1252", "cp1252"), "cp1252"),
}
# A browser posts a form in the charset of its page, and names it in no header.
_UNNAMED = ("utf-8-sig", "cp1252")


class Unacceptable(Exception):
    """The request holds no readable form. `status` is the HTTP status of the response."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def read_form(event: Mapping[str, Any]) -> Form:
    """Parse the request's body.

    Raises:
        Unacceptable: 415 for another content type or charset, 413 over 16 KiB, 400 if it cannot be parsed.
    """
    content_type, charset = _content_type(event.get("headers", {}).get("content-type", ""))
    body = _body(event)
    if len(body) > limits.FORM_BYTES:
        raise Unacceptable(413, f"The form is larger than {limits.FORM_BYTES} bytes.")
    # API Gateway has already decoded JSON that it delivers as text.
    is_decoded = content_type == "application/json" and not event.get("isBase64Encoded")
    try:
        pairs = _PARSERS[content_type](body, "utf-8" if is_decoded else charset)
    except (ValueError, RecursionError):
        # The parser's own message would quote the input.
        raise Unacceptable(400, f"The body cannot be read as {content_type}.") from None
    return find_fields(pairs)


def _content_type(header: str) -> tuple[str, str | None]:
    """Return the content type, and the charset if the header names one."""
    message = Message()
    message["content-type"] = header
    content_type = message.get_content_type() if header else ""
    try:
        parameter = message.get_param("charset")
    except (TypeError, ValueError):  # CPython raises them for invalid numbered parameters (charset*0=)
        parameter = ""
    charset = None if parameter is None else str(parameter).lower()
    if content_type not in _PARSERS or not (charset is None or charset in _CHARSETS):
        raise Unacceptable(415, f"Send {' or '.join(_PARSERS)}, in UTF-8.")
    return content_type, charset


def _body(event: Mapping[str, Any]) -> bytes:
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        raise Unacceptable(400, "The body is not valid base64.") from None


def _json_pairs(body: bytes, charset: str | None) -> list[Pair]:
    # Pairs, not a dict, so that repeated keys are seen. Nested objects are never among the known fields.
    text = body.decode(_CHARSETS[charset or "utf-8"])
    value = json.loads(text, object_pairs_hook=_Pairs, parse_constant=_no_constant)
    if not isinstance(value, _Pairs):
        raise Unacceptable(400, "The body must be a JSON object.")
    return list(value)


def _no_constant(name: str) -> None:
    # Python accepts NaN and Infinity; JSON does not.
    raise ValueError(name)


class _Pairs(list[Pair]):
    """A JSON object as its pairs, repeated keys included."""


def _form_pairs(body: bytes, charset: str | None) -> list[Pair]:
    # Latin-1 has a character for each byte, so that this undoes the percent-encoding and nothing else.
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
    named = charset or dict(encoded).get(b"_charset_", b"").decode("latin-1").strip().lower()
    if named and named not in _CHARSETS:
        raise Unacceptable(400, "The form's _charset_ is not one of those that are read here. Use UTF-8.")
    error = ValueError()
    for codec in [_CHARSETS[named]] if named else _UNNAMED:
        try:
            return [(name.decode(codec), value.decode(codec)) for name, value in encoded]
        except UnicodeDecodeError as unreadable:
            error = unreadable
    raise error


_PARSERS: Mapping[str, Callable[[bytes, str | None], list[Pair]]] = {
    "application/json": _json_pairs,
    "application/x-www-form-urlencoded": _form_pairs,
}
