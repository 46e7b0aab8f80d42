"""Read the values that operators write into secrets, and say what is wrong with them without showing them. Pure.

People copy a value with a quotation mark, a blank or a line break at its ends; PowerShell and cmd.exe remove the
quotation marks within JSON, after which it is none.
"""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from registrar import limits
from registrar.registrants.invisible import trimmed

_QUOTATION_MARKS: Final = "\"'`\u2018\u2019\u201c\u201d"
_REMARKS: Final = re.compile(r"_*(comments?|notes?|descriptions?|remarks?|todo)", re.IGNORECASE)
# Words of names that tools and documents use. Any other key may be a secret in the wrong place.
_WORDS: Final = (
    "zoom|server|to|s2s|api|app|sdk|oauth|auth|bearer|account|client|consumer|user|secret|access|token|key|id|name|value|"
    "password|type|scope|url|host|expires|expiry|expiration|expire|at|in|_|-| |\\."
)
_NAME: Final = re.compile(f"({_WORDS})+", re.IGNORECASE)


class NotAnObject(ValueError):
    """The secret does not hold a JSON object: it is "not JSON", or "not a JSON object"."""


def json_object(secret: str) -> dict[str, Any]:
    """Parse the value of a secret; blank is an empty object.

    Raises:
        NotAnObject: it is something else.
    """
    text = trimmed(secret)
    if text.startswith("'{"):
        text = text.strip("'")  # cmd.exe takes single quotation marks for part of the value
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        # The parser's own message would quote the secret.
        raise NotAnObject("not JSON") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise NotAnObject("not a JSON object")
    return value


def clean(value: object) -> str:
    """Return a text without blanks, line breaks and quotation marks around it; empty for any other type."""
    return trimmed(trimmed(value).strip(_QUOTATION_MARKS)) if isinstance(value, str) else ""


def is_header_text(value: str) -> bool:
    """Return whether a text can be sent in a header, as Zoom's own values can."""
    return value.isascii() and value.isprintable()


def other_names(value: dict[str, Any], wanted: Iterable[str]) -> list[str]:
    """Return the names of other fields that have a value, without remarks; `…` for one that may be a secret."""
    others = (name for name, text in value.items() if name not in wanted and clean(text))
    shown = (
        name if len(name) <= limits.NAME_CHARACTERS and _NAME.fullmatch(name) else "…"
        for name in others
        if not _REMARKS.fullmatch(name)
    )
    return sorted(set(shown))
