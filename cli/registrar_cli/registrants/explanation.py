"""Explain a row to the operator: status, meaning, and what to do."""

from dataclasses import fields
from typing import Any, Final, NamedTuple

from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status

from registrar_cli.terminal.reasons import reason_text
from registrar_cli.terminal.suggestions import suggest

WAITING: Final = "waiting"  # no row: still on the queue, or never accepted

CORRECTED: Final = "corrected"  # its dead letter was sent on under another webinar or e-mail

COLOURS: Final = {
    Status.REGISTERED: "green",
    Status.PENDING_APPROVAL: "blue",
    Status.DEFERRED: "yellow",
    Status.REJECTED: "red",
    WAITING: "yellow",
    CORRECTED: "blue",
}


class Explanation(NamedTuple):
    """An explanation. `status` is the row's, `waiting` where there is none, or `corrected`."""

    status: str
    meaning: str
    action: str

    @property
    def colour(self) -> str:
        """Return rich's name of the status's colour."""
        return COLOURS.get(self.status, "white")


def explain(row: Row | None) -> Explanation:
    """Explain a row."""
    if row is None:
        return Explanation(
            WAITING,
            "No result yet: still on the queue, or never accepted.",
            f"Wait a minute and ask again; see `{suggest('watch')}` and `{suggest('failures')}`.",
        )
    match row.status:
        case Status.REGISTERED:
            return Explanation(row.status, "Registered. The join URL is this registrant's own.", "")
        case Status.PENDING_APPROVAL:
            return Explanation(row.status, "Zoom has the registration.", "The host must approve it in Zoom.")
        case Status.DEFERRED:
            text = reason_text(row.reason)
            return Explanation(row.status, f"Retried automatically. {text.meaning}", text.action)
        case Status.REJECTED:
            return _explain_rejected(row)
    return Explanation(
        row.status,
        "This version of the command does not know the status.",
        "Install it again.",
    )


def _explain_rejected(row: Row) -> Explanation:
    if row.corrected_to:
        return Explanation(
            CORRECTED,
            f"The submission was corrected and sent to webinar {row.corrected_to}.",
            f"Nothing here. Its row is in `{suggest(f'list {row.corrected_to}')}`.",
        )
    text = reason_text(row.reason)
    return Explanation(
        row.status,
        f"Not retried automatically. {text.meaning}",
        f"{text.action} The dead letter: `{suggest('failures')}`. If it was discarded, import with --again.",
    )


def as_json(key: Key, row: Row | None) -> dict[str, Any]:
    """Return the row under its own attribute names, with its explanation."""
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
