"""Who of a file is to be queued, and why the others are not. Pure.

In: the people of the file, their rows, whom earlier imports queued, who asked to be forgotten. Out: a `Plan`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status

from registrar_cli.csv_files.reader import Entry

REGISTERED = "registered already"
PENDING = "waiting for the host's approval"
TRIED = "being tried already (deferred)"
REJECTED = "rejected earlier: mend the cause and `registrar retry`, or import with --again"
SUPPRESSED = "asked to be forgotten: if they came back of their own will, import with --again"
QUEUED = "queued already by an earlier import: `registrar watch`, or import with --again"


@dataclass
class Plan:
    """`left_out`: how many, by the reason why."""

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
    """Decide for everybody; `again` queues those, too, whom an earlier import queued and Zoom does not have.

    It queues who asked to be forgotten as well: an old file is no wish to be registered again.
    """
    planned = Plan()
    for entry in entries:
        key = entry.registrant.key
        why_not = _why_not(rows.get(key), again)
        if why_not is None and not again:
            why_not = (
                SUPPRESSED if is_suppressed(key) else QUEUED if key not in rows and digest(key) in queued else None
            )
        if why_not:
            planned.left_out[why_not] += 1
        else:
            planned.to_queue.append(entry)
    return planned


def _why_not(row: Row | None, again: bool) -> str | None:
    match row.status if row else None:
        case Status.REGISTERED:
            return REGISTERED
        case Status.PENDING_APPROVAL:
            return PENDING
        case Status.DEFERRED:
            return TRIED  # the message is on the queue
        case Status.REJECTED:
            return None if again else REJECTED
    return None
