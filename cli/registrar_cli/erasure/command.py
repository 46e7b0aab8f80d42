"""`registrar forget`: a person is erased, wherever this stack holds something of him.

In: an e-mail. Out: rows, submissions and letters gone, a tombstone for what is still hidden on the queue; a list of
what was erased where, and of what cannot be.
"""

from dataclasses import dataclass
from typing import Annotated

import typer
from registrar.registrants.redaction import masked
from rich.console import Console

from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom_access import current_token, zoom_api
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.erasure.erasure import Erasure, canceller, is_in_zoom, is_of, may_be_in_zoom
from registrar_cli.erasure.suppression_list import SuppressionListWriter
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.formatting import plural, quantity
from registrar_cli.terminal.options import DEFAULT_STACK, FLAG, AsJson, DryRun, StackName, Yes, email_identity
from registrar_cli.terminal.totals import Totals

CANNOT = (
    "Letters that somebody else is looking at just now: run this again in five minutes. Sent back meanwhile they are"
    " dropped, but for those of a producer that tells no submitted_at.",
    "Whoever is in the consumer's hands this very moment may still be registered: run this again in five minutes.",
    "Backups: DynamoDB keeps every state of the tables for 35 days (point-in-time recovery).",
    "Logs hold no e-mail in full; they end with LogRetentionDays.",
    "Files that were imported or exported, on whatever machine; what `registrar import` notes there: hashes, for two"
    " months.",
)
NOT_AT_ZOOM = "Zoom: the registration stands. Cancel it there, or run this with --cancel-at-zoom."
MAYBE_AT_ZOOM = "Zoom: an answer was lost, and there may be a registration. Look there."

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Whom to forget.")]
AtZoom = Annotated[bool, typer.Option("--cancel-at-zoom", metavar=FLAG, help="Cancel the registrations at Zoom first.")]


@dataclass
class Erased:
    """How many, where."""

    rows: int = 0
    submissions: int = 0
    dead_letters: int = 0
    cancelled: int = 0
    suppressed: bool = False


def forget(
    email: Email,
    cancel_at_zoom: AtZoom = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Erase a person from tables and dead letters, and have whatever is still on the queue dropped. Asks first.

    A form sent after this command is a new one, and is registered; `registrar import` leaves this person out for 14
    days. Reads whole tables: minutes, if they are large.

    Example: `registrar forget ada@example.com --cancel-at-zoom`
    """
    identity = email_identity(email)
    session = Session.open(stack, as_json)
    queue, registrants = DeadLetters.of(session), RegistrantRows.of(session)
    rows, submissions = registrants.with_email(identity), registrants.submissions_of(identity)
    in_zoom, is_in_doubt = sum(is_in_zoom(row) for _, row in rows), any(may_be_in_zoom(row) for _, row in rows)
    with queue.peek() as dead_letters:
        own = [dead_letter for dead_letter in dead_letters if is_of(dead_letter, identity)]
        erased = Erased(len(rows), len(submissions), len(own), in_zoom if cancel_at_zoom else 0)
        if not dry_run:
            session.output.confirm(f"Erase {masked(identity)}: {_summary(erased)}? This cannot be undone.", yes)
            erasure = Erasure(
                registrants, canceller(zoom_api(session, current_token(session))) if cancel_at_zoom else None
            )
            SuppressionListWriter.of(session).add(identity)
            # Read once more: while the question stood, he may have been registered, or have sent the form again.
            erasure.erase(registrants.with_email(identity))
            submissions, in_zoom = registrants.submissions_of(identity), erasure.in_zoom
            for submission_id in submissions:
                registrants.delete_submission(submission_id)
            deleted = queue.delete(own)
            erased = Erased(erasure.rows, len(submissions), deleted, in_zoom if cancel_at_zoom else 0, suppressed=True)
    at_zoom = NOT_AT_ZOOM if in_zoom and not cancel_at_zoom else MAYBE_AT_ZOOM if is_in_doubt else None
    cannot = [*CANNOT, *([at_zoom] if at_zoom else [])]
    result = {"dry_run": dry_run, **vars(erased), "cannot_be_erased": cannot}
    session.output.print_result(result, lambda console: _show(console, erased, cannot, dry_run))


def _summary(erased: Erased) -> str:
    parts = [
        quantity(erased.rows, "row"),
        quantity(erased.submissions, "submission"),
        quantity(erased.dead_letters, "dead letter"),
    ]
    if erased.cancelled:
        parts.append(f"{quantity(erased.cancelled, 'registration')} at Zoom")
    return ", ".join(parts)


def _show(console: Console, erased: Erased, cannot: list[str], dry_run: bool) -> None:
    done, left = Totals(), Totals()
    done.count(erased.rows, f"{plural(erased.rows, 'row')} of RegistrantTable")
    done.count(erased.submissions, f"{plural(erased.submissions, 'row')} of SubmissionTable")
    done.count(erased.dead_letters, plural(erased.dead_letters, "dead letter"))
    done.count(erased.cancelled, f"{plural(erased.cancelled, 'registration')} cancelled at Zoom")
    if erased.suppressed:
        done.note("marked for 14 days: whatever is still on the queue is dropped when it comes", style="", sign="✓")
    for words in cannot:
        left.note(words, style="", sign="·")
    console.print("[bold]Would be erased[/]" if dry_run else "[bold]Erased[/]", done.table)
    console.print("[bold]What cannot be erased from here[/]", left.table)
