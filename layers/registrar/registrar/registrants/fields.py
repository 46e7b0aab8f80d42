"""One check for each field of a registrant, and the normal form of an e-mail (contract 3). Pure.

A check returns the value to use, or raises `WrongField`, whose message repeats no input.
"""

import unicodedata
from typing import NamedTuple

import email_validator

from registrar import limits


class FieldError(NamedTuple):
    """A wrong field, and a message for the person who filled it in."""

    field: str
    message: str


class WrongField(ValueError):
    """The field is wrong; the text says how."""


class Email(NamedTuple):
    """An e-mail as typed (trimmed), and the normal form in which e-mails are compared."""

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
    """Remove the spaces and hyphens that people write in a webinar id; nothing is checked."""
    return str(value).replace(" ", "").replace("-", "")


def check_email(value: object) -> Email:
    """Check the syntax of an e-mail address, but not whether it exists."""
    typed = _trimmed(value)
    if len(typed) > limits.EMAIL_CHARACTERS:
        raise WrongField(f"must have no more than {limits.EMAIL_CHARACTERS} characters")
    identity = identity_of(typed)
    if identity is None:
        raise WrongField("must be an e-mail address, such as name@example.com")
    return Email(typed, identity)


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
        # Special-use domains are still refused, as wrong syntax; only the DNS lookup is left out.
        parts = email_validator.validate_email(email.strip(), check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    local_part = unicodedata.normalize("NFC", parts.local_part.lower())
    return f"{local_part}@{parts.ascii_domain.lower()}"


def _name(value: object) -> str:
    name = _trimmed(value)
    if len(name) > limits.NAME_CHARACTERS:
        raise WrongField(f"must have no more than {limits.NAME_CHARACTERS} characters")
    # Cc: control characters. Cs: halves of a surrogate pair, which UTF-8 cannot encode.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise WrongField("must have no control characters")
    return name


def _trimmed(value: object) -> str:
    if value is None:
        raise WrongField("is required")
    if not isinstance(value, str):
        raise WrongField("must be text")
    return value.strip()


def is_webinar_id(value: object) -> bool:
    """Return whether the type is that of a webinar id: text or a whole number; a negative one would lose its sign."""
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
