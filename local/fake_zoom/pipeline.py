"""The steps of every call: token, scope and rate limits, then the call itself. The account adds faults and the log."""

from collections.abc import Callable, Mapping

from local.fake_zoom import admission, batch, descriptions, errors, readback, single
from local.fake_zoom.calls import CallName
from local.fake_zoom.errors import OAuthError, ZoomError
from local.fake_zoom.exchange import Response
from local.fake_zoom.parsed_request import ParsedRequest
from local.fake_zoom.state import State

HANDLERS: Mapping[CallName, Callable[[State, ParsedRequest], Response]] = {
    CallName.BATCH: lambda state, request: admission.count_attempts(state, request, batch.register),
    CallName.SINGLE: lambda state, request: admission.count_attempts(state, request, single.register),
    CallName.LIST: readback.registrants,
    CallName.STATUS: readback.change_status,
    CallName.QUESTIONS: descriptions.questions,
    CallName.WEBINAR: descriptions.webinar,
    CallName.MEETING: descriptions.webinar,
    CallName.MEETING_QUESTIONS: descriptions.questions,
}


def respond(state: State, request: ParsedRequest) -> Response:
    """Return Zoom's response to a call, error or not, with its rate limit headers."""
    try:
        if request.call.name is CallName.TOKEN:
            ends_older = state.switches.new_token_ends_older
            return state.tokens.grant(request.http, state.profile, request.now, ends_older=ends_older)
        headers = _authorize(state, request)
    except (OAuthError, ZoomError) as error:
        return error.response()
    try:
        response = HANDLERS[request.call.name](state, request)
    except ZoomError as error:
        response = error.response()
    return response.with_defaults(headers)


def _authorize(state: State, request: ParsedRequest) -> dict[str, str]:
    """Check token, scope and rate limits; return the rate limit headers, or raise Zoom's error."""
    state.tokens.check(request.http, request.now)
    if not set(request.call.scopes) & set(state.profile.scopes):
        raise errors.scope_missing(state.switches.scope_error, request.call.scopes)
    return state.rates.admit(
        request.call.label,
        state.limits,
        request.now,
        daily=state.switches.retry_after_daily,
        per_second=state.switches.retry_after_per_second,
    )
