"""The whole consumer in virtual time: something else fails while Zoom is asked for the seats of a full webinar.

Every message ends settled, deferred or back on the queue; in the end the free seats are taken and no last attempt is.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from registrar import limits

from tests.consumer import WEBINAR, Consumer, addresses
from tests.fakes import TimeIsUp
from tests.unit.registrar.scenarios.test_pause import clear_flag, set_flag

Interrupt = Callable[[Consumer], Any]

REFUSED_READS: dict[str, dict[str, Any]] = {
    "a token is refused": {"kind": "answer", "status": 401, "body": {"code": 124, "message": "Invalid access token."}},
    "too many reads per second": {"kind": "rate_limit", "limit": "per_second"},
    "the account's day is used up": {"kind": "rate_limit", "limit": "account_day"},
    "Zoom fails": {"kind": "html_502"},
    "Zoom resets": {"kind": "reset"},
    "Zoom hangs": {"kind": "hang"},
    "Zoom cuts the answer off": {"kind": "truncated_json"},
    "a scope is missing": {
        "kind": "answer",
        "status": 400,
        "body": {"code": 4711, "message": "Invalid access token, does not contain scopes:[webinar:read:webinar]."},
    },
}


def during_the_questions(consumer: Consumer, interrupt: Interrupt) -> None:
    """Let it happen after Zoom's answer to the first question."""

    def after_response() -> None:
        if consumer.account.calls()[-1].call != "batch":
            consumer.transport.after_response = None
            interrupt(consumer)

    consumer.transport.after_response = after_response


def kill(_: Consumer) -> None:
    raise TimeIsUp


def fail(_: Consumer) -> None:
    raise RuntimeError("ada@example.com")


MEANWHILE: dict[str, Interrupt] = {
    "paused": set_flag,
    "killed": kill,
    "an unexpected error": fail,
    "near the deadline": lambda consumer: consumer.clock.sleep(245),
    "over the deadline of a call": lambda consumer: consumer.clock.sleep(270),
    "writes are throttled": lambda consumer: consumer.dynamodb.throttle("put_item", "batch_write_item"),
    "writes are denied": lambda consumer: consumer.dynamodb.deny("put_item", "batch_write_item"),
    "reads are denied": lambda consumer: consumer.dynamodb.deny("batch_get_item", "get_item"),
    "the queue is out of reach": lambda consumer: consumer.sqs.unreachable(
        "delete_message_batch", "change_message_visibility_batch", "send_message_batch"
    ),
    "Zoom is down": lambda consumer: setattr(consumer.transport, "is_down", True),
}


def check(consumer: Consumer, seats: int, registrants: int) -> None:
    assert consumer.waiting() == []
    rows = consumer.rows()
    outcomes = Counter((row["status"], row.get("reason")) for row in rows.values())
    assert outcomes == Counter({("registered", None): seats, ("rejected", "webinar_full"): registrants - seats})
    assert len({one.body for one in consumer.dead_letters()}) == registrants - seats
    assert consumer.account.highest_attempts() <= 3
    refused = [one for one in consumer.account.attempts() if rows[one.email]["status"] == "rejected"]
    assert all(one.attempts <= 2 for one in refused), "a last attempt is used"
    consumer.check_secrecy()


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("call", ["webinar", "list"])
@pytest.mark.parametrize("name", REFUSED_READS)
def test_a_refused_question_loses_no_registrant_and_no_last_attempt(
    consumer: Consumer, name: str, call: str, times: int
) -> None:
    consumer.account.set_webinar(WEBINAR, capacity=5)
    consumer.account.add_fault(**REFUSED_READS[name], call=call, times=times)
    consumer.send_registrants(*addresses(12))
    consumer.run(hours=12)
    assert call in {one.call for one in consumer.account.calls()}, "no question was asked"
    check(consumer, 5, 12)


@pytest.mark.parametrize("name", MEANWHILE)
def test_an_interrupted_check_is_decided_by_a_later_invocation(consumer: Consumer, name: str) -> None:
    consumer.account.set_webinar(WEBINAR, capacity=5)
    during_the_questions(consumer, MEANWHILE[name])
    consumer.send_registrants(*addresses(12))
    consumer.run(invocations=3)
    assert consumer.transport.after_response is None, "no question was asked"
    clear_flag(consumer)
    consumer.transport.is_down = False
    for fake in (consumer.dynamodb, consumer.sqs):
        fake.heal()
    consumer.clock.sleep(limits.REFUSAL_SECONDS)
    consumer.run(hours=12)
    check(consumer, 5, 12)
