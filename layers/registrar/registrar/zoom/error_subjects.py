"""Find the registrants that an error response names, by e-mail or by index in the list. Pure.

The result is a hint and decides nothing: the syntax of the index is not documented, and it may be wrong.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registrar.registrants.fields import identity_of
from registrar.registrants.registrant import Registrant

# Matching only at the start of a word keeps this linear: otherwise a long response would take hours.
_WORD = r"[^\s<>()\[\]\"',;:*]"
_EMAIL_LIKE = re.compile(rf"(?<!{_WORD}){_WORD}+@{_WORD}+")
# registrants[3].email, registrants.3.email, registrants/3/email, registrants[3]
_INDEX = re.compile(r"registrants?\W{1,2}(\d{1,2})(?!\d)", re.IGNORECASE)


def registrants_named_in(body: Mapping[str, Any], registrants: Sequence[Registrant]) -> frozenset[str]:
    """Return the identities that the response names; `registrants` are in the order in which they were sent."""
    sent = [registrant.key.email for registrant in registrants]
    found: set[str] = set()
    for text in _texts(body):
        candidates = (identity_of(match.rstrip(".")) for match in _EMAIL_LIKE.findall(text))
        found |= {identity for identity in candidates if identity in sent}
    for field in _fields(body):
        found |= {sent[int(index)] for index in _INDEX.findall(field) if int(index) < len(sent)}
    return frozenset(found)


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that may hold an e-mail: the message, and the messages and fields of `errors`."""
    if isinstance(body.get("message"), str):
        yield body["message"]
    for error in _errors(body):
        yield from (error[name] for name in ("message", "field") if isinstance(error.get(name), str))


def _fields(body: Mapping[str, Any]) -> Iterator[str]:
    for error in _errors(body):
        if isinstance(error.get("field"), str):
            yield error["field"]


def _errors(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    errors = body.get("errors")
    yield from (error for error in (errors if isinstance(errors, list) else []) if isinstance(error, dict))
