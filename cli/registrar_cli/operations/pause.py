"""`registrar pause` and `registrar resume`: stop and resume all sending to Zoom."""

import typer
from rich.text import Text

from registrar_cli.clients.session import Session
from registrar_cli.operations.event_source_mapping import DISABLED, ENABLED, EventSourceMapping
from registrar_cli.operations.queue_depths import QueueDepths
from registrar_cli.terminal.errors import Exit, Unreachable
from registrar_cli.terminal.formatting import quantity
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, DryRun, StackName

PAUSED = (
    "Paused: no registrant is sent to Zoom. Forms are still accepted; messages wait on the queue for up to 14 days, and"
    " registrants get no join URL meanwhile. The consumer finishes the messages it holds (up to 5 minutes). To go on:"
    " registrar resume"
)
RUNNING = "Running: waiting registrants are sent to Zoom as fast as the account allows. To follow them: registrar watch"
BETWEEN = "Lambda has not finished. To see its state, run this command with --dry-run in a minute."


def pause(dry_run: DryRun = False, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Stop all sending to Zoom. No submission is lost: messages wait on the queue, for up to 14 days."""
    _switch(False, dry_run, stack, as_json)


def resume(dry_run: DryRun = False, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Resume sending to Zoom after a pause."""
    _switch(True, dry_run, stack, as_json)


def _switch(on: bool, dry_run: bool, stack: str, as_json: bool) -> None:
    session = Session.open(stack, as_json)
    mapping = EventSourceMapping.of(session)
    state = mapping.state() if dry_run else mapping.switch(on)
    waiting, waiting_text = _waiting(session)
    means = {ENABLED: RUNNING, DISABLED: PAUSED}.get(state, BETWEEN)
    result = {"dry_run": dry_run, "mapping": state, "waiting": waiting, "means": means}
    would = f" (would be {'enabled' if on else 'disabled'})" if dry_run else ""
    text = Text.assemble((f"event source mapping {state}", "bold"), f"{would}, {waiting_text}\n{means}")
    session.output.print_result(result, lambda console: console.print(text))
    raise typer.Exit(Exit.OK if dry_run or state == (ENABLED if on else DISABLED) else Exit.NEGATIVE)


def _waiting(session: Session) -> tuple[int | None, str]:
    """Return how many messages wait, or None; the state of the mapping is shown even if SQS does not answer."""
    try:
        waiting = QueueDepths.of(session).now().waiting
    except Unreachable as error:
        return None, f"number of waiting messages unknown: {error.what}"
    return waiting, f"{quantity(waiting, 'message')} waiting"
