"""A registrant's row in `RegistrantTable` (contract 4), and the attempts it counts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from registrar import limits


class Status(StrEnum):
    """The outcome of a registration."""

    REGISTERED = "registered"
    PENDING_APPROVAL = "pending_approval"
    DEFERRED = "deferred"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The attributes beside the key; None is an absent one.

    Times are ISO-8601, UTC; `expires_at` is in epoch seconds. `RegistrantTable` sets `updated_at` and `expires_at` at
    every write.
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
    last_submitted_at: str | None = None  # of the newest submission that this row has settled, if it is a later one
    kind: str | None = None  # `meeting`; absent for a webinar
    message_id: str | None = None
    other_message_ids: str | None = None  # the registrant's other messages whose attempts are counted, space-separated
    reason: str | None = None
    detail: str | None = None
    attempts: int | None = None
    attempts_on: str | None = None
    zoom_tracking_id: str | None = None
    # The webinar to which `registrar retry` has sent the dead letter, under another webinar or e-mail than this row's.
    corrected_to: str | None = None

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """Read DynamoDB's typed attributes, ignoring the key and any attributes that a later version adds."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: _plain(value) for name, value in item.items() if name in known})

    def to_item(self) -> dict[str, dict[str, str]]:
        """Return DynamoDB's typed attributes, without the absent ones."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _typed(value) for name, value in values.items() if value is not None}

    @property
    def is_registered(self) -> bool:
        """Return whether the row is in the state that is never changed: registered, with a join URL."""
        return self.status == Status.REGISTERED and bool(self.join_url)

    @property
    def newest_submission(self) -> float:
        """Return when the newest submission that this row has settled was submitted, in epoch seconds; 0 for none."""
        submitted, updated = moment_of(self.submitted_at) or 0.0, moment_of(self.updated_at)
        # A producer may state a future time: no row has settled what was submitted after it was written.
        settled = submitted if updated is None else min(submitted, updated)
        return max(settled, moment_of(self.last_submitted_at) or 0.0)

    def has_settled(self, submission_id: str, submitted_at: str) -> bool:
        """Return whether the row tells what became of this submission, or of a later one of the same registrant.

        A row that is older says nothing about it, although its `updated_at` may be later: a reservation changes that.
        """
        return submission_id == self.submission_id or (moment_of(submitted_at) or 0.0) <= self.newest_submission

    def counts_message(self, message_id: str) -> bool:
        """Return whether the row counts the attempts of this message's deliveries."""
        return message_id == self.message_id or message_id in (self.other_message_ids or "").split()

    @property
    def may_have_dropped_ids(self) -> bool:
        """Return whether the row may have dropped ids of older messages."""
        return len((self.other_message_ids or "").split()) >= limits.OTHER_MESSAGES

    def used(self, day: str) -> int:
        """Return the attempts used on this UTC day, including one that may have reached Zoom only after 00:00."""
        if self.attempts_on == day:
            return self.attempts or 0
        updated = moment_of(self.updated_at)
        if not self.attempts or updated is None or self.attempts_on != utc_day(updated):
            return 0
        return int(utc_day(updated + limits.FUNCTION_SECONDS) == day)


def timestamp(moment: float) -> str:
    """Format epoch seconds as ISO-8601, UTC, to the second."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str | None) -> float | None:
    """Parse a `timestamp` to epoch seconds; None if absent."""
    return datetime.fromisoformat(text).timestamp() if text else None


def utc_day(moment: float) -> str:
    """Return the UTC date of a moment in epoch seconds, `2026-11-23`."""
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def _plain(value: dict[str, str]) -> Any:
    return int(value["N"]) if "N" in value else value["S"]


def _typed(value: str | int) -> dict[str, str]:
    return {"N": str(value)} if isinstance(value, int) else {"S": str(value)}
