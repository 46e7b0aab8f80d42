"""`registrar retry`: dead letters go back to the queue, after somebody has mended the cause.

In: which letters; or a corrected list of them. Out: messages on RegistrationQueue, letters gone. All at once go by
SQS's own move task; chosen ones are sent first and deleted then, so that nobody is lost in between. Whoever is
registered by then is acknowledged without a call: nobody is doubled.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from registrar_cli.clients.queue_sender import QueueSender
from registrar_cli.clients.session import Session
from registrar_cli.csv_files.options import content_of
from registrar_cli.csv_files.reader import Reject
from registrar_cli.csv_files.rejects import write_rejects
from registrar_cli.dead_letters.corrections import read_corrections
from registrar_cli.dead_letters.move_task import NoMoveTasks, move_all
from registrar_cli.dead_letters.queue import Letter
from registrar_cli.dead_letters.resend import Sent, send_then_delete
from registrar_cli.dead_letters.selection import Selection, chosen
from registrar_cli.dead_letters.unseen import tell_unseen
from registrar_cli.dead_letters.work_list import grouped
from registrar_cli.terminal.errors import Exit, WrongInput
from registrar_cli.terminal.options import (
    DEFAULT_STACK,
    AsJson,
    DryRun,
    EmailOption,
    ReasonOption,
    StackName,
    WebinarOption,
)
from registrar_cli.terminal.totals import Tally

Corrected = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, metavar="FILE.csv", help="A corrected list from `failures --csv`."),
]


def retry(
    reason: ReasonOption = None,
    webinar: WebinarOption = None,
    email: EmailOption = None,
    corrected: Corrected = None,
    dry_run: DryRun = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Send dead letters back to be tried again: all, or those of a reason, a webinar, a person, a corrected list.

    Mend the cause first (`registrar failures` says how). Nobody is registered twice, even if this is killed on its way:
    a letter is deleted after its message was sent, and whoever is registered is acknowledged without a call. With
    --webinar, lines of a corrected list that name another webinar are rejected.

    Exit code 0: all are on their way. 3: some could not be sent, or letters are there that cannot be seen just now.

    Example: `registrar retry --reason webinar_full --webinar 97871060099`
    """
    session, selection = Session.open(stack, as_json), Selection.of(reason, webinar, email)
    if corrected is not None:
        if reason or email:
            raise WrongInput("--corrected names its people itself.", "Leave out --reason and --email.")
        raise typer.Exit(_retry_corrected(session, corrected, selection.webinar, dry_run))
    if selection.is_all and not dry_run:
        try:
            answer = move_all(session.sqs, session.stack.dead_letter_url, session.stack.queue_url, session.output.note)
        except NoMoveTasks:
            session.output.note("This endpoint has no move task: the letters are sent one by one.")
        else:
            session.output.answer(answer, lambda console: _show_moved(console, answer))
            raise typer.Exit(Exit.IN_PART if answer["hidden"] else Exit.FINE)
    raise typer.Exit(_retry_chosen(session, selection, dry_run))


def _retry_chosen(session: Session, selection: Selection, dry_run: bool) -> Exit:
    with session.letters.looked_at() as letters:
        rows = session.people.read({letter.key for letter in letters if letter.key})
        choice = chosen(letters, selection, rows)
        older: dict[object, list[Letter]] = {}
        for letter in choice.more:
            older.setdefault(letter.key, []).append(letter)
        outgoing = [Sent([letter, *older.get(letter.key, [])], letter.body, letter.group_id) for letter in choice.work]
        failed = 0 if dry_run else _send(session, outgoing)
        if not dry_run:
            session.letters.delete(choice.done)
    answer = {
        "dry_run": dry_run,
        "would_be_sent" if dry_run else "sent": len(outgoing) - failed,
        "failed": failed,
        "hidden": session.letters.hidden,
        "registered_since": len(choice.done),
        "by_reason": {group.reason: len(group.letters) for group in grouped(choice.work)},
    }
    session.output.answer(answer, lambda console: _show(console, answer, []))
    return Exit.IN_PART if failed or answer["hidden"] else Exit.FINE


def _retry_corrected(session: Session, file: Path, webinar: str | None, dry_run: bool) -> Exit:
    content = content_of(file)
    with session.letters.looked_at() as letters:
        layout, corrections, rejects = read_corrections(content, letters, webinar)
        outgoing = [
            Sent([one.letter, *one.others], one.registrant.to_message(), one.registrant.key.webinar_id)
            for one in corrections
        ]
        failed = 0 if dry_run else _send(session, outgoing)
    written = write_rejects(file, layout, rejects) if rejects and not dry_run else None
    answer = {
        "dry_run": dry_run,
        "would_be_sent" if dry_run else "sent": len(outgoing) - failed,
        "failed": failed,
        "hidden": session.letters.hidden,
        "rejects": [{"line": reject.line, "reason": reject.reason} for reject in rejects],
        "rejects_file": str(written) if written else None,
    }
    session.output.answer(answer, lambda console: _show(console, answer, rejects))
    return Exit.IN_PART if failed or rejects or answer["hidden"] else Exit.FINE


def _send(session: Session, outgoing: Sequence[Sent]) -> int:
    """Returns how many were refused."""
    sender = QueueSender(session.sqs, session.stack.queue_url)
    with session.output.progress() as progress:
        bar = progress.add_task("sending back", total=len(outgoing))
        return send_then_delete(sender, session.letters, outgoing, lambda number: progress.advance(bar, number))


def _show(console: Console, answer: dict[str, Any], rejects: Sequence[Reject]) -> None:
    tally, dry_run = Tally(), answer["dry_run"]
    number = answer["would_be_sent"] if dry_run else answer["sent"]
    tally.count(number, "would be sent back" if dry_run else "sent back", "bold green")
    for reason, count in answer.get("by_reason", {}).items():
        tally.count(count, f"of them {reason}", "dim")
    if answer.get("registered_since"):
        done = "would be cleared away" if dry_run else "cleared away"
        tally.count(answer["registered_since"], f"registered since: {done}")
    if answer["failed"]:
        tally.count(answer["failed"], "not taken by the queue; they are still here: run this again", "bold red")
    for reject in rejects:
        tally.note(f"line {reject.line:,}: {reject.reason}", style="red")
    if answer.get("rejects_file"):
        tally.note(f"correct {answer['rejects_file']}, and use it as --corrected", style="bold")
    if number and not dry_run:
        tally.note(_WHAT_NEXT)
    console.print(tally.table)
    tell_unseen(console, answer["hidden"])


def _show_moved(console: Console, answer: dict[str, Any]) -> None:
    tally = Tally()
    tally.count(answer["letters"], "are sent back by SQS, up to 500 a second", "bold green")
    if answer["letters"]:
        tally.note(_WHAT_NEXT)
    console.print(tally.table)
    tell_unseen(console, answer["hidden"])


_WHAT_NEXT = "See what becomes of them: registrar watch, then registrar failures"
