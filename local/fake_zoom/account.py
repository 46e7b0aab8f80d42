"""One Zoom account as a value: `handle` takes a request and returns the response; other methods set and read its state.

It uses no sockets, no sleep and no wall clock: the caller passes the clock, so that tests and benchmarks can run in
virtual time. `server` puts it behind HTTP, `requests_adapter` behind a `requests` session. It is thread-safe.
"""

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

    def handle(self, request: Request) -> Response | BrokenResponse:
        """Process one request and return the response, or how it is broken."""
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

    def reset(self) -> None:
        """Return to the initial state: no webinars, tokens, faults or calls, default settings, clock not advanced."""
        with self._lock:
            self._state = State()
            self._faults = FaultQueue()
            self._log = CallLog()
            self._handled = 0
            self._advanced_seconds = 0.0
            self._latency_ms = 0

    def set_webinar(self, webinar: str, /, **properties: object) -> WebinarProperties:
        """Create a webinar, or change the given properties (`WebinarProperties`); it keeps its registrants."""
        require(webinar.isascii() and webinar.isdigit(), f"a webinar id consists of digits, not {webinar!r}")
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
        """Change the given switches (see `Switches`)."""
        with self._lock:
            self._state.switches = changed(self._state.switches, switches)

    def set_limits(self, /, **limits: object) -> None:
        """Apply a `plan` ("free", "pro", "business") if given, then change the other given limits (see `Limits`)."""
        with self._lock:
            base = plan(str(limits.pop("plan"))) if "plan" in limits else self._state.limits
            self._state.limits = changed(base, limits)

    def set_profile(self, /, **profile: object) -> None:
        """Change credentials, scopes and other given properties (see `Profile`)."""
        with self._lock:
            self._state.profile = changed(self._state.profile, profile)

    def set_latency(self, milliseconds: int) -> None:
        """Delay every response. The account itself never waits: server and adapter do."""
        require(0 <= milliseconds <= 600_000, "'milliseconds' must be 0 to 600000")
        self._latency_ms = milliseconds

    def add_fault(self, /, **fault: object) -> None:
        """Append a fault to the queue (see `Fault`); `kind` is required."""
        self.add_faults([fault])

    def add_faults(self, listed: Iterable[Mapping[str, object]]) -> None:
        """Append faults to the queue: all of them, or none if one is invalid."""
        read = [faults.read(fault) for fault in listed]
        with self._lock:
            self._faults.waiting += read

    def clear_faults(self) -> None:
        """Remove the faults that have not been applied yet."""
        with self._lock:
            self._faults = FaultQueue()

    def mint_token(self) -> str:
        """Mint a token without an OAuth call."""
        with self._lock:
            ends_older = self._state.switches.new_token_ends_older
            return self._state.tokens.mint(self._state.profile, self.now(), ends_older=ends_older)

    def revoke_tokens(self) -> None:
        """Revoke every token."""
        with self._lock:
            self._state.tokens.revoke_all()

    def advance(self, seconds: float) -> float:
        """Advance the clock, and return its new time in epoch seconds."""
        require(seconds >= 0, "'seconds' must be 0 or more: the clock does not go back")
        with self._lock:
            self._advanced_seconds += seconds
            return self.now()

    def now(self) -> float:
        """Return the account's time in epoch seconds."""
        return self._clock() + self._advanced_seconds

    @property
    def latency_seconds(self) -> float:
        """Return the delay of every response."""
        return self._latency_ms / 1_000

    def registrants(self, webinar: str) -> list[Registrant]:
        """Return all registrants of a webinar, including cancelled ones."""
        with self._lock:
            return list(self._existing(webinar).registrants.values())

    def calls(self) -> list[LoggedCall]:
        """Return all calls since the log was last cleared."""
        with self._lock:
            return list(self._log.calls)

    def clear_calls(self) -> None:
        """Clear the log, and with it the recorded attempts."""
        with self._lock:
            self._log = CallLog()

    def attempts(self) -> list[Attempts]:
        """Return the attempts per webinar, registrant and UTC day, highest first."""
        with self._lock:
            return self._log.attempts()

    def highest_attempts(self) -> int:
        """Return the highest number of attempts per webinar, registrant and UTC day."""
        return max((entry.attempts for entry in self.attempts()), default=0)

    def peaks(self) -> dict[str, int]:
        """Return the highest number of calls per calendar second, by call name."""
        with self._lock:
            return self._log.peaks()

    def report(self) -> dict[str, object]:
        """Return all settings and the totals of the log, JSON-serializable."""
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

    def _existing(self, webinar: str) -> Webinar:
        if webinar not in self._state.webinars:
            known = ", ".join(self._state.webinars) or "none"
            raise NotAllowedError(f"no webinar {webinar!r}; known webinars: {known}")
        return self._state.webinars[webinar]

    def _broken(self, fault: Fault, parsed: ParsedRequest) -> Response | BrokenResponse:
        if not fault.replaces_response:
            return faults.spoil(fault, respond(self._state, parsed))
        if fault.processed is not Processed.NO:
            respond(self._state, parsed if fault.processed is Processed.YES else parsed.first_half())
        return faults.replacement(fault, parsed, self._state)


def _tracked(result: Response | BrokenResponse, tracking_id: str) -> Response | BrokenResponse:
    """Return the response with Zoom's tracking id, unless it has one already."""
    headers = {"x-zm-trackingid": tracking_id}
    if isinstance(result, Response):
        return result.with_defaults(headers)
    if isinstance(result, Drip | Cut):
        return replace(result, response=result.response.with_defaults(headers))
    return result
