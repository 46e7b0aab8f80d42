"""Isolation under everything that nobody has published about Zoom: only culprits are rejected, for their own reason."""

import json
from collections import Counter
from typing import Any

import pytest

from local.fake_zoom.switches import Switches
from tests.consumer import DAY_S, WEBINAR, Consumer, people

# Every switch of the fake with every answer, but for those of a webinar or an account that refuses everybody.
ELSEWHERE = {"plan_missing_status", "scope_error", "registration_off", "last_seats"}
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
    # Who is silently left out is found out by asking.
    "left_out": {"not_confirmed"},
}


@pytest.fixture
def consumer() -> Consumer:
    return Consumer(checked=False)


def set_culprits(consumer: Consumer, data: list[str], hosts: list[str], policy: list[str]) -> None:
    consumer.account.set_webinar(
        WEBINAR,
        refused_emails=data,
        host_email=(hosts or ["host@example.org"])[0],
        alternative_hosts=hosts[1:],
        blocked_domains=sorted({email.rpartition("@")[2] for email in policy}),
    )


def blocked(number: int) -> list[str]:
    return [f"blocked{index}@free.example.net" for index in range(number)]


def check(consumer: Consumer, culprits: dict[str, str], everybody: list[str]) -> None:
    """Everybody else is in, at Zoom and with us; each culprit is rejected once, with his own reason."""
    ends = consumer.statuses()
    assert {email for email, status in ends.items() if status == "rejected"} == set(culprits)
    assert {email for email, status in ends.items() if status == "registered"} == set(everybody) - set(culprits)
    at_zoom = {one.email.lower(): one.join_url for one in consumer.account.registrants(WEBINAR)}
    for email, row in consumer.rows().items():
        if email in culprits:
            assert row["reason"] in REASONS[culprits[email]], email
            assert email not in at_zoom
        else:
            assert row["join_url"] == at_zoom[email]
    buried = {json.loads(letter.body)["email"] for letter in consumer.dead_letters()}
    assert buried == set(culprits)
    assert len(consumer.dead_letters()) == len(culprits)
    assert consumer.waiting() == []
    assert consumer.account.highest_attempts() <= 3


@pytest.mark.parametrize(("name", "answer"), SWITCHES, ids=str)
def test_one_of_each_kind_among_thirty_under_every_switch(consumer: Consumer, name: str, answer: Any) -> None:
    others, policy = people(27), blocked(1)
    everybody = [*others[:9], *policy, *others[9:], "host@example.com"]
    data, hosts = [others[20]], ["host@example.com"]
    everybody.append("late@example.com")
    set_culprits(consumer, data, hosts, policy)
    consumer.account.set_switches(**{name: answer})
    consumer.send_people(*everybody)
    consumer.run()
    culprits = {data[0]: "data", hosts[0]: "host", policy[0]: "policy"}
    if answer == "left_out":
        silent = {"bad_item": data[0], "host_in_batch": hosts[0], "policy_in_batch": policy[0]}
        if name in silent:
            culprits[silent[name]] = "left_out"
    check(consumer, culprits, everybody)


@pytest.mark.parametrize("naming", ["not_named", "by_email", "by_wrong_index"])
@pytest.mark.parametrize("number", [1, 2, 5, 30])
@pytest.mark.parametrize("kind", ["data", "host", "policy"])
def test_one_two_five_and_thirty_culprits_of_each_kind(consumer: Consumer, kind: str, number: int, naming: str) -> None:
    innocents = people(30 - number)
    culprits = blocked(number) if kind == "policy" else people(number, prefix="culprit")
    set_culprits(consumer, *[culprits if kind == one else [] for one in ("data", "host", "policy")])
    consumer.account.set_switches(bad_item_named=naming)
    everybody = [email for pair in zip(culprits, innocents, strict=False) for email in pair]
    everybody += [email for email in (*culprits, *innocents) if email not in everybody]
    consumer.send_people(*everybody)
    consumer.run(invocations=1)
    check(consumer, dict.fromkeys(culprits, kind), everybody)
    assert len(consumer.calls()) <= max(1 + 5 + 6 * min(number, 5), 32)


@pytest.mark.parametrize("naming", ["not_named", "by_email", "by_wrong_index", "by_index_from_one"])
@pytest.mark.parametrize("stores", ["nothing", "items_before_the_bad_one"])
@pytest.mark.parametrize("repeat", ["existing", "fresh_join_url", "left_out"])
def test_who_was_stored_by_a_refused_call_is_found_however_zoom_answers_a_repeat(
    consumer: Consumer, naming: str, stores: str, repeat: str
) -> None:
    everybody = people(30)
    culprits = [everybody[place] for place in (7, 8, 21)]
    set_culprits(consumer, culprits, [], [])
    consumer.account.set_switches(bad_item_named=naming, refused_batch_stores=stores, repeat=repeat)
    consumer.send_people(*everybody)
    consumer.run()
    check(consumer, dict.fromkeys(culprits, "data"), everybody)


@pytest.mark.parametrize("naming", ["not_named", "by_email", "by_wrong_index"])
def test_people_with_fewer_attempts_left_are_mixed_in(consumer: Consumer, naming: str) -> None:
    everybody = people(30)
    culprits = [everybody[place] for place in (2, 11, 29)]
    table = consumer.dynamodb.tables["Registrants"]
    used = {email: place % 4 for place, email in enumerate(everybody)}  # 0, 1, 2 or all 3 attempts of today
    for email, attempts in used.items():
        if attempts:
            key = {"webinar_id": {"S": WEBINAR}, "email": {"S": email}}
            row = {"status": {"S": "deferred"}, "reason": {"S": "zoom_rejected"}, "message_id": {"S": "other"}}
            counted = {"attempts": {"N": str(attempts)}, "attempts_on": {"S": "2026-11-23"}}
            table.write((WEBINAR, email), key | row | counted)
    set_culprits(consumer, culprits, [], [])
    consumer.account.set_switches(bad_item_named=naming)
    consumer.send_people(*everybody)
    consumer.run(invocations=1)
    sent = {entry.email: entry.attempts for entry in consumer.account.attempts()}
    assert all(sent.get(email, 0) + attempts <= 3 for email, attempts in used.items())
    spent = {email for email, attempts in used.items() if attempts == 3}
    assert {email for email, status in consumer.statuses().items() if status == "deferred"} == spent
    assert len(consumer.calls()) <= 36
    consumer.run()
    check(consumer, dict.fromkeys(culprits, "data"), everybody)


@pytest.mark.parametrize("counted", ["per_webinar", "per_registrant"])
def test_five_whose_day_is_used_up_elsewhere_wait_and_the_others_go_on(consumer: Consumer, counted: str) -> None:
    everybody = people(30)
    spent = [everybody[place] for place in (0, 6, 12, 18, 29)]
    consumer.account.set_switches(attempts_counted=counted)
    scope, today = (WEBINAR if counted == "per_webinar" else ""), int(consumer.clock() // DAY_S)
    consumer.account._state.attempts.counts = {(scope, email): (today, 3) for email in spent}
    consumer.send_people(*everybody)
    consumer.run(invocations=1)
    ends = consumer.statuses()
    assert {email for email, status in ends.items() if status != "registered"} == set(spent)
    for email in spent:
        row = consumer.rows()[email]
        assert (row["status"], row["reason"], row["attempts"]) == ("deferred", "registrant_daily_limit", 3)
        assert row["deferred_until"].startswith("2026-11-24T00:")
    assert len(consumer.calls()) <= 36
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 30}
