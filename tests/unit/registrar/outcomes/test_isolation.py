"""A refused batch is split until each invalid registrant is refused alone; all others are registered."""

from collections import Counter
from collections.abc import Callable

import pytest
import requests

from tests.consumer import WEBINAR, Consumer, addresses

MAKE_INVALID: dict[str, Callable[[Consumer, list[str]], None]] = {
    "data": lambda consumer, emails: consumer.account.set_webinar(WEBINAR, refused_emails=emails),
    "host": lambda consumer, emails: consumer.account.set_webinar(
        WEBINAR, host_email=emails[0], alternative_hosts=emails[1:]
    ),
}
REASONS = {"data": "zoom_rejected", "host": "host_not_allowed"}
NAMINGS = (
    "by_index_in_brackets",
    "by_index_with_dots",
    "by_index_from_one",
    "by_wrong_index",
    "by_email",
    "by_email_in_message",
    "by_field_only",
    "not_named",
)


def calls_at_most(invalid: int) -> int:
    """Return the bound that isolation.py derives, however Zoom names an invalid registrant."""
    return max(1 + 5 + 6 * min(invalid, 5), 32)


@pytest.fixture
def consumer() -> Consumer:
    return Consumer()


@pytest.mark.parametrize("naming", NAMINGS)
@pytest.mark.parametrize("kind", ["data", "host"])
@pytest.mark.parametrize("places", [[29], [0, 17], [3, 4, 5, 22, 28], list(range(30))], ids=len)
@pytest.mark.parametrize("counted", ["all_registrants", "only_of_the_refused"])
def test_only_invalid_registrants_are_rejected(
    consumer: Consumer, naming: str, kind: str, places: list[int], counted: str
) -> None:
    emails = addresses(30)
    invalid = [emails[place] for place in places]
    MAKE_INVALID[kind](consumer, invalid)
    consumer.account.set_switches(bad_item_named=naming, refused_batch_counts=counted)
    consumer.send_registrants(*emails)

    consumer.run(invocations=1)

    statuses = consumer.statuses()
    assert {email for email, status in statuses.items() if status == "rejected"} == set(invalid)
    assert Counter(statuses.values())["registered"] == 30 - len(invalid)
    assert consumer.reasons() == [REASONS[kind]] * len(invalid)
    assert consumer.account.highest_attempts() <= 3
    assert len(consumer.calls()) <= calls_at_most(len(places))


@pytest.mark.parametrize(
    ("naming", "sizes"),
    [
        pytest.param("by_email", [30, 29, 1], id="named: two more calls"),
        pytest.param("not_named", [30] + [6] * 5 + [1] * 6, id="not named: eleven more calls"),
    ],
)
def test_isolating_one_invalid_registrant_takes_few_calls(consumer: Consumer, naming: str, sizes: list[int]) -> None:
    emails = addresses(30)
    consumer.account.set_webinar(WEBINAR, refused_emails=[emails[7]])
    consumer.account.set_switches(bad_item_named=naming)
    consumer.send_registrants(*emails)

    consumer.run(invocations=1)

    assert [call.registrants for call in consumer.calls()] == sizes


def test_after_a_fully_rejected_batch_one_registrant_is_sent_before_the_next_batch(consumer: Consumer) -> None:
    emails = addresses(60)
    consumer.account.set_webinar(WEBINAR, refused_emails=emails)
    consumer.account.set_switches(bad_item_named="not_named")
    consumer.send_registrants(*emails)

    consumer.run(invocations=1)

    assert consumer.reasons() == ["zoom_rejected"] * 60
    assert Counter(call.registrants for call in consumer.calls()) == {30: 1, 6: 5, 1: 60}
    assert consumer.account.highest_attempts() == 3


@pytest.mark.parametrize("wording", ["documented", "batch", "2021"])
def test_a_registrant_without_zoom_calls_today_is_deferred_and_the_others_registered(
    consumer: Consumer, wording: str
) -> None:
    emails = addresses(10)
    consumer.account.set_switches(registrant_limit_wording=wording)
    for _ in range(3):
        _register_elsewhere(consumer, emails[4])
    consumer.send_registrants(*emails)

    consumer.run(invocations=1)

    statuses = consumer.statuses()
    assert [email for email, status in statuses.items() if status != "registered"] == [emails[4]]
    row = consumer.rows()[emails[4]]
    assert (row["status"], row["reason"], row["attempts"]) == ("deferred", "registrant_daily_limit", 3)
    assert row["deferred_until"].startswith("2026-11-24T00:")
    consumer.run(hours=12)
    assert consumer.statuses()[emails[4]] == "registered"


@pytest.mark.parametrize("seats", ["all_refused", "filled_with_error", "filled_answered"])
@pytest.mark.parametrize("free", [0, 1, 4, 29])
def test_the_last_seats_are_filled_and_only_registrants_without_a_seat_rejected(
    consumer: Consumer, seats: str, free: int
) -> None:
    consumer.account.set_webinar(WEBINAR, capacity=free)
    consumer.account.set_switches(last_seats=seats)
    consumer.send_registrants(*addresses(30))

    consumer.run()

    statuses = consumer.statuses()
    at_zoom = {one.email.lower() for one in consumer.account.registrants(WEBINAR)}
    assert len(at_zoom) == free
    assert {email for email, status in statuses.items() if status == "registered"} == at_zoom
    assert Counter(statuses.values()) == +Counter({"registered": free, "rejected": 30 - free})
    assert set(consumer.reasons()) == ({"webinar_full"} if free < 30 else set())
    assert consumer.account.highest_attempts() <= 3


def test_a_full_webinar_gets_no_further_batches(consumer: Consumer) -> None:
    consumer.account.set_webinar(WEBINAR, capacity=0)
    consumer.send_registrants(*addresses(90))

    consumer.run(invocations=1)

    assert consumer.reasons() == ["webinar_full"] * 90
    assert len(consumer.calls()) <= calls_at_most(30)


def _register_elsewhere(consumer: Consumer, email: str) -> None:
    """Use up one of the registrant's daily calls by another app of the account, without registering them."""
    session = requests.Session()
    session.mount("https://", consumer.transport)
    consumer.account.set_webinar(WEBINAR, refused_emails=[email])
    session.post(
        f"https://api.zoom.us/v2/webinars/{WEBINAR}/batch_registrants",
        json={"registrants": [{"email": email, "first_name": "Ada"}]},
        headers={"Authorization": f"Bearer {consumer.account.mint_token()}"},
        timeout=5,
    )
    consumer.account.set_webinar(WEBINAR, refused_emails=[])
