"""One check for each field of a registrant, and the normal form of an e-mail (contract 3). Pure.

A check returns the value to use, or raises `WrongField`, whose message repeats no input.
"""

import re
import unicodedata
from typing import Final, NamedTuple

import email_validator

from registrar import limits
from registrar.registrants.invisible import is_invisible, trimmed

_LINE_BREAKS: Final = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")  # of text that was pasted from a table or document
_EAST_ASIAN_DOTS: Final = str.maketrans("\u3002\uff61", "..")  # the ideographic full stop, and its half-width form
_JOINERS: Final = "\u200c\u200d"


class FieldError(NamedTuple):
    """A wrong field, and a message for the person who filled it in."""

    field: str
    message: str


class WrongField(ValueError):
    """The field is wrong; the text says how."""


class Email(NamedTuple):
    """An e-mail as Zoom is sent it, and the normal form in which e-mails are compared."""

    typed: str
    identity: str


def check_webinar_id(value: object) -> str:
    """Return the digits of a webinar id, also of `978 7106 0099`; only digits can reach a URL."""
    digits = webinar_digits(value) if is_webinar_id(value) else ""
    fits = limits.WEBINAR_ID_DIGITS_MIN <= len(digits) <= limits.WEBINAR_ID_DIGITS_MAX
    if not (digits.isascii() and digits.isdigit() and fits):
        raise WrongField(
            f"must be a webinar id of {limits.WEBINAR_ID_DIGITS_MIN} to {limits.WEBINAR_ID_DIGITS_MAX} digits"
        )
    return digits


def webinar_digits(value: object) -> str:
    """Remove the spaces and hyphens of any kind that people write or paste in a webinar id; nothing is checked."""
    text = str(value)
    if text.isascii():
        return text.replace(" ", "").replace("-", "")
    return "".join(one for one in text if not _separates_digits(one))


def _separates_digits(character: str) -> bool:
    # Tabs and line breaks are no spaces, although Python calls them so. U+2212 is the minus sign.
    category = unicodedata.category(character)
    is_break = category in {"Cc", "Zl", "Zp"}
    return category == "Pd" or character == "\u2212" or (is_invisible(character) and not is_break)


def check_email(value: object) -> Email:
    """Check the syntax of an e-mail address, but not whether it exists."""
    text = _text(value)
    _check_length(_as_seen(_with_ascii_forms(text)), limits.EMAIL_CHARACTERS)
    email = _email(text)
    _check_length(email.typed, limits.EMAIL_CHARACTERS)  # the ASCII-compatible spelling is longer
    return email


def check_first_name(value: object) -> str:
    """Check a name of 1 to 64 characters."""
    name = _name(value)
    if not name:
        raise WrongField("must not be empty")
    return name


def check_last_name(value: object) -> str:
    """Check a name of up to 64 characters; absent, null and blank mean no name."""
    return "" if value is None else _name(value)


def identity_of(email: str) -> str | None:
    """Return the normal form of an e-mail (NFC, lower case, domain in IDNA ASCII); None if it is not an e-mail."""
    try:
        return _email(email).identity
    except WrongField:
        return None


def _email(text: str) -> Email:
    ascii_forms = _with_ascii_forms(text)
    typed = _as_seen(ascii_forms)
    if not typed.isascii() and any(is_invisible(one) and not one.isspace() for one in typed):
        raise WrongField("contains an invisible character: type the address instead of pasting it")
    try:
        # Special-use domains are still refused, as wrong syntax; only the DNS lookup is left out.
        parts = email_validator.validate_email(typed, check_deliverability=False)
    except email_validator.EmailNotValidError:
        raise WrongField("must be an e-mail address, such as name@example.com") from None
    if ascii_forms != text:
        # Zoom refuses full-width letters and dots; it is sent the spelling that every mail program understands.
        typed = f"{parts.local_part}@{parts.ascii_domain}"
    local_part = unicodedata.normalize("NFC", parts.local_part.lower())
    return Email(typed, f"{local_part}@{parts.ascii_domain.lower()}")


def _with_ascii_forms(text: str) -> str:
    """Replace full-width forms, which East Asian keyboards write, and East Asian dots by their ASCII characters."""
    if text.isascii():
        return text
    full_width = (unicodedata.east_asian_width(one) == "F" for one in text)
    forms = (unicodedata.normalize("NFKC", one) if wide else one for one, wide in zip(text, full_width, strict=True))
    return "".join(forms).translate(_EAST_ASIAN_DOTS)


def _as_seen(email: str) -> str:
    """Remove what an address cannot contain and no reader sees.

    What a reader may notice stays, and is then refused: a space within the address, and a character that reverses the
    order of the others. The joiners of Persian and Indic scripts are removed only from an address without such letters.
    """
    if email.isascii():
        return email.strip()
    zero_width = {one for one in email if is_invisible(one) and unicodedata.bidirectional(one) == "BN"}
    seen = trimmed("".join(one for one in email if one in _JOINERS or one not in zero_width))
    without_joiners = "".join(one for one in seen if one not in _JOINERS)
    return trimmed(without_joiners) if without_joiners.isascii() else seen


def _name(value: object) -> str:
    name = one_line(_text(value))
    _check_length(name, limits.NAME_CHARACTERS)
    # Cc: control characters. Cs: halves of a surrogate pair, which UTF-8 cannot encode.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise WrongField("must have no control characters")
    return name


def one_line(text: str) -> str:
    """Return a text trimmed, with a space for each line break or tab."""
    lines = _LINE_BREAKS.split(trimmed(text))
    return " ".join(line for line in map(trimmed, lines) if line)


def _check_length(text: str, most: int) -> None:
    if len(text) > most:
        raise WrongField(f"must have no more than {most} characters")


def _text(value: object) -> str:
    if value is None:
        raise WrongField("is required")
    if not isinstance(value, str):
        raise WrongField("must be text")
    return value


def is_webinar_id(value: object) -> bool:
    """Return whether the type is that of a webinar id: text or a whole number; a negative one would lose its sign."""
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
