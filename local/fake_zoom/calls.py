"""The API calls of the fake: method, path, rate limit label and scopes, as Zoom publishes them."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import unquote

from local.fake_zoom import errors
from local.fake_zoom.details import Kind
from local.fake_zoom.exchange import Request
from local.fake_zoom.rates import Label


class CallName(StrEnum):
    """Short names, used in the log and to select calls for faults."""

    TOKEN = "token"  # noqa: S105  The name of a call.
    BATCH = "batch"
    SINGLE = "single"
    LIST = "list"
    WEBINAR = "webinar"
    STATUS = "status"
    QUESTIONS = "questions"
    MEETING = "meeting"
    MEETING_QUESTIONS = "meeting_questions"


ADD_CALLS = frozenset({CallName.BATCH, CallName.SINGLE})


@dataclass(frozen=True, slots=True)
class Call:
    """One call. One of its scopes is enough: the granular or the classic one."""

    name: CallName
    method: str
    tail: str
    label: Label
    scopes: tuple[str, ...]
    kind: Kind = Kind.WEBINAR


def _call(name: CallName, method: str, tail: str, label: Label, *scopes: str) -> Call:
    return Call(name, method, tail, label, scopes)


def _of_meeting(name: CallName, call: Call) -> Call:
    """Return the same call for meetings."""
    scopes = tuple(scope.replace("webinar", "meeting") for scope in call.scopes)
    return replace(call, name=name, scopes=scopes, kind=Kind.MEETING)


WRITE, READ = "webinar:write:admin", "webinar:read:admin"  # classic scopes

QUESTIONS = _call(
    *(CallName.QUESTIONS, "GET", "/registrants/questions", Label.LIGHT),
    *("webinar:read:list_registration_questions:admin", READ),
)
DESCRIPTION = _call(CallName.WEBINAR, "GET", "", Label.LIGHT, "webinar:read:webinar:admin", READ)

WEBINAR_CALLS = (
    _call(
        *(CallName.BATCH, "POST", "/batch_registrants", Label.HEAVY),
        *("webinar:write:batch_registrants:admin", WRITE),
    ),
    _call(CallName.SINGLE, "POST", "/registrants", Label.LIGHT, "webinar:write:registrant:admin", WRITE),
    _call(CallName.LIST, "GET", "/registrants", Label.MEDIUM, "webinar:read:list_registrants:admin", READ),
    _call(
        *(CallName.STATUS, "PUT", "/registrants/status", Label.MEDIUM),
        *("webinar:update:registrant_status:admin", WRITE),
    ),
    QUESTIONS,
    DESCRIPTION,
)
MEETING_CALLS = (_of_meeting(CallName.MEETING, DESCRIPTION), _of_meeting(CallName.MEETING_QUESTIONS, QUESTIONS))

# Needs no scope; Zoom publishes no rate limit for it.
TOKEN_CALL = _call(CallName.TOKEN, "POST", "", Label.LIGHT)
TOKEN_PATH = "/oauth/token"  # noqa: S105  A path.
PATH = re.compile(r"/v2/(?P<kinds>webinars|meetings)/(?P<id>[^/]+)(?P<tail>/.*)?")


def find(request: Request) -> tuple[Call, str]:
    """Return the call and the webinar id in its path ("" for a token); raise Zoom's error for an unknown endpoint."""
    if request.path == TOKEN_PATH and request.method == TOKEN_CALL.method:
        return TOKEN_CALL, ""
    match = PATH.fullmatch(request.path)
    if match is None:
        raise errors.endpoint_unknown()
    of_kind = WEBINAR_CALLS if match["kinds"] == "webinars" else MEETING_CALLS
    on_path = [call for call in of_kind if call.tail == (match["tail"] or "")]
    if not on_path:
        raise errors.endpoint_unknown()
    for call in on_path:
        if call.method == request.method:
            return call, unquote(match["id"])
    raise errors.method_not_allowed()
