"""`registrar failures`: show who is not registered as a work list: reason, count, meaning, and what to do.

First the dead letters, which wait for the operator, then the deferred registrants, who are retried automatically.
"""

import time
from pathlib import Path
from typing import Annotated

import typer

from registrar_cli.clients.pause_flag import note_pause
from registrar_cli.clients.session import Session
from registrar_cli.csv_files.options import Delimiter, parse_delimiter
from registrar_cli.csv_files.writer import STANDARD_OUTPUT, write
from registrar_cli.dead_letters.failures.screen import Screen, Waiting
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.dead_letters.selection import Choice, Selection, choose
from registrar_cli.dead_letters.work_list import CSV_HEADER, csv_row, group_by_reason
from registrar_cli.dead_letters.work_list import as_json as group_as_json
from registrar_cli.operations.queue_depths import QueueDepths
from registrar_cli.registrants.deferrals import group_deferred
from registrar_cli.registrants.table import KeyedRow, RegistrantRows
from registrar_cli.terminal.errors import Exit, WrongInput
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import (
    DEFAULT_STACK,
    AsJson,
    EmailOption,
    ReasonOption,
    StackName,
    WebinarOption,
)
from registrar_cli.terminal.suggestions import suggest

ToFile = Annotated[
    Path | None,
    typer.Option("--csv", metavar="OUT.csv", help="Write a file to correct, for `retry --corrected`."),
]
ListRegistrants = Annotated[bool, typer.Option("--registrants", help="List every registrant, with full e-mails.")]


def failures(
    reason: ReasonOption = None,
    webinar: WebinarOption = None,
    email: EmailOption = None,
    registrants: ListRegistrants = False,
    csv: ToFile = None,
    delimiter: Delimiter = None,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Show who is not registered, grouped by reason, with what to do.

    First the dead letters, which are not retried until you do something, then the deferred registrants, who are retried
    automatically. Registrants who are registered since are left out. For the seconds it takes, other programs cannot
    see the dead letters. If messages are waiting, it reads the rows of the webinar; without --webinar the whole table.

    Exit code 0: no dead letters are waiting; deferred registrants may be. 3: some are waiting, or not visible.

    Example: `registrar failures --webinar 97871060099 --csv work.csv`
    """
    if as_json and csv == STANDARD_OUTPUT:
        raise WrongInput("--json and --csv - both write to standard output.", "Name a file for --csv, or omit one.")
    selection, sign = Selection.of(reason, webinar, email), parse_delimiter(delimiter)
    session = Session.open(stack, as_json)
    choice, not_visible = _peek(session, selection)
    waiting = _waiting(session, selection, choice)
    groups = group_by_reason(choice.to_handle)
    if csv is not None:
        write(csv, CSV_HEADER, (csv_row(dead_letter) for group in groups for dead_letter in group.dead_letters), sign)
    result = {
        "dead_letters": len(choice.to_handle),
        "registered_since": len(choice.registered),
        "older_dead_letters": len(choice.older),
        "hidden": not_visible,
        "groups": [group_as_json(group) for group in groups],
        "waiting_messages": waiting.messages,
        "deferred": [deferral.as_json() for deferral in waiting.deferrals],
    }
    if csv != STANDARD_OUTPUT:
        session.output.print_result(
            result,
            lambda console: Screen(console, selection, registrants, time.time()).show(
                groups, choice, not_visible, waiting
            ),
        )
        if csv is not None:
            count = quantity(len(choice.to_handle), "dead letter")
            session.output.note(f"{count} written to {csv}. Correct it, then: {suggest(f'retry --corrected {csv}')}")
        if waiting.messages:
            note_pause(session)
    raise typer.Exit(Exit.NEGATIVE if choice.to_handle or not_visible else Exit.OK)


def _peek(session: Session, selection: Selection) -> tuple[Choice, int]:
    """Return the selected dead letters, visible again, and how many were not visible."""
    queue = DeadLetters.of(session)
    with session.output.progress() as progress:
        bar = progress.add_task("reading dead letters", total=queue.count() or None)
        with queue.peek(lambda number: progress.advance(bar, number)) as dead_letters:
            rows = RegistrantRows.of(session).read({one.key for one in dead_letters if one.key})
    return choose(dead_letters, selection, rows), queue.not_visible


def _waiting(session: Session, selection: Selection, choice: Choice) -> Waiting:
    """Return what is on the queue. Without messages no registrant waits, and no row need be read."""
    messages = QueueDepths.of(session).now().waiting
    if not messages:
        return Waiting(0, ())
    # A row may still say deferred after SQS moved its message to the dead-letter queue.
    has_dead_letter = {one.key for one in choice.to_handle}
    rows = RegistrantRows.of(session).deferred(selection.webinar)
    deferred = (one for one in rows if one[0] not in has_dead_letter and _is_selected(one, selection))
    with session.output.progress() as progress:
        progress.add_task(
            "reading the rows of all webinars" if selection.webinar is None else "reading rows", total=None
        )
        return Waiting(messages, group_deferred(deferred))


def _is_selected(registrant: KeyedRow, selection: Selection) -> bool:
    key, row = registrant
    return (not selection.reasons or row.reason in selection.reasons) and (
        not selection.emails or key.email in selection.emails
    )
