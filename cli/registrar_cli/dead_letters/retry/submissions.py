"""Keep `SubmissionTable` true while what forms sent is queued: `GET /submissions/{id}` reads it (contract 2)."""

from collections.abc import Iterable
from typing import Any

from registrar.forms.providers.set_aside import SetAside
from registrar.registrants.registrant import Key, Registrant
from registrar.storage.registrant_table import StorageError
from registrar.storage.submission_table import Sent, Submission, SubmissionTable

from registrar_cli.clients.session import Session
from registrar_cli.dead_letters.body import field_in
from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.dead_letters.retry.resend import OutgoingDeadLetter
from registrar_cli.registrants.table import as_cli_error


class Submissions:
    """The rows of submissions that AcceptForm set aside, and of those whose e-mail was corrected; others stay.

    Every method raises `Unreachable` where the table does not answer, or refuses.
    """

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._table = SubmissionTable(dynamodb, table)

    @classmethod
    def of(cls, session: Session) -> "Submissions":
        """Open the table of the session's stack."""
        return cls(session.dynamodb, session.stack.resource("SubmissionTable"))

    def claim(self, outgoing: OutgoingDeadLetter) -> bool:
        """Write who a submission registers, as AcceptForm does; return False if its message was queued before."""
        sent = outgoing.reference[0].set_aside
        return sent is None or self._claim(sent, Registrant.from_message(outgoing.body).key)

    def mark(self, groups: Iterable[list[DeadLetter]]) -> None:
        """Note that the first of each group was queued; the others are older ones of the same registrant."""
        for first, *others in groups:
            if first.set_aside is not None:
                self._mark(first.set_aside)
            self.supersede(others)

    def supersede(self, dead_letters: Iterable[DeadLetter]) -> None:
        """Point submissions to the registrant whose newer message is sent, or who is registered."""
        for one in dead_letters:
            if one.set_aside is not None and one.key is not None and self._claim(one.set_aside, one.key):
                self._mark(one.set_aside)

    def readdress(self, dead_letters: Iterable[DeadLetter], corrected: Key) -> None:
        """Point submissions to the corrected e-mail: the row of the old one does not name it."""
        for one in dead_letters:
            submission_id = field_in(one.body, "submission_id")
            if one.key is not None and submission_id:
                try:
                    self._table.readdress(submission_id, one.key, corrected)
                except StorageError as error:
                    raise as_cli_error(error, "writing SubmissionTable") from error

    def _claim(self, sent: SetAside, key: Key) -> bool:
        try:
            submission = Submission(sent.submission_id, sent.submitted_at, key)
            return self._table.claim(submission, replaces_set_aside=True) is None
        except StorageError as error:
            raise as_cli_error(error, "writing SubmissionTable") from error

    def _mark(self, sent: SetAside) -> None:
        try:
            self._table.mark(sent.submission_id, Sent.QUEUED)
        except StorageError as error:
            raise as_cli_error(error, "writing SubmissionTable") from error
