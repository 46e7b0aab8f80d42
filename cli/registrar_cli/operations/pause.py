"""`registrar pause` and `registrar resume`: stop and resume all sending to Zoom.

`pause` sets a flag that running invocations read every few seconds, then disables the event source mapping, which
starts them. `resume` undoes both, in the same order.
"""

import time
from collections.abc import Callable
from typing import Any

import typer
from registrar import limits
from registrar.registrants.row import moment_of
from rich.text import Text

from registrar_cli.clients.pause_flag import PauseFlag
from registrar_cli.clients.session import Session
from registrar_cli.operations.event_source_mapping import DISABLED, DISABLING, ENABLED, EventSourceMapping
from registrar_cli.operations.queue_depths import Depth, QueueDepths
from registrar_cli.terminal.errors import Exit, Unreachable
from registrar_cli.terminal.formatting import local_time, quantity
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, DryRun, StackName
from registrar_cli.terminal.suggestions import suggest

ENABLING_SECONDS = 60  # Lambda takes a few seconds; it may be disabling still
DISABLING_SECONDS = 30
HEEDED_SECONDS = limits.PAUSE_CHECK_SECONDS + 2  # by then every invocation has read the flag

PAUSED = (
    "No further call to Zoom starts; those under way end within half a minute. Forms are still accepted; messages wait"
    " on the queue for up to 14 days, and registrants get no join URL meanwhile."
)
STILL_DISABLING = (
    "Lambda is still disabling the event source mapping, which may take until a running invocation has ended; it sends"
    " nothing meanwhile."
)
STILL_ENABLED = (
    "The pause flag alone stops sending: the event source mapping could not be disabled, {problem}. Each message is"
    " received and returned every 15 minutes, and moves to the dead-letter queue after about a week. Pause again to"
    " disable it."
)
RUNNING = (
    "Running: waiting registrants are sent to Zoom as fast as the account allows; those in flight at the pause follow"
    " within a minute, in rare cases 15. To follow them:"
)
BETWEEN = "Lambda has not finished. To see its state, run this command with --dry-run in a minute."


def pause(dry_run: DryRun = False, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Stop all sending to Zoom within seconds. No submission is lost: messages wait on the queue, for up to 14 days."""
    session = Session.open(stack, as_json)
    flag, mapping = PauseFlag.of(session), EventSourceMapping.of(session)
    if dry_run:
        _show(session, dry_run, mapping.switched(), flag.since(), "Would set the pause flag and disable the mapping.")
        raise typer.Exit(Exit.OK)
    session.output.note("Setting the pause flag, and waiting until running invocations have read it …")
    began, since = time.monotonic(), flag.set()
    state, means, ended = _disable(mapping)
    _wait_until(began + HEEDED_SECONDS)
    _show(session, dry_run, state, since, means)
    raise typer.Exit(ended)


def resume(dry_run: DryRun = False, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Resume sending to Zoom after a pause."""
    session = Session.open(stack, as_json)
    flag, mapping = PauseFlag.of(session), EventSourceMapping.of(session)
    if dry_run:
        _show(session, dry_run, mapping.switched(), flag.since(), "Would clear the pause flag and enable the mapping.")
        raise typer.Exit(Exit.OK)
    flag.clear()
    state = mapping.switch(True, ENABLING_SECONDS)
    _show(session, dry_run, state, None, f"{RUNNING} {suggest('watch')}" if state == ENABLED else BETWEEN)
    raise typer.Exit(Exit.OK if state == ENABLED else Exit.NEGATIVE)


def _disable(mapping: EventSourceMapping) -> tuple[str | None, str, Exit]:
    """Disable the mapping; return its state, what that means, and the exit code. The flag alone stops sending, too."""
    try:
        state = mapping.switch(False, DISABLING_SECONDS)
    except Unreachable as error:
        return None, _means(PAUSED, STILL_ENABLED.format(problem=error.what)), Exit.NEGATIVE
    if state not in {DISABLED, DISABLING}:
        return state, _means(PAUSED, STILL_ENABLED.format(problem=f"Lambda says {state}")), Exit.NEGATIVE
    return state, _means(PAUSED, STILL_DISABLING if state == DISABLING else ""), Exit.OK


def _means(*sentences: str) -> str:
    return " ".join(filter(None, [*sentences, f"To go on: {suggest('resume')}"]))


def _wait_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _show(session: Session, dry_run: bool, mapping: str | None, since: str | None, means: str) -> None:
    depth, waiting = _waiting(QueueDepths.of(session).now)
    result: dict[str, Any] = {
        "dry_run": dry_run,
        "mapping": mapping,
        "paused_since": since,
        "waiting": depth and depth.waiting,
        "in_flight": depth and depth.not_visible,
        "means": means,
    }
    state = f"Paused since {local_time(moment_of(since) or 0, time.time())}" if since else "Not paused"
    text = Text.assemble((state, "bold"), f". Event source mapping: {mapping or 'unknown'}. {waiting}.\n{means}")
    session.output.print_result(result, lambda console: console.print(text))


def _waiting(depths: Callable[[], Depth]) -> tuple[Depth | None, str]:
    """Return how many messages wait, or None; the rest is shown even if SQS does not answer."""
    try:
        depth = depths()
    except Unreachable as error:
        return None, f"Number of waiting messages: unknown, {error.what}"
    return depth, f"{quantity(depth.waiting, 'message')} waiting, {depth.not_visible:,} of them in flight or deferred"
