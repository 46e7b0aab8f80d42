"""Look at a webinar before registrants are sent to it: one wrong digit would send thousands to another, or to none."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from registrar.registrants.reasons import FINAL_FOR_WEBINAR, Reason
from rich.text import Text

from registrar_cli.clients.join_url_mail import JoinUrlMail, join_url_mail
from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom import ZoomApi
from registrar_cli.clients.zoom_access import current_token, zoom_api
from registrar_cli.operations.check import Check, Light, red, yellow
from registrar_cli.operations.webinar import Seats, check_approval, check_type, count_seats, cure_of, is_over, start_of
from registrar_cli.terminal.errors import Unreachable, WrongInput
from registrar_cli.terminal.formatting import local_time, quantity
from registrar_cli.terminal.output import Output
from registrar_cli.terminal.reasons import reason_text

READERS: Final = 4  # threads: with a call in 0.2 s or more, about Zoom's 20 Medium calls per second
SHOWN: Final = 5  # webinars on a screen
_PLAIN: Final = {"webinar", "start"}  # these say enough without their name


@dataclass(frozen=True)
class Target:
    """A webinar as Zoom has it.

    Attributes:
        says: title, start (local time) and seats for a screen, or why Zoom could not be asked.
        facts: the same for programs, as Zoom states it; `not_looked_up` says why Zoom could not be asked.
        checks: what is wrong, red or yellow.
        is_full: whether no seat is free.
        mail: who e-mails the join URLs; None where Zoom could not be asked.
    """

    webinar_id: str
    says: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    checks: Sequence[Check] = ()
    is_full: bool = False
    mail: JoinUrlMail | None = None

    @property
    def reds(self) -> list[Check]:
        """Return the reasons for which no registrant gets in."""
        return [check for check in self.checks if check.light == Light.RED]

    def as_json(self) -> dict[str, Any]:
        """Return the webinar for JSON."""
        checks = [check.as_json() for check in self.checks]
        return {"webinar_id": self.webinar_id, **self.facts, "is_full": self.is_full, "checks": checks}


def look_up(session: Session, registrants: Mapping[str, int], clock: Callable[[], float] = time.time) -> list[Target]:
    """Ask Zoom about every webinar; `registrants` maps its id to how many are to be sent."""
    if not registrants:
        return []
    try:
        zoom = zoom_api(session, current_token(session))
    except Unreachable as error:
        return [_unknown(webinar_id, error.what) for webinar_id in registrants]
    with session.output.progress() as progress, ThreadPoolExecutor(READERS) as readers:
        bar = progress.add_task("asking Zoom", total=len(registrants))

        def look(webinar_id: str) -> Target:
            found = _target(session, zoom, webinar_id, registrants[webinar_id], clock())
            progress.advance(bar)
            return found

        return list(readers.map(look, registrants))


def lines_about(targets: Sequence[Target]) -> Iterator[Text]:
    """Yield the lines about the webinars: bold what Zoom says, yellow or red what is wrong."""
    for target in targets[:SHOWN]:
        yield Text(target.says, style="bold" if target.mail else "yellow")
        for check in target.checks:
            yield Text(f"{check.what}: {check.says}. {check.to_do}", style=check.light)
    if len(targets) > SHOWN:
        yield Text(f"… and {len(targets) - SHOWN:,} other webinars")


def confirm(output: Output, targets: Sequence[Target], force: bool, dry_run: bool = False) -> None:
    """Stop where a webinar takes no registrants, and ask where one is full.

    Raises:
        WrongInput: it takes none, or is full and there is no terminal to ask on.
        Declined: it is full, and the operator does not want to go on.
    """
    if force:
        return
    for target in targets:
        if target.reds:
            why = "; ".join(
                check.says if check.what in _PLAIN else f"{check.what}: {check.says}" for check in target.reds
            )
            to_do = f"{target.reds[0].to_do}\nTo go on all the same, give --force."
            raise WrongInput(f"Nothing was changed. Webinar {target.webinar_id} takes no registrants: {why}.", to_do)
        if target.is_full and not dry_run:
            output.confirm(f"{target.says}. Send registrants all the same?", yes=False, option="--force")


def _target(session: Session, zoom: ZoomApi, webinar_id: str, registrants: int, now: float) -> Target:
    try:
        reply = zoom.webinar(webinar_id)
        seats = count_seats(zoom, webinar_id, reply.body) if reply.is_ok else reply
    except Unreachable as error:
        return _unknown(webinar_id, error.what)
    if not reply.is_ok:
        if reply.reason in FINAL_FOR_WEBINAR:
            check = red("webinar", reply.error.removesuffix("."), cure_of(reply))
            return Target(webinar_id, f"Webinar {webinar_id}", {}, [check])
        return _unknown(webinar_id, reply.error)
    checks = [check_type(reply.body), check_approval(reply.body.get("settings") or {}, session.stack.auto_approves)]
    if is_over(reply.body, now):
        checks.append(red("start", "it is over", reason_text(Reason.WEBINAR_OVER).action))
    says = f"Webinar {webinar_id}, “{reply.body.get('topic', '')}”: {_start(reply.body, now)}"
    is_full = False
    if isinstance(seats, Seats) and seats.limit is not None:
        free = max(0, seats.limit - seats.taken)
        is_full = not free
        says += f"; {free:,} of {quantity(seats.limit, 'seat')} free" if free else "; no seat free"
        if registrants > free:
            what = f"none for {registrants - free:,} of {quantity(registrants, 'registrant')}"
            checks.append(yellow("seats", what, "Raise the limit in Zoom, or Zoom rejects them."))
    mail = join_url_mail(webinar_id, reply.body, session.stack.auto_approves)
    facts = {name: reply.body.get(name) for name in ("topic", "start_time", "duration")}
    facts |= seats._asdict() if isinstance(seats, Seats) else {}
    return Target(webinar_id, says, facts, [check for check in checks if check.light != Light.GREEN], is_full, mail)


def _start(body: dict[str, Any], now: float) -> str:
    start = start_of(body)
    return "without a start time" if start is None else local_time(start, now)


def _unknown(webinar_id: str, why: str) -> Target:
    return Target(
        webinar_id, f"Webinar {webinar_id} was not looked up: {why.removesuffix('.')}", {"not_looked_up": why}
    )
