"""Remove personal data from texts of Zoom and of producers. Pure.

Used for log lines and for the `detail` of rows and dead letters.
"""

import re
import unicodedata
from collections.abc import Iterable

from registrar import limits
from registrar.registrants.registrant import Registrant

# An id as programs generate it: no space, no @, and at least one digit, which few names have.
_ID_LIKE = re.compile(r"(?=.*\d)[A-Za-z0-9_:.-]+")
# Matching only at the start of a word keeps this linear: otherwise a long text would take hours.
_WORD = r"[^\s<>()\"',;:]"
_EMAIL_LIKE = re.compile(rf"(?<!{_WORD}){_WORD}+@{_WORD}+")


def masked(email: str) -> str:
    """`ada@example.com` → `a…@example.com`: recognisable to someone who knows the address, useless for sending mail."""
    local_part, _, domain = email.rpartition("@")
    return f"{local_part[:1]}…@{domain}"


def as_id(text: str | None) -> str | None:
    """Return a submission id if it is safe to log, else `…`: another producer may have put a name in its place."""
    return text if text is None or _ID_LIKE.fullmatch(text) else "…"


def without_emails(message: str) -> str:
    """Return a text with `…` for everything that looks like an e-mail."""
    return _EMAIL_LIKE.sub("…", message)


def without_personal_data(message: str, registrants: Iterable[Registrant]) -> str:
    """Return Zoom's message without e-mails, the registrants' names and control characters; ≤ 256 characters."""
    fields = [(one.email, one.key.email, one.first_name, one.last_name) for one in registrants]
    values = {value for registrant in fields for value in registrant if value}
    for value in sorted(values, key=len, reverse=True):
        message = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "…", message, flags=re.IGNORECASE)
    message = without_emails(message)
    printable = "".join(" " if unicodedata.category(character)[0] == "C" else character for character in message)
    return " ".join(printable.split())[: limits.DETAIL_CHARACTERS]
