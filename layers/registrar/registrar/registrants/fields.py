"""The fields of a registrant, each checked by a function of its own; the normal form of an e-mail. Pure.

In: what somebody filled in. Out: the value as it goes on, or `WrongField`, which repeats no input (contract 3).
"""

import unicodedata
from typing import NamedTuple

import email_validator

from registrar import limits


class FieldError(NamedTuple):
    """What is wrong with one field, in words for the person who filled it in."""

    field: str
    message: str


class WrongField(ValueError):
    """Says what is wrong with the field at hand."""


class Email(NamedTuple):
    """An e-mail as it was typed (trimmed), and the form in which it is compared."""

    typed: str
    identity: str


def check_webinar_id(value: object) -> str:
    """A webinar id as Zoom writes it, `978 7106 0099` included; only digits can reach a URL."""
    digits = webinar_digits(value) if is_webinar_id(value) else ""
    fits = limits.WEBINAR_ID_DIGITS_MIN <= len(digits) <= limits.WEBINAR_ID_DIGITS_MAX
    if not (digits.isascii() and digits.isdigit() and fits):
        raise WrongField(
            f"must be a webinar id of {limits.WEBINAR_ID_DIGITS_MIN} to {limits.WEBINAR_ID_DIGITS_MAX} digits"
        )
    return digits


def webinar_digits(value: object) -> str:
    """A webinar id without the spaces and hyphens with which people write it; not checked."""
    return str(value).replace(" ", "").replace("-", "")


def check_email(value: object) -> Email:
    """An e-mail address of correct syntax; whether it exists is not asked."""
    typed = _trimmed(value)
    if len(typed) > limits.EMAIL_CHARACTERS:
        raise WrongField(f"must have no more than {limits.EMAIL_CHARACTERS} characters")
    identity = identity_of(typed)
    if identity is None:
        raise WrongField("must be an e-mail address, such as name@example.com")
    return Email(typed, identity)


def check_first_name(value: object) -> str:
    """A name of 1 to 64 characters."""
    name = _name(value)
    if not name:
        raise WrongField("must not be empty")
    return name


def check_last_name(value: object) -> str:
    """A name of up to 64 characters; absent, null and blank are the same: none."""
    return "" if value is None else _name(value)


def identity_of(email: str) -> str | None:
    """The normal form in which e-mails are compared: NFC, lower case, domain in IDNA ASCII; None if it is no e-mail."""
    try:
        # Special-use domains are a matter of syntax there; asking DNS is not.
        parts = email_validator.validate_email(email.strip(), check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    local_part = unicodedata.normalize("NFC", parts.local_part.lower())
    return f"{local_part}@{parts.ascii_domain.lower()}"


def _name(value: object) -> str:
    name = _trimmed(value)
    if len(name) > limits.NAME_CHARACTERS:
        raise WrongField(f"must have no more than {limits.NAME_CHARACTERS} characters")
    # Cc: control characters. Cs: halves of a surrogate pair, which no UTF-8 can carry.
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
    """Whether this has the type of a webinar id: text, or a whole number; a negative one would lose its sign."""
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
