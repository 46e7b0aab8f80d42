"""`registrar list`: list a webinar's registrants with their status."""

import time
from collections import Counter
from typing import Annotated

import typer
from registrar.registrants.row import Row, Status, moment_of
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.registrants.deferrals import next_try
from registrar_cli.registrants.explanation import COLOURS, explain
from registrar_cli.registrants.explanation import as_json as registrant_as_json
from registrar_cli.registrants.table import KeyedRow, RegistrantRows
from registrar_cli.terminal.formatting import local_time
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName, Webinar, parse_webinar
from registrar_cli.terminal.reasons import reason_text
from registrar_cli.terminal.suggestions import suggest
from registrar_cli.terminal.totals import Totals

OnlyStatus = Annotated[
    Status | None,
    typer.Option("--status", "-s", metavar="STATUS", help=f"Only this status: {', '.join(Status)}."),
]
Limit = Annotated[int, typer.Option(min=0, metavar="ROWS", help="Rows to show; 0 shows all. JSON always has all.")]


def list_registrants(
    webinar: Webinar,
    status: OnlyStatus = None,
    limit: Limit = 100,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """List a webinar's registrants, with status and reason.

    Example: `registrar list 97871060099 --status rejected`
    """
    session, webinar_id = Session.open(stack, as_json), parse_webinar(webinar)
    registrants = list(RegistrantRows.of(session).of_webinar(webinar_id, status))
    status_counts = Counter(explain(row).status for _, row in registrants)
    result = {
        "webinar_id": webinar_id,
        "sums": dict(status_counts),
        "registrants": [registrant_as_json(*registrant) for registrant in registrants],
    }
    session.output.print_result(
        result, lambda console: _show(console, registrants, status_counts, limit or len(registrants))
    )


def _show(console: Console, registrants: list[KeyedRow], status_counts: Counter[str], limit: int) -> None:
    if not registrants:
        text = f"No registrants. A submission or import gets its row once it is processed: {suggest('watch')}"
        console.print(Text(text))
        return
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("e-mail", "name", "status", "since, next try, or reason"):
        table.add_column(column, overflow="fold" if column != "name" else "ellipsis")
    now = time.time()
    for key, row in registrants[:limit]:
        name = " ".join(part for part in (row.first_name, row.last_name) if part)
        table.add_row(
            *(Text(key.email), Text(name), Text(explain(row).status, style=explain(row).colour)),
            Text(_since_or_why(row, now), style="dim"),
        )
    console.print(table)
    if len(registrants) > limit:
        export = suggest(f"export {registrants[0][0].webinar_id} -o out.csv")
        console.print(Text(f"… and {len(registrants) - limit:,} more: --limit 0, or {export}", style="dim"))
    console.print(
        Text("  ").join(
            Text(f"{number:,} {status}", style=COLOURS.get(status, "")) for status, number in status_counts.items()
        )
    )
    _explain_reasons(console, registrants)


def _since_or_why(row: Row, now: float) -> str:
    if row.corrected_to:
        return f"to webinar {row.corrected_to}"
    if row.status == Status.DEFERRED and row.deferred_until:
        due = next_try(moment_of(row.deferred_until) or now, now)
        return f"{due} ({_words(row.reason)})" if row.reason else due
    why = ": ".join(part for part in (_words(row.reason), row.detail) if part)
    since = moment_of(row.registered_at or row.updated_at)
    return why or ("" if since is None else local_time(since, now))


def _words(reason: str | None) -> str:
    """Return `webinar full` for `webinar_full`, which the lines below the table explain."""
    return (reason or "").replace("_", " ")


def _explain_reasons(console: Console, registrants: list[KeyedRow]) -> None:
    """Print what the reasons mean, each once."""
    numbers = Counter(row.reason for _, row in registrants if row.reason and not row.corrected_to)
    totals = Totals()
    for reason, number in numbers.most_common():
        totals.count(number, f"{reason}: {reason_text(reason).meaning}", "dim")
    console.print(totals.table)
