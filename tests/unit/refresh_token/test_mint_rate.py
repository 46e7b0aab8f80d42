"""How often tokens are minted, over hours of virtual time: rarely enough for Secrets Manager, soon enough for people.

Secrets Manager keeps every version of the last day, about a hundred at most (the fake refuses the hundred and first).
"""

import random
from collections.abc import Iterator

import pytest

from tests.fakes.client import FakeClient
from tests.unit.refresh_token.conftest import Refresher

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds


class Mints:
    """When tokens were minted, in seconds since the beginning, and who wanted them."""

    def __init__(self, refresher: Refresher) -> None:
        self.refresher = refresher
        self.began = refresher.clock()
        self.at: list[float] = []
        for fake in (refresher.secrets, refresher.dynamodb):
            quicken(fake)

    def live(self, until: float, asks_every: float | None, *, late: float = 0.0, seed: int = 0) -> None:
        """Let time pass: a plain mint each half hour (up to `late` seconds late), and consumers that find their token
        refused and ask, about every so many seconds.
        """
        dice, now = random.Random(seed), self.refresher.clock() - self.began
        moments: list[tuple[float, object]] = [
            (half_hour * 1_800 + dice.uniform(0, late), {}) for half_hour in range(int(until // 1_800))
        ]
        asked = _moments(dice, now, until, asks_every) if asks_every else []
        wanted = [*moments, *((moment, None) for moment in asked)]
        for moment, event in sorted(wanted, key=lambda one: one[0]):
            if moment < now:
                continue
            self.refresher.clock.advance_to(self.began + moment)
            if self.refresher.mints(event) if event is not None else self.refresher.is_asked():
                self.at.append(moment)

    def most_within(self, seconds: float) -> int:
        """The highest number of mints in any window of this length."""
        return max(sum(first <= moment < first + seconds for moment in self.at) for first in self.at)

    def shortest_pause(self) -> float:
        return min(later - earlier for earlier, later in zip(self.at, self.at[1:], strict=False))


def _moments(dice: random.Random, now: float, until: float, every: float) -> Iterator[float]:
    while now < until:
        now += every * dice.uniform(0.5, 1.5)
        yield now


def quicken(fake: FakeClient) -> None:
    """Leave out what makes a fake slow over thousands of calls."""
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
    mints.live(2 * DAY, asks_every, late=late)

    assert mints.most_within(DAY) <= 90
    assert mints.most_within(2 * HOUR) <= 14
    assert mints.shortest_pause() >= MINUTE
    assert mints.refresher.secrets.version_count(mints.refresher.token_arn) <= 100


def test_without_the_schedule_refused_tokens_come_every_half_hour_in_the_end(mints: Mints) -> None:
    refresher = mints.refresher
    while refresher.clock() < mints.began + DAY:
        refresher.clock.sleep(20)
        if refresher.is_asked():
            mints.at.append(refresher.clock())

    assert mints.most_within(DAY) <= 60
    pauses = [later - earlier for earlier, later in zip(mints.at, mints.at[1:], strict=False)]
    assert pauses[:6] == pytest.approx([60, 120, 240, 480, 960, 1_800], abs=20)
    # Once at its longest it stays there: it must not begin again while tokens are still refused.
    assert pauses[6:] == pytest.approx([1_800] * len(pauses[6:]), abs=20)


def test_a_quiet_day_has_only_the_schedules_mints(mints: Mints) -> None:
    mints.live(DAY, None)

    assert mints.at == [half_hour * 1_800 for half_hour in range(48)]


def test_the_pause_falls_back_when_tokens_are_good_again(mints: Mints) -> None:
    mints.live(6 * HOUR, 20)  # six hours of trouble
    mints.at.clear()

    mints.live(30 * HOUR, None)  # a good day
    refresher = mints.refresher
    refresher.clock.sleep(120)

    assert refresher.is_asked()
    refresher.clock.sleep(121)
    assert refresher.is_asked(), "the second try of a new trouble must not wait for the old one"


def test_a_first_refusal_is_answered_at_once(mints: Mints) -> None:
    mints.live(10 * HOUR, None)
    mints.refresher.clock.sleep(61)

    assert mints.refresher.is_asked()


def test_tokens_that_live_as_they_should_are_minted_when_near_their_end(mints: Mints) -> None:
    """No schedule; a consumer asks five minutes before the end of each token, as it should: never too early."""
    for _ in range(30):
        assert mints.refresher.is_asked()
        mints.refresher.clock.sleep(3_300)


def test_an_outage_of_zoom_does_not_lengthen_the_pause(mints: Mints) -> None:
    refresher = mints.refresher
    refresher.mints()
    refresher.clock.sleep(600)
    for _ in range(20):
        refresher.zoom.add_fault(kind="html_502")
        with pytest.raises(Exception, match="OAuth"):
            refresher.is_asked()
        refresher.clock.sleep(61)

    assert refresher.is_asked()
