"""Isolation rejects no valid registrant, sends none too often, and keeps the number of calls within its bound.

Tested twice: the pure rule with arbitrary names in the error responses, and the consumer under the fake's switches.
"""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from math import ceil, sqrt
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from registrar.outcomes import isolation
from registrar.queue.delivery import Delivery
from registrar.queue.queued_registrant import QueuedRegistrant
from registrar.registrants.registrant import Registrant

from local.fake_zoom.switches import Switches
from tests.consumer import WEBINAR, Consumer, addresses, message

EMAILS = addresses(30)


def registrant(email: str) -> QueuedRegistrant:
    body = message(email)
    return QueuedRegistrant(
        Registrant.from_message(body), [Delivery(email, email, body, 0.0, 1, None, from_event=False)]
    )


def bound(registrants: int, invalid: int) -> int:
    """Return the maximum of calls for registrants with three attempts each, as isolation.py derives it."""
    size = ceil(sqrt(registrants))
    groups = ceil(registrants / size)
    unnamed = 1 + groups + min(size * invalid, registrants)
    named = 2 + registrants  # the registrant named first alone, the others together, and then one by one
    return max(unnamed, named)


# ── The rule ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Ends:
    """How the registrants ended."""

    calls: int
    sent: Counter[str]
    accepted: set[str]
    rejected: set[str]
    without_attempt: set[str]


def isolate(attempts: dict[str, int], invalid: set[str], names: Callable[[Sequence[str]], set[str]]) -> Ends:
    """Send all registrants as sending.py does; `names` returns those that the error response to a call names."""
    left, ends = dict(attempts), Ends(0, Counter(), set(), set(), set())
    registrants = [registrant(email) for email in attempts]
    together = [one for one in registrants if left[one.key.email] > 1]
    alone = [one for one in registrants if left[one.key.email] == 1]
    waiting = deque(call for call in ([together], isolation.one_by_one(alone)) for call in call if call)
    while waiting:
        call = waiting.popleft()
        emails = [one.key.email for one in call]
        ends.calls += 1
        ends.sent.update(emails)
        for email in emails:
            left[email] -= 1
        if not invalid & set(emails):
            ends.accepted |= set(emails)
        elif len(call) == 1:
            ends.rejected |= set(emails)
        else:
            going_on = [one for one in call if left[one.key.email] > 0]
            ends.without_attempt |= {email for email in emails if left[email] <= 0}
            waiting.extend(isolation.split(going_on, names(emails), lambda one: left[one.key.email]))
    return ends


def check(ends: Ends, attempts: dict[str, int], invalid: set[str]) -> None:
    assert ends.rejected == invalid
    assert ends.accepted == set(attempts) - invalid
    assert not ends.without_attempt, "a call of several used a registrant's last attempt"
    assert all(ends.sent[email] <= left for email, left in attempts.items())


@settings(max_examples=150)
@given(st.integers(1, 30), st.data())
def test_only_invalid_registrants_are_rejected_within_the_bound_of_calls(number: int, data: Any) -> None:
    emails = EMAILS[:number]
    invalid = set(data.draw(st.lists(st.sampled_from(emails), unique=True)))
    rng = data.draw(st.randoms(use_true_random=False))
    share = data.draw(st.sampled_from([0.0, 0.05, 0.5, 1.0]))
    attempts = dict.fromkeys(emails, 3)
    ends = isolate(attempts, invalid, lambda sent: {email for email in sent if rng.random() < share})
    check(ends, attempts, invalid)
    assert ends.calls <= bound(number, len(invalid))


@settings(max_examples=150)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=30), st.data())
def test_registrants_with_fewer_attempts_are_not_sent_more_often_and_stay_within_the_bound(
    left: list[int], data: Any
) -> None:
    attempts = dict(zip(EMAILS, left, strict=False))
    invalid = set(data.draw(st.lists(st.sampled_from(list(attempts)), unique=True)))
    rng = data.draw(st.randoms(use_true_random=False))
    ends = isolate(attempts, invalid, lambda sent: {email for email in sent if rng.random() < 0.1})
    check(ends, attempts, invalid)
    assert ends.calls <= 1 + ceil(len(left) / ceil(sqrt(len(left)))) + len(left)


def test_the_bound_is_tight() -> None:
    attempts = dict.fromkeys(EMAILS, 3)
    for number, most in ((1, 12), (2, 18), (3, 24), (4, 30), (5, 36), (30, 36)):
        spread = {EMAILS[(6 * place + place // 5) % 30] for place in range(number)}  # each in another group
        assert isolate(attempts, spread, lambda _: set()).calls == most
        assert bound(30, number) == max(most, 32)
    misled = isolate(attempts, {EMAILS[0]}, lambda _: {EMAILS[1]})
    assert misled.calls == bound(30, 1) == 32
    named = isolate(attempts, {EMAILS[0]}, lambda _: {EMAILS[0]})
    assert named.calls == 3


# ── The whole consumer ───────────────────────────────────────────────────────────────────────────────────────────────

# By these, a webinar or the account rejects every registrant.
SWITCHED_OFF = {
    *("plan_missing_status", "scope_error", "registration_off", "not_accessible", "questions_in_batch"),
    *("last_seats", "full_error", "seat_numbers", "capacity_closes", "total_records", "pending_uses_seat"),
}
SWITCHES = {
    field.name: st.sampled_from([False, True] if isinstance(field.default, bool) else list(type(field.default)))
    for field in fields(Switches)
    if field.name not in SWITCHED_OFF
}
KINDS = st.sampled_from(["valid"] * 8 + ["data", "host", "policy"])


@settings(max_examples=40)
@given(st.fixed_dictionaries({}, optional=SWITCHES), st.lists(KINDS, min_size=30, max_size=30), st.integers(0, 2**16))
@example({"bad_item_named": "by_wrong_index"}, ["data", *["valid"] * 28, "data"], 0)
@example({"refused_batch_stores": "items_before_the_bad_one", "repeat": "left_out"}, ["policy", "host"] * 15, 0)
def test_under_any_switches_exactly_the_valid_registrants_are_registered(
    switches: dict[str, Any], kinds: list[str], seed: int
) -> None:
    consumer = Consumer(checked=False, seed=seed)
    kinds_by_email = {
        f"person{place}@{'blocked' if kind == 'policy' else 'example'}.com": kind for place, kind in enumerate(kinds)
    }
    hosts = [email for email, kind in kinds_by_email.items() if kind == "host"]
    consumer.account.set_webinar(
        WEBINAR,
        refused_emails=[email for email, kind in kinds_by_email.items() if kind == "data"],
        host_email=(hosts or ["host@example.org"])[0],
        alternative_hosts=hosts[1:],
        blocked_domains=["blocked.com"],
    )
    consumer.account.set_switches(**switches)
    consumer.send_registrants(*kinds_by_email)
    consumer.run(invocations=1)
    first = len(consumer.calls())
    consumer.run()
    valid = {email for email, kind in kinds_by_email.items() if kind == "valid"}
    ends = consumer.statuses()
    assert {email for email, status in ends.items() if status == "registered"} == valid
    assert {email for email, status in ends.items() if status == "rejected"} == kinds_by_email.keys() - valid
    assert consumer.account.highest_attempts() <= 3
    assert first <= 36
    assert consumer.waiting() == []
