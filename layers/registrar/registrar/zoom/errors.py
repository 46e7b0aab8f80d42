"""Classify Zoom's error responses: (status, code, message) → reason and scope, in one table.

Neither the status nor the code is unique, so the message is needed as well (zoom-api.md, sections 2 and 3). The scope
says what an error is about:

    Scope
    ├── REGISTRANT    an invalid registrant in the call; the others are valid
    ├── WEBINAR       all registrants of this webinar, and of no other
    ├── ACCOUNT       all registrants: sending stops
    ├── RATE_LIMIT    too many calls per second: wait and retry
    ├── CONCURRENCY   two concurrent calls for one webinar: wait and retry, and serialize its calls
    └── TRANSPORT     the outcome is unknown, or Zoom is unavailable
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from registrar.registrants.reasons import Reason
from registrar.registrants.redaction import without_emails


class Scope(StrEnum):
    """What an error response is about."""

    REGISTRANT = "registrant"
    WEBINAR = "webinar"
    ACCOUNT = "account"
    RATE_LIMIT = "rate_limit"
    CONCURRENCY = "concurrency"
    TRANSPORT = "transport"


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """The class of an error; `counts` says whether its call used an attempt of each registrant in it (contract 7)."""

    reason: Reason
    scope: Scope
    counts: bool = True


@dataclass(frozen=True, slots=True)
class _Rule:
    statuses: range | tuple[int, ...]
    codes: tuple[int, ...]  # empty: any code or none
    pattern: str  # searched in the message, case-insensitively; empty: any message
    kind: ErrorKind

    def matches(self, status: int, code: int | None, message: str) -> bool:
        return (
            status in self.statuses
            and (not self.codes or code in self.codes)
            and re.search(self.pattern, message, re.IGNORECASE | re.DOTALL) is not None
        )


def classify(status: int, code: int | None, message: str) -> ErrorKind:
    """Classify a response that is not a success; an unknown error is taken to be about a registrant."""
    # The words of an address are not Zoom's: one `@webinar.example` that is "not found" is not the webinar.
    wording = without_emails(message)
    return next(rule.kind for rule in _RULES if rule.matches(status, code, wording))


_ANY = range(100, 1000)
_4XX = range(400, 500)
_ODD = (*range(200, 300), 400)  # Zoom is known to send errors with status 200


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


# Zoom has changed these wordings over the years, and uses those of meetings for webinars, too.
_REGISTRATION_OFF = (
    r"registration (has |is )?not (been )?(enabled|required)|not (have|require) registration|not registration required"
)
_WEBINAR_UNKNOWN = (
    r"\A(?!.*(registrant|attendee|participant|panelist|occurrence|question)).*(webinar|meeting)\b.*not (found|exist)"
    r"|invalid (webinar|meeting) ?id"
)

# The first matching rule applies: specific rules precede general ones.
_RULES = (
    # Rate limits: the code is always 429, and only the message distinguishes the limits.
    _rule(429, (), r"daily.*registrant", Reason.REGISTRANT_DAILY_LIMIT, Scope.REGISTRANT),
    _rule(429, (), r"daily", Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT, counts=False),
    _rule(429, (), r"per-second", Reason.RATE_LIMITED, Scope.RATE_LIMIT, counts=False),
    _rule(429, (), r"concurrent", Reason.RATE_LIMITED, Scope.CONCURRENCY, counts=False),
    _rule(429, (), r"", Reason.RATE_LIMITED, Scope.TRANSPORT),
    # The same code under another status does not prove that the call was not processed: it counts.
    _rule(_ODD, 429, r"daily.*registrant", Reason.REGISTRANT_DAILY_LIMIT, Scope.REGISTRANT),
    _rule(_ODD, 429, r"daily", Reason.ACCOUNT_DAILY_LIMIT, Scope.ACCOUNT),
    _rule(_ODD, 429, r"", Reason.RATE_LIMITED, Scope.TRANSPORT),
    # Scopes and the token.
    _rule(_ANY, (104, 4700, 4711), r"scope", Reason.MISSING_SCOPE, Scope.ACCOUNT, counts=False),
    _rule((400, 401), (), r"does not contain scopes", Reason.MISSING_SCOPE, Scope.ACCOUNT, counts=False),
    _rule(401, (), r"", Reason.TOKEN_REJECTED, Scope.ACCOUNT, counts=False),
    _rule(_ODD, 124, r"", Reason.TOKEN_REJECTED, Scope.ACCOUNT),
    # The webinar.
    _rule(_ANY, 200, r"webinar plan|for paid (or zmp )?(user|account)", Reason.WEBINAR_PLAN_MISSING, Scope.WEBINAR),
    _rule(_ANY, (300, 303), r"only be used for scheduled", Reason.WEBINAR_TYPE_UNSUPPORTED, Scope.WEBINAR),
    _rule(_ANY, (300, 404, 3000), _REGISTRATION_OFF, Reason.REGISTRATION_DISABLED, Scope.WEBINAR),
    _rule(_ANY, 3000, r"number of attendees", Reason.ACCOUNT_ATTENDEE_LIMIT, Scope.WEBINAR),
    _rule(_ANY, 3000, r"paid registration", Reason.PAID_REGISTRATION, Scope.WEBINAR),
    _rule(_ANY, (300, 3000), r"attendee capacity", Reason.WEBINAR_FULL, Scope.WEBINAR),
    # The host requires an answer that no batch can carry.
    _rule(_ANY, 300, r"required in custom_questions", Reason.INVALID_REGISTRANT, Scope.WEBINAR),
    _rule(_ANY, (3035, 3043), r"", Reason.WEBINAR_FULL, Scope.WEBINAR),
    _rule(_ANY, 3038, r"", Reason.WEBINAR_OVER, Scope.WEBINAR),
    _rule(_ANY, (300, 3000), r"(webinar|meeting) is over\b", Reason.WEBINAR_OVER, Scope.WEBINAR),
    _rule(_ANY, 3001, r"", Reason.WEBINAR_NOT_FOUND, Scope.WEBINAR),
    _rule(_ANY, 300, _WEBINAR_UNKNOWN, Reason.WEBINAR_NOT_FOUND, Scope.WEBINAR),
    # The webinar's host: deleted, of another account, or without the right to schedule.
    _rule(_ANY, (1010, 3161), r"", Reason.WEBINAR_NOT_ACCESSIBLE, Scope.WEBINAR),
    _rule(_ANY, 1001, r"\b(user|host)\b.*not (exist|belong)", Reason.WEBINAR_NOT_ACCESSIBLE, Scope.WEBINAR),
    _rule(_ANY, (300, 3000), r"can ?not access (webinar|meeting) info", Reason.WEBINAR_NOT_ACCESSIBLE, Scope.WEBINAR),
    _rule(_ANY, 3003, r"not (the )?(meeting|webinar) host", Reason.WEBINAR_NOT_ACCESSIBLE, Scope.WEBINAR),
    _rule(403, (), r"", Reason.ZOOM_REJECTED, Scope.WEBINAR),
    # A registrant in the call.
    _rule(_ANY, 3027, r"", Reason.HOST_NOT_ALLOWED, Scope.REGISTRANT),
    _rule(_ANY, (300, 3000), r"host can ?not register", Reason.HOST_NOT_ALLOWED, Scope.REGISTRANT),
    _rule(_ANY, (3034, 3051), r"", Reason.EMAIL_NOT_ALLOWED, Scope.REGISTRANT),
    _rule(_ANY, 1001, r"not been used as a zoom account", Reason.EMAIL_NOT_ALLOWED, Scope.REGISTRANT),
    # Zoom is unavailable.
    _rule((408, 409, 425), (), r"", Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT),
    _rule(_ODD, tuple(range(500, 600)), r"", Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT),
    _rule(_4XX, (), r"", Reason.ZOOM_REJECTED, Scope.REGISTRANT),
    # A 2xx with an unknown error in its body is a refusal; anything else (3xx, 5xx) is no response.
    _rule(range(200, 300), (), r"", Reason.ZOOM_REJECTED, Scope.REGISTRANT),
    _rule(_ANY, (), r"", Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT),
)
