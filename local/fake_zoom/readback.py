"""The calls that read registrants or change their status, as in Zoom's OpenAPI."""

import base64
import binascii
from collections.abc import Mapping
from itertools import islice

from local.fake_zoom import errors, utc
from local.fake_zoom.exchange import Response
from local.fake_zoom.parsed_request import ParsedRequest
from local.fake_zoom.response_items import join_url
from local.fake_zoom.state import State
from local.fake_zoom.switches import Switches, TotalRecords
from local.fake_zoom.webinars import Registrant, Status, Webinar

DEFAULT_PAGE_SIZE = 30
MAX_PAGE_SIZE = 300
STALE_SECONDS = 60
LISTED = {status.value: status for status in (Status.APPROVED, Status.PENDING, Status.DENIED)}
BY_ACTION = {"approve": Status.APPROVED, "deny": Status.DENIED, "cancel": Status.CANCELLED}


def registrants(state: State, request: ParsedRequest) -> Response:
    """Perform `GET /v2/webinars/{id}/registrants`: one page of those with the given status (default: approved)."""
    found = state.webinar(request.webinar)
    query = request.http.query
    status = LISTED.get(query.get("status", Status.APPROVED.value))
    if status is None:
        raise errors.validation_failed([("status", "Invalid field.")])
    size = _page_size(query)
    start = _start(query.get("next_page_token", ""), status)
    matching = list(found.with_status(status))
    page = list(islice(matching, start, start + size))
    more = start + size < len(matching)
    content: dict[str, object] = {
        "page_size": size,
        "next_page_token": _token(status, start + size) if more else "",
        "registrants": [_listed(registrant, state.switches) for registrant in page],
    }
    match state.switches.total_records:
        case TotalRecords.RIGHT:
            content["total_records"] = len(matching)
        case TotalRecords.STALE:
            known_until = utc.iso(request.now - STALE_SECONDS)
            content["total_records"] = sum(one.create_time <= known_until for one in matching)
        case TotalRecords.MISSING:
            pass
    return Response.of_json(200, content)


def change_status(state: State, request: ParsedRequest) -> Response:
    """Perform `PUT /v2/webinars/{id}/registrants/status`."""
    body = request.body()
    if request.violations:
        raise errors.validation_failed([(found.field, found.message) for found in request.violations])
    found = state.webinar(request.webinar)
    status = BY_ACTION[str(body["action"])]
    for registrant in [_find_registrant(found, entry) for entry in request.registrants]:
        found.change_status(registrant, status)
    return Response(204)


def _find_registrant(found: Webinar, entry: Mapping[str, object]) -> Registrant:
    registrant = found.find(str(entry.get("email", "")))
    if registrant is None or entry.get("id", registrant.registrant_id) != registrant.registrant_id:
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
    text = query.get("page_size", str(DEFAULT_PAGE_SIZE))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_PAGE_SIZE):
        raise errors.validation_failed([("page_size", "Invalid field.")])
    return int(text)


def _token(status: Status, start: int) -> str:
    return base64.urlsafe_b64encode(f"{status.value} {start}".encode()).decode()


def _start(token: str, status: Status) -> int:
    """Return where the page begins; a token is valid only for the listing that returned it."""
    if not token:
        return 0
    try:
        token_status, _, start = base64.urlsafe_b64decode(token).decode().partition(" ")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise errors.page_token_invalid() from error
    if token_status != status.value or not (start.isascii() and start.isdigit()):
        raise errors.page_token_invalid()
    return int(start)
