"""`registrar retry`: send dead letters back to the queue, after the cause is fixed.

All at once go by SQS's move task; selected ones are sent first and deleted after, so none is lost.
"""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from registrar.registrants.registrant import Key

from registrar_cli.clients.form_table import FormTable
from registrar_cli.clients.queue_sender import QueueSender
from registrar_cli.clients.session import Session
from registrar_cli.csv_files.encoding.question import confirm_encoding, possible_readings
from registrar_cli.csv_files.options import Encoding, read_file
from registrar_cli.csv_files.writer import write_rejects
from registrar_cli.dead_letters.body import with_webinar
from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.dead_letters.retry.corrections import guessed_encodings, read_corrections
from registrar_cli.dead_letters.retry.resend import (
    MoveTasksUnsupported,
    OutgoingDeadLetter,
    send_then_delete,
    start_move_task,
)
from registrar_cli.dead_letters.retry.screen import count_exhausted, show, show_moved
from registrar_cli.dead_letters.retry.submissions import Submissions
from registrar_cli.dead_letters.selection import Selection, choose
from registrar_cli.dead_letters.work_list import count_by_reason, group_by_reason
from registrar_cli.operations.target import confirm, look_up
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit, Unreachable, WrongInput
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import (
    DEFAULT_STACK,
    AsJson,
    DryRun,
    EmailOption,
    ReasonOption,
    StackName,
    WebinarOption,
    Yes,
    parse_optional_webinar,
)
from registrar_cli.terminal.suggestions import suggest

To = Annotated[
    str | None, typer.Option("--to", metavar="ID", help="Send them to this webinar, instead of that of --webinar.")
]
Force = Annotated[bool, typer.Option("--force", help="Send even if the webinar of --to is full or takes no one.")]
Corrected = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, metavar="FILE.csv", help="A corrected list from `failures --csv`."),
]


