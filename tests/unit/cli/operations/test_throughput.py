"""Rates and forecasts from samples of the queue."""

import re

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, timestamp
from registrar_cli.operations import watch_screen
from registrar_cli.operations.daily_quota import QuotaUse
from registrar_cli.operations.queue_depths import Depth
from registrar_cli.operations.throughput import STILL_SECONDS, WINDOW_SECONDS, Sample, Series
from registrar_cli.operations.watch import within
from registrar_cli.operations.watch_screen import as_json, curve
from registrar_cli.registrants.deferrals import group_deferred
from rich.console import Console


def sample(at: float, waiting: int, registered: int | None = None, mapping: str = "Enabled") -> Sample:
    status_counts = None if registered is None else {"registered": registered}
    return Sample(at, 0.0, Depth(waiting, 0, 2), QuotaUse(120, 30_000), mapping, status_counts)


def idle(at: float, left: int, own: int = 0, others: int = 0, after: float = 7_200) -> Sample:
    """Return a sample of a webinar with `left` messages in flight or deferred, and deferred registrants."""
    row = Row(status="deferred", reason="registrant_daily_limit", deferred_until=timestamp(after))
    rows = [(Key("97871060099", f"{number}@example.com"), row) for number in range(own)]
    counts = {"registered": 600, "deferred": own}
    return Sample(at, 0.0, Depth(0, left, 0), QuotaUse(0, 30_000), "Enabled", counts, group_deferred(rows), others)


def shown(watched: Series, webinar: str | None = "97871060099", width: int = 80, is_last: bool = False) -> str:
    console = Console(record=True, width=width)
    console.print(watch_screen.screen(watched, "zoom-registrar", webinar, is_last))
    return " ".join(re.sub("[│╭╮╰╯─]", " ", console.export_text()).split())


def series(*samples: Sample) -> Series:
    filled = Series()
    for one in samples:
        filled.add(one)
    return filled


def test_one_sample_gives_no_rate() -> None:
    assert series(sample(0, 100)).per_second() == 0
    assert series(sample(0, 100)).seconds_to_drain() is None


def test_the_rate_is_that_of_the_webinars_rows() -> None:
    watched = series(sample(0, 1_000, 0), sample(10, 900, 300))

    assert watched.per_second() == 30


def test_the_forecast_is_for_the_queue_that_all_webinars_share() -> None:
    watched = series(sample(0, 1_000, 0), sample(10, 900, 30))

    assert watched.seconds_to_drain() == 90


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([sample(0, 9)], "known after the next sample"),
        ([sample(0, 9), sample(2, 9)], "does not shrink"),
        ([sample(0, 9), sample(2, 8, mapping="Disabled")], "registrar resume"),
        ([sample(0, 9), sample(2, 6)], "4 s"),
        ([sample(0, 9), sample(2, 0)], "no message is waiting"),
    ],
)
def test_the_screen_explains_the_forecast(samples: list[Sample], expected: str) -> None:
    console = Console(record=True, width=80)

    console.print(watch_screen.screen(series(*samples), "zoom-registrar", None))

    assert expected in console.export_text()


def test_without_a_webinar_the_rate_is_that_of_the_queue() -> None:
    assert series(sample(0, 1_000), sample(10, 800)).per_second() == 20


def test_a_growing_queue_gives_no_negative_rate() -> None:
    assert series(sample(0, 0), sample(10, 800)).per_second() == 0


def test_only_the_last_half_minute_counts() -> None:
    watched = series(
        *(sample(at, 10_000, at * 10 if at < 60 else 600) for at in range(0, 60 + int(WINDOW_SECONDS) + 2))
    )

    assert watched.per_second() == pytest.approx(0)


def test_paused_there_is_no_forecast() -> None:
    watched = series(sample(0, 100), sample(10, 50, mapping="Disabled"))

    assert watched.seconds_to_drain() is None
    assert as_json(watched, None)["mapping"] == "Disabled"


def test_an_empty_queue_is_drained() -> None:
    assert series(sample(0, 0)).seconds_to_drain() == 0


@pytest.mark.parametrize("webinar", [None, "97871060099"])
def test_the_screen_fits_into_80_columns(webinar: str | None) -> None:
    console = Console(record=True, width=80)
    large = Sample(2, 0.0, Depth(1_234_567, 123_456, 12_345), QuotaUse(59_999, 60_000), "Enabled", {"deferred": 54_321})

    console.print(watch_screen.screen(series(sample(0, 9, 1), large), "zoom-registrar", webinar))

    rows = console.export_text().splitlines()
    labels = [row[2:18].strip() for row in rows[1:-1]]
    assert "dead letters" in labels
    assert labels.count("") == 1, "the curve's; no other line is broken"


def test_the_sparkline_has_one_block_per_rate() -> None:
    assert curve([0, 1, 2]) == " ▄█"
    assert curve([0, 0]) == "  "


@pytest.mark.parametrize(
    ("samples", "ended"),
    [
        ([idle(0, 0)], True),
        ([idle(0, 7, own=7)], True),
        ([idle(0, 7, others=7)], True),
        ([idle(0, 7, own=3, others=4)], True),
        ([idle(0, 7, own=7, after=300)], False),  # a retry within minutes
        ([idle(0, 8, own=7)], False),  # one message may be new
        ([idle(0, 7)], False),  # in flight
        ([sample(0, 7)], False),
        ([idle(0, 8, own=7), idle(STILL_SECONDS, 8, own=7)], True),  # one registrant has two messages
        ([idle(0, 9, own=7), idle(STILL_SECONDS, 8, own=7)], False),
    ],
)
def test_watching_ends_when_only_registrants_with_a_date_are_left(samples: list[Sample], ended: bool) -> None:
    assert series(*samples).has_ended() is ended


def test_a_webinar_whose_registrants_are_in_is_not_mixed_up_with_others() -> None:
    screen = shown(series(idle(0, 7, others=7)))

    assert "Waiting: only 7 registrants of other webinars, no one of this webinar." in screen
    assert "does not shrink" not in screen


def test_who_waits_is_told_with_reason_and_time() -> None:
    screen = shown(series(idle(0, 7, own=7)))

    assert "7 registrants wait: next try" in screen
    assert "(registrant_daily_limit)" in screen
    assert "registrar failures" in screen


def test_a_single_sample_promises_no_other() -> None:
    assert "known after the next sample" in shown(series(sample(0, 9)), None)
    assert "one sample gives no forecast" in shown(series(sample(0, 9)), None, is_last=True)


def test_in_json_the_deferred_are_listed_with_their_next_try() -> None:
    found = as_json(series(idle(0, 7, own=3, others=4)), "97871060099")

    assert [(one["registrants"], one["next_try"]) for one in found["deferred"]] == [(3, "1970-01-01T02:00:00Z")]
    assert found["deferred_in_other_webinars"] == 4


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_the_live_screen_leaves_room_for_the_ctrl_c_that_a_terminal_echoes(width: int) -> None:
    """In the last column it would wrap, and the screen would be drawn once more below its first line."""
    console = Console(record=True, width=width)

    console.print(within(watch_screen.screen(series(idle(0, 7, own=7)), "zoom-registrar", "97871060099"), width))

    assert max(map(len, (line.rstrip() for line in console.export_text().splitlines()))) <= width - len("^C")
