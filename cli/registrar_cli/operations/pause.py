"""`registrar pause` and `registrar resume`: all sending to Zoom stops, and goes on. Nobody is lost in between.

In: the word. Out: the mapping's state, and what it means.
"""

import typer
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.operations.event_source_mapping import DISABLED, ENABLED, EventSourceMapping
from registrar_cli.operations.queue_depths import QueueDepths
from registrar_cli.terminal.errors import Exit, Unreachable
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, DryRun, StackName

PAUSED = (
    "Paused: nobody is sent to Zoom. Forms go on being accepted; people wait on the queue, for up to 14 days each, and"
    " get no join URL meanwhile. Whatever the consumer holds is finished first (up to 5 minutes). `registrar resume`"
    " goes on."
)
RUNNING = "Running: whoever waits is sent to Zoom now, as fast as the account allows. `registrar watch` shows it."
BETWEEN = "Lambda has not finished: ask again with --dry-run in a minute."


def pause(dry_run: DryRun = False, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Stop all sending to Zoom. Nothing is lost: forms are accepted, people wait on the queue (14 days at most)."""
    _switch(False, dry_run, stack, as_json)


def resume(dry_run: DryRun = False, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Go on sending to Zoom after a pause."""
    _switch(True, dry_run, stack, as_json)


def _switch(on: bool, dry_run: bool, stack: str, as_json: bool) -> None:
    session = Session.open(stack, as_json)
    mapping = EventSourceMapping.of(session)
    state = mapping.state() if dry_run else mapping.switch(on)
    waiting, wait = _waiting(session)
    means = {ENABLED: RUNNING, DISABLED: PAUSED}.get(state, BETWEEN)
    result = {"dry_run": dry_run, "mapping": state, "waiting": waiting, "means": means}
    would = f" (would be {'enabled' if on else 'disabled'})" if dry_run else ""
    text = Text.assemble((f"mapping {state}", "bold"), f"{would}, {wait}\n{means}")
    session.output.print_result(result, lambda console: console.print(text))
    raise typer.Exit(Exit.OK if dry_run or state == (ENABLED if on else DISABLED) else Exit.NEGATIVE)


def _waiting(session: Session) -> tuple[int | None, str]:
    """How many wait; None where the queue does not tell: what became of the mapping is told all the same."""
    try:
        waiting = QueueDepths.of(session).now().waiting
    except Unreachable as error:
        return None, f"how many wait is not known: {error.what}"
    return waiting, f"{quantity(waiting, 'message')} wait"
