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

from registrar_cli.clients.session import Session
from registrar_cli.registrants.explanation import CORRECTED, WAITING, explain
from registrar_cli.registrants.explanation import as_json as registrant_as_json
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
from registrar_cli.terminal.suggestions import suggest

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
    found = sorted(find(RegistrantRows.of(session), who, webinar), key=_rank)
    session.output.print_result(
        [registrant_as_json(key, row) for key, row in found], lambda console: _show(console, found)
    )
    statuses = {explain(row).status for _, row in found}
    raise typer.Exit(Exit.OK if statuses <= {Status.REGISTERED, CORRECTED} else Exit.NEGATIVE)


def _rank(registrant: tuple[Key, Row | None]) -> int:
    """Return where a row belongs on the screen: the registered ones first, those that are history last."""
    order: list[str] = [Status.REGISTERED, Status.PENDING_APPROVAL, Status.DEFERRED, WAITING, Status.REJECTED]
    status = explain(registrant[1]).status
    return order.index(status) if status in order else len(order)


def find(registrants: RegistrantRows, who: str, webinar: str | None) -> Found:
    """Return the matching rows; a submission that has no row yet matches too.

    Raises:
        NotFound: no row or submission matches.
        WrongInput: `who` is neither an e-mail nor a submission id.
    """
    if "@" not in who:
        return _submitted(registrants, who)
    email = email_identity(who)
    if webinar is None:
        found: Found = [*registrants.with_email(email)]
        if not found:
            raise NotFound(
                f"{masked(email)} has no row in any webinar.",
                f"Still on the queue (`{suggest('watch')}`), or never accepted: look it up by submission id.",
            )
        return found
    key = Key(parse_webinar(webinar), email)
    row = registrants.read([key]).get(key)
    if row is None:
        raise NotFound(
            f"{masked(email)} has no row for webinar {key.webinar_id}.",
            f"Still on the queue (`{suggest('watch')}`), or never accepted: look it up by submission id, or import it.",
        )
    return _with_correction(registrants, key, row)


def _submitted(registrants: RegistrantRows, typed: str) -> Found:
    try:
        submission_id = str(uuid.UUID(typed))  # as it is stored, also if it was copied in capitals
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
    return _with_correction(registrants, key, registrants.read([key]).get(key))


def _with_correction(registrants: RegistrantRows, key: Key, row: Row | None) -> Found:
    """Return the row, and the one in the webinar to which its dead letter was sent."""
    if row is None or row.corrected_to in {None, key.webinar_id}:
        return [(key, row)]
    corrected = Key(row.corrected_to, key.email)
    return [(key, row), (corrected, registrants.read([corrected]).get(corrected))]


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
