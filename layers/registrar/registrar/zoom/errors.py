"""What Zoom's refusals mean: (status, code, message) → reason and scope, in one table.

In: the status, code and message of an answer. Out: a `ErrorKind`. Neither status nor code is unique at Zoom, so the
message decides with them (zoom-api.md, sections 2 and 3). The scope says whom a refusal is about:

    Scope
    ├── REGISTRANT   somebody in the call; his neighbours are innocent
    ├── WEBINAR      everybody of this webinar, and nobody else
    ├── ACCOUNT      everybody: all sending stops
    ├── PACE         nobody: too fast; wait a moment and repeat
    ├── LOCK         nobody: two calls for one webinar at once; one by one from now on, wait a moment and repeat
    └── TRANSPORT    nobody: the outcome is unknown, or Zoom is not there
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from registrar.registrants.reasons import Reason


class Scope(StrEnum):
    """Whom a refusal is about."""

    REGISTRANT = "registrant"
    WEBINAR = "webinar"
    ACCOUNT = "account"
    PACE = "pace"
    LOCK = "lock"
    TRANSPORT = "transport"


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """`counts` says whether the call used up an attempt of the people in it (contract 7)."""

    reason: Reason
    scope: Scope
    counts: bool = True


@dataclass(frozen=True, slots=True)
class _Rule:
    statuses: range | tuple[int, ...]
    codes: tuple[int, ...]  # empty: any code, or none
    pattern: str  # searched in the message, whatever its case; empty: any message
    kind: ErrorKind

    def fits(self, status: int, code: int | None, message: str) -> bool:
        return (
            status in self.statuses
            and (not self.codes or code in self.codes)
            and re.search(self.pattern, message, re.IGNORECASE | re.DOTALL) is not None
        )


def classify(status: int, code: int | None, message: str) -> ErrorKind:
    """The meaning of an answer that is not a success; an unknown refusal is somebody's, until it is known better."""
    return next(rule.kind for rule in _RULES if rule.fits(status, code, message))


_ANY = range(100, 1000)
_4XX = range(400, 500)
_ODD = (*range(200, 300), 400)  # Zoom is known to answer 200 with an error in the body


def _rule(
    statuses: int | tuple[int, ...] | range,
    codes: int | tuple[int, ...],
    pattern: str,
    reason: Reason,
    scope: Scope,
    counts: bool = True,
) -> _Rule:
    which = (statuses,) if isinstance(statuses, int) else statuses
    known = (codes,) if isinstance(codes, int) else codes
    return _Rule(which, known, pattern, ErrorKind(reason, scope, counts))


# The first rule that fits decides: the narrow ones stand before the wide ones.
_RULES = (
    # Too much: 429 always has the code 429, only the message tells the kinds apart.
    _rule(429, (), r"daily.*registrant", Reason.REGISTRANT_DAILY_LIMIT, Scope.REGISTRANT),
    _rule(429, (), r"daily", Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT, counts=False),
    _rule(429, (), r"per-second", Reason.RATE_LIMITED, Scope.PACE, counts=False),
    _rule(429, (), r"concurrent", Reason.RATE_LIMITED, Scope.LOCK, counts=False),
    _rule(429, (), r"", Reason.RATE_LIMITED, Scope.TRANSPORT),
    # The same in the body of another answer proves nothing of the call: it counts.
    _rule(_ODD, 429, r"daily.*registrant", Reason.REGISTRANT_DAILY_LIMIT, Scope.REGISTRANT),
    _rule(_ODD, 429, r"daily", Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT),
    _rule(_ODD, 429, r"", Reason.RATE_LIMITED, Scope.TRANSPORT),
    # The door to the account.
    _rule(_ANY, (104, 4700, 4711), r"scope", Reason.MISSING_SCOPE, Scope.ACCOUNT, counts=False),
    _rule((400, 401), (), r"does not contain scopes", Reason.MISSING_SCOPE, Scope.ACCOUNT, counts=False),
    _rule(401, (), r"", Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False),
    _rule(_ODD, 124, r"", Reason.TOKEN_REJECTED, Scope.ACCOUNT),
    # The webinar.
    _rule(_ANY, 200, r"webinar plan", Reason.WEBINAR_PLAN_MISSING, Scope.WEBINAR),
    _rule(_ANY, (300, 303), r"only be used for scheduled", Reason.WEBINAR_TYPE_UNSUPPORTED, Scope.WEBINAR),
    _rule(_ANY, 3000, r"not enabled|not have registration", Reason.REGISTRATION_DISABLED, Scope.WEBINAR),
    _rule(_ANY, 3000, r"number of attendees", Reason.ACCOUNT_ATTENDEE_LIMIT, Scope.WEBINAR),
    _rule(_ANY, 3000, r"paid registration", Reason.PAID_REGISTRATION, Scope.WEBINAR),
    _rule(_ANY, 3001, r"", Reason.WEBINAR_NOT_FOUND, Scope.WEBINAR),
    _rule(_ANY, (3035, 3043), r"", Reason.WEBINAR_FULL, Scope.WEBINAR),
    _rule(_ANY, 3038, r"", Reason.WEBINAR_OVER, Scope.WEBINAR),
    _rule(404, 404, r"registration has not been enabled", Reason.REGISTRATION_DISABLED, Scope.WEBINAR),
    _rule(403, (), r"", Reason.ZOOM_REJECTED, Scope.WEBINAR),
    # Somebody in the call.
    _rule(_ANY, 3027, r"", Reason.HOST_NOT_ALLOWED, Scope.REGISTRANT),
    _rule(_ANY, 3034, r"", Reason.EMAIL_NOT_ALLOWED, Scope.REGISTRANT),
    # Nobody: come again.
    _rule((408, 409, 425), (), r"", Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT),
    _rule(_ODD, tuple(range(500, 600)), r"", Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT),
    _rule(_4XX, (), r"", Reason.ZOOM_REJECTED, Scope.REGISTRANT),
    # A 2xx whose body holds an unknown error is a refusal; everything else (3xx, 5xx) is no answer at all.
    _rule(range(200, 300), (), r"", Reason.ZOOM_REJECTED, Scope.REGISTRANT),
    _rule(_ANY, (), r"", Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT),
)
