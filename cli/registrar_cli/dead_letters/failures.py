"""`registrar failures`: the dead letters as a work list: why, how many, what it means, what to do.

In: which letters. Out: groups by reason, without those who are registered since; or a CSV file to be corrected.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.csv_files.writer import STANDARD_OUTPUT, write
from registrar_cli.dead_letters.queue import Letter
from registrar_cli.dead_letters.selection import Choice, Selection, chosen
from registrar_cli.dead_letters.unseen import tell_unseen
from registrar_cli.dead_letters.work_list import CSV_HEADER, Group, cells, grouped
from registrar_cli.dead_letters.work_list import as_json as group_as_json
from registrar_cli.terminal.errors import Exit, WrongInput
from registrar_cli.terminal.formatting import many
from registrar_cli.terminal.options import (
    DEFAULT_STACK,
    FLAG,
    AsJson,
    EmailOption,
    ReasonOption,
    StackName,
    WebinarOption,
)
from registrar_cli.terminal.totals import Tally

ToFile = Annotated[
    Path | None,
    typer.Option("--csv", metavar="OUT.csv", help="Write everybody into a file; corrected: `retry --corrected`."),
]
People = Annotated[bool, typer.Option("--people", metavar=FLAG, help="List everybody, with full e-mails.")]

BODY_CHARACTERS = 200  # of a letter of nobody


def failures(
    reason: ReasonOption = None,
    webinar: WebinarOption = None,
    email: EmailOption = None,
    people: People = False,
    csv: ToFile = None,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Who could not be registered: grouped by reason, with what to do.

    Whoever is registered since is left out. While it looks (seconds), letters are hidden from other programs.

    Exit code 0: nobody. 3: somebody waits for you, or letters are there that cannot be seen just now.

    Example: `registrar failures --webinar 97871060099 --csv work.csv`
    """
    if as_json and csv == STANDARD_OUTPUT:
        raise WrongInput("--json and --csv - both want standard output.", "Name a file for --csv, or leave out one.")
    selection = Selection.of(reason, webinar, email)
    session = Session.open(stack, as_json)
    choice = _look(session, selection)
    hidden = session.letters.hidden
    groups = grouped(choice.work)
    if csv is not None:
        write(csv, CSV_HEADER, (cells(letter) for group in groups for letter in group.letters))
    answer = {
        "letters": len(choice.work),
        "registered_since": len(choice.done),
        "older_letters_of_the_same_people": len(choice.more),
        "hidden": hidden,
        "groups": [group_as_json(group) for group in groups],
    }
    if csv != STANDARD_OUTPUT:
        session.output.answer(answer, lambda console: _show(console, groups, choice, hidden, people, selection))
        if csv is not None:
            session.output.note(
                f"{csv}: {many(len(choice.work), 'letter')}. Correct it, then: registrar retry --corrected {csv}"
            )
    raise typer.Exit(Exit.IN_PART if choice.work or hidden else Exit.FINE)


def _look(session: Session, selection: Selection) -> Choice:
    """The letters meant, put back at once."""
    with session.output.progress() as progress:
        bar = progress.add_task("reading letters", total=session.letters.counted() or None)
        with session.letters.looked_at(lambda number: progress.advance(bar, number)) as letters:
            rows = session.people.read({letter.key for letter in letters if letter.key})
    return chosen(letters, selection, rows)


def _show(
    console: Console, groups: list[Group], choice: Choice, hidden: int, people: bool, selection: Selection
) -> None:
    if not groups and not hidden:
        console.print("[green]● Nobody waits here.[/]" if not choice.done else "[green]● All are registered since.[/]")
    for group in groups:
        number = len(group.letters)
        head = Text.assemble(
            (f"{number:>6,}", "bold red"), "  ", (group.reason, "bold"), (f"  since {group.since}", "dim")
        )
        console.print(head)
        console.print(Padding(_body(group, people), (0, 0, 1, 8)))
    more = Tally()
    for words, count in (
        ("registered since: `registrar discard --registered` clears them away", len(choice.done)),
        ("older letters of the same people", len(choice.more)),
    ):
        if count:
            more.count(count, words, "dim")
    if groups and selection.is_all:
        more.note("`registrar retry` alone sends all of them back; `failures --csv` writes a list to correct.")
    console.print(more.table)
    tell_unseen(console, hidden)


def _body(group: Group, people: bool) -> Table:
    labelled = [("means", group.words.people), ("do", group.words.to_do), ("then", group.command)]
    labelled += [("webinar", ", ".join(f"{webinar} ({n:,})" for webinar, n in group.webinars.most_common(5)))]
    labelled += [("detail", f"{detail} ({n:,})") for detail, n in group.details[:3]]
    if people:
        labelled += [("", _who(letter)) for letter in group.letters]
    elif group.examples:
        more = len(group.letters) - len(group.examples)
        labelled += [("who", ", ".join(group.examples) + (f" and {more:,} more" if more else ""))]
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(overflow="fold")
    for label, words in labelled:
        table.add_row(Text(label, style="dim"), Text(words, style="bold" if label == "do" else ""))
    return table


def _who(letter: Letter) -> str:
    """In full, as --people asks; of a letter without a person what is in it."""
    return f"{letter.key.email} {letter.key.webinar_id}" if letter.key else letter.body[:BODY_CHARACTERS]
