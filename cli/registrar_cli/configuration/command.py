"""`registrar configure`: show the stack's parameters, or change them without deploying code."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.configuration.parameters import Change, Parameter, parse_changes, read_parameters
from registrar_cli.configuration.update import DONE, StackUpdate
from registrar_cli.terminal.errors import Interrupted
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, DryRun, StackName, Yes
from registrar_cli.terminal.suggestions import suggest

Assignments = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME=VALUE", help="Parameter and new value (repeatable).", show_default=False),
]


def configure(
    assignments: Assignments = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Show the stack's parameters, or change them. Asks first.

    The code stays as it is deployed, and so do all parameters that are not named. Values that the template refuses are
    refused before anything is sent. Changing needs the rights of whoever deploys the stack.

    Exit code 0: done, or nothing to change. 3: AWS refused or undid the change, or you answered no.

    Example: `registrar configure ZoomCallsPerSecond=40 ZoomCallsPerDay=60000`
    """
    session = Session.open(stack, as_json)
    parameters = read_parameters(session.cloudformation, session.stack)
    if not assignments:
        shown = [one.as_json() for one in parameters.values()]
        result = {"stack": session.stack.name, "status": session.stack.status, "parameters": shown}
        session.output.print_result(result, lambda console: _show_parameters(console, parameters))
        return
    changes = parse_changes(assignments, parameters)
    why_none = "these are the current values"
    status: str | None = session.stack.status
    if changes:
        status = _apply(session, changes, parameters, dry_run, yes)
    if status is None:
        changes, why_none, status = [], "CloudFormation finds no difference", session.stack.status
    done = {"dry_run": dry_run, "changes": [change.as_json() for change in changes], "status": status}
    session.output.print_result(done, lambda console: _show_end(console, changes, dry_run, why_none))


def _apply(
    session: Session, changes: list[Change], parameters: Mapping[str, Parameter], dry_run: bool, yes: bool
) -> str | None:
    """Ask, update the stack and wait; return its status, or None if CloudFormation finds nothing to update."""
    update = StackUpdate(session.cloudformation, session.stack)
    update.check_status()
    if not session.output.as_json:
        session.output.err.print(_changes(changes))
    if dry_run:
        return session.stack.status
    session.output.confirm(f"Change {quantity(len(changes), 'parameter')} of {session.stack.name}?", yes)
    if not update.start(changes, parameters):
        return None
    try:
        with session.output.activity("updating the stack") as describe:
            for resources in update.progress():
                describe(f"updating the stack: {quantity(resources, 'resource')} done")
    except KeyboardInterrupt:
        look = f"To see its end: aws cloudformation describe-stacks --stack-name {session.stack.name}"
        raise Interrupted("Interrupted; the update goes on at AWS.", look) from None
    return DONE


def _changes(changes: Sequence[Change]) -> Table:
    table = Table.grid(padding=(0, 1))
    for overflow in ("ellipsis", "fold", "ellipsis", "fold"):  # a list of webinars has no space to break it at
        table.add_column(overflow=overflow)
    for change in changes:
        old, new = (Text(value or "(empty)") for value in (change.parameter.value, change.to))
        table.add_row(Text(change.parameter.name, style="bold"), old, Text("→"), Text.assemble((new.plain, "bold")))
    return table


def _show_end(console: Console, changes: Sequence[Change], dry_run: bool, why_none: str) -> None:
    if not changes:
        console.print(f"Nothing to change: {why_none}.")
    elif dry_run:
        console.print(f"{quantity(len(changes), 'parameter')} would be changed.")
    else:
        console.print(f"[bold green]Done.[/] {quantity(len(changes), 'parameter')} changed; the code is the same.")


def _show_parameters(console: Console, parameters: Mapping[str, Parameter]) -> None:
    for one in parameters.values():
        head = Text.assemble((f"{one.name}=", "bold"), one.value)
        if one.value != one.default:
            head.append(f"  (default: {one.default or 'empty'})", style="yellow")
        console.print(head)
        console.print(Padding(Text(one.description, style="dim"), (0, 0, 0, 4)))
    console.print(Text(f"\nTo change one: {suggest('configure NAME=VALUE')}"))
