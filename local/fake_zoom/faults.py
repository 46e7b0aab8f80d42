"""Faults: broken answers, scripted from outside and used up in order.

Comes in: faults, each aimed at a call and a webinar or at any; then each call, with the answer that it
would have had. Goes out: the answer that it gets. Some faults stand in place of the answer (`processed`
tells how much took effect before), others spoil the real one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from local.fake_zoom import errors, rates, utc
from local.fake_zoom.calls import CallName
from local.fake_zoom.errors import ZoomError
from local.fake_zoom.exchange import Answer, Cut, Drip, Hang, Reply, Reset
from local.fake_zoom.fields import changed, require
from local.fake_zoom.parsed_request import Asked
from local.fake_zoom.state import State


class FaultKind(StrEnum):
    """What is broken: the first group stands in place of the answer, the second spoils the real one."""

    ANSWER = "answer"  # any `status`, `headers` and `body`
    HTML_502 = "html_502"  # of a gateway before Zoom: without Zoom's own headers
    RATE_LIMIT = "rate_limit"  # a 429; which one says `limit`
    HUGE_BODY = "huge_body"  # `megabytes` of JSON
    RESET = "reset"
    HANG = "hang"

    EMPTY_BODY = "empty_body"
    TRUNCATED_JSON = "truncated_json"
    CUT_CONNECTION = "cut_connection"  # the connection breaks in the middle of the body
    DRIP_BODY = "drip_body"
    DRIP_HEADERS = "drip_headers"
    REGISTRANTS_NOT_A_LIST = "registrants_not_a_list"
    STRANGER = "stranger"  # an item of somebody who was not sent
    SAME_EMAIL_TWICE = "same_email_twice"  # two items of one person, with different join URLs


class Processed(StrEnum):
    """How much of the call took effect before a fault stood in place of its answer."""

    NO = "no"
    HALF = "half"  # the first half of a batch's people
    YES = "yes"


class LimitKind(StrEnum):
    """Zoom's four kinds of 429."""

    PER_SECOND = "per_second"
    ACCOUNT_DAY = "account_day"
    REGISTRANT_DAY = "registrant_day"  # names the call's first person
    CONCURRENT = "concurrent"


IN_PLACE = frozenset(
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
        processed_is_told = self.processed is Processed.NO or self.stands_in_place
        require(processed_is_told, f"a fault of kind '{self.kind}' is always processed: leave 'processed' out")

    @property
    def stands_in_place(self) -> bool:
        """Tell whether the fault replaces the answer, or spoils it."""
        return self.kind in IN_PLACE

    def is_aimed_at(self, call: CallName, webinar: str) -> bool:
        """Tell whether this call is among those to be broken."""
        return self.call in (None, call) and self.webinar in (None, webinar)


def read(fault: Mapping[str, object]) -> Fault:
    """Return the fault that is described, or raise `NotAllowedError`."""
    require("kind" in fault, f"a fault needs a 'kind': {', '.join(FaultKind)}")
    return changed(Fault(FaultKind.ANSWER), fault)


@dataclass
class FaultQueue:
    """The faults still to come, in order."""

    waiting: list[Fault] = field(default_factory=list)

    def take(self, call: CallName, webinar: str) -> Fault | None:
        """Use up, once, the first fault aimed at this call."""
        for index, fault in enumerate(self.waiting):
            if fault.is_aimed_at(call, webinar):
                left = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self.waiting[index : index + 1] = left
                return fault
        return None


def in_place(fault: Fault, asked: Asked, state: State) -> Answer:
    """Return the answer that stands in place of the real one."""
    processed = fault.processed is not Processed.NO
    match fault.kind:
        case FaultKind.RESET:
            return Reset(processed)
        case FaultKind.HANG:
            return Hang(processed)
        case FaultKind.HTML_502:
            return Reply(502, {"Content-Type": "text/html"}, GATEWAY_PAGE)
        case FaultKind.HUGE_BODY:
            filling = b" " * (fault.megabytes * 1_000_000)
            return Reply(200, {"Content-Type": "application/json"}, b'{"registrants":[' + filling + b"]}")
        case FaultKind.RATE_LIMIT:
            return _limit(fault.limit, asked, state).reply()
        case _:
            return _scripted(fault)


def spoiled(fault: Fault, reply: Reply) -> Answer:
    """Return the real answer as the fault leaves it; what has no registrants cannot have odd ones."""
    match fault.kind:
        case FaultKind.EMPTY_BODY:
            return Reply(reply.status, reply.headers, b"")
        case FaultKind.TRUNCATED_JSON:
            return Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2])
        case FaultKind.CUT_CONNECTION:
            return Cut(reply)
        case FaultKind.DRIP_BODY | FaultKind.DRIP_HEADERS:
            return Drip(reply, fault.seconds_per_byte, headers_too=fault.kind is FaultKind.DRIP_HEADERS)
        case _:
            return _with_odd_registrants(fault.kind, reply)


def _with_odd_registrants(kind: FaultKind, reply: Reply) -> Reply:
    content = reply.json() if reply.body else None
    if not isinstance(content, dict) or not isinstance(content.get("registrants"), list):
        return reply
    listed = content["registrants"]
    join_url = " https://zoom.us/w/1?tk=somebody.else"
    odd: object
    if kind is FaultKind.REGISTRANTS_NOT_A_LIST:
        odd = {str(index): item for index, item in enumerate(listed)}
    elif kind is FaultKind.STRANGER:
        odd = [{"registrant_id": "stranger", "email": "stranger@example.com", "join_url": join_url}, *listed]
    else:
        odd = [*listed, *({**item, "join_url": join_url} for item in listed[:1])]
    return reply.with_body({**content, "registrants": odd})


def _scripted(fault: Fault) -> Reply:
    if isinstance(fault.body, str):
        kind, body = "text/plain", fault.body.encode()
    else:
        kind, body = "application/json", json.dumps(fault.body).encode()
    return Reply(fault.status, fault.headers, body).with_defaults({"Content-Type": kind})


def _limit(kind: LimitKind, asked: Asked, state: State) -> ZoomError:
    if kind is LimitKind.CONCURRENT:
        return errors.concurrency_limit()
    label, limits, switches, now = asked.call.label, state.limits, state.switches, asked.now
    at_midnight = rates.retry_after(switches.retry_after_daily, utc.next_day(now), now)
    if kind is LimitKind.ACCOUNT_DAY:
        most = limits.per_day(label) or 0
        return errors.daily_limit(rates.headers(label, "Daily-limit", most, 0) | at_midnight)
    if kind is LimitKind.REGISTRANT_DAY:
        most = limits.adds_per_registrant_and_day
        named = asked.emails[0] if asked.emails else ""
        told = rates.headers(label, "Daily-limit", most, 0) | at_midnight
        return errors.registrant_limit(named, most, switches.registrant_limit_wording, told)
    told = rates.headers(label, "QPS", limits.per_second(label), 0)
    return errors.per_second_limit(told | rates.retry_after(switches.retry_after_per_second, int(now) + 1.0, now))
