"""`registrar doctor`: check the deployment before registrants arrive; every failed check says how to fix it."""

from collections.abc import Iterator
from typing import Annotated

import typer
from registrar.zoom.token import Token
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom import ZoomApi
from registrar_cli.clients.zoom_access import current_token, zoom_api
from registrar_cli.doctor.credentials import check_credentials
from registrar_cli.doctor.stack import check_stack
from registrar_cli.doctor.zoom import NO_WEBINAR, check_access, check_token
from registrar_cli.operations.check import Check, Light, checked
from registrar_cli.operations.event_source_mapping import ENABLED, EventSourceMapping
from registrar_cli.operations.queue_depths import QueueDepths
from registrar_cli.operations.webinar import Backlog, check_form_endpoint, check_webinar, registrants_per_second
from registrar_cli.terminal.errors import Exit
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName, parse_optional_webinar

OneWebinar = Annotated[
    str | None, typer.Argument(metavar="WEBINAR", help="Webinar id: check this webinar as well.", show_default=False)
]
SIGNS = {Light.GREEN: ("✓", "green"), Light.YELLOW: ("!", "yellow"), Light.RED: ("✗", "bold red")}


def doctor(webinar: OneWebinar = None, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Check the stack, the access to Zoom and, if named, a webinar. Every failed check says how to fix it.

    Changes nothing and registers no one; uses one call of Zoom's daily quota. Only if no token of the last half hour
    proves the Zoom credentials, it requests a new one.

    Exit code 0: no check failed. 3: a check failed.

    Example: `registrar doctor 97871060099`
    """
    webinar_id = parse_optional_webinar(webinar)
    session = Session.open(stack, as_json)
    found = list(_checks(session, webinar_id))
    reds = sum(check.light == Light.RED for check in found)
    result = {"reds": reds, "checks": [check.as_json() for check in found]}
    session.output.print_result(result, lambda console: _show(console, found, reds))
    raise typer.Exit(Exit.NEGATIVE if reds else Exit.OK)


def _checks(session: Session, webinar_id: str | None) -> Iterator[Check]:
    yield from check_stack(session)
    if webinar_id:
        yield from check_form_endpoint(webinar_id, session.stack.parameters.get("AllowedWebinars", ""))
    yield from checked("credentials", lambda: check_credentials(session))
    token: list[Token] = []
    yield from checked("token", lambda: _token(session, token))
    if not token:
        return
    zoom = zoom_api(session, token[0])
    yield from checked("Zoom", lambda: check_access(zoom, webinar_id or NO_WEBINAR))
    if webinar_id:
        yield from checked("webinar", lambda: _webinar(session, zoom, webinar_id))


def _token(session: Session, found: list[Token]) -> Iterator[Check]:
    found.append(current_token(session))
    yield from check_token(found[0])


def _webinar(session: Session, zoom: ZoomApi, webinar_id: str) -> Iterator[Check]:
    stack = session.stack
    per_second = registrants_per_second(stack.number("ZoomCallsPerSecond"), stack.number("ZoomBudgetShare"))
    # Without the messages that are not visible: most of them may be deferred until tomorrow.
    is_paused = EventSourceMapping.of(session).state() != ENABLED
    backlog = Backlog(QueueDepths.of(session).now().visible, per_second, is_paused)
    auto_approve = stack.parameters.get("AutoApprove", "true") == "true"
    yield from check_webinar(zoom, webinar_id, backlog, auto_approve)


def _show(console: Console, found: list[Check], reds: int) -> None:
    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column(overflow="fold")
    for check in found:
        sign, style = SIGNS[check.light]
        says = Text(check.says)
        if check.to_do:
            says.append(f"\n→ {check.to_do}", style=style)
        table.add_row(Text(sign, style=style), Text(check.what, style="bold"), says)
    console.print(table)
    yellows = sum(check.light == Light.YELLOW for check in found)
    if reds:
        console.print(f"\n[bold red]{quantity(reds, 'check')} failed.[/]")
    elif yellows:
        console.print(f"\n[bold yellow]Ready, with {quantity(yellows, 'warning')}.[/]")
    else:
        console.print("\n[bold green]Ready.[/]")
