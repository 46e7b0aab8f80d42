"""`registrar doctor`: check the deployment before registrants arrive; every failed check says how to fix it."""

import time
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom import ZoomApi
from registrar_cli.doctor.access import Access
from registrar_cli.doctor.forms import check_forms
from registrar_cli.doctor.stack import check_stack
from registrar_cli.doctor.zoom import NO_WEBINAR
from registrar_cli.operations.check import Check, Light, checked, green, not_checked, yellow
from registrar_cli.operations.event_source_mapping import ENABLED, EventSourceMapping
from registrar_cli.operations.queue_depths import QueueDepths
from registrar_cli.operations.webinar import Backlog, check_form_endpoint, check_webinar, registrants_per_second
from registrar_cli.registrants.deferrals import group_deferred, summary
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName, parse_optional_webinar
from registrar_cli.terminal.suggestions import suggest

OneWebinar = Annotated[
    str | None, typer.Argument(metavar="WEBINAR", help="Webinar id: check this webinar as well.", show_default=False)
]
SIGNS = {
    Light.GREEN: ("✓", "green"),
    Light.YELLOW: ("!", "yellow"),
    Light.RED: ("✗", "bold red"),
    Light.NOT_CHECKED: ("-", "dim"),
}


def doctor(webinar: OneWebinar = None, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Check the stack, the access to Zoom and, if named, a webinar. Every failed check says how to fix it.

    Changes nothing and registers no one; uses one call of Zoom's daily quota. Only if no token of the last half hour
    proves the Zoom credentials, or Zoom refuses it, it requests a new one. While messages are in flight or deferred it
    reads the rows of the webinar, or without one the whole table, to say who waits.

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
    yield from checked("deferred", lambda: _deferred(session, webinar_id))
    allowed = session.stack.parameters.get("AllowedWebinars", "")
    if webinar_id and allowed.strip():  # an endpoint that accepts all is a warning of `check_stack`
        yield from check_form_endpoint(webinar_id, allowed)
    access = Access(session, webinar_id or NO_WEBINAR)
    yield from checked("token", access.check)
    if webinar_id and access.zoom:
        zoom = access.zoom
        yield from checked("webinar", lambda: _webinar(session, zoom, webinar_id))
    elif webinar_id:
        yield not_checked("webinar", access.why_not)
    yield from checked("forms", lambda: check_forms(session, can_ask_zoom=access.zoom is not None))


def _deferred(session: Session, webinar_id: str | None) -> Iterator[Check]:
    """Check whether registrants wait: of the webinar if one is named, else of all; without messages none does."""
    what = "deferred"
    has_messages = QueueDepths.of(session).now().not_visible > 0
    deferrals = group_deferred(RegistrantRows.of(session).deferred(webinar_id)) if has_messages else []
    if deferrals:
        to_do = f"Why, and what to do: {suggest('failures' + (f' --webinar {webinar_id}' if webinar_id else ''))}"
        yield yellow(what, summary(deferrals, time.time()), to_do)
    else:
        yield green(what, f"no registrant{' of this webinar' if webinar_id else ''} waits for another try")


def _webinar(session: Session, zoom: ZoomApi, webinar_id: str) -> Iterator[Check]:
    stack = session.stack
    per_second = registrants_per_second(stack.number("ZoomCallsPerSecond"), stack.number("ZoomBudgetShare"))
    # Without the messages that are not visible: most of them may be deferred until tomorrow.
    is_paused = EventSourceMapping.of(session).state() != ENABLED
    backlog = Backlog(QueueDepths.of(session).now().visible, per_second, is_paused)
    yield from check_webinar(zoom, webinar_id, backlog, stack.auto_approves)


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
