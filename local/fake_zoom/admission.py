"""What comes before anybody is registered: is the webinar open, are attempts left?

Comes in: an add call, batch or single. Goes out: the webinar, open for registration, or Zoom's refusal; and
each call's attempts counted, whether it succeeds or fails.
"""

import re
from collections.abc import Callable

from local.fake_zoom import errors
from local.fake_zoom.calls import CallName
from local.fake_zoom.errors import ZoomError
from local.fake_zoom.exchange import Reply
from local.fake_zoom.parsed_request import Asked
from local.fake_zoom.state import State
from local.fake_zoom.switches import Counted
from local.fake_zoom.webinars import ApprovalType, Status, Webinar, WebinarProperties, WebinarType

# Zoom's own rule is not published: something before and after one @, with a dot after it.
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def counted(state: State, asked: Asked, answer: Callable[[State, Asked], Reply]) -> Reply:
    """Answer an add call, and count it against the day's attempts of its people."""
    state.attempts.check(asked, state.limits, state.switches)
    try:
        reply = answer(state, asked)
    except ZoomError as error:
        everybody = state.switches.refused_batch_counts is Counted.EVERYBODYS
        charged = asked.emails if everybody else error.touched
        state.attempts.count(asked, charged, state.switches)
        raise
    state.attempts.count(asked, asked.emails, state.switches)
    return reply


def open_webinar(state: State, asked: Asked) -> Webinar:
    """Return the webinar if anybody at all may be registered for it by this call."""
    webinar = state.webinar(asked.webinar)
    about = webinar.properties
    if not about.licensed:
        raise errors.plan_missing(int(state.switches.plan_missing_status), about.host_email)
    if asked.call.name is CallName.BATCH and about.type is not WebinarType.SCHEDULED:
        raise errors.type_unsupported()
    if about.approval_type is ApprovalType.NO_REGISTRATION:
        raise errors.registration_off(state.switches.registration_off, webinar.id)
    if about.paid:
        raise errors.paid_unsupported()
    if about.is_over(asked.now):
        raise errors.webinar_over()
    return webinar


def check_attendee_limit(state: State, newcomers: int) -> None:
    """Raise the refusal if the account cannot hold so many more people."""
    most = state.profile.attendee_limit
    if most is not None and newcomers and state.seats_taken() + newcomers > most:
        raise errors.attendee_limit_reached()


def finds_wrong(about: WebinarProperties, email: str) -> bool:
    """Tell whether Zoom refuses this e-mail as bad data."""
    return EMAIL.fullmatch(email) is None or email.lower() in _lower(about.refused_emails)


def blocks(about: WebinarProperties, email: str) -> bool:
    """Tell whether the host's e-mail policy refuses this address."""
    return email.lower().rpartition("@")[2] in _lower(about.blocked_domains)


def status_of_newcomers(about: WebinarProperties, *, auto_approve: bool) -> Status:
    """Return how somebody new will stand; `auto_approve` matters only where approval is manual."""
    manual = about.approval_type is ApprovalType.MANUAL
    return Status.PENDING if manual and not auto_approve else Status.APPROVED


def _lower(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(text.lower() for text in texts)
