"""Delete a person's rows, and cancel at Zoom if asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from registrar.registrants.reasons import FINAL_FOR_WEBINAR, FINAL_WHEN_ALONE, Reason
from registrar.registrants.redaction import masked
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status

from registrar_cli.clients.zoom import ZoomApi, ZoomReply
from registrar_cli.registrants.table import KeyedRow, RegistrantRows
from registrar_cli.terminal.errors import Unreachable

CANCEL_SCOPE = "webinar:update:registrant_status:admin"

Cancel = Callable[[KeyedRow], None]


def is_in_zoom(row: Row) -> bool:
    """Return whether Zoom has the registration."""
    return row.status in {Status.REGISTERED, Status.PENDING_APPROVAL}


def may_be_in_zoom(row: Row) -> bool:
    """Return whether a call whose result is unknown may have registered the person."""
    return not is_in_zoom(row) and row.attempts is not None and row.reason not in FINAL_WHEN_ALONE | FINAL_FOR_WEBINAR


def canceller(zoom: ZoomApi) -> Cancel:
    """Return a function that cancels a registration at Zoom.

    It raises `Unreachable` where Zoom refuses or does not answer.
    """

    def cancel(keyed_row: KeyedRow) -> None:
        key, row = keyed_row
        who = {"email": key.email} | ({"id": row.registrant_id} if row.registrant_id else {})
        reply = zoom.cancel(key.webinar_id, who)
        if not reply.is_ok and reply.status != 404:  # 404: the webinar or the registration no longer exists
            raise _not_cancelled(key, reply)

    return cancel


@dataclass
class Erasure:
    """Deletes rows; counts them, and those that Zoom had registered."""

    registrants: RegistrantRows
    cancel: Cancel | None = None  # None: the registrations at Zoom remain
    rows: int = 0
    in_zoom: int = 0

    def erase(self, rows: Iterable[KeyedRow]) -> None:
        """Delete the rows, each in its current state: one that was registered meanwhile is cancelled too.

        All are cancelled before any is deleted, because only the rows say where the person is registered.
        """
        left = dict(rows)
        while left:
            for keyed_row in left.items():
                if self.cancel is not None and is_in_zoom(keyed_row[1]):
                    self.cancel(keyed_row)
            left = self.registrants.read([key for key, row in left.items() if not self._erase(key, row)])

    def _erase(self, key: Key, row: Row) -> bool:
        is_deleted = self.registrants.delete(key, row.status)
        self.rows += is_deleted
        self.in_zoom += is_deleted and is_in_zoom(row)
        return is_deleted


def _not_cancelled(key: Key, reply: ZoomReply) -> Unreachable:
    fix = f"Add {CANCEL_SCOPE} to the app." if reply.reason == Reason.MISSING_SCOPE else "Run this command again."
    return Unreachable(
        f"Zoom does not cancel {masked(key.email)} in webinar {key.webinar_id}: {reply.reason}. No row is erased yet;"
        " messages of this person on the queue are already dropped.",
        f"{fix} Or run it without --cancel-at-zoom, and cancel manually.",
    )
