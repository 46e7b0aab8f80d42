"""The calls that describe a webinar or meeting, and its questions, as in Zoom's OpenAPI.

`unstated` of the webinar names what its descriptions leave out, at any depth: Zoom may leave out nearly everything.
"""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from local.fake_zoom.details import Kind
from local.fake_zoom.exchange import Response
from local.fake_zoom.parsed_request import ParsedRequest
from local.fake_zoom.state import State
from local.fake_zoom.switches import SeatNumbers
from local.fake_zoom.webinars import WebinarType

# Zoom's numbers for meetings.
MEETING_TYPES = {
    WebinarType.SCHEDULED: 2,
    WebinarType.RECURRING_NO_FIXED_TIME: 3,
    WebinarType.RECURRING_FIXED_TIME: 8,
}


def webinar(state: State, request: ParsedRequest) -> Response:
    """Perform `GET /v2/webinars/{id}` or `GET /v2/meetings/{id}`."""
    found = state.webinar(request.webinar, request.call.kind)
    properties = found.properties
    is_meeting = properties.kind is Kind.MEETING
    content: dict[str, Any] = {
        "id": int(found.id),
        "uuid": f"WN_{found.id}",
        "topic": properties.topic,
        "type": MEETING_TYPES[properties.type] if is_meeting else int(properties.type),
        "host_email": properties.host_email,
        "duration": properties.duration,
        "timezone": properties.timezone,
        "settings": {
            "approval_type": int(properties.approval_type),
            "alternative_hosts": (";" if is_meeting else ",").join(properties.alternative_hosts),
            "registrants_email_notification": properties.registrants_email_notification,
            "registrants_confirmation_email": properties.registrants_confirmation_email,
        },
    }
    if properties.type is not WebinarType.RECURRING_NO_FIXED_TIME:
        content["start_time"] = properties.start_time
    if properties.type is WebinarType.RECURRING_FIXED_TIME:
        content["occurrences"] = [asdict(occurrence) for occurrence in properties.occurrences]
        content["settings"]["registration_type"] = properties.registration_type
    if state.switches.seat_numbers in {SeatNumbers.ALL, SeatNumbers.CAPACITY_ONLY}:
        content["capacity"] = properties.capacity
    if state.switches.seat_numbers in {SeatNumbers.ALL, SeatNumbers.RESTRICTION_ONLY}:
        content["settings"]["registrants_restrict_number"] = properties.registrants_restrict_number
    return Response.of_json(200, _without(properties.unstated, content))


def questions(state: State, request: ParsedRequest) -> Response:
    """Perform `GET …/registrants/questions`: the standard fields, and the host's own questions."""
    properties = state.webinar(request.webinar, request.call.kind).properties
    content = {
        "questions": [
            {"field_name": name, "required": name in properties.required_questions}
            for name in (*properties.required_questions, *properties.optional_questions)
        ],
        "custom_questions": [asdict(question) for question in properties.custom_questions],
    }
    return Response.of_json(200, _without(properties.unstated, content))


def _without(names: Collection[str], content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _without(names, value) for name, value in content.items() if name not in names}
    return content
