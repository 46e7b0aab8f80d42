"""Rates and forecasts from samples of the queue."""

import pytest
from registrar_cli.operations import watch_screen
from registrar_cli.operations.daily_quota import QuotaUse
from registrar_cli.operations.queue_depths import Depth
from registrar_cli.operations.throughput import WINDOW_SECONDS, Sample, Series
from registrar_cli.operations.watch_screen import as_json, curve
from rich.console import Console


def sample(at: float, waiting: int, registered: int | None = None, mapping: str = "Enabled") -> Sample:
    status_counts = None if registered is None else {"registered": registered}
    return Sample(at, 0.0, Depth(waiting, 0, 2), QuotaUse(120, 30_000), mapping, status_counts)


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
