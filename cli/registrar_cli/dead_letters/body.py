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
