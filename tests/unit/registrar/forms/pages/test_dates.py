"""Dates in words."""

from datetime import UTC, datetime

import pytest
from registrar.forms.pages.html.dates import duration, written
from registrar.forms.pages.language import Language
from registrar.forms.pages.texts.all_languages import TEXTS

from tests.conftest import ROOT

MOMENT = datetime(2026, 12, 1, 15, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Tuesday, December 1, 2026 at 4:05 PM (Europe/Berlin, UTC+1)"),
        ("de", "Dienstag, 1. Dezember 2026, 16:05 Uhr (Europe/Berlin, UTC+1)"),
        ("es", "martes, 1 de diciembre de 2026, 16:05 (Europe/Berlin, UTC+1)"),
        ("fr", "mardi 1er décembre 2026 à 16\u00a0h\u00a005 (Europe/Berlin, UTC+1)"),
        ("pt", "terça-feira, 1 de dezembro de 2026, 16:05 (Europe/Berlin, UTC+1)"),
        ("ja", "2026年12月1日\uff08火\uff0916:05 (Europe/Berlin, UTC+1)"),
    ],
)
def test_a_start_is_written_as_each_language_writes_it(language: str, text: str) -> None:
    assert written(MOMENT, "Europe/Berlin", TEXTS[Language(language)].dates) == text


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Kolkata", "8:35 PM (Asia/Kolkata, UTC+5:30)"),
        ("America/St_Johns", "11:35 AM (America/St_Johns, UTC-3:30)"),
        ("UTC", "3:05 PM (UTC)"),
        (None, "3:05 PM (UTC)"),
        ("Mars/Olympus", "3:05 PM (UTC)"),
        ("../../etc/passwd", "3:05 PM (UTC)"),
        ("Europe", "3:05 PM (UTC)"),
        ("\x00", "3:05 PM (UTC)"),
    ],
)
def test_a_zone_that_is_unknown_here_becomes_utc_and_says_so(zone: str | None, text: str) -> None:
    assert written(MOMENT, zone, TEXTS[Language.ENGLISH].dates) == f"Tuesday, December 1, 2026 at {text}"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(45, "45 Minuten"), (60, "1 Stunde"), (61, "1 Stunde 1 Minute"), (150, "2 Stunden 30 Minuten")],
)
def test_a_duration_is_written_in_hours_and_minutes(minutes: int, text: str) -> None:
    assert duration(minutes, TEXTS[Language.GERMAN]) == text


def test_the_layer_has_the_time_zones() -> None:
    """Lambda's image for Python need not have /usr/share/zoneinfo; Python then takes the package tzdata."""
    requirements = (ROOT / "layers" / "registrar" / "requirements.in").read_text(encoding="utf-8")
    assert "tzdata" in requirements.splitlines()
