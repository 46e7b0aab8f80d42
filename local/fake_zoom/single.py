"""`POST /v2/webinars/{id}/registrants`: registers one person in one Light call. It has no `auto_approve`.

Comes in: a call whose token, rates and attempts have been found good. Goes out: 201 with the join URL;
without one while the person awaits approval.
"""

from local.fake_zoom import errors
from local.fake_zoom.admission import (
    blocks,
    check_attendee_limit,
    finds_wrong,
    open_webinar,
    status_of_newcomers,
)
from local.fake_zoom.answer_items import join_url
from local.fake_zoom.exchange import Reply
from local.fake_zoom.parsed_request import Asked
from local.fake_zoom.state import State
from local.fake_zoom.switches import DeniedAgain
from local.fake_zoom.webinars import Registrant, Status, Webinar


def register(state: State, asked: Asked) -> Reply:
    """Answer the call."""
    body = asked.body()
    if asked.violations:
        raise errors.validation_failed([(found.field, found.words) for found in asked.violations])
    webinar = open_webinar(state, asked)
    email = str(body["email"])
    _check(webinar, email)
    registrant = _registered(state, webinar, email, asked)
    content = {
        "id": int(webinar.id),
        "registrant_id": registrant.registrant_id,
        "topic": webinar.properties.topic,
        "start_time": webinar.properties.start_time,
    }
    if registrant.status is Status.APPROVED:
        content["join_url"] = join_url(registrant, state.switches)
    return Reply.of_json(201, content)


def _check(webinar: Webinar, email: str) -> None:
    about = webinar.properties
    if finds_wrong(about, email):
        raise errors.validation_failed([("email", "Invalid field.")]).touching([email])
    if email.lower() in about.hosts():
        raise errors.host_refused().touching([email])
    if blocks(about, email):
        raise errors.policy_refused().touching([email])


def _registered(state: State, webinar: Webinar, email: str, asked: Asked) -> Registrant:
    existing = webinar.find(email)
    if existing is not None and existing.status is Status.DENIED:
        if state.switches.denied_again is DeniedAgain.REFUSED:
            raise errors.denied_refused().touching([email])
        if state.switches.denied_again is DeniedAgain.REGISTERED_ANEW:
            existing = None
    if existing is not None:
        return existing
    if webinar.free_seats() == 0:
        raise errors.webinar_full_for_one()
    check_attendee_limit(state, 1)
    status = status_of_newcomers(webinar.properties, auto_approve=False)
    body = asked.body()
    return webinar.add(email, str(body["first_name"]), str(body.get("last_name", "")), status, asked.now)
