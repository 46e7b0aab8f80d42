"""A person's rows and submissions are erased, at Zoom too when asked; his dead letters are told from those of others.

In: his rows, an e-mail in its normal form. Out: what is gone. Errors: `Unreachable`; then it can be done again.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import email_validator
from registrar.registrants.reasons import FINAL_FOR_WEBINAR, FINAL_WHEN_ALONE, Reason
from registrar.registrants.redaction import masked
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status

from registrar_cli.clients.zoom import ZoomApi, ZoomReply
from registrar_cli.dead_letters.queue import DeadLetter
from registrar_cli.registrants.table import KeyedRow, RegistrantRows
from registrar_cli.terminal.errors import Unreachable

CANCEL_SCOPE = "webinar:update:registrant_status:admin"

_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")

Cancel = Callable[[KeyedRow], None]


def is_in_zoom(row: Row) -> bool:
    """Whether Zoom has the registration."""
    return row.status in {Status.REGISTERED, Status.PENDING_APPROVAL}


def may_be_in_zoom(row: Row) -> bool:
    """Whether a call of which nobody saw the end may have registered the person."""
    return not is_in_zoom(row) and row.attempts is not None and row.reason not in FINAL_WHEN_ALONE | FINAL_FOR_WEBINAR


def canceller(zoom: ZoomApi) -> Cancel:
    """What cancels somebody's registration.

    Raises (when it is called):
        Unreachable: Zoom refuses, or does not answer.
    """

    def cancel(keyed_row: KeyedRow) -> None:
        key, row = keyed_row
        who = {"email": key.email} | ({"id": row.registrant_id} if row.registrant_id else {})
        reply = zoom.cancel(key.webinar_id, who)
        if not reply.is_ok and reply.status != 404:  # 404: the webinar or the registration is gone already
            raise _not_cancelled(key, reply)

    return cancel


@dataclass
class Erasure:
    """How many rows are gone, and of how many of these Zoom had the registration."""

    registrants: RegistrantRows
    cancel: Cancel | None = None  # None: at Zoom they stand
    rows: int = 0
    in_zoom: int = 0

    def erase(self, rows: Iterable[KeyedRow]) -> None:
        """Erase rows, each as it is now: whoever was registered meanwhile is cancelled first, too.

        All are cancelled before any is erased, because rows are all that says where somebody is registered.
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


def is_of(dead_letter: DeadLetter, identity: str) -> bool:
    """Whether a letter is a person's: by who is in it; where nobody can be read from it, by the address in its text."""
    if dead_letter.key is not None:
        return dead_letter.key.email == identity
    text = _JSON_ESCAPE.sub(_unescaped, dead_letter.body).lower()
    domain = email_validator.validate_email(identity, check_deliverability=False).domain
    spellings = {identity, f"{identity.rpartition('@')[0]}@{domain}"}
    # The whole address: `li@example.com` is not in `ali@example.com`, and nothing of his is in `…@example.com.au`.
    return any(re.search(rf"(?<![\w.+-]){re.escape(one)}(?![\w-]|\.\w)", text) for one in spellings)


def _unescaped(escape: re.Match[str]) -> str:
    """A JSON escape as what it stands for; a line break or a tab as a space."""
    code, character = escape.groups()
    return chr(int(code, 16)) if code else " " if character in "bfnrt" else character


def _not_cancelled(key: Key, reply: ZoomReply) -> Unreachable:
    why = f"The app lacks {CANCEL_SCOPE}: add it." if reply.reason == Reason.MISSING_SCOPE else "Run this again."
    return Unreachable(
        f"Zoom does not cancel {masked(key.email)} in webinar {key.webinar_id}: {reply.reason}. No row is erased yet;"
        " whatever of this person is still on the queue is dropped already.",
        f"{why} Or go on without --cancel-at-zoom, and cancel by hand.",
    )
