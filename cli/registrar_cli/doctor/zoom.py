"""`doctor`, our access to Zoom: the token, and the scopes, the missing ones named.

In: a session, a webinar to ask about. Out: checks. The scope for registering is tried with a batch of nobody (one Heavy
call): Zoom refuses it either way, and says whether for want of the scope.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from registrar.registrants.reasons import FINAL_FOR_WEBINAR, Reason
from registrar.zoom.errors import Scope
from registrar.zoom.token import Token

from registrar_cli.clients.zoom import Look, ZoomLook
from registrar_cli.doctor.check import Check, green, red, yellow
from registrar_cli.terminal.reasons import words_of

NO_WEBINAR = "100000000"  # asked about where none is given: that it does not exist is answer enough
INVALID = 400  # the status with which Zoom refuses what is wrong in a call, as a batch of nobody is
SOON_SECONDS = 300  # the consumer has the token replaced from then on

# What each scope is for; without the first nobody gets in.
REGISTERING = "webinar:write:batch_registrants:admin"
LISTING = "webinar:read:list_registrants:admin"
READING = "webinar:read:webinar:admin"
QUESTIONS = "webinar:read:list_registration_questions:admin"
# Refusals of the webinar, to which Zoom comes only with a token that may ask.
_ABOUT_THE_WEBINAR: Final = FINAL_FOR_WEBINAR | {Reason.ACCOUNT_ATTENDEE_LIMIT}
_USES = {
    LISTING: "before a last try nobody can be looked for at Zoom; people wait for the next day",
    READING: "used by this check of a webinar only",
    QUESTIONS: "used by this check of the form only",
}


def check_token(token: Token, clock: Callable[[], float] = time.time) -> Iterator[Check]:
    """How long the token lasts."""
    if token.expires_at is None:
        yield green("token", "there is one, written by hand")
        return
    left = token.expires_at - clock()
    if left <= 0:
        to_do = "Invoke RefreshTokenFunction with {}: it mints one, or says what is wrong."
        yield red("token", f"ended {-left / 60:,.0f} min ago", to_do)
    elif left < SOON_SECONDS:
        yield yellow("token", f"ends in {left / 60:.0f} min", "It is replaced by itself; ask again in a minute.")
    else:
        yield green("token", f"good for {left / 60:.0f} min")


def check_access(zoom: ZoomLook, webinar_id: str) -> Iterator[Check]:
    """Whether Zoom takes the token, and which scopes it has."""
    looks = {
        REGISTERING: zoom.may_register(webinar_id),
        LISTING: zoom.registrants(webinar_id, "approved"),
        READING: zoom.webinar(webinar_id),
        QUESTIONS: zoom.questions(webinar_id),
    }
    refused = next((look for look in looks.values() if look.reason == Reason.TOKEN_REJECTED), None)
    if refused is not None:
        yield red("Zoom", f"refuses the token: {refused.message}", words_of(Reason.TOKEN_REJECTED).as_order)
        return
    missing = {scope: look for scope, look in looks.items() if look.reason == Reason.MISSING_SCOPE}
    for scope, look in missing.items():
        yield _missing(scope, look)
    untold = {scope: look for scope, look in looks.items() if scope not in missing and not _is_there(scope, look)}
    if untold:
        yield _untold(untold)
    if not missing and not untold:
        yield green("scopes", f"all {len(looks)} are there")


def _is_there(scope: str, look: Look) -> bool:
    """Whether the answer proves the scope: an agreement, a refusal of the webinar, or one of the batch of nobody."""
    if look.kind is None or look.reason in _ABOUT_THE_WEBINAR:
        return True
    return scope == REGISTERING and look.status == INVALID and look.reason == Reason.ZOOM_REJECTED


def _untold(looks: Mapping[str, Look]) -> Check:
    first = next(iter(looks.values()))
    says = f"Zoom does not answer whether there is {', '.join(looks)} ({first.refusal})"
    to_do = words_of(first.reason).as_order
    # Too fast for this moment: the consumer is at work, and nothing is wrong.
    is_passing = first.kind is not None and first.kind.scope in {Scope.RATE_LIMIT, Scope.CONCURRENCY}
    if REGISTERING in looks and not is_passing:
        return red("scopes", says, to_do)
    return yellow("scopes", says, to_do)


def _missing(scope: str, look: Look) -> Check:
    zooms = sorted(set(re.findall(r"[a-z_]+(?::[a-z_]+)+", str(look.body.get("message")))) - {scope})
    named = scope + (f" (or {', '.join(zooms)})" if zooms else "")
    to_do = f"In Zoom's marketplace give the app {scope}, activate it, and mint: invoke RefreshTokenFunction with {{}}."
    if scope == REGISTERING:
        return red("scopes", f"missing {named}: nobody gets in", to_do)
    return yellow("scopes", f"missing {named}: {_USES[scope]}", to_do)
