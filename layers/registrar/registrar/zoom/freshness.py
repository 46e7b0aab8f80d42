"""Decide whether the facts of a webinar are recent enough, or have to be looked up again. Pure."""

from registrar import limits
from registrar.registrants.row import moment_of
from registrar.zoom.webinar_facts import WebinarFacts

_HOUR, _DAY = 3_600, 86_400  # seconds


def is_fresh(facts: WebinarFacts, now: float) -> bool:
    """Return whether the facts need no lookup; the nearer the start, the sooner they are looked up again."""
    looked_up = moment_of(facts.looked_up_at)
    return looked_up is not None and now - looked_up < _fresh_seconds(facts, now)


def _fresh_seconds(facts: WebinarFacts, now: float) -> int:
    start = moment_of(facts.starts_at)
    if start is None or now > start + 60 * (facts.duration_minutes or 0) or now < start - _DAY:
        return limits.FACTS_FRESH_SECONDS
    return limits.FACTS_FRESH_DAY_SECONDS if now < start - _HOUR else limits.FACTS_FRESH_HOUR_SECONDS
