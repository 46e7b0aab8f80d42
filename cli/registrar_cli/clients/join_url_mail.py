"""Say who e-mails a webinar's registrants their join URLs: Zoom, Zoom after the host's approval, or no one.

The registrar itself sends no e-mail. Zoom does if two settings of the webinar are on (`host_sends_mail`).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from registrar.zoom.facts_parser import host_sends_mail

from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom_access import current_token, zoom_api
from registrar_cli.terminal.errors import Unreachable
from registrar_cli.terminal.suggestions import suggest

MANUAL_APPROVAL: Final = 1  # Zoom's `approval_type`
SECONDS: Final = 5.0  # for Zoom's response: the caller has its own result, which this only adds to

_TRY_IT: Final = (
    "Zoom does not document it for batch calls: register an address of your own first, and check its inbox."
)
_TURN_ON: Final = "Turn it on in Zoom (the webinar's Email Settings)"


class Sender(StrEnum):
    """Who e-mails the join URLs."""

    ZOOM = "zoom"
    ZOOM_AFTER_APPROVAL = "zoom_after_approval"
    NO_ONE = "no_one"
    UNKNOWN = "unknown"


class JoinUrlMail(NamedTuple):
    """Who e-mails the join URLs: what that `says`, and what the operator has `to_do`. Neither needs a context."""

    sender: Sender
    says: str
    to_do: str


def join_url_mail(webinar_id: str, webinar: Mapping[str, Any], auto_approve: bool) -> JoinUrlMail:
    """Read it from a webinar as Zoom returns it; `auto_approve` is the parameter AutoApprove."""
    settings = webinar.get("settings") or {}
    is_manual = settings.get("approval_type") == MANUAL_APPROVAL and not auto_approve
    sends = host_sends_mail(settings)
    if is_manual:  # their rows hold no join URL
        otherwise = "copy the join URLs from Zoom's list of registrants once they are approved"
    else:
        otherwise = f"e-mail the join URLs yourself: {suggest(f'export {webinar_id} -o links.csv')}"
    if sends is False:
        says = "no one e-mails the join URLs: Zoom's confirmation e-mail is off for this webinar"
        return JoinUrlMail(Sender.NO_ONE, says, f"{_TURN_ON}, or {otherwise}")
    if sends is None:
        says = "Zoom does not state whether it e-mails the join URLs"
        return JoinUrlMail(Sender.UNKNOWN, says, f"{_TURN_ON} if it is off, or {otherwise}")
    if is_manual:
        says = "Zoom is set to e-mail each registrant their join URL once the host has approved them"
        to_do = f"The host approves them in Zoom, or: {suggest('configure AutoApprove=true')}"
        return JoinUrlMail(Sender.ZOOM_AFTER_APPROVAL, says, to_do)
    return JoinUrlMail(Sender.ZOOM, "Zoom is set to e-mail each registrant their join URL", _TRY_IT)


def read_join_url_mail(session: Session, webinar_id: str) -> JoinUrlMail:
    """Ask Zoom for the webinar (one Light call) and read it from there; unknown where Zoom cannot be asked."""
    try:
        reply = zoom_api(session, current_token(session)).webinar(webinar_id, SECONDS)
    except Unreachable as error:
        return _not_readable(webinar_id, error.what.removesuffix("."))
    if not reply.is_ok:
        return _not_readable(webinar_id, reply.error)
    return join_url_mail(webinar_id, reply.body, session.stack.auto_approves)


def _not_readable(webinar_id: str, why: str) -> JoinUrlMail:
    return JoinUrlMail(
        Sender.UNKNOWN, f"who e-mails the join URLs is not known ({why})", f"Run: {suggest(f'doctor {webinar_id}')}"
    )
