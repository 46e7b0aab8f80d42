"""`registrar forget`: erase a person from all that this stack stores.

It deletes rows, submissions and dead letters, adds the person to the suppression list for messages still on the queue,
and lists what it cannot erase.
"""

from dataclasses import dataclass
from typing import Annotated

import typer
from registrar.registrants.redaction import masked
from rich.console import Console
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom_access import current_token, zoom_api
from registrar_cli.dead_letters.person import is_of
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.erasure.erasure import Erasure, canceller, is_in_zoom, may_be_in_zoom
from registrar_cli.erasure.suppression_list import SuppressionListWriter
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit
from registrar_cli.terminal.formatting import plural, quantity
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, DryRun, StackName, Yes, email_identity
from registrar_cli.terminal.totals import Totals

CANNOT = (
    "Dead letters that another process is reading: run this command again in five minutes. If they are sent back"
    " meanwhile, the consumer drops them, unless their producer set no submitted_at.",
    "A message being processed right now may still be registered. Run this command again in five minutes.",
    "Backups: DynamoDB keeps every state of the tables for 35 days (point-in-time recovery).",
    "Logs: they hold no full e-mail, and expire after LogRetentionDays.",
    "Files that were imported or exported on any machine, and the hashes that `registrar import` keeps for two months.",
)
NOT_AT_ZOOM = "Zoom: the registration remains. Cancel it there, or run this command with --cancel-at-zoom."
MAYBE_AT_ZOOM = "Zoom: a reply was lost, so there may be a registration. Check there."

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="E-mail of the person to erase.")]
AtZoom = Annotated[bool, typer.Option("--cancel-at-zoom", help="First cancel the registrations at Zoom.")]


@dataclass
class Erased:
    """Numbers of what was erased, by place."""

    rows: int = 0
    submissions: int = 0
    dead_letters: int = 0
    cancelled: int = 0
    suppressed: bool = False

    @property
    def is_anything(self) -> bool:
        """Return whether anything is stored of the person."""
        return bool(self.rows or self.submissions or self.dead_letters)


def forget(
    email: Email,
    cancel_at_zoom: AtZoom = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Erase a person from tables and dead letters, and drop their messages still on the queue. Asks first.

    A form sent after this command is a new submission, and is registered. `registrar import` skips the person for
    14 days. This command reads whole tables, which takes minutes if they are large.

    Exit code 0: all that is stored of the person is erased. 5: nothing is stored; their messages still on the queue are
    dropped all the same.

    Example: `registrar forget ada@example.com --cancel-at-zoom`
    """
    identity = email_identity(email)
    session = Session.open(stack, as_json)
    queue, registrants = DeadLetters.of(session), RegistrantRows.of(session)
    rows, submissions = registrants.with_email(identity), registrants.submissions_of(identity)
    in_zoom, maybe_in_zoom = sum(is_in_zoom(row) for _, row in rows), any(may_be_in_zoom(row) for _, row in rows)
    with queue.peek() as dead_letters:
        own = [one for one in dead_letters if is_of(one, identity)]
        erased = Erased(len(rows), len(submissions), len(own), in_zoom if cancel_at_zoom else 0)
        if not dry_run:
            session.output.confirm(_question(masked(identity), erased), yes)
            erasure = Erasure(
                registrants, canceller(zoom_api(session, current_token(session))) if cancel_at_zoom else None
            )
            SuppressionListWriter.of(session).add(identity)
            # Read again: during the question, the person may have been registered, or have sent the form again.
            erasure.erase(registrants.with_email(identity))
            submissions, in_zoom = registrants.submissions_of(identity), erasure.in_zoom
            for submission_id in submissions:
                registrants.delete_submission(submission_id)
            deleted = queue.delete(own)
            erased = Erased(erasure.rows, len(submissions), deleted, in_zoom if cancel_at_zoom else 0, suppressed=True)
    at_zoom = NOT_AT_ZOOM if in_zoom and not cancel_at_zoom else MAYBE_AT_ZOOM if maybe_in_zoom else None
    cannot = [*CANNOT, *([at_zoom] if at_zoom else [])]
    result = {"dry_run": dry_run, **vars(erased), "cannot_be_erased": cannot}
    session.output.print_result(result, lambda console: _show(console, masked(identity), erased, cannot, dry_run))
    raise typer.Exit(Exit.OK if erased.is_anything else Exit.NOT_FOUND)


def _question(person: str, erased: Erased) -> str:
    if not erased.is_anything:
        return f"Nothing is stored of {person}. Drop their messages that may still be on the queue?"
    return f"Erase {person}: {_summary(erased)}? This cannot be undone."


def _summary(erased: Erased) -> str:
    parts = [
        quantity(erased.rows, "row"),
        quantity(erased.submissions, "submission"),
        quantity(erased.dead_letters, "dead letter"),
    ]
    if erased.cancelled:
        parts.append(f"{quantity(erased.cancelled, 'registration')} at Zoom")
    return ", ".join(parts)


def _show(console: Console, person: str, erased: Erased, cannot: list[str], dry_run: bool) -> None:
    done, left = Totals(), Totals()
    if erased.is_anything:
        done.count(erased.rows, f"{plural(erased.rows, 'row')} of RegistrantTable")
        done.count(erased.submissions, f"{plural(erased.submissions, 'row')} of SubmissionTable")
        done.count(erased.dead_letters, plural(erased.dead_letters, "dead letter"))
        done.count(erased.cancelled, f"{plural(erased.cancelled, 'registration')} cancelled at Zoom")
    if erased.suppressed:
        done.note("suppressed for 14 days: messages still on the queue are dropped", style="", sign="✓")
    for text in cannot:
        left.note(text, style="", sign="·")
    if erased.is_anything:
        console.print("[bold]Would be erased[/]" if dry_run else "[bold]Erased[/]", done.table)
    else:
        console.print(Text(f"Nothing is stored of {person}."), *([done.table] if erased.suppressed else []))
    console.print("[bold]Cannot be erased from here[/]", left.table)
