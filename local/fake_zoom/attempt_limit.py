"""Three add-registrant calls per registrant, webinar and UTC day: batch and single calls share the count.

Comes in: the e-mails of each call, before and after it. Goes out: a refusal that names the first person
over the limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from local.fake_zoom import errors, rates, utc
from local.fake_zoom.parsed_request import ParsedRequest
from local.fake_zoom.rates import Limits
from local.fake_zoom.switches import CounterScope, Switches

Key = tuple[str, str]


@dataclass
class AttemptLimit:
    """The attempts counted so far, by webinar (or none) and lower-case e-mail: UTC day and number."""

    counts: dict[Key, tuple[int, int]] = field(default_factory=dict)

    def check(self, request: ParsedRequest, limits: Limits, switches: Switches) -> None:
        """Raise the refusal if anybody in the call has no attempt left today."""
        maximum = limits.adds_per_registrant_and_day
        for email in request.emails:
            if self._today(_key(request.webinar, email, switches), request.now) >= maximum:
                limit_headers = rates.headers(request.call.label, "Daily-limit", maximum, 0)
                limit_headers |= rates.retry_after(switches.retry_after_daily, utc.next_day(request.now), request.now)
                wording = switches.registrant_limit_wording
                raise errors.registrant_limit(email, maximum, wording, limit_headers).affecting([email])

    def count(self, request: ParsedRequest, emails: Iterable[str], switches: Switches) -> None:
        """Count one attempt of each of these people in the call."""
        for key in {_key(request.webinar, email, switches) for email in emails}:
            self.counts[key] = (utc.day_of(request.now), self._today(key, request.now) + 1)

    def _today(self, key: Key, now: float) -> int:
        day, count = self.counts.get(key, (0, 0))
        return count if day == utc.day_of(now) else 0


def _key(webinar: str, email: str, switches: Switches) -> Key:
    scope = webinar if switches.attempts_counted is CounterScope.PER_WEBINAR else ""
    return scope, email.lower()
