"""Zoom's limit of three add-registrant calls per registrant, webinar and UTC day, shared by batch and single calls."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from local.fake_zoom import errors, rates, utc
from local.fake_zoom.parsed_request import ParsedRequest
from local.fake_zoom.rates import Limits
from local.fake_zoom.switches import CounterScope, Switches

Key = tuple[str, str]


@dataclass
class AttemptLimit:
    """Attempts counted so far: UTC day and number, by webinar (or none) and lower-case e-mail."""

    counts: dict[Key, tuple[int, int]] = field(default_factory=dict)

    def check(self, request: ParsedRequest, limits: Limits, switches: Switches) -> None:
        """Raise the 429 for the first registrant of the call that has no attempt left today."""
        maximum = limits.adds_per_registrant_and_day
        for email in request.emails:
            if self._today(_key(request.webinar, email, switches), request.now) >= maximum:
                limit_headers = rates.headers(request.call.label, "Daily-limit", maximum, 0)
                limit_headers |= rates.retry_after(switches.retry_after_daily, utc.next_day(request.now), request.now)
                wording = switches.registrant_limit_wording
                raise errors.registrant_limit(email, maximum, wording, limit_headers).affecting([email])

    def count(self, request: ParsedRequest, emails: Iterable[str], switches: Switches) -> None:
        """Count one attempt of each of these registrants."""
        for key in {_key(request.webinar, email, switches) for email in emails}:
            self.counts[key] = (utc.day_of(request.now), self._today(key, request.now) + 1)

    def _today(self, key: Key, now: float) -> int:
        day, count = self.counts.get(key, (0, 0))
        return count if day == utc.day_of(now) else 0


def _key(webinar: str, email: str, switches: Switches) -> Key:
    scope = webinar if switches.attempts_counted is CounterScope.PER_WEBINAR else ""
    return scope, email.lower()
