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
from registrar_cli.clients.zoom_access import token_of, zoom_of
from registrar_cli.erasure.erasure import Erasure, canceller, is_in_zoom, is_of, may_be_in_zoom
from registrar_cli.erasure.suppression_list import Tombstones
from registrar_cli.terminal.formatting import many, of
from registrar_cli.terminal.options import DEFAULT_STACK, FLAG, AsJson, DryRun, StackName, Yes, identity_of_person
from registrar_cli.terminal.totals import Tally

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

Person_ = Annotated[str, typer.Argument(metavar="EMAIL", help="Whom to forget.")]
AtZoom = Annotated[bool, typer.Option("--cancel-at-zoom", metavar=FLAG, help="Cancel the registrations at Zoom first.")]


@dataclass
class Erased:
    """How many, where."""

    rows: int = 0
    submissions: int = 0
    letters: int = 0
    cancelled: int = 0
    tombstone: bool = False


def forget(
    email: Person_,
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
    identity = identity_of_person(email)
    session = Session.open(stack, as_json)
    people = session.people
    rows, submissions = people.everywhere(identity), people.submissions_of(identity)
    in_zoom, is_in_doubt = sum(is_in_zoom(row) for _, row in rows), any(may_be_in_zoom(row) for _, row in rows)
    with session.letters.looked_at() as letters:
        his = [letter for letter in letters if is_of(letter, identity)]
        erased = Erased(len(rows), len(submissions), len(his), in_zoom if cancel_at_zoom else 0)
        if not dry_run:
            session.output.confirm(f"Erase {masked(identity)}: {_told(erased)}? This cannot be undone.", yes)
            erasure = Erasure(people, canceller(zoom_of(session, token_of(session))) if cancel_at_zoom else None)
            Tombstones(session.dynamodb, session.stack.resource("AccountTable")).add(identity)
            # Read once more: while the question stood, he may have been registered, or have sent the form again.
            erasure.erase(people.everywhere(identity))
            submissions, in_zoom = people.submissions_of(identity), erasure.in_zoom
            for submission_id in submissions:
                people.erase_submission(submission_id)
            gone = session.letters.delete(his)
            erased = Erased(erasure.rows, len(submissions), gone, in_zoom if cancel_at_zoom else 0, tombstone=True)
    at_zoom = NOT_AT_ZOOM if in_zoom and not cancel_at_zoom else MAYBE_AT_ZOOM if is_in_doubt else None
    cannot = [*CANNOT, *([at_zoom] if at_zoom else [])]
    answer = {"dry_run": dry_run, **vars(erased), "cannot_be_erased": cannot}
    session.output.answer(answer, lambda console: _show(console, erased, cannot, dry_run))


def _told(erased: Erased) -> str:
    told = [many(erased.rows, "row"), many(erased.submissions, "submission"), many(erased.letters, "dead letter")]
    if erased.cancelled:
        told.append(f"{many(erased.cancelled, 'registration')} at Zoom")
    return ", ".join(told)


def _show(console: Console, erased: Erased, cannot: list[str], dry_run: bool) -> None:
    done, left = Tally(), Tally()
    done.count(erased.rows, f"{of(erased.rows, 'row')} of RegistrantTable")
    done.count(erased.submissions, f"{of(erased.submissions, 'row')} of SubmissionTable")
    done.count(erased.letters, of(erased.letters, "dead letter"))
    done.count(erased.cancelled, f"{of(erased.cancelled, 'registration')} cancelled at Zoom")
    if erased.tombstone:
        done.note("marked for 14 days: whatever is still on the queue is dropped when it comes", style="", sign="✓")
    for words in cannot:
        left.note(words, style="", sign="·")
    console.print("[bold]Would be erased[/]" if dry_run else "[bold]Erased[/]", done.table)
    console.print("[bold]What cannot be erased from here[/]", left.table)
