"""`registrar watch`: show queue, throughput and forecast, live; in a pipe one screen per sample, or one JSON line."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Annotated

import typer
from rich.live import Live

from registrar_cli.clients.session import Session
from registrar_cli.operations.daily_quota import DailyQuota
from registrar_cli.operations.event_source_mapping import EventSourceMapping
from registrar_cli.operations.queue_depths import QueueDepths
from registrar_cli.operations.throughput import Sample, Series
from registrar_cli.operations.watch_screen import as_json as series_as_json
from registrar_cli.operations.watch_screen import screen
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit
from registrar_cli.terminal.options import DEFAULT_STACK, FLAG, AsJson, StackName, parse_optional_webinar

OneWebinar = Annotated[
    str | None,
    typer.Argument(
        metavar="WEBINAR", help="Webinar id: count its rows too (reads them all each time).", show_default=False
    ),
]
Every = Annotated[float, typer.Option(min=0.2, metavar="SECONDS", help="Time between two samples.")]
Times = Annotated[int, typer.Option(min=0, metavar="N", help="End after N samples; 0: run until Ctrl-C.")]
UntilEmpty = Annotated[bool, typer.Option("--until-empty", metavar=FLAG, help="End when no message is waiting.")]

TakeSample = Callable[[], Sample]


def watch(
    webinar: OneWebinar = None,
    every: Every = 2.0,
    times: Times = 0,
    until_empty: UntilEmpty = False,
    stack: StackName = DEFAULT_STACK,
    as_json: AsJson = False,
) -> None:
    """Watch the queue, registrations per second, dead letters, Zoom's daily quota, and a forecast.

    With a webinar, the speed is that of its registrations; without one, that at which the queue shrinks. --json prints
    one line per sample.

    Example: `registrar watch 97871060099 --until-empty`
    """
    webinar_id = parse_optional_webinar(webinar)
    session = Session.open(stack, as_json)
    take_sample, series, taken = _sampler(session, webinar_id), Series(), 0
    console = session.output.out
    is_renewed = console.is_terminal and not as_json
    live = Live(console=console, auto_refresh=False) if is_renewed else nullcontext()
    try:
        with live as shown:
            while True:
                began = time.monotonic()
                series.add(take_sample())
                if as_json:
                    sys.stdout.write(json.dumps(series_as_json(series, webinar_id)) + "\n")
                elif shown is None:
                    console.print(screen(series, session.stack.name, webinar_id))
                else:
                    shown.update(screen(series, session.stack.name, webinar_id), refresh=True)
                sys.stdout.flush()
                taken += 1
                if taken == times or (until_empty and series.last.depth.waiting == 0):
                    break
                # A sample that takes long (many rows) must not keep AWS busy all the time.
                took = time.monotonic() - began
                time.sleep(max(every - took, took))
    except KeyboardInterrupt:
        raise typer.Exit(Exit.OK) from None  # the regular way to end it


def _sampler(session: Session, webinar_id: str | None) -> TakeSample:
    rows, depths = RegistrantRows.of(session), QueueDepths.of(session)
    mapping, quota = EventSourceMapping.of(session), DailyQuota.of(session)

    def take_sample() -> Sample:
        status_counts = rows.status_counts(webinar_id) if webinar_id else None
        return Sample(time.monotonic(), depths.now(), quota.used(), mapping.state(), status_counts)

    return take_sample
