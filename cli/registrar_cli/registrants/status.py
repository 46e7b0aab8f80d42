"""`registrar status`: show whether a registrant is registered; if not, why, and what to do."""

import uuid
from typing import Annotated

import typer
from registrar.registrants.redaction import masked
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registrar_cli.clients.pause_flag import paused_since
from registrar_cli.clients.session import Session
from registrar_cli.registrants.explanation import as_json as registrant_as_json
from registrar_cli.registrants.explanation import explain
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit, NotFound, WrongInput
from registrar_cli.terminal.options import (
    DEFAULT_STACK,
    AsJson,
    StackName,
    WebinarOption,
    email_identity,
    parse_webinar,
)

Query = Annotated[str, typer.Argument(metavar="EMAIL|SUBMISSION", help="E-mail, or submission id from the form.")]
LABEL_CHARACTERS = 11
Found = list[tuple[Key, Row | None]]


def status(
    who: Query, webinar: WebinarOption = None, stack: StackName = DEFAULT_STACK, as_json: AsJson = False
) -> None:
    """Show whether a registrant is registered; if not, why, and what to do.

    Without --webinar, an e-mail is searched for in all webinars, which reads the whole table.

    Exit code 0: registered. 3: not registered (yet). 5: not found.

    Example: `registrar status ada@example.com --webinar 97871060099`
    """
    session = Session.open(stack, as_json)
    found = find(RegistrantRows.of(session), who, webinar)
    session.output.print_result(
        [registrant_as_json(key, row) for key, row in found], lambda console: _show(console, found)
    )
    registered = all(row is not None and row.status == Status.REGISTERED for _, row in found)
    if not registered and (since := paused_since(session)):
        session.output.note(
            f"Sending is paused since {since}: no registrant is sent to Zoom. To go on: registrar resume"
        )
    raise typer.Exit(Exit.OK if registered else Exit.NEGATIVE)


def find(registrants: RegistrantRows, who: str, webinar: str | None) -> Found:
    """Return the matching rows; a submission that has no row yet matches too.

    Raises:
        NotFound: no row or submission matches.
        WrongInput: `who` is neither an e-mail nor a submission id.
    """
    if "@" not in who:
        return [_submitted(registrants, who)]
    email = email_identity(who)
    if webinar is None:
        found: Found = [*registrants.with_email(email)]
        if not found:
            raise NotFound(
                f"{masked(email)} has no row in any webinar.",
                "Still on the queue (`registrar watch`), or never accepted: look it up by submission id.",
            )
        return found
    key = Key(parse_webinar(webinar), email)
    row = registrants.read([key]).get(key)
    if row is None:
        raise NotFound(
            f"{masked(email)} has no row for webinar {key.webinar_id}.",
            "Still on the queue (`registrar watch`), or never accepted: look it up by submission id, or import it.",
        )
    return [(key, row)]


def _submitted(registrants: RegistrantRows, submission_id: str) -> tuple[Key, Row | None]:
    try:
        uuid.UUID(submission_id)
    except ValueError:
        raise WrongInput(
            "This is neither an e-mail nor a submission id.",
            "The form returned a submission id such as 0b0c2c5e-8d1f-4f0a-9a53-0d7b5b7a1c11.",
        ) from None
    submission = registrants.submission(submission_id)
    if submission is None:
        to_do = "Submissions are kept for 30 days; look it up by e-mail and --webinar."
        raise NotFound("No submission has this id.", to_do)
    key = Key(submission["webinar_id"], submission["email"])
    return key, registrants.read([key]).get(key)


def _show(console: Console, found: Found) -> None:
    for key, row in found:
        explanation = explain(row)
        console.print(Text.assemble((f"● {explanation.status}", f"bold {explanation.colour}"), f"  {key.email}"))
        facts = Table.grid(padding=(0, 1))
        for name, value in _facts(key, row):
            facts.add_row(Text(f"  {name:<{LABEL_CHARACTERS}}", style="dim"), Text(value))
        console.print(facts)
        if row is not None and row.join_url:
            # Outside the table, so that it stays on one line and can be copied.
            console.print(Text.assemble((f"  {'join URL':<{LABEL_CHARACTERS}} ", "dim"), row.join_url), soft_wrap=True)


def _facts(key: Key, row: Row | None) -> list[tuple[str, str]]:
    explanation = explain(row)
    facts: list[tuple[str, str | None]] = [("webinar", key.webinar_id), ("means", explanation.meaning)]
    if row is not None:
        facts += [
            ("reason", row.reason),
            ("detail", row.detail),
            ("registered", row.registered_at),
            ("next try", row.deferred_until),
            ("attempts", f"{row.attempts} on {row.attempts_on}" if row.attempts else None),
            ("submission", row.submission_id),
            ("tracking id", row.zoom_tracking_id if row.status != Status.REGISTERED else None),
        ]
    return [(name, value) for name, value in [*facts, ("do", explanation.action)] if value]
