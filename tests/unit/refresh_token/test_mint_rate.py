"""The rate of mints over hours of virtual time: low enough for Secrets Manager, high enough for registrants.

Secrets Manager keeps every version of the last day, about a hundred at most (the fake refuses the hundred and first).
"""

import random
from collections.abc import Iterator

import pytest

from tests.fakes.client import FakeClient
from tests.unit.refresh_token.conftest import Refresher

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds


class Mints:
    """The times at which tokens were minted, in seconds since the start."""

    def __init__(self, refresher: Refresher) -> None:
        self.refresher = refresher
        self.began = refresher.clock()
        self.at: list[float] = []
        for fake in (refresher.secrets, refresher.dynamodb):
            speed_up(fake)

    def run_until(self, until: float, asks_every: float | None, *, late: float = 0.0, seed: int = 0) -> None:
        """Run the clock, with a scheduled mint every half hour, up to `late` seconds late.

        A consumer whose token was refused requests another about every `asks_every` seconds.
        """
        rng, now = random.Random(seed), self.refresher.clock() - self.began
        moments: list[tuple[float, object]] = [
            (half_hour * 1_800 + rng.uniform(0, late), {}) for half_hour in range(int(until // 1_800))
        ]
        requested = _moments(rng, now, until, asks_every) if asks_every else []
        events = [*moments, *((moment, None) for moment in requested)]
        for moment, event in sorted(events, key=lambda one: one[0]):
            if moment < now:
                continue
            self.refresher.clock.advance_to(self.began + moment)
            if self.refresher.mints(event) if event is not None else self.refresher.replaces():
                self.at.append(moment)

    def most_within(self, seconds: float) -> int:
        """Return the highest number of mints in any window of this length."""
        return max(sum(first <= moment < first + seconds for moment in self.at) for first in self.at)

    def shortest_pause(self) -> float:
        return min(later - earlier for earlier, later in zip(self.at, self.at[1:], strict=False))


def _moments(rng: random.Random, now: float, until: float, every: float) -> Iterator[float]:
    while now < until:
        now += every * rng.uniform(0.5, 1.5)
        yield now


def speed_up(fake: FakeClient) -> None:
    """Turn off what makes a fake slow over thousands of calls."""
    fake.validate = False
    fake.record = False


@pytest.fixture
def mints(refresher: Refresher) -> Mints:
    return Mints(refresher)


@pytest.mark.parametrize("late", [0.0, 60.0], ids=["on time", "schedule late"])
@pytest.mark.parametrize("asks_every", [30, 120, 300, 900, 1_700, 3_300])
def test_two_days_of_refused_tokens_stay_below_the_limit_of_versions(
    mints: Mints, asks_every: float, late: float
) -> None:
    mints.run_until(2 * DAY, asks_every, late=late)

    assert mints.most_within(DAY) <= 90
    assert mints.most_within(2 * HOUR) <= 14
    assert mints.shortest_pause() >= MINUTE
    assert mints.refresher.secrets.version_count(mints.refresher.token_arn) <= 100


def test_without_the_schedule_mints_slow_down_to_one_per_half_hour(mints: Mints) -> None:
    refresher = mints.refresher
    while refresher.clock() < mints.began + DAY:
        refresher.clock.sleep(20)
        if refresher.replaces():
            mints.at.append(refresher.clock())

    assert mints.most_within(DAY) <= 60
    pauses = [later - earlier for earlier, later in zip(mints.at, mints.at[1:], strict=False)]
    assert pauses[:6] == pytest.approx([60, 120, 240, 480, 960, 1_800], abs=20)
    # It must stay at its maximum while tokens are still refused.
    assert pauses[6:] == pytest.approx([1_800] * len(pauses[6:]), abs=20)


def test_a_day_without_refusals_has_only_scheduled_mints(mints: Mints) -> None:
    mints.run_until(DAY, None)

    assert mints.at == [half_hour * 1_800 for half_hour in range(48)]


def test_the_pause_resets_when_tokens_are_valid_again(mints: Mints) -> None:
    mints.run_until(6 * HOUR, 20)  # six hours of refused tokens
    mints.at.clear()

    mints.run_until(30 * HOUR, None)  # a day without refusals
    refresher = mints.refresher
    refresher.clock.sleep(120)

    assert refresher.replaces()
    refresher.clock.sleep(121)
    assert refresher.replaces(), "the second mint after new refusals must not wait as long as after the old ones"


def test_a_first_refusal_is_followed_by_a_mint_at_once(mints: Mints) -> None:
    mints.run_until(10 * HOUR, None)
    mints.refresher.clock.sleep(61)

    assert mints.refresher.replaces()


def test_a_token_near_its_expiry_is_replaced_at_once(mints: Mints) -> None:
    """Without the schedule, a consumer requests a token five minutes before each expiry."""
    for _ in range(30):
        assert mints.refresher.replaces()
        mints.refresher.clock.sleep(3_300)


def test_an_outage_of_zoom_does_not_lengthen_the_pause(mints: Mints) -> None:
    refresher = mints.refresher
    refresher.mints()
    refresher.clock.sleep(600)
    for _ in range(20):
        refresher.zoom.add_fault(kind="html_502")
        with pytest.raises(Exception, match="OAuth"):
            refresher.replaces()
        refresher.clock.sleep(61)

    assert refresher.replaces()
