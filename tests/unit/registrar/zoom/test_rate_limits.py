"""`RateLimiter`, `ConcurrencyLimit`, `DailyQuota` and `Deadline`: how fast, how often and until when Zoom is called."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from registrar.runtime.deadline import Deadline
from registrar.storage.daily_call_counter import AccountDailyCallCounter, DailyCallCounterError
from registrar.zoom.rate_limits import ConcurrencyLimit, DailyQuota, RateLimiter

from tests.fakes import FakeDynamoDb, FakeLambdaContext, VirtualClock
from tests.unit.registrar.samples import MIDNIGHT, NOON, TODAY, TOMORROW

# ── Calls per second ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("per_second", "share"), [(10, 100), (40, 100), (1, 100), (10, 50), (10, 33.3), (0.5, 10)])
def test_two_environments_together_stay_below_the_plan(per_second: float, share: float) -> None:
    clock = VirtualClock(NOON)
    limiter = RateLimiter(per_second, share, clock, clock.sleep)
    moments = []
    for _ in range(100):
        limiter.wait()
        moments.append(clock())
    rate = 99 / (moments[-1] - moments[0])
    assert rate == pytest.approx(per_second * share / 100 * 0.97 / 2, rel=1e-4)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert min(gaps) == pytest.approx(limiter.interval, rel=1e-4)


def test_the_first_call_does_not_wait_and_a_pause_gives_no_burst() -> None:
    clock = VirtualClock(NOON)
    limiter = RateLimiter(10, 100, clock, clock.sleep)
    limiter.wait()
    assert clock() == NOON
    clock.sleep(60)
    limiter.wait()
    assert clock() == NOON + 60
    limiter.wait()
    assert clock() == pytest.approx(NOON + 60 + limiter.interval)


def test_the_time_until_the_next_slot() -> None:
    clock = VirtualClock(NOON)
    limiter = RateLimiter(10, 100, clock, clock.sleep)
    assert limiter.seconds_until_free() == 0
    limiter.wait()
    assert limiter.seconds_until_free() == pytest.approx(limiter.interval)
    clock.sleep(60)
    assert limiter.seconds_until_free() == 0


# ── Concurrent calls ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_before_any_response_the_limit_assumes_one_second_per_call() -> None:
    assert ConcurrencyLimit(4.85).limit == 2 + 8


@pytest.mark.parametrize(
    ("per_second", "seconds", "most"), [(4.85, 0.5, 6), (4.85, 4, 32), (19.4, 0.5, 17), (0.5, 0.5, 3)]
)
def test_the_limit_follows_the_rate_and_the_response_time(per_second: float, seconds: float, most: int) -> None:
    concurrency = ConcurrencyLimit(per_second)
    for _ in range(60):
        concurrency.record(seconds)
    assert concurrency.limit == most


def test_a_slow_response_raises_the_limit_at_once_and_quick_ones_lower_it_gradually() -> None:
    concurrency = ConcurrencyLimit(4.85)
    concurrency.record(5)
    assert concurrency.limit == 39
    concurrency.record(0.5)
    assert concurrency.limit == 36


def test_the_limit_leaves_threads_for_receiving() -> None:
    concurrency = ConcurrencyLimit(19.4)
    concurrency.record(25)
    assert concurrency.limit == 60


# ── Calls per day ────────────────────────────────────────────────────────────────────────────────────────────────────


class Account:
    """The account table, a clock, and the quotas of several environments."""

    def __init__(self) -> None:
        self.clock = VirtualClock(NOON)
        self.dynamodb = FakeDynamoDb(self.clock)
        self.dynamodb.add_table("Account", "name")
        self.counter = AccountDailyCallCounter(self.dynamodb.client, "Account", self.clock)

    def quota(self, calls: int, share: float = 100) -> DailyQuota:
        return DailyQuota(calls, share, self.counter, self.clock)

    def counted(self, day: str = TODAY) -> int:
        rows = {row["name"]: int(row["calls"]) for row in self.dynamodb.rows("Account")}
        return rows.get(f"zoom_calls#{day}", 0)


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.mark.parametrize("operation", ["throttle", "deny", "unreachable"])
def test_an_unavailable_counter_is_an_error_without_resource_names(account: Account, operation: str) -> None:
    getattr(account.dynamodb, operation)("update_item")
    with pytest.raises(DailyCallCounterError, match=r"^AccountTable: \w+$"):
        account.counter.take(TODAY, 1, 10)


@pytest.mark.parametrize(("calls", "limit"), [(1, 0), (2, 1), (11, 10)])
def test_the_counter_never_exceeds_its_limit(account: Account, calls: int, limit: int) -> None:
    assert not account.counter.take(TODAY, calls, limit)
    assert account.counted() == 0


def test_the_limit_is_reached_exactly_and_each_day_is_its_own(account: Account) -> None:
    assert [account.counter.take(TODAY, 4, 10) for _ in range(3)] == [4, 8, None]
    assert [account.counter.take(TODAY, 2, 10), account.counter.take(TODAY, 1, 10)] == [10, None]
    assert account.counter.take(TOMORROW, 10, 10)
    assert (account.counted(), account.counted(TOMORROW)) == (10, 10)


def test_a_days_row_expires(account: Account) -> None:
    account.counter.take(TODAY, 1, 10)
    (row,) = account.dynamodb.rows("Account")
    assert row["expires_at"] == NOON + 3 * 86_400


@pytest.mark.parametrize(
    ("calls", "share", "allowed"),
    [(30, 100, 30), (30, 50, 15), (30, 1, 0), (30, 33.3, 9), (1, 100, 1), (0, 100, 0), (2_500, 100, 2_500)],
)
def test_a_quota_is_usable_to_its_last_call(account: Account, calls: int, share: float, allowed: int) -> None:
    quota = account.quota(calls, share)
    assert sum(quota.take() for _ in range(allowed + 5)) == allowed


@pytest.mark.parametrize(
    ("limit", "used", "hours_left", "seconds"),
    [
        (100, 0, 12, 0),
        (100, 90, 12, 0),
        (100, 91, 12, 60),
        (30_000, 27_000, 12, 0),
        (30_000, 27_600, 12, 18),
        (30_000, 27_600, 1, 1.5),
        (30_000, 29_970, 1, 60),
        (30_000, 30_000, 1, 60),
    ],
)
def test_incomplete_batches_wait_when_the_quota_runs_low(
    account: Account, limit: int, used: int, hours_left: float, seconds: float
) -> None:
    account.clock.advance_to(MIDNIGHT - hours_left * 3_600)
    quota = account.quota(limit)
    for _ in range(used):
        quota.take()
    assert quota.wait_to_be_filled() == seconds


def test_environments_share_one_quota_in_small_blocks(account: Account) -> None:
    quotas = [account.quota(3_000) for _ in range(2)]
    taken = [quota.take() for _ in range(1_600) for quota in quotas]
    assert 3_000 - 3 <= sum(taken) <= 3_000
    assert account.counted() == 3_000


def test_most_calls_need_no_write(account: Account) -> None:
    quota = account.quota(30_000)
    for _ in range(300):
        quota.take()
    assert account.dynamodb.calls["update_item"] == 10


def test_calls_reserved_yesterday_are_not_used_today(account: Account) -> None:
    quota = account.quota(3_000)
    quota.take()
    account.clock.advance_to(MIDNIGHT)
    quota.take()
    assert (account.counted(TODAY), account.counted(TOMORROW)) == (3, 3)


class SlowCounter:
    """A counter during whose call another thread does something."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.reserved: Counter[str] = Counter()
        self._meanwhile: list[Callable[[], object]] = [meanwhile]

    def take(self, day: str, calls: int, limit: int) -> int | None:
        if self.reserved[day] + calls > limit:
            return None
        self.reserved[day] += calls
        reserved = self.reserved[day]
        if self._meanwhile:
            self._meanwhile.pop()()
        return reserved


