"""The checks of the add-registrant calls: attempts left, webinar open for registration, valid e-mail."""

import math
import re
from collections.abc import Callable

from local.fake_zoom import errors
from local.fake_zoom.calls import CallName
from local.fake_zoom.errors import ZoomError
from local.fake_zoom.exchange import Response
from local.fake_zoom.parsed_request import ParsedRequest
from local.fake_zoom.state import State
from local.fake_zoom.switches import CapacityCloses, Counted, QuestionsInBatch
from local.fake_zoom.webinars import ApprovalType, Status, Webinar, WebinarProperties, WebinarType

# Zoom's own rule is not published.
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")

MOST_SEATS = 100_000  # where nothing limits the registrations


def count_attempts(
    state: State, request: ParsedRequest, register: Callable[[State, ParsedRequest], Response]
) -> Response:
    """Perform an add call and count an attempt of each of its registrants, whether it succeeds or fails."""
    state.attempts.check(request, state.limits, state.switches)
    try:
        response = register(state, request)
    except ZoomError as error:
        counts_all = state.switches.refused_batch_counts is Counted.ALL_REGISTRANTS
        counted = request.emails if counts_all else error.affected
        state.attempts.count(request, counted, state.switches)
        raise
    state.attempts.count(request, request.emails, state.switches)
    return response


def open_webinar(state: State, request: ParsedRequest) -> Webinar:
    """Return the webinar if this call may register for it; raise Zoom's error otherwise."""
    webinar = state.webinar(request.webinar)
    properties = webinar.properties
    if not properties.licensed:
        raise errors.plan_missing(int(state.switches.plan_missing_status), properties.host_email)
    if request.call.name is CallName.BATCH and properties.type is not WebinarType.SCHEDULED:
        raise errors.type_unsupported()
    if properties.approval_type is ApprovalType.NO_REGISTRATION:
        raise errors.registration_off(state.switches.registration_off, webinar.id)
    if properties.paid:
        raise errors.paid_unsupported()
    if properties.is_over(request.now):
        raise errors.webinar_over()
    return webinar


def check_attendee_limit(state: State, newcomers: int) -> None:
    """Raise Zoom's error if the account cannot hold that many more registrants."""
    maximum = state.profile.attendee_limit
    if maximum is not None and newcomers and state.seats_taken() + newcomers > maximum:
        raise errors.attendee_limit_reached()


def check_questions(state: State, webinar: Webinar) -> None:
    """Raise Zoom's error if a batch cannot answer a required question."""
    properties = webinar.properties
    unanswered = [name for name in properties.required_questions if name != "last_name"]
    unanswered += [question.title for question in properties.custom_questions if question.required]
    if unanswered and state.switches.questions_in_batch is QuestionsInBatch.REFUSED:
        raise errors.question_required(unanswered[0])


def free_seats(state: State, webinar: Webinar) -> int:
    """Return the number of free seats."""
    properties, switches = webinar.properties, state.switches
    capacity = properties.capacity if switches.capacity_closes is CapacityCloses.REGISTRATION else math.inf
    seats = min(capacity, properties.registrants_restrict_number or math.inf)
    without_seat = 0 if switches.pending_uses_seat else sum(1 for _ in webinar.with_status(Status.PENDING))
    return int(min(MOST_SEATS, max(0, seats - webinar.seats_taken + without_seat)))


def is_invalid(properties: WebinarProperties, email: str) -> bool:
    """Return whether Zoom refuses this e-mail as invalid data."""
    return EMAIL.fullmatch(email) is None or email.lower() in _lower(properties.refused_emails)


def is_blocked(properties: WebinarProperties, email: str) -> bool:
    """Return whether the host's e-mail policy refuses this address."""
    return email.lower().rpartition("@")[2] in _lower(properties.blocked_domains)


def status_of_newcomers(properties: WebinarProperties, *, auto_approve: bool) -> Status:
    """Return the status of new registrants; `auto_approve` matters only where approval is manual."""
    manual = properties.approval_type is ApprovalType.MANUAL
    return Status.PENDING if manual and not auto_approve else Status.APPROVED


def _lower(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(text.lower() for text in texts)
