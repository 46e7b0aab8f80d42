"""`registrar discard`: dead letters of no further use are deleted, after a question.

In: which letters. Out: letters gone. The rows stay, and with them the reason why somebody was not registered.
"""

from typing import Annotated, Any

import typer
from rich.console import Console

from registrar_cli.clients.session import Session
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.dead_letters.selection import Selection, choose
from registrar_cli.dead_letters.work_list import group_by_reason, print_not_visible
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit, WrongInput
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import (
    DEFAULT_STACK,
    FLAG,
    AsJson,
    DryRun,
    EmailOption,
    ReasonOption,
    StackName,
    WebinarOption,
    Yes,
)

Registered = Annotated[
    bool, typer.Option("--registered", metavar=FLAG, help="Only letters of people who are registered since.")
]
Everything = Annotated[bool, typer.Option("--all", metavar=FLAG, help="All letters.")]


def discard(
    reason: ReasonOption = None,
    webinar: WebinarOption = None,
    email: EmailOption = None,
    registered: Registered = False,
    everything: Everything = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Delete dead letters for good: these people will not be registered from here. Asks first.

    Their rows stay: `registrar status` still says why. With --registered nobody loses anything.

    Exit code 0: all are deleted. 3: not all, letters are there that cannot be seen just now, or you
    answered no.

    Example: `registrar discard --reason malformed_message`
    """
    selection = Selection.of(reason, webinar, email)
    if selection.is_all and not (registered or everything):
        raise WrongInput(
            "Which letters?", "Give --reason, --webinar, --email or --registered; --all deletes every letter."
        )
    session = Session.open(stack, as_json)
    queue = DeadLetters.of(session)
    with queue.peek() as dead_letters:
        rows = RegistrantRows.of(session).read({dead_letter.key for dead_letter in dead_letters if dead_letter.key})
        choice = choose(dead_letters, selection, rows)
        to_delete = choice.registered if registered else [*choice.to_handle, *choice.older, *choice.registered]
        by_reason = {group.reason: len(group.dead_letters) for group in group_by_reason(to_delete)}
        deleted = 0
        if to_delete and not dry_run:
            counts = ", ".join(f"{count:,} {name}" for name, count in by_reason.items())
            session.output.confirm(f"Delete {quantity(len(to_delete), 'letter')} for good ({counts})?", yes)
            deleted = queue.delete(to_delete)
    not_visible = queue.not_visible
    result = {
        "dry_run": dry_run,
        "dead_letters": len(to_delete),
        "deleted": deleted,
        "hidden": not_visible,
        "by_reason": by_reason,
    }
    session.output.print_result(result, lambda console: _show(console, result))
    raise typer.Exit(Exit.NEGATIVE if not_visible or (not dry_run and deleted < len(to_delete)) else Exit.OK)


def _show(console: Console, result: dict[str, Any]) -> None:
    if result["dry_run"]:
        console.print(f"{quantity(result['dead_letters'], 'letter')} would be deleted")
    else:
        console.print(f"{quantity(result['deleted'], 'letter')} deleted")
    print_not_visible(console, result["hidden"])