def test_two_threads_that_reserve_at_once_lose_no_block() -> None:
    taken = []
    counter = SlowCounter(lambda: taken.append(quota.take()))
    quota = DailyQuota(3_000, 100, counter, VirtualClock(NOON))
    taken += [quota.take() for _ in range(3_100)]
    assert sum(taken) == 3_000


def test_a_block_reserved_before_midnight_is_not_used_after_it() -> None:
    def midnight() -> None:
        clock.advance_to(MIDNIGHT)
        quota.take()

    clock = VirtualClock(MIDNIGHT - 1)
    counter = SlowCounter(midnight)
    quota = DailyQuota(3_000, 100, counter, clock)
    assert quota.take()
    assert 2 + sum(quota.take() for _ in range(3_100)) == 3_000
    assert counter.reserved[TOMORROW] == 3_000


def test_a_used_up_quota_is_renewed_at_midnight(account: Account) -> None:
    quota = account.quota(1)
    assert [quota.take(), quota.take()] == [True, False]
    account.clock.advance_to(MIDNIGHT)
    assert quota.take()


def test_a_reservation_whose_response_was_lost_is_not_used_twice(account: Account) -> None:
    account.dynamodb.lose_answer("update_item")
    quota = account.quota(2)
    with pytest.raises(DailyCallCounterError):
        quota.take()
    assert [quota.take(), quota.take()] == [True, False]


# ── The deadline of an invocation ────────────────────────────────────────────────────────────────────────────────────


def deadline(clock: VirtualClock, drain_seconds: int = 240) -> Deadline:
    context = FakeLambdaContext(clock)
    return Deadline(lambda: context.get_remaining_time_in_millis() / 1000, clock(), drain_seconds, clock)


@pytest.mark.parametrize(
    ("elapsed", "drain_seconds", "receives", "calls", "timeout"),
    [
        (0, 240, True, True, 25),
        (0, 0, False, True, 25),
        (239.9, 240, True, True, 25),
        (240, 240, False, True, 25),
        (259, 300, True, True, 25),
        (260, 300, False, False, 25),
        (270, 240, False, False, 15),
        (284, 240, False, False, 1),
        (299.9, 240, False, False, 1),
    ],
)
def test_what_the_deadline_still_allows(
    elapsed: float, drain_seconds: int, receives: bool, calls: bool, timeout: float
) -> None:
    clock = VirtualClock(NOON)
    remaining = deadline(clock, drain_seconds)
    clock.sleep(elapsed)
    assert (remaining.allows_receiving(), remaining.allows_call(), remaining.call_timeout()) == (
        receives,
        calls,
        timeout,
    )


@pytest.mark.parametrize(
    ("elapsed", "interval", "calls"), [(0, 1, 260), (0, 0.2, 1_300), (259, 1, 1), (260, 1, 0), (300, 1, 0)]
)
def test_the_number_of_calls_that_can_still_start(elapsed: float, interval: float, calls: int) -> None:
    clock = VirtualClock(NOON)
    remaining = deadline(clock)
    clock.sleep(elapsed)
    assert remaining.calls(interval) == calls
