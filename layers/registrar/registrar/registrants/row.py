"""A registrant's row in `RegistrantTable` (contract 4), and the attempts it has counted. Pure.

In: attributes as the table holds them, or what is to be written. Out: a `Row`, or attributes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from registrar import limits


class Status(StrEnum):
    """What became of a person."""

    REGISTERED = "registered"
    PENDING_APPROVAL = "pending_approval"
    DEFERRED = "deferred"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Everything but the key. None is an absent attribute; times are ISO-8601, UTC; `expires_at` is in epoch seconds.

    The store stamps `updated_at` and `expires_at` whenever it writes.
    """

    status: str
    updated_at: str | None = None
    expires_at: int | None = None
    registered_at: str | None = None
    deferred_until: str | None = None
    join_url: str | None = None
    registrant_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    submission_id: str | None = None
    submitted_at: str | None = None
    message_id: str | None = None
    other_message_ids: str | None = None  # his other messages whose attempts are counted here; spaces between them
    reason: str | None = None
    detail: str | None = None
    attempts: int | None = None
    attempts_on: str | None = None
    zoom_tracking_id: str | None = None

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Read DynamoDB's typed attributes; the key and whatever a later version adds are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: _plain(value) for name, value in item.items() if name in known})

    def to_item(self) -> dict[str, dict[str, str]]:
        """DynamoDB's typed attributes, absent ones left out."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _typed(value) for name, value in values.items() if value is not None}

    @property
    def is_registered(self) -> bool:
        """Registered for good: the state that nothing turns back."""
        return self.status == Status.REGISTERED and bool(self.join_url)

    def knows(self, message_id: str) -> bool:
        """Whether what this message's deliveries have used is counted here."""
        return message_id == self.message_id or message_id in (self.other_message_ids or "").split()

    @property
    def forgets(self) -> bool:
        """Whether there may be more such messages than are named here."""
        return len((self.other_message_ids or "").split()) >= limits.OTHER_MESSAGES

    def used(self, day: str) -> int:
        """Attempts used on this UTC day, one that may have reached Zoom only after 00:00 included."""
        if self.attempts_on == day:
            return self.attempts or 0
        written = moment_of(self.updated_at)
        if not self.attempts or written is None or self.attempts_on != utc_day(written):
            return 0
        return int(utc_day(written + limits.FUNCTION_SECONDS) == day)


def timestamp(moment: float) -> str:
    """Epoch seconds as ISO-8601, UTC, to the second."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str | None) -> float | None:
    """The reverse of `timestamp`; None for an absent one."""
    return datetime.fromisoformat(text).timestamp() if text else None


def utc_day(moment: float) -> str:
    """The UTC date of a moment, `2026-11-23`."""
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def _plain(value: dict[str, str]) -> Any:
    return int(value["N"]) if "N" in value else value["S"]


def _typed(value: str | int) -> dict[str, str]:
    return {"N": str(value)} if isinstance(value, int) else {"S": str(value)}
