"""Parse a posted form (contract 2): content type, size and syntax, in that order, and repeated fields.

Events have API Gateway's payload format 2.0.
"""

import base64
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from registrar import limits

FIELDS = ("email", "first_name", "last_name")

# Charsets that browsers send, and the codec for each. Only old pages send the Latin ones.
_CHARSETS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
}


class Unacceptable(Exception):
    """The request holds no readable form. `status` is the HTTP status of the response."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True)
class Form:
    """The known fields; others are dropped. `repeated` holds the names of fields that came more than once."""

    fields: Mapping[str, object] = field(repr=False)
    repeated: frozenset[str]


def read_form(event: Mapping[str, Any]) -> Form:
    """Parse the request's body.

    Raises:
        Unacceptable: 415 for another content type or charset, 413 over 16 KiB, 400 if it cannot be parsed.
    """
    content_type, charset = _content_type(event.get("headers", {}).get("content-type", ""))
    body = _body(event)
    if len(body) > limits.FORM_BYTES:
        raise Unacceptable(413, f"The form is larger than {limits.FORM_BYTES} bytes.")
    # API Gateway has already decoded a body that it delivers as text.
    text_charset = charset if event.get("isBase64Encoded") else _CHARSETS["utf-8"]
    try:
        pairs = _PARSERS[content_type](body.decode(text_charset), charset)
    except (ValueError, RecursionError):
        # The parser's own message would quote the input.
        raise Unacceptable(400, f"The body cannot be read as {content_type}.") from None
    known = [(name, value) for name, value in pairs if name in FIELDS]
    counts = Counter(name for name, _ in known)
    return Form(dict(known), frozenset(name for name, count in counts.items() if count > 1))


def _content_type(header: str) -> tuple[str, str]:
    message = Message()
    message["content-type"] = header
    content_type = message.get_content_type() if header else ""
    try:
        charset = str(message.get_param("charset", "utf-8")).lower()
    except (TypeError, ValueError):  # CPython raises them for invalid numbered parameters (charset*0=)
        charset = ""
    if content_type not in _PARSERS or charset not in _CHARSETS:
        raise Unacceptable(415, f"Send {' or '.join(_PARSERS)}, in UTF-8.")
    return content_type, _CHARSETS[charset]


def _body(event: Mapping[str, Any]) -> bytes:
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        raise Unacceptable(400, "The body is not valid base64.") from None


def _json_pairs(text: str, _charset: str) -> list[tuple[str, object]]:
    # Pairs, not a dict, so that repeated keys are seen. Nested objects are never among the known fields.
    value = json.loads(text, object_pairs_hook=_Pairs, parse_constant=_no_constant)
    if not isinstance(value, _Pairs):
        raise Unacceptable(400, "The body must be a JSON object.")
    return list(value)


def _no_constant(name: str) -> None:
    # Python accepts NaN and Infinity; JSON does not.
    raise ValueError(name)


class _Pairs(list[tuple[str, object]]):
    """A JSON object as its pairs, repeated keys included."""


def _form_pairs(text: str, charset: str) -> list[tuple[str, object]]:
    return list(parse_qsl(text, keep_blank_values=True, encoding=charset, errors="strict"))


_PARSERS = {"application/json": _json_pairs, "application/x-www-form-urlencoded": _form_pairs}
