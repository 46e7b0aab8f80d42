"""`POST /v2/webinars/{id}/registrants`: register one registrant in one Light call, without `auto_approve`.

The 201 has a join URL unless the registrant awaits approval.
"""

from local.fake_zoom import errors
from local.fake_zoom.admission import (
    check_attendee_limit,
    free_seats,
    is_blocked,
    is_invalid,
    open_webinar,
    status_of_newcomers,
)
from local.fake_zoom.exchange import Response
from local.fake_zoom.parsed_request import ParsedRequest
from local.fake_zoom.response_items import join_url
from local.fake_zoom.state import State
from local.fake_zoom.switches import DeniedAgain
from local.fake_zoom.webinars import Registrant, Status, Webinar


def register(state: State, request: ParsedRequest) -> Response:
    """Perform the call."""
    body = request.body()
    if request.violations:
        raise errors.validation_failed([(found.field, found.message) for found in request.violations])
    webinar = open_webinar(state, request)
    email = str(body["email"])
    _check(webinar, email)
    registrant = _registered(state, webinar, email, request)
    content = {
        "id": int(webinar.id),
        "registrant_id": registrant.registrant_id,
        "topic": webinar.properties.topic,
        "start_time": webinar.properties.start_time,
    }
    if registrant.status is Status.APPROVED:
        content["join_url"] = join_url(registrant, state.switches)
    return Response.of_json(201, content)


def _check(webinar: Webinar, email: str) -> None:
    properties = webinar.properties
    if is_invalid(properties, email):
        raise errors.validation_failed([("email", "Invalid field.")]).affecting([email])
    if email.lower() in properties.hosts():
        raise errors.host_refused().affecting([email])
    if is_blocked(properties, email):
        raise errors.policy_refused().affecting([email])


def _registered(state: State, webinar: Webinar, email: str, request: ParsedRequest) -> Registrant:
    existing = webinar.find(email)
    if existing is not None and existing.status is Status.DENIED:
        if state.switches.denied_again is DeniedAgain.REFUSED:
            raise errors.denied_refused().affecting([email])
        if state.switches.denied_again is DeniedAgain.REGISTERED_ANEW:
            existing = None
    if existing is not None:
        return existing
    if free_seats(state, webinar) == 0:
        raise errors.webinar_full_for_one()
    check_attendee_limit(state, 1)
    status = status_of_newcomers(webinar.properties, auto_approve=False)
    body = request.body()
    return webinar.add(email, str(body["first_name"]), str(body.get("last_name", "")), status, request.now)
