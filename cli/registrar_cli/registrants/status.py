"""`registrar status`: show whether a registrant is registered; if not, why, and what to do."""

import uuid
from typing import Annotated

import typer
from registrar.registrants.redaction import masked
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status
from registrar.storage.submission_table import Sent

from registrar_cli.clients.pause_flag import note_pause
from registrar_cli.clients.session import Session
from registrar_cli.registrants.explanation import CORRECTED, WAITING, explain
from registrar_cli.registrants.explanation import as_json as registrant_as_json
from registrar_cli.registrants.status_screen import show
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
Found = list[tuple[Key, Row | None]]


def status(
    who: Query, webinar: WebinarOption = None, stack: StackName = DEFAULT_STACK, as_json: AsJson = False
) -> None:
    """Show whether a registrant is registered; if not, why, and what to do.

    Without --webinar, an e-mail is searched for in all webinars, which reads the whole table. For registered and
    pending registrants it asks Zoom who e-mails the join URL.

    Exit code 0: registered. 3: not registered (yet). 5: not found.

    Example: `registrar status ada@example.com --webinar 97871060099`
    """
    session = Session.open(stack, as_json)
    try:
        found = sorted(find(RegistrantRows.of(session), who, webinar), key=_rank)
    except NotFound:
        note_pause(session)
        raise
    session.output.print_result(
        [registrant_as_json(key, row) for key, row in found], lambda console: show(console, session, found)
    )
    statuses = {explain(row).status for _, row in found}
    registered = statuses <= {Status.REGISTERED, CORRECTED}
    if not registered:
        note_pause(session)
    raise typer.Exit(Exit.OK if registered else Exit.NEGATIVE)


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
                f"{masked(email)} is not known in any webinar.",
                f"Still on the queue ({suggest('watch')}), never accepted, erased, or sent by a form and set aside "
                f"({suggest('failures --email EMAIL')}): look it up by submission id.",
            )
        return found
    key = Key(parse_webinar(webinar), email)
    row = registrants.read([key]).get(key)
    if row is None:
        raise NotFound(
            f"{masked(email)} is not known in webinar {key.webinar_id}.",
            f"Still on the queue ({suggest('watch')}), never accepted, or erased: look it up by submission id, or"
            " import it.",
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
    if Sent.SET_ASIDE in submission:
        to_do = f"Why, and what to do: {suggest('failures --reason unmapped_form')}"
        raise NotFound("A provider's form sent this submission, and it is set aside: it registers no one yet.", to_do)
    key = Key(submission["webinar_id"], submission["email"])
    return _with_correction(registrants, key, registrants.read([key]).get(key))


def _with_correction(registrants: RegistrantRows, key: Key, row: Row | None) -> Found:
    """Return the row, and the one in the webinar to which its dead letter was sent."""
    if row is None or row.corrected_to in {None, key.webinar_id}:
        return [(key, row)]
    corrected = Key(row.corrected_to, key.email)
    return [(key, row), (corrected, registrants.read([corrected]).get(corrected))]
