"""Where somebody stands, in words for whoever is asked "is this person registered?". Pure.

In: a row, or none. Out: a `Standing`: a short word, its colour, what it means and what to do.
"""

from dataclasses import fields
from typing import Any, Final, NamedTuple

from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status

from registrar_cli.terminal.reasons import reason_text

WAITING: Final = "waiting"  # of nobody's row: on the queue, or never accepted

COLOURS: Final = {
    Status.REGISTERED: "green",
    Status.PENDING_APPROVAL: "blue",
    Status.DEFERRED: "yellow",
    Status.REJECTED: "red",
    WAITING: "yellow",
}


class Explanation(NamedTuple):
    """`word` is the row's status, or `waiting` where there is none."""

    status: str
    meaning: str
    action: str

    @property
    def colour(self) -> str:
        """Rich's name of the colour."""
        return COLOURS.get(self.status, "white")


def explain(row: Row | None) -> Explanation:
    """What a row says."""
    if row is None:
        return Explanation(
            WAITING,
            "no row: still on the queue, or never accepted",
            "wait a minute and ask again; see `registrar watch`, and `registrar failures`",
        )
    match row.status:
        case Status.REGISTERED:
            return Explanation(row.status, "registered; the join URL is the person's own", "")
        case Status.PENDING_APPROVAL:
            return Explanation(row.status, "Zoom has the registration", "the host has to approve it in Zoom")
        case Status.DEFERRED:
            text = reason_text(row.reason)
            return Explanation(
                row.status, f"tried again by itself after {row.deferred_until}: {text.meaning}", text.action
            )
        case Status.REJECTED:
            text = reason_text(row.reason)
            return Explanation(
                row.status,
                f"not tried again by itself: {text.meaning}",
                f"{text.action} The letter is in `registrar failures`; if it was discarded, import with --again.",
            )
    return Explanation(row.status, "a status that this version of the command does not know", "install again: make cli")


def as_json(key: Key, row: Row | None) -> dict[str, Any]:
    """A person for a program: the row's own names, and what it means."""
    explanation = explain(row)
    known: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(row)} if row else {}
    present = {name: value for name, value in known.items() if value is not None and name != "status"}
    return {
        "webinar_id": key.webinar_id,
        "email": key.email,
        "status": explanation.status,
        "means": explanation.meaning,
        "to_do": explanation.action,
        **present,
    }
