"""Faults: injected failures, applied to matching calls in the order in which they were added.

Some replace the response (`processed` says how much of the call took effect before), others damage the real one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from local.fake_zoom import errors, rates, utc
from local.fake_zoom.calls import CallName
from local.fake_zoom.errors import ZoomError
from local.fake_zoom.exchange import BrokenResponse, Cut, Drip, Hang, Reset, Response
from local.fake_zoom.fields import changed, require
from local.fake_zoom.parsed_request import ParsedRequest
from local.fake_zoom.state import State


class FaultKind(StrEnum):
    """What fails: the first group replaces the response, the second damages the real one."""

    ANSWER = "answer"  # any `status`, `headers` and `body`
    HTML_502 = "html_502"  # of a gateway in front of Zoom: without Zoom's own headers
    RATE_LIMIT = "rate_limit"  # a 429; `limit` says which
    HUGE_BODY = "huge_body"  # `megabytes` of JSON
    RESET = "reset"
    HANG = "hang"

    EMPTY_BODY = "empty_body"
    TRUNCATED_JSON = "truncated_json"
    CUT_CONNECTION = "cut_connection"  # the connection breaks in the middle of the body
    DRIP_BODY = "drip_body"
    DRIP_HEADERS = "drip_headers"
    REGISTRANTS_NOT_A_LIST = "registrants_not_a_list"
    UNEXPECTED_REGISTRANT = "unexpected_registrant"  # an item for a registrant that was not sent
    SAME_EMAIL_TWICE = "same_email_twice"  # two items for one registrant, with different join URLs


class Processed(StrEnum):
    """How much of the call took effect before a fault replaced its response."""

    NO = "no"
    HALF = "half"  # the first half of a batch
    YES = "yes"


class LimitKind(StrEnum):
    """Zoom's four kinds of 429."""

    PER_SECOND = "per_second"
    ACCOUNT_DAY = "account_day"
    REGISTRANT_DAY = "registrant_day"  # names the call's first registrant
    CONCURRENT = "concurrent"


REPLACING = frozenset(
    {
        FaultKind.ANSWER,
        FaultKind.HTML_502,
        FaultKind.RATE_LIMIT,
        FaultKind.HUGE_BODY,
        FaultKind.RESET,
        FaultKind.HANG,
    }
)

