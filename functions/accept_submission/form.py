"""Parse a posted form (contract 2): content type, size and syntax, in that order, into the registrant's fields."""

from collections.abc import Callable, Mapping

from form_fields import Form, find_fields
from registrar import limits
from registrar.forms.http.content import (
    JSON,
    URLENCODED,
    Pair,
    Pairs,
    content_type_of,
    is_known_charset,
    parse_json,
    parse_urlencoded,
)
from registrar.forms.http.request import HttpRequest, Unacceptable


def read_form(request: HttpRequest) -> Form:
    """Parse the request's body.

    Raises:
        Unacceptable: 415 for another content type or charset, 413 over 16 KiB, 400 if it cannot be parsed.
    """
    content_type, charset = content_type_of(request.header("content-type"))
    if content_type not in _PARSERS or not is_known_charset(charset):
        raise Unacceptable(415, f"Send {' or '.join(_PARSERS)}, in UTF-8.")
    if len(request.body) > limits.FORM_BYTES:
        raise Unacceptable(413, f"The form is larger than {limits.FORM_BYTES} bytes.")
    # API Gateway has already decoded JSON that it delivers as text.
    is_decoded = content_type == JSON and request.is_decoded
    try:
        pairs = _PARSERS[content_type](request.body, "utf-8" if is_decoded else charset)
    except (ValueError, RecursionError):
        # The parser's own message would quote the input.
        raise Unacceptable(400, f"The body cannot be read as {content_type}.") from None
    return find_fields(pairs)


def _json_pairs(body: bytes, charset: str | None) -> list[Pair]:
    # Nested objects are never among the known fields.
    value = parse_json(body, charset)
    if not isinstance(value, Pairs):
        raise Unacceptable(400, "The body must be a JSON object.")
    return value


def _form_pairs(body: bytes, charset: str | None) -> list[Pair]:
    return [(name, value) for name, value in parse_urlencoded(body, charset)]


_PARSERS: Mapping[str, Callable[[bytes, str | None], list[Pair]]] = {JSON: _json_pairs, URLENCODED: _form_pairs}
