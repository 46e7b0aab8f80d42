"""Check the access to Zoom: whether it accepts the token, and the app's scopes.

The scope for registering is probed with an empty batch (one Heavy call). Zoom always refuses it, and the refusal shows
whether the scope is missing.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from registrar.registrants.reasons import FINAL_FOR_WEBINAR, Reason
from registrar.zoom.errors import Scope
from registrar.zoom.token import Token

from registrar_cli.clients.zoom import ZoomApi, ZoomReply
from registrar_cli.operations.check import Check, green, red, yellow
from registrar_cli.terminal.reasons import reason_text
from registrar_cli.terminal.suggestions import suggest

NO_WEBINAR = "100000000"  # queried where no webinar is named: "does not exist" is a sufficient reply
INVALID = 400  # Zoom's status for an invalid request, such as an empty batch
SOON_SECONDS = 300  # the consumer requests a new token this long before expiry

# What needs each scope; without the first, no one can be registered.
REGISTERING = "webinar:write:batch_registrants:admin"
LISTING = "webinar:read:list_registrants:admin"
READING = "webinar:read:webinar:admin"
QUESTIONS = "webinar:read:list_registration_questions:admin"
# Refusals that concern the webinar: Zoom gives them only to a token with the scope.
_ABOUT_THE_WEBINAR: Final = FINAL_FOR_WEBINAR | {Reason.ACCOUNT_ATTENDEE_LIMIT}
_USES = {
    LISTING: "needed before a registrant's third attempt of the day; without it, they wait until the next day",
    READING: "needed by this check only",
    QUESTIONS: "needed by this check only",
}


def check_token(token: Token, clock: Callable[[], float] = time.time) -> Iterator[Check]:
    """Yield how long the token is valid."""
    if token.expires_at is None:
        yield green("token", "present; written manually, its expiry is unknown")
        return
    left = token.expires_at - clock()
    if left <= 0:
        yield red("token", f"expired {-left / 60:,.0f} min ago", f"In a minute: {suggest('doctor')}")
    elif left < SOON_SECONDS:
        yield yellow(
            "token", f"expires in {left / 60:.0f} min", "It is renewed automatically; check again in a minute."
        )
    else:
        yield green("token", f"valid for {left / 60:.0f} min")


Replies = Mapping[str, ZoomReply]  # by the scope that the call needs


def query_scopes(zoom: ZoomApi, webinar_id: str) -> Replies:
    """Make one call per scope."""
    return {
        REGISTERING: zoom.probe_registering(webinar_id),
        LISTING: zoom.registrants(webinar_id, "approved"),
        READING: zoom.webinar(webinar_id),
        QUESTIONS: zoom.questions(webinar_id),
    }


def token_is_refused(replies: Replies) -> bool:
    """Return whether Zoom refuses the token itself, so that it says nothing about anything else."""
    return any(reply.reason == Reason.TOKEN_REJECTED for reply in replies.values())


def zoom_is_unavailable(replies: Replies) -> bool:
    """Return whether no call got a usable response, so that none says anything about the app or a webinar."""
    return bool(replies) and all(reply.reason == Reason.ZOOM_UNAVAILABLE for reply in replies.values())


def check_scopes(replies: Replies) -> Iterator[Check]:
    """Yield which scopes the app lacks."""
    missing = {scope: reply for scope, reply in replies.items() if reply.reason == Reason.MISSING_SCOPE}
    for scope, reply in missing.items():
        yield _missing(scope, reply)
    inconclusive = {
        scope: reply for scope, reply in replies.items() if scope not in missing and not _is_there(scope, reply)
    }
    if inconclusive:
        yield _inconclusive(inconclusive)
    if not missing and not inconclusive:
        yield green("scopes", f"all {len(replies)} present")


def _is_there(scope: str, reply: ZoomReply) -> bool:
    """Return whether the reply proves the scope: success, a refusal of the webinar, or one of the empty batch."""
    if reply.kind is None or reply.reason in _ABOUT_THE_WEBINAR:
        return True
    return scope == REGISTERING and reply.status == INVALID and reply.reason == Reason.ZOOM_REJECTED


def _inconclusive(replies: Mapping[str, ZoomReply]) -> Check:
    first = next(iter(replies.values()))
    says = f"Zoom's replies do not show whether the app has {', '.join(replies)} ({first.error})"
    to_do = reason_text(first.reason).action
    # Rate limits pass: the consumer is at work, and nothing is wrong.
    is_passing = first.kind is not None and first.kind.scope in {Scope.RATE_LIMIT, Scope.CONCURRENCY}
    if REGISTERING in replies and not is_passing:
        return red("scopes", says, to_do)
    return yellow("scopes", says, to_do)


def _missing(scope: str, reply: ZoomReply) -> Check:
    alternatives = sorted(set(re.findall(r"[a-z_]+(?::[a-z_]+)+", str(reply.body.get("message")))) - {scope})
    name = scope + (f" (or {', '.join(alternatives)})" if alternatives else "")
    to_do = (
        f"In Zoom's marketplace add {scope} to the app, and activate it. The next token has it, within half an hour."
    )
    if scope == REGISTERING:
        return red("scopes", f"missing {name}: no one can be registered", to_do)
    return yellow("scopes", f"missing {name}: {_USES[scope]}", to_do)