def retry(
    reason: ReasonOption = None,
    webinar: WebinarOption = None,
    email: EmailOption = None,
    to: To = None,
    corrected: Corrected = None,
    encoding: Encoding = None,
    force: Force = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Send dead letters back to be tried again: all, or by reason, webinar or e-mail, or a corrected list.

    Fix the cause first: `registrar failures` says how. No registrant is registered twice, even if this command is
    killed: a dead letter is deleted only after its message was sent, and a registered registrant causes no call to
    Zoom. With --corrected, --webinar rejects the lines of other webinars.

    With --to, the dead letters of --webinar go to another webinar, with all else as it was sent. Zoom is asked about
    that webinar first.

    Without any of these options, it asks before it sends all of them.

    Exit code 0: all are sent. 3: some are not, some are not visible, or you answered no.

    Example: `registrar retry --webinar 97871060098 --to 97871060099`
    """
    target = parse_optional_webinar(to)
    session, selection = Session.open(stack, as_json), Selection.of(reason, webinar, email)
    if target is not None and (corrected is not None or selection.webinar in {None, target}):
        to_do = (
            f"Name both webinars: {suggest('retry --webinar OLD --to NEW')}. A corrected list names the new one in its "
            "column webinar_id."
        )
        raise WrongInput("--to needs --webinar with another webinar's id, and does not go with --corrected.", to_do)
    if corrected is not None:
        if reason or email:
            raise WrongInput("--corrected already selects the dead letters.", "Omit --reason and --email.")
        raise typer.Exit(_retry_corrected(session, corrected, encoding, selection.webinar, dry_run))
    if selection.is_all and not dry_run:
        result = _send_all(session, yes)
        if result is not None:
            session.output.print_result(result, lambda console: show_moved(console, result))
            raise typer.Exit(Exit.NEGATIVE if result["hidden"] else Exit.OK)
    raise typer.Exit(_retry_chosen(session, selection, target, force, dry_run))


def _send_all(session: Session, yes: bool) -> dict[str, Any] | None:
    """Have SQS move all dead letters; None where they have to be sent one by one."""
    count = DeadLetters.of(session).count()
    if count:
        session.output.confirm(f"Send all {quantity(count, 'dead letter')} back?", yes)
    if FormTable.of(session).forms():
        return None  # what forms sent is no message: it is mapped again, and SQS would move it as it is
    try:
        return start_move_task(session.sqs, session.stack.dead_letter_url, session.stack.queue_url, session.output.note)
    except MoveTasksUnsupported:
        session.output.note("This endpoint has no move tasks: sending the dead letters one by one.")
        return None


def _retry_chosen(session: Session, selection: Selection, to: str | None, force: bool, dry_run: bool) -> Exit:
    queue, registrants = DeadLetters.of(session), RegistrantRows.of(session)
    with queue.peek() as dead_letters:
        rows = registrants.read({one.key for one in dead_letters if one.key})
        choice = choose(dead_letters, selection, rows)
        targets = look_up(session, {to: len(choice.to_handle)}) if to and choice.to_handle else []
        confirm(session.output, targets, force, dry_run)
        older: dict[object, list[DeadLetter]] = {}
        for dead_letter in choice.older:
            older.setdefault(dead_letter.key, []).append(dead_letter)
        to_send = [one for one in choice.to_handle if not one.is_unmapped]
        unmapped = [one for one in choice.to_handle if one.is_unmapped]
        outgoing = [
            OutgoingDeadLetter(
                [one, *older.get(one.key, [])],
                with_webinar(one.body, to) if to else one.body,
                to or one.group_id,
            )
            for one in to_send
        ]
        keys = [one.key._replace(webinar_id=to or one.key.webinar_id) for one in to_send if one.key]
        exhausted = count_exhausted((registrants.read(keys) if to else rows), keys, time.time())
        goes_to = {one.key: to for one in to_send if one.key} if to else {}
        refused = [] if dry_run else _send(session, queue, outgoing, goes_to)
        if not dry_run:
            Submissions.of(session).supersede(choice.registered)
            queue.delete(choice.registered)
    result = {
        "dry_run": dry_run,
        "would_be_sent" if dry_run else "sent": len(outgoing) - len(refused),
        "failed": len(refused),
        "hidden": queue.not_visible,
        "registered_since": len(choice.registered),
        "by_reason": count_by_reason(to_send),
        "unmapped": [
            {
                "form": group.form,
                "dead_letters": group.unmapped,
                "detail": group.details[0][0],
                "command": group.command,
            }
            for group in group_by_reason(unmapped)
        ],
        "attempts_used_today": exhausted,
        "to": to,
        "webinars": [target.as_json() for target in targets],
    }
    session.output.print_result(result, lambda console: show(console, result, [], targets))
    return Exit.NEGATIVE if refused or unmapped or result["hidden"] else Exit.OK


def _retry_corrected(session: Session, file: Path, encoding: str | None, webinar: str | None, dry_run: bool) -> Exit:
    content = read_file(file)
    samples, guesses = ([], ()) if encoding else guessed_encodings(content)
    if samples and not dry_run:
        encoding = confirm_encoding(session.output, file, samples, guesses)
    queue = DeadLetters.of(session)
    with queue.peek() as dead_letters:
        layout, corrections, rejects = read_corrections(content, dead_letters, webinar, encoding)
        outgoing = [
            OutgoingDeadLetter(
                [one.dead_letter, *one.others], one.registrant.to_message(), one.registrant.key.webinar_id
            )
            for one in corrections
        ]
        goes_to = {
            one.dead_letter.key: one.registrant.key.webinar_id
            for one in corrections
            if one.dead_letter.key and one.dead_letter.key != one.registrant.key
        }
        # By dead letter, since two people may share a mistyped e-mail.
        new_emails = {
            one.dead_letter.message_id: one.registrant.key
            for one in corrections
            if one.dead_letter.key and one.dead_letter.key.email != one.registrant.key.email
        }
        refused = [] if dry_run else _send(session, queue, outgoing, goes_to, new_emails)
    written = write_rejects(file, layout, rejects) if rejects and not dry_run else None
    result = {
        "dry_run": dry_run,
        "would_be_sent" if dry_run else "sent": len(outgoing) - len(refused),
        "failed": len(refused),
        "hidden": queue.not_visible,
        "possible_encodings": possible_readings(samples, guesses) if samples and dry_run else {},
        "rejects": [{"line": reject.line, "reason": reject.reason} for reject in rejects],
        "rejects_file": str(written) if written else None,
    }
    session.output.print_result(result, lambda console: show(console, result, rejects))
    return Exit.NEGATIVE if refused or rejects or result["hidden"] else Exit.OK


def _send(
    session: Session,
    queue: DeadLetters,
    outgoing: Sequence[OutgoingDeadLetter],
    goes_to: Mapping[Key, str],
    new_emails: Mapping[str, Key] | None = None,
) -> list[list[DeadLetter]]:
    """Send the messages, and return the dead letters of those that SQS refused.

    The rows of registrants that go to another webinar, or under another e-mail, say so before their dead letters are
    deleted, and so do the submissions of the latter; the messages are sent, so a failure here is only a remark.
    """
    sender, registrants, failures = QueueSender(session.sqs, session.stack.queue_url), RegistrantRows.of(session), []
    submissions = Submissions.of(session)

    def mark(sent: Sequence[list[DeadLetter]]) -> None:
        keys = (one.key for group in sent for one in group if one.key)
        try:
            registrants.mark_corrected({key: goes_to[key] for key in keys if key in goes_to})
            for group in sent:
                if new_emails and group[0].message_id in new_emails:
                    submissions.readdress(group, new_emails[group[0].message_id])
        except Unreachable as error:
            failures.append(error.what)
        submissions.mark(sent)

    with session.output.progress() as progress:
        bar = progress.add_task("sending back", total=len(outgoing))
        refused = send_then_delete(
            sender, queue, outgoing, lambda number: progress.advance(bar, number), mark, submissions.claim
        )
    if failures:
        session.output.note(f"They were sent, but their rows still say rejected: {failures[0]}")
    return refused
