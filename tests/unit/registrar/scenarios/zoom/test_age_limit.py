"""The whole consumer in virtual time, past the age limit: only registrants that were tried are dead-lettered."""

import pytest

from tests.consumer import DAY_S, OTHER_WEBINAR, Consumer, addresses
from tests.fakes import EventSourceMapping
from tests.unit.registrar.samples import MIDNIGHT

ADA = "ada@example.com"
TOO_OLD_S = 5 * DAY_S
FAULT = "html_502"


@pytest.fixture
def consumer() -> Consumer:
    return Consumer(checked=False)


def _without_token(consumer: Consumer) -> None:
    consumer.secrets.put_secret_value(SecretId="Token", SecretString="{}")
    consumer.functions.register("RefreshToken", lambda event, context: {})
    consumer.start()


# ── Never sent ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_old_message_not_sent_for_lack_of_quota_is_not_dead_lettered() -> None:
    consumer = Consumer(checked=False, calls_per_day=1)
    consumer.send_registrants(*addresses(30))
    consumer.send_registrants(*addresses(10, "other"), webinar=OTHER_WEBINAR)
    consumer.clock.sleep(TOO_OLD_S)
    consumer.run(hours=1)
    assert (len(consumer.calls()), len(consumer.waiting()), consumer.reasons()) == (1, 10, [])


def test_an_old_message_not_sent_for_lack_of_a_token_is_not_dead_lettered(consumer: Consumer) -> None:
    _without_token(consumer)
    consumer.send_registrants(*addresses(5))
    consumer.clock.sleep(TOO_OLD_S)
    consumer.run(invocations=1)
    assert (consumer.calls(), len(consumer.waiting()), consumer.reasons()) == ([], 5, [])


def test_an_old_message_not_sent_before_the_deadline_stays_without_a_row(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(10))
    consumer.clock.sleep(TOO_OLD_S)
    consumer.dynamodb.fail_next("batch_get_item", "InternalServerError")
    consumer.run(invocations=1)
    consumer.clock.sleep(600)
    # After the first reservation and the daily counter, too little time is left for a call.
    consumer.mapping = EventSourceMapping(consumer.sqs, consumer.queue_url, consumer.handle, timeout_s=41)
    consumer.dynamodb.latency_s = {"put_item": 7.0, "update_item": 7.0}
    consumer.start()
    consumer.run(invocations=1)
    assert (consumer.calls(), len(consumer.waiting()), consumer.reasons()) == ([], 10, [])
    assert list(consumer.statuses().values()) == ["deferred"]


def test_old_duplicates_never_sent_are_not_dead_lettered(consumer: Consumer) -> None:
    consumer.send_registrants(ADA, ADA, ADA)
    consumer.clock.sleep(TOO_OLD_S)
    consumer.dynamodb.fail_next("batch_get_item", "InternalServerError")
    consumer.run(hours=30)
    assert (consumer.statuses(), consumer.reasons()) == ({ADA: "registered"}, [])


def test_a_duplicate_that_waited_only_for_attempts_is_not_dead_lettered_unsent(consumer: Consumer) -> None:
    consumer.account.add_fault(kind=FAULT, call="batch", times=3)
    consumer.send_registrants(ADA)
    consumer.run(hours=1)
    consumer.send_registrants(ADA)
    consumer.run(invocations=1)
    assert consumer.row()["reason"] == "registrant_daily_limit"
    consumer.clock.sleep(TOO_OLD_S)
    _without_token(consumer)
    consumer.run(invocations=1)
    assert consumer.reasons() == []


def test_a_message_older_than_the_age_limit_is_still_tried_once(consumer: Consumer) -> None:
    consumer.send_registrants(ADA)
    consumer.clock.sleep(TOO_OLD_S)
    consumer.run()
    assert consumer.row()["status"] == "registered"


# ── Sent, outcome unknown ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("submissions", "hour"), [(1, 12.3), (1, 12.7), (2, 0.5), (2, 6), (2, 11), (2, 12.5)])
def test_an_old_registrant_without_attempts_is_found_at_zoom_the_next_day(submissions: int, hour: float) -> None:
    now = MIDNIGHT + 3 * DAY_S + hour * 3_600
    consumer = Consumer(start_s=now - 94 * 3_600, checked=False)
    consumer.send_registrants(*[ADA] * submissions)
    consumer.clock.advance_to(now)
    consumer.account.add_fault(kind=FAULT, call="batch", times=2)
    consumer.account.add_fault(kind=FAULT, call="batch", processed="yes")
    consumer.run(hours=30)
    assert (consumer.statuses(), consumer.reasons()) == ({ADA: "registered"}, [])
    assert consumer.account.highest_attempts() == 3
