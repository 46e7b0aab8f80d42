"""The way of every call through Zoom: token, scope, rates, then the call itself.

Comes in: the state of an account and what is asked of it. Goes out: the answer that Zoom would give,
refusals included, with its rate limit headers. Faults and the log are the account's business.
"""

from collections.abc import Callable, Mapping

from local.fake_zoom import admission, batch, errors, readback, single
from local.fake_zoom.calls import CallName
from local.fake_zoom.errors import OAuthError, ZoomError
from local.fake_zoom.exchange import Reply
from local.fake_zoom.parsed_request import Asked
from local.fake_zoom.state import State

ANSWERS: Mapping[CallName, Callable[[State, Asked], Reply]] = {
    CallName.BATCH: lambda state, asked: admission.counted(state, asked, batch.register),
    CallName.SINGLE: lambda state, asked: admission.counted(state, asked, single.register),
    CallName.LIST: readback.registrants,
    CallName.STATUS: readback.change_status,
    CallName.QUESTIONS: readback.questions,
    CallName.WEBINAR: readback.webinar,
}


def answered(state: State, asked: Asked) -> Reply:
    """Answer a call."""
    try:
        if asked.call.name is CallName.TOKEN:
            ends_older = state.switches.new_token_ends_older
            return state.tokens.grant(asked.request, state.profile, asked.now, ends_older=ends_older)
        told = _let_in(state, asked)
    except (OAuthError, ZoomError) as error:
        return error.reply()
    try:
        reply = ANSWERS[asked.call.name](state, asked)
    except ZoomError as error:
        reply = error.reply()
    return reply.with_defaults(told)


def _let_in(state: State, asked: Asked) -> dict[str, str]:
    """Return the rate limit headers of a call that may go on, or raise Zoom's refusal."""
    state.tokens.check(asked.request, asked.now)
    if not set(asked.call.scopes) & set(state.profile.scopes):
        raise errors.scope_missing(state.switches.scope_error, asked.call.scopes)
    return state.rates.admit(
        asked.call.label,
        state.limits,
        asked.now,
        daily=state.switches.retry_after_daily,
        per_second=state.switches.retry_after_per_second,
    )
