"""What a letter's body says, also where nobody can be registered from it: to be read, and corrected. Pure.

In: a body, whatever it holds. Out: its fields as they are written; a registrant, where a correction makes it one.
"""

import json
from collections.abc import Mapping
from typing import Any

from registrar.registrants.fields import WrongField, check_webinar_id
from registrar.registrants.registrant import MalformedMessage, Registrant, json_object


def field_in(body: str, name: str) -> str:
    """A field as it is written; empty where there is none that could be text."""
    value = _object(body).get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).encode(errors="replace").decode()  # half a surrogate pair fits into no file


def webinar_in(body: str) -> str | None:
    """The webinar's id; None where there is none that could be one."""
    try:
        return check_webinar_id(_object(body).get("webinar_id"))
    except WrongField:
        return None


def corrected(body: str, fields: Mapping[str, str]) -> Registrant:
    """The registrant of this body with these fields in place of its own; everything else stays as it was sent.

    Raises:
        RegistrantError: a field is wrong still.
    """
    return Registrant.from_message(json.dumps({**_object(body), **fields}))


def _object(body: str) -> dict[str, Any]:
    try:
        return json_object(body)
    except MalformedMessage:
        return {}
