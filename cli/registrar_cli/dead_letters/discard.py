"""`registrar discard`: dead letters of no further use are deleted, after a question.

In: which letters. Out: letters gone. The rows stay, and with them the reason why somebody was not registered.
"""

from typing import Annotated, Any

import typer
from rich.console import Console

from registrar_cli.clients.session import Session
from registrar_cli.dead_letters.selection import Selection, chosen
from registrar_cli.dead_letters.unseen import tell_unseen
from registrar_cli.dead_letters.work_list import grouped
from registrar_cli.terminal.errors import Exit, WrongInput
from registrar_cli.terminal.formatting import many
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
    with session.letters.looked_at() as letters:
        rows = session.people.read({letter.key for letter in letters if letter.key})
        choice = chosen(letters, selection, rows)
        doomed = choice.done if registered else [*choice.work, *choice.more, *choice.done]
        by_reason = {group.reason: len(group.letters) for group in grouped(doomed)}
        gone = 0
        if doomed and not dry_run:
            told = ", ".join(f"{count:,} {name}" for name, count in by_reason.items())
            session.output.confirm(f"Delete {many(len(doomed), 'letter')} for good ({told})?", yes)
            gone = session.letters.delete(doomed)
    hidden = session.letters.hidden
    answer = {"dry_run": dry_run, "letters": len(doomed), "deleted": gone, "hidden": hidden, "by_reason": by_reason}
    session.output.answer(answer, lambda console: _show(console, answer))
    raise typer.Exit(Exit.IN_PART if hidden or (not dry_run and gone < len(doomed)) else Exit.FINE)


def _show(console: Console, answer: dict[str, Any]) -> None:
    if answer["dry_run"]:
        console.print(f"{many(answer['letters'], 'letter')} would be deleted")
    else:
        console.print(f"{many(answer['deleted'], 'letter')} deleted")
    tell_unseen(console, answer["hidden"])
