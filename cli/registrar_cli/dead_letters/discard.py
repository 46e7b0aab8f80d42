"""`registrar discard`: delete dead letters that are no longer needed, after a confirmation."""

from typing import Annotated, Any

import typer
from rich.console import Console

from registrar_cli.clients.session import Session
from registrar_cli.dead_letters.queue import DeadLetters
from registrar_cli.dead_letters.selection import Selection, choose
from registrar_cli.dead_letters.work_list import count_by_reason, print_not_visible
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit, WrongInput
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
)

Registered = Annotated[bool, typer.Option("--registered", help="Only dead letters of registrants registered since.")]
Everything = Annotated[bool, typer.Option("--all", help="All dead letters.")]


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
    """Delete dead letters permanently: their registrants cannot be retried. Asks first.

    The rows stay, so `registrar status` still shows the reason. --registered is always safe.

    Exit code 0: all are deleted. 3: some are not, some are not visible, or you answered no.

    Example: `registrar discard --reason malformed_message`
    """
    selection = Selection.of(reason, webinar, email)
    if selection.is_all and not (registered or everything):
        to_do = "Give --reason, --webinar, --email or --registered; --all deletes every dead letter."
        raise WrongInput("No dead letters are selected.", to_do)
    session = Session.open(stack, as_json)
    queue = DeadLetters.of(session)
    with queue.peek() as dead_letters:
        rows = RegistrantRows.of(session).read({one.key for one in dead_letters if one.key})
        choice = choose(dead_letters, selection, rows)
        to_delete = choice.registered if registered else [*choice.to_handle, *choice.older, *choice.registered]
        by_reason = count_by_reason(to_delete)
        deleted = 0
        if to_delete and not dry_run:
            counts = ", ".join(f"{count:,} {name}" for name, count in by_reason.items())
            session.output.confirm(f"Delete {quantity(len(to_delete), 'dead letter')} permanently ({counts})?", yes)
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
    if not result["dead_letters"]:
        console.print("Nothing to delete: no dead letter matches.")
    elif result["dry_run"]:
        console.print(f"{quantity(result['dead_letters'], 'dead letter')} would be deleted")
    else:
        console.print(f"{quantity(result['deleted'], 'dead letter')} deleted")
    print_not_visible(console, result["hidden"])
