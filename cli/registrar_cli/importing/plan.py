"""Decide which registrants of a file are queued, and why the others are not."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from registrar.registrants.registrant import Key, Registrant
from registrar.registrants.row import Row, Status

from registrar_cli.csv_files.reader import Entry

REGISTERED = "already registered"
REGISTERED_OTHERWISE = "already registered, but under another name than in this file"
PENDING = "waiting for the host's approval"
DEFERRED = "already being tried (deferred)"
REJECTED = "rejected earlier: fix the cause and run `registrar retry`, or import with --again"
CORRECTED = "corrected earlier, and sent to another webinar or e-mail by `registrar retry`"
SUPPRESSED = "erased by `registrar forget`: if they signed up again themselves, import with --again"
QUEUED = "already queued by an earlier import: see `registrar watch`, or import with --again"


@dataclass
class Plan:
    """The entries to queue, and the number left out by reason."""

    to_queue: list[Entry] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def plan(
    entries: Iterable[Entry],
    rows: Mapping[Key, Row],
    queued: Collection[str],
    digest: Callable[[Key], str],
    is_suppressed: Callable[[Key], bool],
    again: bool = False,
) -> Plan:
    """Decide for every entry.

    `again` also queues two groups that are left out by default: registrants that an earlier import queued but Zoom does
    not have, and people on the suppression list. An old file does not show that those want to be registered again.
    """
    planned = Plan()
    for entry in entries:
        key = entry.registrant.key
        why_not = _why_not(rows.get(key), entry.registrant, again)
        if why_not is None and not again:
            why_not = (
                SUPPRESSED if is_suppressed(key) else QUEUED if key not in rows and digest(key) in queued else None
            )
        if why_not:
            planned.left_out[why_not] += 1
        else:
            planned.to_queue.append(entry)
    return planned


def _why_not(row: Row | None, registrant: Registrant, again: bool) -> str | None:
    match row.status if row else None:
        case Status.REGISTERED:
            return REGISTERED if _names(row) in {None, _names(registrant)} else REGISTERED_OTHERWISE
        case Status.PENDING_APPROVAL:
            return PENDING
        case Status.DEFERRED:
            return DEFERRED  # the message is on the queue
        case Status.REJECTED if not again:
            return CORRECTED if row and row.corrected_to else REJECTED
    return None


def _names(one: Row | Registrant | None) -> tuple[str, str] | None:
    """Return first and last name, composed; None where a row states none."""
    if one is None or one.first_name is None:
        return None
    return unicodedata.normalize("NFC", one.first_name), unicodedata.normalize("NFC", one.last_name or "")
