"""`registrar retry`: send dead letters back to the queue, after the cause is fixed.

All at once go by SQS's move task; selected ones are sent first and deleted after, so none is lost.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from registrar_cli.clients.queue_sender import QueueSender
from registrar_cli.clients.session import Session
from registrar_cli.csv_files.options import read_file
from registrar_cli.csv_files.reader import Reject
from registrar_cli.csv_files.rejects import write_rejects
from registrar_cli.dead_letters.corrections import read_corrections
from registrar_cli.dead_letters.queue import DeadLetter, DeadLetters
from registrar_cli.dead_letters.resend import (
    MoveTasksUnsupported,
    OutgoingDeadLetter,
    send_then_delete,
    start_move_task,
)
from registrar_cli.dead_letters.selection import Selection, choose
from registrar_cli.dead_letters.work_list import group_by_reason, print_not_visible
from registrar_cli.registrants.table import RegistrantRows
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
from registrar_cli.terminal.totals import Totals

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
    """Send dead letters back to be tried again: all, or by reason, webinar or e-mail, or a corrected list.

    Fix the cause first: `registrar failures` says how. No registrant is registered twice, even if this command is
    killed: a dead letter is deleted only after its message was sent, and a registered registrant causes no call to
    Zoom. With --corrected, --webinar rejects the lines of other webinars.

    Exit code 0: all are sent. 3: some are not, or some are not visible.

    Example: `registrar retry --reason webinar_full --webinar 97871060099`
    """
    session, selection = Session.open(stack, as_json), Selection.of(reason, webinar, email)
    if corrected is not None:
        if reason or email:
            raise WrongInput("--corrected already selects the dead letters.", "Omit --reason and --email.")
        raise typer.Exit(_retry_corrected(session, corrected, selection.webinar, dry_run))
    if selection.is_all and not dry_run:
        try:
            result = start_move_task(
                session.sqs, session.stack.dead_letter_url, session.stack.queue_url, session.output.note
            )
        except MoveTasksUnsupported:
            session.output.note("This endpoint has no move tasks: sending the dead letters one by one.")
        else:
            session.output.print_result(result, lambda console: _show_moved(console, result))
            raise typer.Exit(Exit.NEGATIVE if result["hidden"] else Exit.OK)
    raise typer.Exit(_retry_chosen(session, selection, dry_run))


def _retry_chosen(session: Session, selection: Selection, dry_run: bool) -> Exit:
    queue = DeadLetters.of(session)
    with queue.peek() as dead_letters:
        rows = RegistrantRows.of(session).read({one.key for one in dead_letters if one.key})
        choice = choose(dead_letters, selection, rows)
        older: dict[object, list[DeadLetter]] = {}
        for dead_letter in choice.older:
            older.setdefault(dead_letter.key, []).append(dead_letter)
        outgoing = [
            OutgoingDeadLetter([one, *older.get(one.key, [])], one.body, one.group_id) for one in choice.to_handle
        ]
        failed = 0 if dry_run else _send(session, queue, outgoing)
        if not dry_run:
            queue.delete(choice.registered)
    result = {
        "dry_run": dry_run,
        "would_be_sent" if dry_run else "sent": len(outgoing) - failed,
        "failed": failed,
        "hidden": queue.not_visible,
        "registered_since": len(choice.registered),
        "by_reason": {group.reason: len(group.dead_letters) for group in group_by_reason(choice.to_handle)},
    }
    session.output.print_result(result, lambda console: _show(console, result, []))
    return Exit.NEGATIVE if failed or result["hidden"] else Exit.OK


def _retry_corrected(session: Session, file: Path, webinar: str | None, dry_run: bool) -> Exit:
    content = read_file(file)
    queue = DeadLetters.of(session)
    with queue.peek() as dead_letters:
        layout, corrections, rejects = read_corrections(content, dead_letters, webinar)
        outgoing = [
            OutgoingDeadLetter(
                [one.dead_letter, *one.others], one.registrant.to_message(), one.registrant.key.webinar_id
            )
            for one in corrections
        ]
        failed = 0 if dry_run else _send(session, queue, outgoing)
    written = write_rejects(file, layout, rejects) if rejects and not dry_run else None
    result = {
        "dry_run": dry_run,
        "would_be_sent" if dry_run else "sent": len(outgoing) - failed,
        "failed": failed,
        "hidden": queue.not_visible,
        "rejects": [{"line": reject.line, "reason": reject.reason} for reject in rejects],
        "rejects_file": str(written) if written else None,
    }
    session.output.print_result(result, lambda console: _show(console, result, rejects))
    return Exit.NEGATIVE if failed or rejects or result["hidden"] else Exit.OK


def _send(session: Session, queue: DeadLetters, outgoing: Sequence[OutgoingDeadLetter]) -> int:
    """Send the messages, and return how many SQS refused."""
    sender = QueueSender(session.sqs, session.stack.queue_url)
    with session.output.progress() as progress:
        bar = progress.add_task("sending back", total=len(outgoing))
        return send_then_delete(sender, queue, outgoing, lambda number: progress.advance(bar, number))


def _show(console: Console, result: dict[str, Any], rejects: Sequence[Reject]) -> None:
    totals, dry_run = Totals(), result["dry_run"]
    number = result["would_be_sent"] if dry_run else result["sent"]
    totals.count(number, "would be sent back" if dry_run else "sent back", "bold green")
    for reason, count in result.get("by_reason", {}).items():
        totals.count(count, f"for {reason}", "dim")
    if result.get("registered_since"):
        deleted = "would be deleted" if dry_run else "deleted"
        totals.count(result["registered_since"], f"registered since: {deleted}")
    if result["failed"]:
        totals.count(result["failed"], "refused by SQS, not deleted: run this command again", "bold red")
    for reject in rejects:
        totals.note(f"line {reject.line:,}: {reject.reason}", style="red")
    if result.get("rejects_file"):
        totals.note(f"correct {result['rejects_file']}, then give it as --corrected", style="bold")
    if number and not dry_run:
        totals.note(_WHAT_NEXT)
    console.print(totals.table)
    print_not_visible(console, result["hidden"])


def _show_moved(console: Console, result: dict[str, Any]) -> None:
    totals = Totals()
    totals.count(result["dead_letters"], "being sent back by SQS, up to 500 per second", "bold green")
    if result["dead_letters"]:
        totals.note(_WHAT_NEXT)
    console.print(totals.table)
    print_not_visible(console, result["hidden"])


_WHAT_NEXT = "To follow them: `registrar watch`, then `registrar failures`"
