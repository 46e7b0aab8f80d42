"""The log of all calls, with the attempts per registrant and day and the peak calls per second.

It counts attempts by the response alone, more strictly than Zoom. Every add call that carried the registrant counts,
unless its response proves that Zoom did not process it: 401, missing scope, or a 429 for the limit per second, for the
account's daily limit or for concurrency.
"""

import json
from collections import Counter
from dataclasses import dataclass

from local.fake_zoom import utc
from local.fake_zoom.calls import ADD_CALLS
from local.fake_zoom.exchange import BrokenResponse, Cut, Drip, Request, Response
from local.fake_zoom.parsed_request import ParsedRequest

SCOPE_CODES = frozenset({104, 4700, 4711})
UNPROCESSED_429 = (
    "maximum per-second rate limit",
    "maximum daily rate limit",
    "Too many concurrent requests",
)
LARGEST_BODY_READ = 1_000_000  # bytes; a larger body is an injected fault without a code


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call. `status` is None without a response, `code` if the response has none.

    `fault` is the kind of the injected fault, or "".
    """

    time: float
    call: str
    webinar: str
    registrants: int
    emails: tuple[str, ...]
    status: int | None
    code: int | None
    tracking_id: str
    violations: tuple[str, ...]
    fault: str
    is_attempt: bool


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts of one registrant for one webinar on one UTC day (`2026-11-23`)."""

    webinar: str
    email: str
    day: str
    attempts: int


class CallLog:
    """The calls since the log was last cleared, in order."""

    def __init__(self) -> None:
        self.calls: list[LoggedCall] = []

    def record(self, request: ParsedRequest, fault: str, result: Response | BrokenResponse, tracking_id: str) -> None:
        """Log a call with its response."""
        status, code, message = _outcome(result)
        self.calls.append(
            LoggedCall(
                time=request.now,
                call=request.call.name.value,
                webinar=request.webinar,
                registrants=len(request.registrants),
                emails=request.emails,
                status=status,
                code=code,
                tracking_id=tracking_id,
                violations=request.violation_messages(),
                fault=fault,
                is_attempt=request.call.name in ADD_CALLS and not _proves_unprocessed(status, code, message),
            )
        )

    def record_unknown(self, request: Request, now: float, result: Response | BrokenResponse, tracking_id: str) -> None:
        """Log a request to an unknown endpoint."""
        status, code, _ = _outcome(result)
        violation = f"unknown endpoint: {request.method} {request.path}"
        call = LoggedCall(now, "unknown", "", 0, (), status, code, tracking_id, (violation,), "", is_attempt=False)
        self.calls.append(call)

    def attempts(self) -> list[Attempts]:
        """Return the attempts of all registrants, highest first."""
        counts: Counter[tuple[str, str, str]] = Counter()
        for call in self.calls:
            if call.is_attempt:
                day = utc.day_text(call.time)
                counts.update({(call.webinar, email.lower(), day) for email in call.emails})
        return [Attempts(*key, count) for key, count in counts.most_common()]

    def peaks(self) -> dict[str, int]:
        """Return the most calls in one calendar second, including refused ones, by call name."""
        counts = Counter((call.call, int(call.time)) for call in self.calls)
        highest: dict[str, int] = {}
        for (name, _), count in counts.items():
            highest[name] = max(highest.get(name, 0), count)
        return highest


def _outcome(result: Response | BrokenResponse) -> tuple[int | None, int | None, str]:
    """Return status, code and message of a response, as far as it has them."""
    response = _whole_response(result)
    return (None, None, "") if response is None else (response.status, *_error(response))


def _whole_response(result: Response | BrokenResponse) -> Response | None:
    if isinstance(result, Drip | Cut):
        return result.response
    return result if isinstance(result, Response) else None


def _error(response: Response) -> tuple[int | None, str]:
    """Return code and message of an error body; a 200 can have one too."""
    if len(response.body) > LARGEST_BODY_READ:
        return None, ""
    try:
        content = json.loads(response.body)
    except ValueError:
        return None, ""
    if not isinstance(content, dict):
        return None, ""
    code = content.get("code")
    return code if isinstance(code, int) else None, str(content.get("message", ""))


def _proves_unprocessed(status: int | None, code: int | None, message: str) -> bool:
    if status == 429:
        return any(text in message for text in UNPROCESSED_429)
    return status == 401 or (status == 400 and code in SCOPE_CODES)
