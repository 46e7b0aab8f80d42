"""When a page offers no registration any more."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from registrar.forms.pages.availability import Closed, is_closed, open_occurrences
from registrar.zoom.webinar_facts import Occurrence, WebinarFacts

OPEN = WebinarFacts(webinar_id="97871060099", type=5, starts_at="2026-12-01T15:00:00Z", duration_minutes=60)
DATES = (Occurrence("1", "2026-12-01T15:00:00Z", 60), Occurrence("2", "2026-12-08T15:00:00Z", 60))
SERIES = replace(OPEN, type=9, starts_at="2020-01-01T00:00:00Z", occurrences=DATES)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("facts", "now", "closed"),
    [
        (OPEN, "2026-12-01T15:59:59", None),
        (OPEN, "2026-12-01T16:00:00", Closed.OVER),
        (replace(OPEN, duration_minutes=None), "2027-12-01T16:00:00", None),
        (replace(OPEN, starts_at="soon"), "2027-12-01T16:00:00", None),
        (replace(OPEN, approval_type=2), "2026-12-01T00:00:00", Closed.OFF),
        (replace(OPEN, full_since="2026-11-30T00:00:00Z"), "2026-12-01T00:00:00", Closed.FULL),
        (replace(OPEN, full_since="2026-11-30T00:00:00Z"), "2026-12-02T00:00:00", Closed.OVER),
        (SERIES, "2026-12-02T00:00:00", None),
        (SERIES, "2026-12-09T00:00:00", Closed.OVER),
        (replace(SERIES, occurrences=()), "2026-12-02T00:00:00", Closed.OVER),
        (replace(OPEN, type=6), "2027-12-01T00:00:00", None),
    ],
)
def test_a_webinar_is_closed_when_off_over_or_full(facts: WebinarFacts, now: str, closed: Closed | None) -> None:
    assert is_closed(facts, at(now)) == closed


def test_dates_that_have_ended_are_not_offered() -> None:
    assert open_occurrences(SERIES, at("2026-12-02T00:00:00")) == [DATES[1]]
