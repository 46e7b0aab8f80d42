"""What became of a submission (contract 2): from its row, and from the registrant's row that the consumer writes.

A registrant's row that was settled before the submission says nothing about it, so that the status does not reveal
whether an e-mail was registered before.
"""

from dataclasses import dataclass
from typing import Any, Final

from registrar import limits
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status, moment_of
from registrar.storage.registrant_table import RegistrantTable
from registrar.storage.submission_table import Submission

QUEUED: Final = "queued"
_CORRECTIONS: Final = 3  # corrections of a submission's webinar that are followed


@dataclass(frozen=True)
class SubmissionStatus:
    """The status, `reason` where deferred or rejected, `deferred_until` where deferred (ISO-8601, UTC)."""

    status: str
    reason: str | None = None
    deferred_until: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the fields of the answer that have a value."""
        values = {"status": self.status, "reason": self.reason, "deferred_until": self.deferred_until}
        return {name: value for name, value in values.items() if value}


def status_of(submission: Submission, table: RegistrantTable, now: float) -> SubmissionStatus:
    """Return the status of a submission.

    Raises:
        StorageError: the registrant's row cannot be read.
    """
    if submission.key is None:  # it was set aside: a dead letter without a registrant
        return SubmissionStatus(Status.REJECTED, Reason.UNMAPPED_FORM)
    key = submission.key
    for _ in range(_CORRECTIONS):
        row = table.read([key]).get(key)
        if row is None or not _is_settled(row, submission, now):
            break
        if row.corrected_to is None:
            return _status(row)
        if row.corrected_to == key.webinar_id:
            break  # under another e-mail, which the row does not name
        key = Key(row.corrected_to, key.email)
    return SubmissionStatus(QUEUED)


def _status(row: Row) -> SubmissionStatus:
    status = str(row.status)
    return SubmissionStatus(
        status,
        row.reason if status in {Status.DEFERRED, Status.REJECTED} else None,
        row.deferred_until if status == Status.DEFERRED else None,
    )


def _is_settled(row: Row, submission: Submission, now: float) -> bool:
    """Return whether the row tells what became of this submission, or of a later one of the same person."""
    if row.submission_id == submission.submission_id:
        return True
    if _not_before(row.submitted_at, submission) or _not_before(row.last_submitted_at, submission):
        return True
    if not _not_before(row.updated_at, submission):
        return False
    # An earlier submission was settled since, and this one with it; or an attempt for this one has been counted in the
    # rejected row of an earlier one, and is under way.
    return row.status != Status.REJECTED or now - (moment_of(row.updated_at) or now) > limits.FUNCTION_SECONDS


def _not_before(moment: str | None, submission: Submission) -> bool:
    return moment is not None and moment >= submission.submitted_at
