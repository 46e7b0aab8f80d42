"""One Zoom account as a value: requests go in, answers come out.

The state in between can be set and read. It needs no sockets, no sleep and no wall clock: the clock is
handed in, so that a test or a benchmark can turn the day, or live in virtual time. `server` puts it behind
HTTP, `transport` behind a `requests` session. Many threads may use one account.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace

from local.fake_zoom import calls, faults
from local.fake_zoom.call_log import Attempts, CallLog, LoggedCall
from local.fake_zoom.errors import ZoomError
from local.fake_zoom.exchange import BrokenResponse, Cut, Drip, Request, Response
from local.fake_zoom.faults import Fault, FaultKind, FaultQueue, Processed
from local.fake_zoom.fields import NotAllowedError, changed, require
from local.fake_zoom.parsed_request import ParsedRequest
from local.fake_zoom.pipeline import respond
from local.fake_zoom.rates import plan
from local.fake_zoom.state import State
from local.fake_zoom.webinars import Registrant, Webinar, WebinarProperties


class Account:
    """A Zoom account. `clock` returns epoch seconds; it may be virtual."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self.reset()

    # What Zoom does

    def handle(self, request: Request) -> Response | BrokenResponse:
        """Answer one request."""
        with self._lock:
            self._handled += 1
            tracking_id = f"v=2.0;clid=fake;rid=WEB_{self._handled:032x}"
            now = self.now()
            try:
                call, webinar = calls.find(request)
            except ZoomError as error:
                result = _tracked(error.response(), tracking_id)
                self._log.record_unknown(request, now, result, tracking_id)
                return result
            parsed = ParsedRequest.of(request, call, webinar, now, self._state.limits.registrants_per_call)
            fault = self._faults.take(call.name, webinar)
            result = respond(self._state, parsed) if fault is None else self._broken(fault, parsed)
            if fault is None or fault.kind is not FaultKind.HTML_502:
                result = _tracked(result, tracking_id)
            self._log.record(parsed, fault.kind.value if fault else "", result, tracking_id)
            return result

    # What is set from outside

    def reset(self) -> None:
        """Forget everything: webinars, tokens, settings, faults, log, and the turning of the clock."""
        with self._lock:
            self._state = State()
            self._faults = FaultQueue()
            self._log = CallLog()
            self._handled = 0
            self._advanced_seconds = 0.0
            self._latency_ms = 0

    def set_webinar(self, webinar: str, /, **properties: object) -> WebinarProperties:
        """Create a webinar, or change the properties named (`WebinarProperties`); its registrants stay."""
        require(webinar.isascii() and webinar.isdigit(), f"a webinar's id is made of digits, not {webinar!r}")
        with self._lock:
            found = self._state.webinars.get(webinar) or Webinar(webinar, WebinarProperties())
            found.properties = changed(found.properties, properties)
            self._state.webinars[webinar] = found
            return found.properties

    def delete_webinar(self, webinar: str) -> None:
        """Delete a webinar with its registrants."""
        with self._lock:
            self._existing(webinar)
            del self._state.webinars[webinar]

    def set_switches(self, /, **switches: object) -> None:
        """Change the switches named (see `Switches`)."""
        with self._lock:
            self._state.switches = changed(self._state.switches, switches)

    def set_limits(self, /, **limits: object) -> None:
        """Take a `plan` ("free", "pro", "business"), then change the limits named (see `Limits`)."""
        with self._lock:
            base = plan(str(limits.pop("plan"))) if "plan" in limits else self._state.limits
            self._state.limits = changed(base, limits)

    def set_profile(self, /, **profile: object) -> None:
        """Change credentials, scopes and what else is named (see `Profile`)."""
        with self._lock:
            self._state.profile = changed(self._state.profile, profile)

    def set_latency(self, milliseconds: int) -> None:
        """Let every answer wait so long. The account itself never waits: server and transport do."""
        require(0 <= milliseconds <= 600_000, "'milliseconds' must be 0 to 600000")
        self._latency_ms = milliseconds

    def add_fault(self, /, **fault: object) -> None:
        """Put a fault at the end of the queue (see `Fault`); `kind` is required."""
        self.add_faults([fault])

    def add_faults(self, listed: Iterable[Mapping[str, object]]) -> None:
        """Put faults at the end of the queue: all of them, or none if one is wrong."""
        read = [faults.read(fault) for fault in listed]
        with self._lock:
            self._faults.waiting += read

    def clear_faults(self) -> None:
        """Drop the faults still to come."""
        with self._lock:
            self._faults = FaultQueue()

    def mint_token(self) -> str:
        """Mint a token without the call."""
        with self._lock:
            ends_older = self._state.switches.new_token_ends_older
            return self._state.tokens.mint(self._state.profile, self.now(), ends_older=ends_older)

    def revoke_tokens(self) -> None:
        """End every token."""
        with self._lock:
            self._state.tokens.revoke_all()

    def advance(self, seconds: float) -> float:
        """Turn the clock on, and return the moment it then shows."""
        require(seconds >= 0, "'seconds' must be 0 or more: the clock does not go back")
        with self._lock:
            self._advanced_seconds += seconds
            return self.now()

    # What can be read

    def now(self) -> float:
        """Return the account's moment in epoch seconds."""
        return self._clock() + self._advanced_seconds

    @property
    def latency_seconds(self) -> float:
        """How long every answer has to wait."""
        return self._latency_ms / 1_000

    def registrants(self, webinar: str) -> list[Registrant]:
        """Return everybody who ever registered for a webinar, the cancelled too."""
        with self._lock:
            return list(self._existing(webinar).registrants.values())

    def calls(self) -> list[LoggedCall]:
        """Return all calls since the log was cleared."""
        with self._lock:
            return list(self._log.calls)

    def clear_calls(self) -> None:
        """Clear the log, and with it the attempts."""
        with self._lock:
            self._log = CallLog()

    def attempts(self) -> list[Attempts]:
        """Return how often each person was tried, by webinar and UTC day, the most tried first."""
        with self._lock:
            return self._log.attempts()

    def highest_attempts(self) -> int:
        """Return how often the most tried person was tried for one webinar in one UTC day."""
        return max((entry.attempts for entry in self.attempts()), default=0)

    def peaks(self) -> dict[str, int]:
        """Return the highest number of calls in one calendar second, by name of call."""
        with self._lock:
            return self._log.peaks()

    def report(self) -> dict[str, object]:
        """Return everything that is set, and the figures of the log, as JSON."""
        with self._lock:
            state = self._state
            return {
                "now": self.now(),
                "advanced_seconds": self._advanced_seconds,
                "latency_ms": self._latency_ms,
                "profile": asdict(state.profile),
                "switches": asdict(state.switches),
                "limits": asdict(state.limits),
                "webinars": {
                    name: {**asdict(found.properties), "seats_taken": found.seats_taken}
                    for name, found in state.webinars.items()
                },
                "faults": [asdict(fault) for fault in self._faults.waiting],
                "calls": len(self._log.calls),
                "peaks": self.peaks(),
                "highest_attempts": self.highest_attempts(),
            }

    # Within

    def _existing(self, webinar: str) -> Webinar:
        if webinar not in self._state.webinars:
            known = ", ".join(self._state.webinars) or "none"
            raise NotAllowedError(f"there is no webinar {webinar!r}; there are: {known}")
        return self._state.webinars[webinar]

    def _broken(self, fault: Fault, parsed: ParsedRequest) -> Response | BrokenResponse:
        if not fault.replaces_response:
            return faults.spoil(fault, respond(self._state, parsed))
        if fault.processed is not Processed.NO:
            respond(self._state, parsed if fault.processed is Processed.YES else parsed.first_half())
        return faults.replacement(fault, parsed, self._state)


def _tracked(result: Response | BrokenResponse, tracking_id: str) -> Response | BrokenResponse:
    """Return the answer with Zoom's tracking id, unless it has one already."""
    headers = {"x-zm-trackingid": tracking_id}
    if isinstance(result, Response):
        return result.with_defaults(headers)
    if isinstance(result, Drip | Cut):
        return replace(result, response=result.response.with_defaults(headers))
    return result
