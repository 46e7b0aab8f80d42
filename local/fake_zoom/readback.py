"""The calls of a host: reading a webinar and its registrants back, and deciding on them.

Comes in: a call whose token and rates have been found good. Goes out: Zoom's answer, as its published
OpenAPI has it.
"""

import base64
import binascii
from collections.abc import Mapping
from itertools import islice

from local.fake_zoom import errors
from local.fake_zoom.answer_items import join_url
from local.fake_zoom.exchange import Reply
from local.fake_zoom.parsed_request import Asked
from local.fake_zoom.state import State
from local.fake_zoom.switches import Switches
from local.fake_zoom.webinars import Registrant, Status, Webinar

PAGE_SIZE_DEFAULT = 30
PAGE_SIZE_MOST = 300
LISTED = {status.value: status for status in (Status.APPROVED, Status.PENDING, Status.DENIED)}
BY_ACTION = {"approve": Status.APPROVED, "deny": Status.DENIED, "cancel": Status.CANCELLED}


def webinar(state: State, asked: Asked) -> Reply:
    """Answer `GET /v2/webinars/{id}`."""
    found = state.webinar(asked.webinar)
    about = found.properties
    content = {
        "id": int(found.id),
        "uuid": f"WN_{found.id}",
        "topic": about.topic,
        "type": int(about.type),
        "host_email": about.host_email,
        "start_time": about.start_time,
        "duration": about.duration,
        "timezone": "UTC",
        "capacity": about.capacity,
        "settings": {
            "approval_type": int(about.approval_type),
            "alternative_hosts": ",".join(about.alternative_hosts),
            "registrants_restrict_number": about.registrants_restrict_number,
        },
    }
    return Reply.of_json(200, content)


def questions(state: State, asked: Asked) -> Reply:
    """Answer `GET /v2/webinars/{id}/registrants/questions`."""
    required = state.webinar(asked.webinar).properties.required_questions
    asked_for = [{"field_name": name, "required": True} for name in required]
    return Reply.of_json(200, {"questions": asked_for, "custom_questions": []})


def registrants(state: State, asked: Asked) -> Reply:
    """Answer `GET /v2/webinars/{id}/registrants`: one page of those who stand as asked (or approved)."""
    found = state.webinar(asked.webinar)
    query = asked.request.query
    status = LISTED.get(query.get("status", Status.APPROVED.value))
    if status is None:
        raise errors.validation_failed([("status", "Invalid field.")])
    size = _page_size(query)
    start = _start(query.get("next_page_token", ""), status)
    standing = list(found.with_status(status))
    page = list(islice(standing, start, start + size))
    more = start + size < len(standing)
    content = {
        "page_size": size,
        "total_records": len(standing),
        "next_page_token": _token(status, start + size) if more else "",
        "registrants": [_listed(registrant, state.switches) for registrant in page],
    }
    return Reply.of_json(200, content)


def change_status(state: State, asked: Asked) -> Reply:
    """Answer `PUT /v2/webinars/{id}/registrants/status`."""
    body = asked.body()
    if asked.violations:
        raise errors.validation_failed([(found.field, found.words) for found in asked.violations])
    found = state.webinar(asked.webinar)
    status = BY_ACTION[str(body["action"])]
    for registrant in [_meant(found, person) for person in asked.people]:
        found.change_status(registrant, status)
    return Reply(204)


def _meant(found: Webinar, person: Mapping[str, object]) -> Registrant:
    registrant = found.find(str(person.get("email", "")))
    if registrant is None or person.get("id", registrant.registrant_id) != registrant.registrant_id:
        raise errors.registrant_not_found()
    return registrant


def _listed(registrant: Registrant, switches: Switches) -> dict[str, object]:
    listed: dict[str, object] = {
        "id": registrant.registrant_id,
        "email": registrant.email,
        "first_name": registrant.first_name,
        "last_name": registrant.last_name,
        "status": registrant.status.value,
        "create_time": registrant.create_time,
    }
    if registrant.status is Status.APPROVED:
        listed["join_url"] = join_url(registrant, switches)
    return listed


def _page_size(query: Mapping[str, str]) -> int:
    text = query.get("page_size", str(PAGE_SIZE_DEFAULT))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= PAGE_SIZE_MOST):
        raise errors.validation_failed([("page_size", "Invalid field.")])
    return int(text)


def _token(status: Status, start: int) -> str:
    return base64.urlsafe_b64encode(f"{status.value} {start}".encode()).decode()


def _start(token: str, status: Status) -> int:
    """Return where the page begins; the token is good only for the listing that gave it."""
    if not token:
        return 0
    try:
        token_status, _, start = base64.urlsafe_b64decode(token).decode().partition(" ")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise errors.page_token_invalid() from error
    if token_status != status.value or not (start.isascii() and start.isdigit()):
        raise errors.page_token_invalid()
    return int(start)
