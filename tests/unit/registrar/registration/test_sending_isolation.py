"""Isolation, for every answer Zoom may give: only invalid registrants are rejected, each for their own reason."""

import json
from collections import Counter
from typing import Any

import pytest

from local.fake_zoom.switches import Switches
from tests.consumer import DAY_S, WEBINAR, Consumer, addresses

# Every value of every switch of the fake Zoom, except those by which a webinar or the account refuses all.
ELSEWHERE = {
    *("plan_missing_status", "scope_error", "registration_off", "not_accessible", "questions_in_batch"),
    *("last_seats", "full_error", "seat_numbers", "capacity_closes", "total_records", "pending_uses_seat"),
}
SWITCHES = [
    (name, answer)
    for name in Switches.__dataclass_fields__
    if name not in ELSEWHERE
    for answer in (
        [False, True] if isinstance(getattr(Switches(), name), bool) else list(type(getattr(Switches(), name)))
    )
]
REASONS = {
    "data": {"zoom_rejected"},
    "host": {"host_not_allowed"},
    "policy": {"email_not_allowed"},
    # Left out of the response, and found missing by the query.
    "left_out": {"not_confirmed"},
}


@pytest.fixture
def consumer() -> Consumer:
    return Consumer(checked=False)


def set_invalid(consumer: Consumer, data: list[str], hosts: list[str], policy: list[str]) -> None:
    consumer.account.set_webinar(
        WEBINAR,
        refused_emails=data,
        host_email=(hosts or ["host@example.org"])[0],
        alternative_hosts=hosts[1:],
        blocked_domains=sorted({email.rpartition("@")[2] for email in policy}),
    )


def blocked(number: int) -> list[str]:
    return [f"blocked{index}@free.example.net" for index in range(number)]


def check_outcomes(consumer: Consumer, invalid: dict[str, str], emails: list[str]) -> None:
    """Assert that each invalid registrant is rejected once, and all others are registered, in the table and at Zoom."""
    statuses = consumer.statuses()
    assert {email for email, status in statuses.items() if status == "rejected"} == set(invalid)
    assert {email for email, status in statuses.items() if status == "registered"} == set(emails) - set(invalid)
    at_zoom = {one.email.lower(): one.join_url for one in consumer.account.registrants(WEBINAR)}
    for email, row in consumer.rows().items():
        if email in invalid:
            assert row["reason"] in REASONS[invalid[email]], email
            assert email not in at_zoom
        else:
            assert row["join_url"] == at_zoom[email]
    dead_lettered = {json.loads(dead_letter.body)["email"] for dead_letter in consumer.dead_letters()}
    assert dead_lettered == set(invalid)
    assert len(consumer.dead_letters()) == len(invalid)
    assert consumer.waiting() == []
    assert consumer.account.highest_attempts() <= 3


@pytest.mark.parametrize(("name", "answer"), SWITCHES, ids=str)
def test_one_invalid_registrant_of_each_kind_is_isolated_under_every_switch(
    consumer: Consumer, name: str, answer: Any
) -> None:
    others, policy = addresses(27), blocked(1)
    emails = [*others[:9], *policy, *others[9:], "host@example.com"]
    data, hosts = [others[20]], ["host@example.com"]
    emails.append("late@example.com")
    set_invalid(consumer, data, hosts, policy)
    consumer.account.set_switches(**{name: answer})
    consumer.send_registrants(*emails)
    consumer.run()
    invalid = {data[0]: "data", hosts[0]: "host", policy[0]: "policy"}
    if answer == "left_out":
        left_out = {"bad_item": data[0], "host_in_batch": hosts[0], "policy_in_batch": policy[0]}
        if name in left_out:
            invalid[left_out[name]] = "left_out"
    check_outcomes(consumer, invalid, emails)


