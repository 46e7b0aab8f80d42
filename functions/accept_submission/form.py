"""Parse a posted form (contract 2): content type, size and syntax, in that order, into the registrant's fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from form_fields import Fields, find_fields
from registrar import limits
from registrar.forms.http.content import (
    JSON,
    MULTIPART,
    URLENCODED,
    Pair,
    Pairs,
    content_type_of,
    is_known_charset,
    parse_json,
    parse_urlencoded,
)
from registrar.forms.http.request import HttpRequest, Unacceptable
from registrar.registrants.invisible import is_blank

_ACCEPTED: Final = (JSON, URLENCODED, MULTIPART)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
TURNSTILE_FIELD: Final = "cf-turnstile-response"


@dataclass(frozen=True)
class Form:
    """A form as it was posted.

    `token` is the UUID of one rendered form, however often it is posted; `next_url` is where its visitor wants to go
    afterwards; `is_trapped` says that a field is filled that no person sees.
    """

    fields: Fields
    token: UUID | None = None
    next_url: str = field(default="", repr=False)
    is_trapped: bool = False
    turnstile_token: str = field(default="", repr=False)


def accepted_type(content_type_header: str) -> tuple[str, str | None]:
    """Return the content type and the charset, before anything else is read.

    Raises:
        Unacceptable: 415, another content type or charset.
    """
    content_type, charset = content_type_of(content_type_header)
    if content_type not in _ACCEPTED or not is_known_charset(charset):
        raise Unacceptable(415, f"Send {JSON}, {URLENCODED} or {MULTIPART}, in UTF-8.")
    return content_type, charset


def read_form(request: HttpRequest, content_type: str, charset: str | None) -> Form:
    """Parse the body of a request whose type is accepted.

    Raises:
        Unacceptable: 413 over 16 KiB, 400 if it cannot be parsed.
    """
    if len(request.body) > limits.FORM_BYTES:
        raise Unacceptable(413, f"The form is larger than {limits.FORM_BYTES} bytes.")
    try:
        if content_type == JSON:
            return _json_form(request, charset)
        pairs = _html_pairs(request, content_type, charset)
    except (ValueError, RecursionError):
        # The parser's own message would quote the input.
        raise Unacceptable(400, f"The body cannot be read as {content_type}.") from None
    return _html_form(pairs)


def _json_form(request: HttpRequest, charset: str | None) -> Form:
    # API Gateway has already decoded JSON that it delivers as text.
    value = parse_json(request.body, "utf-8" if request.is_decoded else charset)
    if not isinstance(value, Pairs):
        raise Unacceptable(400, "The body must be a JSON object.")
    token = dict(value).get(TURNSTILE_FIELD)
    return Form(find_fields(value, is_html=False), turnstile_token=token if isinstance(token, str) else "")


def _html_pairs(request: HttpRequest, content_type: str, charset: str | None) -> Sequence[Pair]:
    if content_type == URLENCODED:
        return parse_urlencoded(request.body, charset)
    # Imported here, because few forms need it at a cold start.
    from registrar.forms.http.multipart import parse_multipart  # noqa: PLC0415

    return parse_multipart(request.body, request.header("content-type"), charset)


def _html_form(pairs: Sequence[Pair]) -> Form:
    controls: Mapping[str, object] = dict(pairs)

    def text(name: str) -> str:
        return str(controls.get(name, ""))

    token = text("_submission")
    return Form(
        find_fields(pairs, is_html=True),
        token=UUID(token) if _UUID.fullmatch(token) else None,
        next_url=text("_next"),
        is_trapped=any(name == "_gotcha" and not is_blank(str(value)) for name, value in pairs),
        turnstile_token=text(TURNSTILE_FIELD),
    )
