"""`doctor`, a webinar: whether people can be registered for it, and whether all will be in before it starts.

In: what Zoom says of it, how many wait, how fast we may send. Out: checks.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registrar import limits
from registrar.registrants.fields import webinar_digits
from registrar.registrants.reasons import Reason

from registrar_cli.clients.zoom import ZoomApi, ZoomReply
from registrar_cli.doctor.check import Check, green, red, yellow
from registrar_cli.terminal.formatting import span
from registrar_cli.terminal.reasons import reason_text

SCHEDULED = 5
AUTOMATIC, MANUAL, NO_REGISTRATION = 0, 1, 2
CARRIED = {"email", "first_name", "last_name"}  # what the batch call can carry
NEARLY_FULL = 0.9  # of the seats


@dataclass(frozen=True)
class Backlog:
    """`waiting`: on the queue, for all webinars together, as SQS tells not for which; `per_second`: people, at best."""

    waiting: int
    per_second: float
    is_paused: bool = False


def check_webinar(
    zoom: ZoomApi, webinar_id: str, backlog: Backlog, auto_approve: bool, clock: Callable[[], float] = time.time
) -> Iterator[Check]:
    """Everything about one webinar."""
    reply = zoom.webinar(webinar_id)
    if reply.reason == Reason.MISSING_SCOPE:
        return  # told already
    if not reply.is_ok:
        yield red("webinar", reply.error, reason_text(reply.reason).action_sentence)
        return
    body, settings = reply.body, reply.body.get("settings") or {}
    yield green("webinar", f"“{body.get('topic', '')}” exists")
    yield _type(body)
    yield _approval(settings, auto_approve)
    yield from _questions(zoom.questions(webinar_id))
    yield _hosts(body, settings)
    yield from _seats(zoom, webinar_id, body, settings, backlog.waiting)
    yield from _start(body, backlog, clock())


def check_form_endpoint(webinar_id: str, allowed: str) -> Iterator[Check]:
    """Whether forms for it are taken; `allowed` is the parameter AllowedWebinars, empty for any."""
    ids = [webinar_digits(part) for part in allowed.split(",") if part.strip()]
    if ids and webinar_id not in ids:
        to_do = f"sam deploy --parameter-overrides AllowedWebinars={','.join([*ids, webinar_id])}"
        yield red("door", "refuses forms for this webinar", to_do)
    else:
        yield green("door", "takes forms for it")


def _type(body: dict[str, Any]) -> Check:
    if body.get("type") == SCHEDULED:
        return green("type", "5, a scheduled webinar")
    return red("type", f"{body.get('type')}, recurring", reason_text(Reason.WEBINAR_TYPE_UNSUPPORTED).action_sentence)


def _approval(settings: dict[str, Any], auto_approve: bool) -> Check:
    match settings.get("approval_type"):
        case 0:
            return green("registration", "on, approved automatically")
        case 1 if auto_approve:
            return green("registration", "on; manual approval, which AutoApprove overrides")
        case 1:
            return yellow(
                "registration",
                "on; everybody waits for approval",
                "The host approves in Zoom, or deploy AutoApprove=true.",
            )
    return red("registration", "off", reason_text(Reason.REGISTRATION_DISABLED).action_sentence)


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
        to_do = "Make them optional in Zoom (Registration, Questions): a batch cannot carry answers."
        yield red("questions", f"required: {', '.join(beyond)}", to_do)
    else:
        yield green("questions", "none is required that we cannot answer")


def _hosts(body: dict[str, Any], settings: dict[str, Any]) -> Check:
    alternative = [
        email for email in str(settings.get("alternative_hosts") or "").replace(";", ",").split(",") if email
    ]
    hosts = [str(body.get("host_email", "unknown")), *alternative]
    return green("hosts", f"{', '.join(hosts)}: they need no registration, and would be refused")


def _seats(
    zoom: ZoomApi, webinar_id: str, body: dict[str, Any], settings: dict[str, Any], waiting: int
) -> Iterator[Check]:
    counts = [zoom.registrants(webinar_id, status) for status in ("approved", "pending")]
    refused = next((count for count in counts if not count.is_ok), None)
    if refused is not None:
        yield from _not_readable("seats", refused)
        return
    registered = sum(int(count.body.get("total_records") or 0) for count in counts)
    limits_ = _limits(body, settings)
    if not limits_:
        yield green("seats", f"{registered:,} are in; Zoom tells no limit")
        return
    seats = min(limits_)
    says = f"{registered:,} of {seats:,} are taken"
    if registered >= seats:
        yield red("seats", f"{says}: full", reason_text(Reason.WEBINAR_FULL).action_sentence)
    elif registered + waiting > seats:
        to_do = "If they are for this one, raise the limit before it is full."
        yield yellow("seats", f"{says}, and {waiting:,} wait for all webinars together", to_do)
    elif registered > NEARLY_FULL * seats:
        yield yellow("seats", says, "Raise the limit before it is full.")
    else:
        yield green("seats", says)


def _limits(body: dict[str, Any], settings: dict[str, Any]) -> list[int]:
    """The licence's seats, which may be none, and the host's own limit, for which 0 means that there is none."""
    licence, own = body.get("capacity"), settings.get("registrants_restrict_number")
    return ([licence] if isinstance(licence, int) else []) + ([own] if isinstance(own, int) and own else [])


def _not_readable(what: str, reply: ZoomReply) -> Iterator[Check]:
    if reply.reason != Reason.MISSING_SCOPE:  # which `check_access` tells
        yield yellow(what, f"cannot be told: {reply.error}", reason_text(reply.reason).action_sentence)


def _start(body: dict[str, Any], backlog: Backlog, now: float) -> Iterator[Check]:
    try:
        start = datetime.fromisoformat(str(body["start_time"])).timestamp()
    except (KeyError, ValueError):
        yield yellow("start", "Zoom tells no time", "Look at the webinar in Zoom.")
        return
    left = start - now
    if left + float(body.get("duration") or 0) * 60 < 0:
        yield red("start", "it is over", reason_text(Reason.WEBINAR_OVER).action_sentence)
        return
    says = f"in {span(left)}" if left > 0 else f"began {span(-left)} ago"
    if not backlog.waiting:
        yield green("start", says)
        return
    says += f"; {backlog.waiting:,} wait for all webinars together, the deferred ones not counted"
    if backlog.is_paused:
        yield yellow("start", f"{says}: nobody gets in while the consumer is paused", "registrar resume")
        return
    drain = backlog.waiting / backlog.per_second
    says += f": all are in after {span(drain)}, {backlog.per_second:,.0f} people a second at best"
    if left <= 0:
        yield yellow("start", says, "Whoever is of this one comes late: see `registrar watch`.")
    elif drain > left:
        to_do = "Raise ZoomBudgetShare or the plan; move the start; see `registrar watch`."
        yield red("start", says, to_do)
    else:
        yield green("start", says)


def registrants_per_second(calls_per_second: float, share_percent: float) -> float:
    """The most that Zoom allows this stack: full batches, at the pace the consumer keeps."""
    return limits.REGISTRANTS_PER_CALL * calls_per_second * share_percent / 100 * limits.BUDGET_HEADROOM
