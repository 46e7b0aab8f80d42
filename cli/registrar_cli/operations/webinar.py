"""Check a webinar: whether it takes registrations, and whether all registrants get in before it starts."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from registrar import limits
from registrar.registrants.fields import webinar_digits
from registrar.registrants.reasons import Reason

from registrar_cli.clients.join_url_mail import Sender, join_url_mail
from registrar_cli.clients.zoom import ZoomApi, ZoomReply
from registrar_cli.operations.check import Check, green, red, yellow
from registrar_cli.terminal.formatting import local_time, span
from registrar_cli.terminal.reasons import reason_text
from registrar_cli.terminal.suggestions import suggest

SCHEDULED = 5
AUTOMATIC, MANUAL, NO_REGISTRATION = 0, 1, 2
CARRIED = {"email", "first_name", "last_name"}  # the fields of a batch call
_COMPARE: Final = "Compare the id with the one that Zoom shows for the webinar."
NEARLY_FULL = 0.9  # of the seats


@dataclass(frozen=True)
class Backlog:
    """The queue's backlog: messages `waiting` for all webinars together, and at most how many go per second."""

    waiting: int
    per_second: float
    is_paused: bool = False


def check_webinar(
    zoom: ZoomApi, webinar_id: str, backlog: Backlog, auto_approve: bool, clock: Callable[[], float] = time.time
) -> Iterator[Check]:
    """Yield all checks of one webinar."""
    reply = zoom.webinar(webinar_id)
    if reply.reason == Reason.MISSING_SCOPE:
        return  # reported by `check_access`
    if not reply.is_ok:
        yield red("webinar", reply.error.removesuffix("."), cure_of(reply))
        return
    body, settings = reply.body, reply.body.get("settings") or {}
    yield green("webinar", f"“{body.get('topic', '')}” exists")
    yield check_type(body)
    yield check_approval(settings, auto_approve)
    yield _join_url_mail(webinar_id, body, auto_approve)
    yield from _questions(zoom.questions(webinar_id))
    yield _hosts(body, settings)
    yield from _seats(zoom, webinar_id, body, backlog.waiting)
    yield from _start(body, backlog, clock())


def cure_of(reply: ZoomReply) -> str:
    """Return what to do about a webinar that Zoom refuses to show: before anyone is sent, so not about dead letters."""
    return _COMPARE if reply.reason == Reason.WEBINAR_NOT_FOUND else reason_text(reply.reason).action


def check_form_endpoint(webinar_id: str, allowed: str) -> Iterator[Check]:
    """Yield whether the form endpoint accepts the webinar; an empty `allowed` (AllowedWebinars) accepts any."""
    ids = [webinar_digits(part) for part in allowed.split(",") if part.strip()]
    if ids and webinar_id not in ids:
        to_do = suggest(f"configure AllowedWebinars={','.join([*ids, webinar_id])}")
        yield red("form endpoint", "rejects this webinar", to_do)
    else:
        yield green("form endpoint", "accepts this webinar")


def check_type(body: dict[str, Any]) -> Check:
    """Return whether Zoom takes batches for a webinar of this type."""
    if body.get("type") == SCHEDULED:
        return green("type", "5, a scheduled webinar")
    return red("type", f"{body.get('type')}, recurring", reason_text(Reason.WEBINAR_TYPE_UNSUPPORTED).action)


def check_approval(settings: dict[str, Any], auto_approve: bool) -> Check:
    """Return whether the webinar takes registrations, and who approves them."""
    match settings.get("approval_type"):
        case 0:
            return green("registration", "on, approved automatically")
        case 1 if auto_approve:
            return green("registration", "on; AutoApprove overrides manual approval")
        case 1:
            return yellow(
                "registration",
                "on; every registrant waits for approval",
                f"The host approves in Zoom; or: {suggest('configure AutoApprove=true')}",
            )
    return red("registration", "off", reason_text(Reason.REGISTRATION_DISABLED).action)


def _join_url_mail(webinar_id: str, body: dict[str, Any], auto_approve: bool) -> Check:
    mail = join_url_mail(webinar_id, body, auto_approve)
    if mail.sender == Sender.ZOOM:
        return green("e-mail", f"{mail.says}. {mail.to_do}")
    if mail.sender == Sender.ZOOM_AFTER_APPROVAL:
        return green("e-mail", mail.says)  # `check_approval` says what to do
    return yellow("e-mail", mail.says, mail.to_do)


def _questions(reply: ZoomReply) -> Iterator[Check]:
    if not reply.is_ok:
        yield from _not_readable("questions", reply)
        return
    standard = reply.body.get("questions") or []
    own = reply.body.get("custom_questions") or []
    required = [one.get("field_name") for one in standard if one.get("required")]
    required += [one.get("title") for one in own if one.get("required")]
    beyond = [str(name) for name in required if name not in CARRIED]
    if beyond:
        # Zoom does not document whether it then refuses a batch, or registers without the answers.
        says = f"required: {', '.join(beyond)}. A batch carries no answers: Zoom may refuse every registrant"
        yield yellow("questions", says, "Make them optional in Zoom (Registration, Questions).")
    else:
        yield green("questions", "none is required beyond the name")


