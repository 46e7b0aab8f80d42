"""`registrar failures`: show the dead letters as a work list: reason, count, meaning, and what to do."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.csv_files.options import Delimiter, parse_delimiter
from registrar_cli.csv_files.writer import STANDARD_OUTPUT, write
from registrar_cli.dead_letters.queue import DeadLetter, DeadLetters
from registrar_cli.dead_letters.selection import Choice, Selection, choose
from registrar_cli.dead_letters.work_list import CSV_HEADER, Group, csv_row, group_by_reason, print_not_visible
from registrar_cli.dead_letters.work_list import as_json as group_as_json
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit, WrongInput
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import (
    DEFAULT_STACK,
    FLAG,
    AsJson,
    EmailOption,
    ReasonOption,
    StackName,
    WebinarOption,
)
from registrar_cli.terminal.totals import Totals

ToFile = Annotated[
    Path | None,
    typer.Option("--csv", metavar="OUT.csv", help="Write a file to correct, for `retry --corrected`."),
]
ListRegistrants = Annotated[
    bool, typer.Option("--registrants", metavar=FLAG, help="List every registrant, with full e-mails.")
]

BODY_CHARACTERS = 200  # shown of a dead letter without a registrant


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
    """Show who could not be registered, grouped by reason, with what to do.

    Registrants who are registered since are left out. For the seconds it takes, other programs cannot see the dead
    letters.

    Exit code 0: no dead letters are waiting. 3: some are waiting, or not visible.

    Example: `registrar failures --webinar 97871060099 --csv work.csv`
    """
    if as_json and csv == STANDARD_OUTPUT:
        raise WrongInput("--json and --csv - both write to standard output.", "Name a file for --csv, or omit one.")
    selection, sign = Selection.of(reason, webinar, email), parse_delimiter(delimiter)
    session = Session.open(stack, as_json)
    choice, not_visible = _peek(session, selection)
    groups = group_by_reason(choice.to_handle)
    if csv is not None:
        write(csv, CSV_HEADER, (csv_row(dead_letter) for group in groups for dead_letter in group.dead_letters), sign)
    result = {
        "dead_letters": len(choice.to_handle),
        "registered_since": len(choice.registered),
        "older_dead_letters": len(choice.older),
        "hidden": not_visible,
        "groups": [group_as_json(group) for group in groups],
    }
    if csv != STANDARD_OUTPUT:
        session.output.print_result(
            result, lambda console: _show(console, groups, choice, not_visible, registrants, selection)
        )
        if csv is not None:
            count = quantity(len(choice.to_handle), "dead letter")
            session.output.note(f"{count} written to {csv}. Correct it, then: registrar retry --corrected {csv}")
    raise typer.Exit(Exit.NEGATIVE if choice.to_handle or not_visible else Exit.OK)


def _peek(session: Session, selection: Selection) -> tuple[Choice, int]:
    """Return the selected dead letters, visible again, and how many were not visible."""
    queue = DeadLetters.of(session)
    with session.output.progress() as progress:
        bar = progress.add_task("reading dead letters", total=queue.count() or None)
        with queue.peek(lambda number: progress.advance(bar, number)) as dead_letters:
            rows = RegistrantRows.of(session).read({one.key for one in dead_letters if one.key})
    return choose(dead_letters, selection, rows), queue.not_visible


def _show(
    console: Console, groups: list[Group], choice: Choice, not_visible: int, registrants: bool, selection: Selection
) -> None:
    if not groups and not not_visible:
        text = "All their registrants are registered since." if choice.registered else "No dead letters are waiting."
        console.print(f"[green]● {text}[/]")
    for group in groups:
        number = len(group.dead_letters)
        head = Text.assemble(
            (f"{number:>6,}", "bold red"), "  ", (group.reason, "bold"), (f"  since {group.since}", "dim")
        )
        console.print(head)
        console.print(Padding(_body(group, registrants), (0, 0, 1, 8)))
    totals = Totals()
    for text, count in (
        ("registered since; to delete them: `registrar discard --registered`", len(choice.registered)),
        ("older dead letters of the same registrants", len(choice.older)),
    ):
        if count:
            totals.count(count, text, "dim")
    if groups and selection.is_all:
        totals.note("`registrar retry` sends them all back; `registrar failures --csv` writes a list to correct.")
    console.print(totals.table)
    print_not_visible(console, not_visible)


def _body(group: Group, registrants: bool) -> Table:
    labelled = [("means", group.text.meaning), ("do", group.text.action), ("then", group.command)]
    labelled += [("webinar", ", ".join(f"{webinar} ({n:,})" for webinar, n in group.webinars.most_common(5)))]
    labelled += [("detail", f"{detail} ({n:,})") for detail, n in group.details[:3]]
    if registrants:
        labelled += [("", _contents(dead_letter)) for dead_letter in group.dead_letters]
    elif group.examples:
        more = len(group.dead_letters) - len(group.examples)
        labelled += [("e-mail", ", ".join(group.examples) + (f" and {more:,} more" if more else ""))]
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(overflow="fold")
    for label, text in labelled:
        table.add_row(Text(label, style="dim"), Text(text, style="bold" if label == "do" else ""))
    return table


def _contents(dead_letter: DeadLetter) -> str:
    """Return the full e-mail and the webinar; without a registrant, the body."""
    key = dead_letter.key
    return f"{key.email} {key.webinar_id}" if key else dead_letter.body[:BODY_CHARACTERS]
