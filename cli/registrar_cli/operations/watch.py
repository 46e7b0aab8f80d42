"""`registrar watch`: show queue, throughput and forecast, live; in a pipe one screen per sample, or one JSON line."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Annotated

import typer
from rich.constrain import Constrain
from rich.live import Live
from rich.panel import Panel

from registrar_cli.clients.session import Session
from registrar_cli.operations.daily_quota import DailyQuota
from registrar_cli.operations.event_source_mapping import EventSourceMapping
from registrar_cli.operations.queue_depths import Depth, QueueDepths
from registrar_cli.operations.throughput import Sample, Series
from registrar_cli.operations.watch_screen import as_json as series_as_json
from registrar_cli.operations.watch_screen import screen, who_waits
from registrar_cli.registrants.deferrals import Deferral, group_deferred, total
from registrar_cli.registrants.explanation import explain
from registrar_cli.registrants.table import RegistrantRows
from registrar_cli.terminal.errors import Exit
from registrar_cli.terminal.options import DEFAULT_STACK, AsJson, StackName, parse_optional_webinar

OneWebinar = Annotated[
    str | None,
    typer.Argument(
        metavar="WEBINAR", help="Webinar id: count its rows too (reads them all each time).", show_default=False
    ),
]
Every = Annotated[float, typer.Option(min=0.2, metavar="SECONDS", help="Time between two samples.")]
Times = Annotated[int, typer.Option(min=0, metavar="N", help="End after N samples; 0: run until Ctrl-C.")]
UntilEmpty = Annotated[
    bool,
    typer.Option(
        "--until-empty",
        help="End when no message is waiting, or only registrants that are tried at a date, such as 00:00 UTC.",
    ),
]

TakeSample = Callable[[], Sample]
READ_AGAIN_SECONDS = 60  # between two readings of the deferred registrants of all webinars, which scan the table


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
    one line per sample. While no message is left but those of deferred registrants, it reads the whole table once a
    minute, to say who waits until when.

    Exit code 0: ended by --times or --until-empty. 3: ended by --until-empty, and registrants are left that are tried
    at a date. 130: ended by Ctrl-C.

    Example: `registrar watch 97871060099 --until-empty`
    """
    webinar_id = parse_optional_webinar(webinar)
    session = Session.open(stack, as_json)
    take_sample, series, taken = _sampler(session, webinar_id), Series(), 0
    console, name = session.output.out, session.stack.name
    is_renewed = console.is_terminal and not as_json
    live = Live(console=console, auto_refresh=False) if is_renewed else nullcontext()
    try:
        with live as shown:
            while True:
                began = time.monotonic()
                series.add(take_sample())
                taken += 1
                is_last = taken == times or (until_empty and series.has_ended())
                if as_json:
                    sys.stdout.write(json.dumps(series_as_json(series, webinar_id)) + "\n")
                elif shown is None:
                    console.print(screen(series, name, webinar_id, is_last))
                else:
                    shown.update(within(screen(series, name, webinar_id, is_last), console.width), refresh=True)
                sys.stdout.flush()
                if is_last:
                    break
                # A sample that takes long (many rows) must not keep AWS busy all the time.
                took = time.monotonic() - began
                time.sleep(max(every - took, took))
    except KeyboardInterrupt:
        # The regular way to end it, which needs no message; a script still sees that Ctrl-C was pressed.
        raise SystemExit(Exit.INTERRUPTED) from None
    if until_empty and series.last.depth.waiting:
        session.output.note(f"Ended, because there is no more to watch. {who_waits(series)}")
        raise typer.Exit(Exit.NEGATIVE if series.last.deferrals else Exit.OK)


def within(panel: Panel, width: int) -> Constrain:
    """Return the screen with room for the `^C` that a terminal echoes, which must not begin a line of its own."""
    return Constrain(panel, width - len("^C"))


def _sampler(session: Session, webinar_id: str | None) -> TakeSample:
    rows, depths = RegistrantRows.of(session), QueueDepths.of(session)
    mapping, quota, of_all = EventSourceMapping.of(session), DailyQuota.of(session), _DeferredOfAll(rows)

    def take_sample() -> Sample:
        depth = depths.now()
        deferrals, status_counts, others = of_all.read(depth), None, 0
        if webinar_id:
            others = total(deferrals) - sum(deferral.webinars[webinar_id] for deferral in deferrals)
            registrants = list(rows.statuses(webinar_id))
            status_counts = Counter(explain(row).status for _, row in registrants)
            deferrals = group_deferred(registrants)
        at, now = time.monotonic(), time.time()
        return Sample(at, now, depth, quota.used(), mapping.state(), status_counts, deferrals, others)

    return take_sample


class _DeferredOfAll:
    """The deferred registrants of all webinars, read while no other message is left, and not at every sample."""

    def __init__(self, rows: RegistrantRows) -> None:
        self._rows = rows
        self._deferrals: Sequence[Deferral] = ()
        self._read_at = -float("inf")

    def read(self, depth: Depth) -> Sequence[Deferral]:
        """Return them; none while messages are visible or none is left."""
        if depth.visible or not depth.not_visible:
            return ()
        if time.monotonic() - self._read_at >= READ_AGAIN_SECONDS:
            self._deferrals, self._read_at = group_deferred(self._rows.deferred()), time.monotonic()
        return self._deferrals