def _hosts(body: dict[str, Any], settings: dict[str, Any]) -> Check:
    alternative = [
        email for email in str(settings.get("alternative_hosts") or "").replace(";", ",").split(",") if email
    ]
    hosts = [str(body.get("host_email", "unknown")), *alternative]
    return green("hosts", f"{', '.join(hosts)}: they need no registration, and Zoom rejects theirs")


class Seats(NamedTuple):
    """How many registrants take a seat, pending ones included, and how many may; None where Zoom states no limit."""

    taken: int
    limit: int | None


def count_seats(zoom: ZoomApi, webinar_id: str, body: dict[str, Any]) -> Seats | ZoomReply:
    """Count the seats of the webinar of this `body`; return Zoom's reply where it refuses."""
    counts = [zoom.registrants(webinar_id, status) for status in ("approved", "pending")]
    refused = next((count for count in counts if not count.is_ok), None)
    if refused is not None:
        return refused
    taken = sum(int(count.body.get("total_records") or 0) for count in counts)
    return Seats(taken, min(_limits(body, body.get("settings") or {}), default=None))


def _seats(zoom: ZoomApi, webinar_id: str, body: dict[str, Any], waiting: int) -> Iterator[Check]:
    found = count_seats(zoom, webinar_id, body)
    if isinstance(found, ZoomReply):
        yield from _not_readable("seats", found)
        return
    registered, seats = found
    if seats is None:
        yield green("seats", f"{registered:,} taken; Zoom states no limit")
        return
    says = f"{registered:,} of {seats:,} taken"
    if registered >= seats:
        yield red("seats", f"{says}: full", reason_text(Reason.WEBINAR_FULL).action)
    elif registered + waiting > seats:
        to_do = "If they are for this webinar, raise the limit before it is full."
        yield yellow("seats", f"{says}; {waiting:,} waiting for all webinars together", to_do)
    elif registered > NEARLY_FULL * seats:
        yield yellow("seats", says, "Raise the limit before it is full.")
    else:
        yield green("seats", says)


def _limits(body: dict[str, Any], settings: dict[str, Any]) -> list[int]:
    """Return the limits there are: the licence's seats, and the host's own limit, where 0 means none."""
    licence, own = body.get("capacity"), settings.get("registrants_restrict_number")
    return ([licence] if isinstance(licence, int) else []) + ([own] if isinstance(own, int) and own else [])


def _not_readable(what: str, reply: ZoomReply) -> Iterator[Check]:
    if reply.reason != Reason.MISSING_SCOPE:  # reported by `check_access`
        yield yellow(what, f"cannot be read: {reply.error}", reason_text(reply.reason).action)


def start_of(body: dict[str, Any]) -> float | None:
    """Return when the webinar starts, in epoch seconds; None where Zoom states no time."""
    try:
        return datetime.fromisoformat(str(body["start_time"])).timestamp()
    except (KeyError, ValueError):
        return None


def is_over(body: dict[str, Any], now: float) -> bool:
    """Return whether the webinar has ended."""
    start = start_of(body)
    return start is not None and start + float(body.get("duration") or 0) * 60 < now


def _start(body: dict[str, Any], backlog: Backlog, now: float) -> Iterator[Check]:
    start = start_of(body)
    if start is None:
        yield yellow("start", "Zoom states no start time", "Check the webinar in Zoom.")
        return
    left = start - now
    if is_over(body, now):
        yield red("start", "it is over", reason_text(Reason.WEBINAR_OVER).action)
        return
    says = local_time(start, now) if left > 0 else f"began {local_time(start, now)}"
    if not backlog.waiting:
        yield green("start", says)
        return
    says += f"; {backlog.waiting:,} waiting for all webinars together, not counting deferred ones"
    if backlog.is_paused:
        yield yellow("start", f"{says}; no one is registered while the consumer is paused", suggest("resume"))
        return
    drain = backlog.waiting / backlog.per_second
    says += f"; all are registered in {span(drain)} at best, at {backlog.per_second:,.0f} per second"
    if left <= 0:
        to_do = f"Registrants of this webinar get their join URLs after its start. To follow: {suggest('watch')}"
        yield yellow("start", says, to_do)
    elif drain > left:
        to_do = f"Raise ZoomBudgetShare or Zoom's plan, or postpone the start. To follow: {suggest('watch')}"
        yield red("start", says, to_do)
    else:
        yield green("start", says)


def registrants_per_second(calls_per_second: float, share_percent: float) -> float:
    """Return the most that Zoom allows this stack: full batches at the consumer's rate."""
    return limits.REGISTRANTS_PER_CALL * calls_per_second * share_percent / 100 * limits.BUDGET_HEADROOM
