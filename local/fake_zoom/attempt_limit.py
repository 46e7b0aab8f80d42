"""Three add-registrant calls per registrant, webinar and UTC day: batch and single calls share the count.

Comes in: the e-mails of each call, before and after it. Goes out: a refusal that names the first person
over the limit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from local.fake_zoom import errors, rates, utc
from local.fake_zoom.parsed_request import Asked
from local.fake_zoom.rates import Limits
from local.fake_zoom.switches import CounterScope, Switches

Key = tuple[str, str]


@dataclass
class AttemptLimit:
    """The attempts counted so far, by webinar (or none) and lower-case e-mail: UTC day and number."""

    counts: dict[Key, tuple[int, int]] = field(default_factory=dict)

    def check(self, asked: Asked, limits: Limits, switches: Switches) -> None:
        """Raise the refusal if anybody in the call has no attempt left today."""
        most = limits.adds_per_registrant_and_day
        for email in asked.emails:
            if self._today(_key(asked.webinar, email, switches), asked.now) >= most:
                told = rates.headers(asked.call.label, "Daily-limit", most, 0)
                told |= rates.retry_after(switches.retry_after_daily, utc.next_day(asked.now), asked.now)
                wording = switches.registrant_limit_wording
                raise errors.registrant_limit(email, most, wording, told).touching([email])

    def count(self, asked: Asked, emails: Iterable[str], switches: Switches) -> None:
        """Count one attempt of each of these people in the call."""
        for key in {_key(asked.webinar, email, switches) for email in emails}:
            self.counts[key] = (utc.day_of(asked.now), self._today(key, asked.now) + 1)

    def _today(self, key: Key, now: float) -> int:
        day, count = self.counts.get(key, (0, 0))
        return count if day == utc.day_of(now) else 0


def _key(webinar: str, email: str, switches: Switches) -> Key:
    scope = webinar if switches.attempts_counted is CounterScope.PER_WEBINAR else ""
    return scope, email.lower()