@pytest.mark.parametrize("naming", ["not_named", "by_email", "by_wrong_index"])
@pytest.mark.parametrize("number", [1, 2, 5, 30])
@pytest.mark.parametrize("kind", ["data", "host", "policy"])
def test_any_number_of_invalid_registrants_of_one_kind_is_isolated(
    consumer: Consumer, kind: str, number: int, naming: str
) -> None:
    valid = addresses(30 - number)
    invalid = blocked(number) if kind == "policy" else addresses(number, prefix="invalid")
    set_invalid(consumer, *[invalid if kind == one else [] for one in ("data", "host", "policy")])
    consumer.account.set_switches(bad_item_named=naming)
    emails = [email for pair in zip(invalid, valid, strict=False) for email in pair]
    emails += [email for email in (*invalid, *valid) if email not in emails]
    consumer.send_registrants(*emails)
    consumer.run(invocations=1)
    check_outcomes(consumer, dict.fromkeys(invalid, kind), emails)
    assert len(consumer.calls()) <= max(1 + 5 + 6 * min(number, 5), 32)


@pytest.mark.parametrize("naming", ["not_named", "by_email", "by_wrong_index", "by_index_from_one"])
@pytest.mark.parametrize("stores", ["nothing", "items_before_the_bad_one"])
@pytest.mark.parametrize("repeat", ["existing", "fresh_join_url", "left_out"])
def test_a_registrant_stored_by_a_refused_call_is_registered(
    consumer: Consumer, naming: str, stores: str, repeat: str
) -> None:
    emails = addresses(30)
    invalid = [emails[place] for place in (7, 8, 21)]
    set_invalid(consumer, invalid, [], [])
    consumer.account.set_switches(bad_item_named=naming, refused_batch_stores=stores, repeat=repeat)
    consumer.send_registrants(*emails)
    consumer.run()
    check_outcomes(consumer, dict.fromkeys(invalid, "data"), emails)


@pytest.mark.parametrize("naming", ["not_named", "by_email", "by_wrong_index"])
def test_isolation_respects_the_attempts_that_each_registrant_has_left(consumer: Consumer, naming: str) -> None:
    emails = addresses(30)
    invalid = [emails[place] for place in (2, 11, 29)]
    table = consumer.dynamodb.tables["Registrants"]
    used = {email: place % 4 for place, email in enumerate(emails)}  # 0, 1, 2 or all 3 attempts of today
    for email, attempts in used.items():
        if attempts:
            key = {"webinar_id": {"S": WEBINAR}, "email": {"S": email}}
            row = {"status": {"S": "deferred"}, "reason": {"S": "zoom_rejected"}, "message_id": {"S": "other"}}
            counted = {"attempts": {"N": str(attempts)}, "attempts_on": {"S": "2026-11-23"}}
            table.write((WEBINAR, email), key | row | counted)
    set_invalid(consumer, invalid, [], [])
    consumer.account.set_switches(bad_item_named=naming)
    consumer.send_registrants(*emails)
    consumer.run(invocations=1)
    sent = {entry.email: entry.attempts for entry in consumer.account.attempts()}
    assert all(sent.get(email, 0) + attempts <= 3 for email, attempts in used.items())
    spent = {email for email, attempts in used.items() if attempts == 3}
    assert {email for email, status in consumer.statuses().items() if status == "deferred"} == spent
    assert len(consumer.calls()) <= 36
    consumer.run()
    check_outcomes(consumer, dict.fromkeys(invalid, "data"), emails)


@pytest.mark.parametrize("counted", ["per_webinar", "per_registrant"])
def test_registrants_without_zoom_attempts_are_deferred_and_the_others_registered(
    consumer: Consumer, counted: str
) -> None:
    emails = addresses(30)
    spent = [emails[place] for place in (0, 6, 12, 18, 29)]
    consumer.account.set_switches(attempts_counted=counted)
    scope, today = (WEBINAR if counted == "per_webinar" else ""), int(consumer.clock() // DAY_S)
    consumer.account._state.attempts.counts = {(scope, email): (today, 3) for email in spent}
    consumer.send_registrants(*emails)
    consumer.run(invocations=1)
    statuses = consumer.statuses()
    assert {email for email, status in statuses.items() if status != "registered"} == set(spent)
    for email in spent:
        row = consumer.rows()[email]
        assert (row["status"], row["reason"], row["attempts"]) == ("deferred", "registrant_daily_limit", 3)
        assert row["deferred_until"].startswith("2026-11-24T00:")
    assert len(consumer.calls()) <= 36
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 30}
