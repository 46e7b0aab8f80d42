"""The moment at which a deferred message becomes visible again."""

import pytest
from registrar.outcomes.retry_schedule import backoff, next_utc_day, retry_after
from registrar.queue.in_flight import visibility

from tests.unit.registrar.samples import MIDNIGHT, NOON

DAY_S = 86_400.0


def lowest() -> float:
    return 0.0


def highest() -> float:
    return 0.999999


@pytest.mark.parametrize(
    ("receive_count", "longest"),
    [(1, 40), (2, 80), (3, 160), (4, 320), (5, 640), (6, 900), (7, 900), (100, 900), (800, 900), (10**9, 900)],
)
def test_the_backoff_doubles_up_to_15_minutes_with_jitter(receive_count: int, longest: float) -> None:
    assert backoff(receive_count, lowest) == longest
    assert backoff(receive_count, highest) == pytest.approx(longest * 0.8, rel=1e-3)


@pytest.mark.parametrize("now", [NOON, MIDNIGHT - 0.001, MIDNIGHT - DAY_S, MIDNIGHT - 1])
def test_the_next_day_begins_after_midnight_and_is_spread_over_twenty_minutes(now: float) -> None:
    assert next_utc_day(now, lowest) == MIDNIGHT + 1
    assert next_utc_day(now, highest) == pytest.approx(MIDNIGHT + 1_201, abs=1)


def test_at_midnight_itself_the_next_day_is_tomorrow() -> None:
    assert next_utc_day(MIDNIGHT, lowest) == MIDNIGHT + DAY_S + 1


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [(-1e9, 1), (-1, 1), (0, 1), (0.4, 1), (1, 1), (40.4, 40), (39_600, 39_600), (39_601, 39_600), (1e9, 39_600)],
)
def test_a_visibility_timeout_is_within_sqss_limits(wait: float, seconds: int) -> None:
    assert visibility(NOON + wait, NOON) == seconds
    assert isinstance(visibility(NOON + wait, NOON), int)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        " ",
        "soon",
        "-1",
        "1.5",
        "²",
        "٣",
        "1e3",
        "\x00",
        "9" * 10,
        "9" * 5_000,
        "2026-13-01",
        "24:00",
        "Tue, 24 Nov 99999 00:00:00 GMT",
        "Tue, 24 Nov 2026 99999999999999:00:00 GMT",
        "1 Jan 2026 00:00:00 +" + "9" * 30,
    ],
    ids=lambda value: repr(value)[:24],
)
def test_an_unreadable_retry_after_is_ignored(header: str | None) -> None:
    assert retry_after(header, NOON) is None


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("0", NOON),
        ("7", NOON + 7),
        (" 7 ", NOON + 7),
        ("2026-11-24T00:00:00Z", MIDNIGHT),
        ("2026-11-24T01:00:00+01:00", MIDNIGHT),
        ("2026-11-24T00:00:00", MIDNIGHT),
        ("2026-11-24", MIDNIGHT),
        ("20261124T000000Z", MIDNIGHT),
        ("Tue, 24 Nov 2026 00:00:00 GMT", MIDNIGHT),
        ("Tue, 24 Nov 2026 00:00:00 -0000", MIDNIGHT),
        ("2020-01-01T00:00:00Z", 1_577_836_800.0),
    ],
)
def test_a_retry_after_in_every_form(header: str, moment: float) -> None:
    assert retry_after(header, NOON) == moment


@pytest.mark.parametrize(
    "header",
    ["999999999", "86401", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "Fri, 31 Dec 9999 23:59:59 GMT"],
)
def test_a_retry_after_is_capped_at_one_day(header: str) -> None:
    assert retry_after(header, NOON) == NOON + DAY_S
