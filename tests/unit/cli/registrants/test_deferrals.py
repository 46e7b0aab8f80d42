"""Deferred registrants by reason, and when they are tried next."""

import pytest
from registrar import limits
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, timestamp
from registrar_cli.registrants.deferrals import Deferral, group_deferred, next_try, summary, total
from registrar_cli.registrants.table import KeyedRow
from registrar_cli.terminal.formatting import local_time

NOW = 1_764_151_200.0


def deferred(email: str, reason: str | None, after: float, webinar: str = "97871060099") -> KeyedRow:
    return Key(webinar, email), Row(status="deferred", reason=reason, deferred_until=timestamp(NOW + after))


def test_the_largest_group_comes_first_with_its_first_and_last_try() -> None:
    rows = [
        deferred("a@example.com", "zoom_unavailable", 60),
        deferred("b@example.com", "registrant_daily_limit", 7_300),
        deferred("c@example.com", "registrant_daily_limit", 7_200, "91000000001"),
        (Key("97871060099", "d@example.com"), Row(status="registered")),
    ]

    first, second = group_deferred(rows)

    assert (first.reason, first.registrants, first.first_at, first.last_at) == (
        *("registrant_daily_limit", 2),
        *(NOW + 7_200, NOW + 7_300),
    )
    assert dict(first.webinars) == {"97871060099": 1, "91000000001": 1}
    assert (second.reason, total([first, second])) == ("zoom_unavailable", 3)


def test_a_row_without_a_reason_or_a_date_is_not_lost() -> None:
    (group,) = group_deferred([(Key("97871060099", "a@example.com"), Row(status="deferred"))])

    assert (group.registrants, group.reason) == (1, "no_reason")


@pytest.mark.parametrize(("after", "expected"), [(limits.DEFERRAL_LONGEST_SECONDS, False), (7_200, True), (-60, False)])
def test_a_date_is_later_than_any_retry(after: float, expected: bool) -> None:
    (group,) = group_deferred([deferred("a@example.com", "x", after), deferred("b@example.com", "x", 50_000)])

    assert group.waits_for_a_date(NOW) is expected


def test_a_try_that_is_overdue_is_not_promised() -> None:
    assert next_try(NOW + 600, NOW) == f"next try {local_time(NOW + 600, NOW)}"
    assert next_try(NOW - 600, NOW) == f"due since {local_time(NOW - 600, NOW)}"


@pytest.mark.parametrize(("number", "says"), [(1, "1 registrant waits: "), (7, "7 registrants wait: ")])
def test_the_summary_names_number_time_and_reason(number: int, says: str) -> None:
    groups = group_deferred(deferred(f"{n}@example.com", "registrant_daily_limit", 7_200) for n in range(number))

    assert summary(groups, NOW) == f"{says}next try {local_time(NOW + 7_200, NOW)} (registrant_daily_limit)"


def test_json_is_in_utc() -> None:
    (group,) = group_deferred([deferred("a@example.com", "token_rejected", 60)])

    assert isinstance(group, Deferral)
    assert group.as_json()["next_try"] == timestamp(NOW + 60)
    assert "a@example.com" not in str(group.as_json())
