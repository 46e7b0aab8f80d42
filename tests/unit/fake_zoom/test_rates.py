"""Limits of the fake: calls per second and per day, and three attempts per registrant and day."""

import pytest

from tests.unit.fake_zoom.caller import MORNING, WEBINAR, Caller

OTHER_WEBINAR = "81234567890"
SIXTEEN_HOURS = 16 * 3600  # from MORNING to 00:00 UTC


def test_calls_over_the_per_second_limit_are_refused_and_cost_no_attempt(zoom: Caller) -> None:
    zoom.seconds_per_call = 0
    for _ in range(10):
        assert zoom.batch("ada@example.com").status in {201, 429}
    zoom.account.clear_calls()

    response = zoom.batch("grace@example.com")

    assert (response.status, response.code) == (429, 429)
    assert response.content["message"].startswith("You have reached the maximum per-second rate limit")
    assert response.headers["X-RateLimit-Category"] == "Heavy"
    assert response.headers["X-RateLimit-Type"] == "QPS"
    assert response.headers["X-RateLimit-Limit"] == "10"
    assert response.headers["X-RateLimit-Remaining"] == "0"
    assert "Retry-After" not in response.headers
    assert zoom.account.highest_attempts() == 0


def test_seconds_are_calendar_seconds(zoom: Caller) -> None:
    zoom.account.set_limits(heavy_per_second=1)
    zoom.seconds_per_call = 0
    zoom.moment = MORNING + 0.9
    assert zoom.batch("ada@example.com").status == 201
    assert zoom.batch("grace@example.com").status == 429

    zoom.moment = MORNING + 1.0

    assert zoom.batch("grace@example.com").status == 201


def test_each_label_has_its_own_limit(zoom: Caller) -> None:
    zoom.account.set_limits(heavy_per_second=0)

    assert zoom.batch("ada@example.com").status == 429
    assert zoom.single("ada@example.com").status == 201


def test_the_daily_limit_of_the_account_is_reset_at_midnight_utc(zoom: Caller) -> None:
    zoom.account.set_limits(heavy_per_day=1)
    assert zoom.batch("ada@example.com").status == 201

    response = zoom.batch("grace@example.com")
    zoom.moment = MORNING + SIXTEEN_HOURS
    after_midnight = zoom.batch("grace@example.com")

    assert response.status == 429
    assert response.content["message"].startswith("You have reached the maximum daily rate limit for this API.")
    assert response.headers["X-RateLimit-Type"] == "Daily-limit"
    assert response.headers["Retry-After"] == "2026-11-24T00:00:00Z"
    assert after_midnight.status == 201


@pytest.mark.parametrize(
    ("form", "header"),
    [
        ("iso", "2026-11-24T00:00:00Z"),
        ("http_date", "Tue, 24 Nov 2026 00:00:00 GMT"),
        ("seconds", str(SIXTEEN_HOURS - 1)),
        ("absent", None),
    ],
)
def test_retry_after_has_several_forms(zoom: Caller, form: str, header: str | None) -> None:
    zoom.account.set_switches(retry_after_daily=form)
    zoom.account.set_limits(heavy_per_day=0)

    assert zoom.batch("ada@example.com").headers.get("Retry-After") == header


def test_the_fourth_attempt_of_a_day_is_refused_and_names_the_registrant(zoom: Caller) -> None:
    for _ in range(3):
        assert zoom.batch("Ada@example.com").status == 201

    response = zoom.batch("grace@example.com", "ada@example.com")

    assert (response.status, response.code) == (429, 429)
    assert "Add a webinar registrant" in response.content["message"]
    assert "(ada@example.com)" in response.content["message"]
    assert response.headers["X-RateLimit-Limit"] == "3"
    assert response.headers["X-RateLimit-Type"] == "Daily-limit"
    assert "grace@example.com" not in zoom.registered()


@pytest.mark.parametrize(
    ("wording", "words"),
    [
        ("documented", "for Add a webinar registrant API requests"),
        ("batch", 'registrant "ada@example.com"'),
        ("2021", "permitted for (ada@example.com) this particular registrant"),
    ],
)
def test_the_daily_limit_of_a_registrant_has_several_wordings(zoom: Caller, wording: str, words: str) -> None:
    zoom.account.set_switches(registrant_limit_wording=wording)
    zoom.account.set_limits(adds_per_registrant_and_day=0)

    assert words in zoom.batch("ada@example.com").content["message"]


def test_batch_and_single_calls_share_the_attempts(zoom: Caller) -> None:
    zoom.batch("ada@example.com")
    zoom.single("ada@example.com")
    zoom.batch("ada@example.com")

    assert zoom.single("ada@example.com").status == 429


def test_the_attempts_are_reset_at_midnight_utc(zoom: Caller) -> None:
    zoom.account.set_limits(adds_per_registrant_and_day=1)
    assert zoom.batch("ada@example.com").status == 201
    assert zoom.batch("ada@example.com").status == 429

    zoom.account.advance(86_400)

    assert zoom.batch("ada@example.com").status == 201
    assert [entry.day for entry in zoom.account.attempts()] == ["2026-11-23", "2026-11-24"]


@pytest.mark.parametrize(("counted", "status"), [("per_webinar", 201), ("per_registrant", 429)])
def test_attempts_are_counted_per_webinar_or_across_webinars(zoom: Caller, counted: str, status: int) -> None:
    zoom.account.set_switches(attempts_counted=counted)
    zoom.account.set_limits(adds_per_registrant_and_day=1)
    zoom.account.set_webinar(OTHER_WEBINAR)
    zoom.batch("ada@example.com")

    assert zoom.batch("ada@example.com", webinar=OTHER_WEBINAR).status == status


@pytest.mark.parametrize(("counts", "status"), [("all_registrants", 429), ("only_of_the_refused", 201)])
def test_a_refused_batch_may_cost_the_other_registrants_an_attempt(zoom: Caller, counts: str, status: int) -> None:
    zoom.account.set_switches(refused_batch_counts=counts)
    zoom.account.set_limits(adds_per_registrant_and_day=1)
    assert zoom.batch("ada@example.com", "not an e-mail").status == 400

    assert zoom.batch("ada@example.com").status == status
    assert zoom.batch("not an e-mail").status == 429


def test_a_failed_call_costs_an_attempt(zoom: Caller) -> None:
    zoom.account.set_limits(adds_per_registrant_and_day=1)
    zoom.account.set_webinar(WEBINAR, paid=True)
    assert zoom.batch("ada@example.com").status == 400
    zoom.account.set_webinar(WEBINAR, paid=False)

    assert zoom.batch("ada@example.com").status == 429


def test_plans_have_their_published_rates(zoom: Caller) -> None:
    zoom.account.set_limits(plan="business")
    assert zoom.batch("ada@example.com").headers["X-RateLimit-Limit"] == "40"

    zoom.account.set_limits(plan="free")
    assert zoom.batch("ada@example.com").headers["X-RateLimit-Limit"] == "1"


def test_every_response_has_the_remaining_calls_of_the_second(zoom: Caller) -> None:
    zoom.seconds_per_call = 0

    remaining = [zoom.batch(f"{name}@example.com").headers["X-RateLimit-Remaining"] for name in "ab"]

    assert remaining == ["9", "8"]


def test_the_log_has_the_peak_calls_per_second(zoom: Caller) -> None:
    zoom.batch("ada@example.com")
    zoom.seconds_per_call = 0
    zoom.batch("grace@example.com")
    zoom.batch("mary@example.com")

    assert zoom.account.peaks() == {"batch": 3}
