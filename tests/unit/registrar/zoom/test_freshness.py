"""For how long the facts of a webinar are used without a lookup."""

import pytest
from registrar.registrants.row import timestamp
from registrar.zoom.freshness import is_fresh
from registrar.zoom.webinar_facts import WebinarFacts

from tests.unit.registrar.samples import NOON

MINUTE, HOUR = 60, 3_600


def test_facts_that_were_never_looked_up_are_not_fresh() -> None:
    assert not is_fresh(WebinarFacts(webinar_id="97871060099", full_since=timestamp(NOON)), NOON)


@pytest.mark.parametrize(
    ("starts_in", "minutes"),
    [
        pytest.param(None, 15, id="no start"),
        pytest.param(25 * HOUR, 15, id="more than a day before the start"),
        pytest.param(23 * HOUR, 5, id="within a day"),
        pytest.param(50 * MINUTE, 1, id="within an hour"),
        pytest.param(-50 * MINUTE, 1, id="running"),
        pytest.param(-2 * HOUR, 15, id="over"),
    ],
)
def test_the_nearer_the_start_the_sooner_facts_are_old(starts_in: float | None, minutes: int) -> None:
    starts_at = None if starts_in is None else timestamp(NOON + starts_in)
    facts = WebinarFacts(
        webinar_id="97871060099", starts_at=starts_at, duration_minutes=60, looked_up_at=timestamp(NOON)
    )
    assert is_fresh(facts, NOON + minutes * MINUTE - 1)
    assert not is_fresh(facts, NOON + minutes * MINUTE)


def test_an_unknown_id_is_not_looked_up_for_a_quarter_of_an_hour() -> None:
    unknown = WebinarFacts(webinar_id="97871060099", exists=False, looked_up_at=timestamp(NOON))
    assert is_fresh(unknown, NOON + 15 * MINUTE - 1)
    assert not is_fresh(unknown, NOON + 15 * MINUTE)
