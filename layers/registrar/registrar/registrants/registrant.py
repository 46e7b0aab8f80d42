"""The registrant: checked once, by the same code, at the door and at the queue.

In: the fields of a form, or the body of a message on the registration queue (contract 3).
Out: a `Registrant`, or an error that names every wrong field and repeats no input.

    RegistrantError
    ├── MalformedMessage    no object, or a required field absent, null or of another type: nobody to speak of
    └── InvalidRegistrant   blank, of wrong syntax or too long: `errors` says what, `key` whom, where that can be told
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

T = TypeVar("T")


class Key(NamedTuple):
    """Who somebody is: the webinar, and the e-mail in its normal form."""

    webinar_id: str
    email: str


class RegistrantError(ValueError):
    """No registrant can be made of this."""


class MalformedMessage(RegistrantError):
    """The body of a message is not of the contract's shape."""


class InvalidRegistrant(RegistrantError):
    """A field is wrong. `errors` holds every wrong one; `key` is None where webinar or e-mail are among them."""

    def __init__(self, errors: list[FieldError], key: Key | None = None, submission_id: str | None = None) -> None:
        super().__init__("; ".join(f"{error.field} {error.message}" for error in errors))
        self.errors = errors
        self.key = key
        self.submission_id = submission_id


@dataclass(frozen=True, slots=True)
class Registrant:
    """A person who wants into a webinar. `key.email` is the identity; `email` is what Zoom is sent."""

    key: Key
    email: str
    first_name: str
    last_name: str = ""
    submission_id: str | None = None
    submitted_at: str | None = None

    @classmethod
    def from_fields(
        cls,
        webinar_id: object,
        fields: Mapping[str, object],
        submission_id: str | None = None,
        submitted_at: str | None = None,
    ) -> "Registrant":
        """Check all fields; `fields` holds `email`, `first_name` and, maybe, `last_name`.

        Raises:
            InvalidRegistrant: with every wrong field.
        """
        checked = _Checked()
        webinar = checked.field("webinar_id", check_webinar_id, webinar_id)
        email = checked.field("email", check_email, fields.get("email"))
        first_name = checked.field("first_name", check_first_name, fields.get("first_name"))
        last_name = checked.field("last_name", check_last_name, fields.get("last_name"))
        key = Key(webinar, email.identity) if webinar and email else None
        if checked.errors or key is None or email is None or first_name is None or last_name is None:
            raise InvalidRegistrant(checked.errors, key, submission_id)
        return cls(key, email.typed, first_name, last_name, submission_id, submitted_at)

    @classmethod
    def from_message(cls, body: str) -> "Registrant":
        """Read the body of a queue message.

        Raises:
            MalformedMessage: the body has not the contract's shape.
            InvalidRegistrant: it has, and a field's content is wrong.
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

    def to_message(self) -> str:
        """The body of this registrant's message. ASCII only, so that SQS takes whatever a name holds."""
        message = {
            "webinar_id": self.key.webinar_id,
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "submission_id": self.submission_id,
            "submitted_at": self.submitted_at,
        }
        return json.dumps({name: value for name, value in message.items() if value})

    def to_zoom(self) -> dict[str, str]:
        """The item of Zoom's batch call; it takes nothing beyond these three."""
        item = {"email": self.email, "first_name": self.first_name}
        return {**item, "last_name": self.last_name} if self.last_name else item


class _Checked:
    """Gathers the errors of all fields, so that the sender hears of all of them at once."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def field(self, name: str, check: Callable[[object], T], value: object) -> T | None:
        try:
            return check(value)
        except WrongField as wrong:
            self.errors.append(FieldError(name, str(wrong)))
            return None


def json_object(body: str) -> dict[str, Any]:
    """A message's body as an object, whatever is in it.

    Raises:
        MalformedMessage: it is none.
    """
    try:
        message = json.loads(body, parse_int=_whole_number)
    except (ValueError, RecursionError):
        # The parser's own words would quote the body: `from None` keeps them out of every log.
        raise MalformedMessage("the body is not JSON") from None
    if not isinstance(message, dict):
        raise MalformedMessage("the body is not a JSON object")
    return message


def _whole_number(digits: str) -> int | float:
    """Python refuses to read a number of thousands of digits, which may stand in a field that is none of ours."""
    return int(digits) if len(digits) <= sys.get_int_max_str_digits() else float(digits)


def _require(message: Mapping[str, object], name: str, is_right: Callable[[object], bool]) -> None:
    if message.get(name) is None:
        raise MalformedMessage(f"{name} is missing")
    if not is_right(message[name]):
        raise MalformedMessage(f"{name} is of the wrong type")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _short_text(value: object) -> str | None:
    """An id of ours, or of another producer; anything else is as good as none."""
    return (
        value if isinstance(value, str) and value.isprintable() and 0 < len(value) <= limits.NAME_CHARACTERS else None
    )


def timestamp_of(value: object) -> str | None:
    """An ISO-8601 time with its zone, kept as it was written; anything else is as good as none."""
    text = _short_text(value)
    try:
        # ASCII: Python takes any character between date and time, even what DynamoDB cannot store.
        return text if text and text.isascii() and datetime.fromisoformat(text).tzinfo else None
    except ValueError:
        return None