GATEWAY_PAGE = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `call` and `webinar` None: any. `body`: text as it is, anything else as JSON."""

    kind: FaultKind
    call: CallName | None = None
    webinar: str | None = None
    times: int = 1
    processed: Processed = Processed.NO
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: object = ""
    megabytes: int = 50
    seconds_per_byte: float = 1.0
    limit: LimitKind = LimitKind.PER_SECOND

    def __post_init__(self) -> None:
        require(self.times >= 1, "'times' must be 1 or more")
        require(200 <= self.status <= 599, "'status' must be between 200 and 599")
        require(1 <= self.megabytes <= 200, "'megabytes' must be between 1 and 200")
        require(0 <= self.seconds_per_byte <= 60, "'seconds_per_byte' must be between 0 and 60")
        can_be_set = self.processed is Processed.NO or self.replaces_response
        require(can_be_set, f"a call with a fault of kind '{self.kind}' is always processed: leave 'processed' out")

    @property
    def replaces_response(self) -> bool:
        """Return whether the fault replaces the response, or damages it."""
        return self.kind in REPLACING

    def matches(self, call: CallName, webinar: str) -> bool:
        """Return whether the fault applies to this call."""
        return self.call in (None, call) and self.webinar in (None, webinar)


def read(fault: Mapping[str, object]) -> Fault:
    """Parse a fault. Raises: NotAllowedError."""
    require("kind" in fault, f"a fault needs a 'kind': {', '.join(FaultKind)}")
    return changed(Fault(FaultKind.ANSWER), fault)


@dataclass
class FaultQueue:
    """The faults that have not been applied yet, in order."""

    waiting: list[Fault] = field(default_factory=list)

    def take(self, call: CallName, webinar: str) -> Fault | None:
        """Return the first fault that applies to this call, and count it as applied once."""
        for index, fault in enumerate(self.waiting):
            if fault.matches(call, webinar):
                left = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self.waiting[index : index + 1] = left
                return fault
        return None


def replacement(fault: Fault, request: ParsedRequest, state: State) -> Response | BrokenResponse:
    """Return what replaces the real response."""
    processed = fault.processed is not Processed.NO
    match fault.kind:
        case FaultKind.RESET:
            return Reset(processed)
        case FaultKind.HANG:
            return Hang(processed)
        case FaultKind.HTML_502:
            return Response(502, {"Content-Type": "text/html"}, GATEWAY_PAGE)
        case FaultKind.HUGE_BODY:
            filling = b" " * (fault.megabytes * 1_000_000)
            return Response(200, {"Content-Type": "application/json"}, b'{"registrants":[' + filling + b"]}")
        case FaultKind.RATE_LIMIT:
            return _limit(fault.limit, request, state).response()
        case _:
            return _scripted(fault)


def spoil(fault: Fault, response: Response) -> Response | BrokenResponse:
    """Return the real response, damaged by the fault; without registrants it stays as it is."""
    match fault.kind:
        case FaultKind.EMPTY_BODY:
            return Response(response.status, response.headers, b"")
        case FaultKind.TRUNCATED_JSON:
            return Response(response.status, response.headers, response.body[: len(response.body) // 2])
        case FaultKind.CUT_CONNECTION:
            return Cut(response)
        case FaultKind.DRIP_BODY | FaultKind.DRIP_HEADERS:
            return Drip(response, fault.seconds_per_byte, headers_too=fault.kind is FaultKind.DRIP_HEADERS)
        case _:
            return _with_odd_registrants(fault.kind, response)


def _with_odd_registrants(kind: FaultKind, response: Response) -> Response:
    content = response.json() if response.body else None
    if not isinstance(content, dict) or not isinstance(content.get("registrants"), list):
        return response
    listed = content["registrants"]
    join_url = " https://zoom.us/w/1?tk=somebody.else"
    odd: object
    if kind is FaultKind.REGISTRANTS_NOT_A_LIST:
        odd = {str(index): item for index, item in enumerate(listed)}
    elif kind is FaultKind.UNEXPECTED_REGISTRANT:
        unexpected = {"registrant_id": "unexpected", "email": "unexpected@example.com", "join_url": join_url}
        odd = [unexpected, *listed]
    else:
        odd = [*listed, *({**item, "join_url": join_url} for item in listed[:1])]
    return response.with_body({**content, "registrants": odd})


def _scripted(fault: Fault) -> Response:
    if isinstance(fault.body, str):
        kind, body = "text/plain", fault.body.encode()
    else:
        kind, body = "application/json", json.dumps(fault.body).encode()
    return Response(fault.status, fault.headers, body).with_defaults({"Content-Type": kind})


def _limit(kind: LimitKind, request: ParsedRequest, state: State) -> ZoomError:
    if kind is LimitKind.CONCURRENT:
        return errors.concurrency_limit()
    label, limits, switches, now = request.call.label, state.limits, state.switches, request.now
    at_midnight = rates.retry_after(switches.retry_after_daily, utc.next_day(now), now)
    if kind is LimitKind.ACCOUNT_DAY:
        maximum = limits.per_day(label) or 0
        return errors.daily_limit(rates.headers(label, "Daily-limit", maximum, 0) | at_midnight)
    if kind is LimitKind.REGISTRANT_DAY:
        maximum = limits.adds_per_registrant_and_day
        named = request.emails[0] if request.emails else ""
        limit_headers = rates.headers(label, "Daily-limit", maximum, 0) | at_midnight
        return errors.registrant_limit(named, maximum, switches.registrant_limit_wording, limit_headers)
    limit_headers = rates.headers(label, "QPS", limits.per_second(label), 0)
    next_second = rates.retry_after(switches.retry_after_per_second, int(now) + 1.0, now)
    return errors.per_second_limit(limit_headers | next_second)
