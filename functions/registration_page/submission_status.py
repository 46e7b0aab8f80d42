"""What became of a submission (contract 2): from its row, and from the registrant's row that the consumer writes.

A registrant's row that was settled before the submission says nothing about it, so that the status does not reveal
whether an e-mail was registered before.
"""

from dataclasses import dataclass
from typing import Any, Final

from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status
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


def status_of(submission: Submission, table: RegistrantTable) -> SubmissionStatus:
    """Return the status of a submission.

    Raises:
        StorageError: the registrant's row cannot be read.
    """
    if submission.key is None:  # it was set aside: a dead letter without a registrant
        return SubmissionStatus(Status.REJECTED, Reason.UNMAPPED_FORM)
    key = submission.key
    for _ in range(_CORRECTIONS):
        row = table.read([key]).get(key)
        if row is None or not row.has_settled(submission.submission_id, submission.submitted_at):
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
