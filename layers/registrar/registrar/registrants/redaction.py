"""What may leave the tables: e-mails masked, and Zoom's messages without the people they name. Pure.

Used for log lines, rows' and dead letters' `detail`: wherever words of Zoom's or of a registrant's could end up.
"""

import re
import unicodedata
from collections.abc import Iterable

from registrar import limits
from registrar.registrants.registrant import Registrant

# An id as programs make them: no space, no @, and at least one digit, which names seldom have.
_ID_LIKE = re.compile(r"(?=.*\d)[A-Za-z0-9_:.-]+")
# It begins where a word begins: tried at every letter, a long text would take hours.
_WORD = r"[^\s<>()\"',;:]"
_EMAIL_LIKE = re.compile(rf"(?<!{_WORD}){_WORD}+@{_WORD}+")


def masked(email: str) -> str:
    """`ada@example.com` → `a…@example.com`: enough to recognise somebody one knows, too little to write to him."""
    local_part, _, domain = email.rpartition("@")
    return f"{local_part[:1]}…@{domain}"


def as_id(text: str | None) -> str | None:
    """A submission id as it may be told; a producer other than our door could have put a name in its place."""
    return text if text is None or _ID_LIKE.fullmatch(text) else "…"


def without_personal_data(message: str, registrants: Iterable[Registrant]) -> str:
    """Zoom's message without e-mails, the names of the people in the call, and control characters; ≤ 256 characters."""
    said = [(one.email, one.key.email, one.first_name, one.last_name) for one in registrants]
    named = {word for words in said for word in words if word}
    for word in sorted(named, key=len, reverse=True):
        message = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "…", message, flags=re.IGNORECASE)
    message = _EMAIL_LIKE.sub("…", message)
    printable = "".join(" " if unicodedata.category(character)[0] == "C" else character for character in message)
    return " ".join(printable.split())[: limits.DETAIL_CHARACTERS]
