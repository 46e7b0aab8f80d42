"""Read and correct the body of a dead letter, even where it holds no valid registrant."""

import json
from collections.abc import Mapping
from typing import Any

from registrar.registrants.fields import WrongField, check_webinar_id
from registrar.registrants.registrant import MalformedMessage, Registrant, json_object


def field_in(body: str, name: str) -> str:
    """Return a field as it is written; empty where it is absent or not text."""
    value = _object(body).get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).encode(errors="replace").decode()  # a lone surrogate cannot be written to a file


def webinar_in(body: str) -> str | None:
    """Return the webinar id; None where there is no valid one."""
    try:
        return check_webinar_id(_object(body).get("webinar_id"))
    except WrongField:
        return None


def with_webinar(body: str, webinar_id: str) -> str:
    """Return the body with another webinar id; every other character stays as it was sent.

    Raises:
        MalformedMessage: the body is not a JSON object.
    """
    json_object(body)
    # Numbers stay text: one of thousands of digits may stand in an unknown field.
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)
    changed, copied, at = "", 0, body.index("{") + 1
    while (key_at := body.find('"', at)) >= 0:
        key, key_end = decoder.raw_decode(body, key_at)
        value_at = _after_blanks(body, body.index(":", key_end) + 1)
        _, at = decoder.raw_decode(body, value_at)
        if key == "webinar_id":
            changed += body[copied:value_at] + json.dumps(webinar_id)
            copied = at
    return changed + body[copied:]


def _after_blanks(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip())


def corrected(body: str, fields: Mapping[str, str]) -> Registrant:
    """Return the registrant of the body with these fields replaced; all else stays as it was sent.

    Raises:
        RegistrantError: a field is still wrong.
    """
    return Registrant.from_message(json.dumps({**_object(body), **fields}))


def _object(body: str) -> dict[str, Any]:
    try:
        return json_object(body)
    except MalformedMessage:
        return {}
