"""Format what `status` found for the screen: times are local there, and in UTC in JSON."""

import time
from collections.abc import Iterable, Sequence
from typing import Final

from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status, moment_of
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.registrants.explanation import explain
from registrar_cli.terminal.formatting import local_time

WEBINARS_ASKED: Final = 3  # at Zoom, one call each
_LABEL_CHARACTERS: Final = 11
_GETS_AN_EMAIL: Final = {Status.REGISTERED, Status.PENDING_APPROVAL}


def show(console: Console, session: Session, found: Sequence[tuple[Key, Row | None]]) -> None:
    """Print the rows; then, if they await an e-mail with a join URL, who sends it, for which Zoom is asked."""
    now = time.time()
    for key, row in found:
        explanation = explain(row)
        console.print(Text.assemble((f"● {explanation.status}", f"bold {explanation.colour}"), f"  {key.email}"))
        _print_facts(console, _facts(key, row, now))
        if row is not None and row.join_url:
            # On a line of its own, which only the terminal wraps: it is copied whole.
            _print_facts(console, [("join URL", "")])
            console.print(Text(row.join_url), soft_wrap=True)
    _print_senders(console, session, found)


def _print_senders(console: Console, session: Session, found: Sequence[tuple[Key, Row | None]]) -> None:
    from registrar_cli.clients.join_url_mail import (  # noqa: PLC0415 — with requests, which only this needs
        read_join_url_mail,
    )

    awaited = [key.webinar_id for key, row in found if row is not None and row.status in _GETS_AN_EMAIL]
    for webinar_id in list(dict.fromkeys(awaited))[:WEBINARS_ASKED]:
        mail = read_join_url_mail(session, webinar_id)
        what = f"webinar {webinar_id}: {mail.says}" if len(found) > 1 else mail.says[0].upper() + mail.says[1:]
        _print_facts(console, [("e-mail", f"{what}. {mail.to_do}")])


def _print_facts(console: Console, facts: Iterable[tuple[str, str]]) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(Text(f"  {name:<{_LABEL_CHARACTERS}}", style="dim"), Text(value))
    console.print(table)


def _facts(key: Key, row: Row | None, now: float) -> list[tuple[str, str]]:
    explanation = explain(row)
    facts: list[tuple[str, str | None]] = [("webinar", key.webinar_id), ("means", explanation.meaning)]
    if row is not None:
        facts += [
            ("reason", row.reason),
            ("detail", row.detail),
            ("registered", _local(row.registered_at, now)),
            ("next try", _due(row.deferred_until, now)),
            ("attempts", f"{row.attempts} on {row.attempts_on} (UTC)" if row.attempts else None),
            ("submission", row.submission_id),
            ("tracking id", row.zoom_tracking_id if row.status != Status.REGISTERED else None),
        ]
    return [(name, value) for name, value in [*facts, ("do", explanation.action)] if value]


def _due(timestamp: str | None, now: float) -> str | None:
    """Return when the next try is, which may be a moment ago: the message is received soon."""
    moment, shown = moment_of(timestamp), _local(timestamp, now)
    return shown if moment is None or moment > now else f"due since {shown}"


def _local(timestamp: str | None, now: float) -> str | None:
    moment = moment_of(timestamp)
    return None if moment is None else local_time(moment, now)
