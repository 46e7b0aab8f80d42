"""The registrant, validated by the same code in AcceptSubmission and in the consumer (contract 3).

Errors name every wrong field and repeat no input:

    RegistrantError
    ├── MalformedMessage    the body is no object, or a required field is absent, null or of another type
    └── InvalidRegistrant   a field is blank, too long or of wrong syntax; `key` is set if webinar and e-mail are valid
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from registrar import limits
from registrar.registrants.fields import (
    FieldError,
    WrongField,
    check_email,
    check_first_name,
    check_last_name,
    check_webinar_id,
    is_webinar_id,
)
from registrar.registrants.invisible import is_blank
from registrar.registrants.optional_fields import (
    NO_OPTIONAL_FIELDS,
    OPTIONAL_FIELDS,
    Kind,
    OptionalFields,
    read_optional_fields,
)

T = TypeVar("T")


class Key(NamedTuple):
    """A registrant's identity: the webinar, and the e-mail in its normal form."""

    webinar_id: str
    email: str


class RegistrantError(ValueError):
    """The input does not describe a registrant."""


class MalformedMessage(RegistrantError):
    """The body of a message does not have the contract's shape."""


class InvalidRegistrant(RegistrantError):
    """Some fields are wrong. `errors` holds all of them; `key` is None if webinar or e-mail is among them."""

    def __init__(self, errors: list[FieldError], key: Key | None = None, submission_id: str | None = None) -> None:
        text = "; ".join(f"{error.field} {error.message}" for error in errors)
        super().__init__(text[: limits.DETAIL_CHARACTERS])
        self.errors = errors
        self.key = key
        self.submission_id = submission_id


@dataclass(frozen=True, slots=True)
class Registrant:
    """A person to register for a webinar or meeting.

    `key.email` is the identity; `email` is what Zoom is sent. The id of a meeting stands in `key.webinar_id`.
    """

    key: Key
    email: str
    first_name: str
    last_name: str = ""
    submission_id: str | None = None
    submitted_at: str | None = None
    optional: OptionalFields = NO_OPTIONAL_FIELDS

    @classmethod
    def from_fields(
        cls,
        webinar_id: object,
        fields: Mapping[str, object],
        submission_id: str | None = None,
        submitted_at: str | None = None,
    ) -> "Registrant":
        """Check all fields; `fields` holds `email`, `first_name` and, optionally, `last_name` and those of contract 3.

        Raises:
            InvalidRegistrant: one or more fields are wrong; it holds all of them.
        """
        checks = _FieldChecks()
        webinar = checks.field("webinar_id", check_webinar_id, webinar_id)
        email = checks.field("email", check_email, fields.get("email"))
        first_name, last_name = checks.names(fields.get("first_name"), fields.get("last_name"))
        optional = NO_OPTIONAL_FIELDS
        if not OPTIONAL_FIELDS.isdisjoint(fields):
            optional, errors = read_optional_fields(fields)
            checks.errors += errors
        key = Key(webinar, email.identity) if webinar and email else None
        if checks.errors or key is None or email is None or first_name is None or last_name is None:
            raise InvalidRegistrant(checks.errors, key, submission_id)
        return cls(key, email.typed, first_name, last_name, submission_id, submitted_at, optional)

    @classmethod
    def from_message(cls, body: str) -> "Registrant":
        """Read the body of a queue message.

        Raises:
            MalformedMessage: the body does not have the contract's shape.
            InvalidRegistrant: it does, and the content of a field is wrong.
        """
        message = json_object(body)
        _require(message, "webinar_id", is_webinar_id)
        _require(message, "email", _is_text)
        _require(message, "first_name", _is_text)
        return cls.from_fields(
            message["webinar_id"],
            message,
            submission_id=_short_text(message.get("submission_id")),
            submitted_at=timestamp_of(message.get("submitted_at")),
        )

    @property
    def kind(self) -> Kind:
        """Return whether the registration is for a webinar or a meeting."""
        return self.optional.kind

    def to_message(self) -> str:
        """Return the body of this registrant's message; ASCII only, so that SQS accepts every name."""
        message = {
            "webinar_id": self.key.webinar_id,
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "submission_id": self.submission_id,
            "submitted_at": self.submitted_at,
        }
        return json.dumps({name: value for name, value in message.items() if value} | self.optional.to_fields())

    def to_zoom(self) -> dict[str, str]:
        """Return the item for Zoom's batch call, which takes these three fields only."""
        item = {"email": self.email, "first_name": self.first_name}
        return {**item, "last_name": self.last_name} if self.last_name else item


class _FieldChecks:
    """Collects the errors of all fields, to report them together."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def field(self, name: str, check: Callable[[object], T], value: object) -> T | None:
        try:
            return check(value)
        except WrongField as error:
            self.errors.append(FieldError(name, str(error)))
            return None

    def names(self, first_name: object, last_name: object) -> tuple[str | None, str | None]:
        """Check both names; who has a single name may write it in either field, and Zoom requires a first name."""
        if _shows_nothing(first_name) and isinstance(last_name, str) and not is_blank(last_name):
            return self.field("last_name", check_first_name, last_name), ""
        return (
            self.field("first_name", check_first_name, first_name),
            self.field("last_name", check_last_name, last_name),
        )


def _shows_nothing(value: object) -> bool:
    return isinstance(value, str) and is_blank(value)


def json_object(body: str) -> dict[str, Any]:
    """Parse the body of a message as a JSON object, without checking its fields.

    Raises:
        MalformedMessage: the body is not a JSON object.
    """
    try:
        message = json.loads(body, parse_int=_whole_number)
    except (ValueError, RecursionError):
        # The parser's message quotes the body: `from None` keeps it out of the logs.
        raise MalformedMessage("the body is not JSON") from None
    if not isinstance(message, dict):
        raise MalformedMessage("the body is not a JSON object")
    return message


def _whole_number(digits: str) -> int | float:
    """Parse an integer; one of thousands of digits, which `int` refuses, may stand in an unknown field."""
    return int(digits) if len(digits) <= sys.get_int_max_str_digits() else float(digits)


def _require(message: Mapping[str, object], name: str, is_valid: Callable[[object], bool]) -> None:
    if message.get(name) is None:
        raise MalformedMessage(f"{name} is missing")
    if not is_valid(message[name]):
        raise MalformedMessage(f"{name} is of the wrong type")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _short_text(value: object) -> str | None:
    """Return a text that is short and printable, such as an id; else None."""
    if not isinstance(value, str) or not value.isprintable():
        return None
    return value if 0 < len(value) <= limits.NAME_CHARACTERS else None


def timestamp_of(value: object) -> str | None:
    """Return an ISO-8601 time with a time zone, unchanged; None for anything else."""
    text = _short_text(value)
    try:
        # ASCII: Python accepts any character between date and time, even one that DynamoDB cannot store.
        return text if text and text.isascii() and datetime.fromisoformat(text).tzinfo else None
    except ValueError:
        return None
