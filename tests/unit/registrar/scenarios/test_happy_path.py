"""The whole consumer in virtual time, nothing fails: full batches, duplicates, repeated deliveries, deadlines."""

from collections import Counter

from tests.consumer import DAY_S, OTHER_WEBINAR, THIRD_WEBINAR, WEBINAR, Consumer, addresses, message
from tests.fakes import Delivery

ADA = "ada@example.com"
WEBINARS = (WEBINAR, OTHER_WEBINAR, THIRD_WEBINAR)


def test_one_invocation_registers_a_hundred_registrants_of_three_webinars(consumer: Consumer) -> None:
    for webinar in WEBINARS:
        consumer.send_registrants(*addresses(34), webinar=webinar)
    invocations = consumer.run()
    assert len(invocations) == 1
    assert sorted(call.registrants for call in consumer.calls()) == [4, 4, 4, 30, 30, 30]
    assert not any(call.violations for call in consumer.calls())
    for webinar in WEBINARS:
        at_zoom = {one.email: one for one in consumer.account.registrants(webinar)}
        for email, row in consumer.rows(webinar).items():
            assert (row["status"], row["join_url"]) == ("registered", at_zoom[email].join_url)
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])
    assert consumer.account.peaks()["batch"] <= 10


def test_a_first_registration_writes_exactly_the_contracts_attributes(consumer: Consumer) -> None:
    (message_id,) = consumer.send(
        message("Ada@Example.com", submission_id="0b0c", submitted_at="2026-11-23T14:00:00Z", company="ignored")
    )
    consumer.run()
    row = consumer.row()
    (at_zoom,) = consumer.account.registrants(WEBINAR)
    assert row == {
        "webinar_id": WEBINAR,
        "email": ADA,
        "status": "registered",
        "join_url": at_zoom.join_url,
        "registrant_id": at_zoom.registrant_id,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "submission_id": "0b0c",
        "submitted_at": "2026-11-23T14:00:00Z",
        "message_id": message_id,
        "registered_at": "2026-11-23T14:00:00Z",
        "updated_at": "2026-11-23T14:00:00Z",
        "expires_at": int(1_795_442_400 + 400 * DAY_S),
        "zoom_tracking_id": consumer.calls()[0].tracking_id,
    }
    assert at_zoom.email == "Ada@Example.com"
    assert consumer.dynamodb.calls == {
        "get_item": 2,  # the pause flag and the suppression list, once per invocation
        "batch_get_item": 1,
        "batch_write_item": 1,
        "update_item": 1,
    }


def test_duplicates_are_sent_once_per_webinar(consumer: Consumer) -> None:
    consumer.account.set_switches(duplicates="refused")
    consumer.send_registrants("Ada@example.com", " ada@EXAMPLE.com ", ADA, "eve@example.com")
    consumer.send_registrants(ADA, webinar=OTHER_WEBINAR)
    consumer.run()
    assert sorted(call.registrants for call in consumer.calls()) == [1, 2]
    assert consumer.waiting() == []


def test_a_later_message_of_a_registered_identity_makes_no_call_and_changes_no_row(consumer: Consumer) -> None:
    consumer.send_registrants(ADA)
    consumer.run()
    before = consumer.row()
    consumer.send(message("ADA@example.com", first_name="Augusta"))
    consumer.run()
    assert consumer.row() == before
    assert (len(consumer.calls()), consumer.waiting()) == (1, [])


def test_without_draining_an_invocation_handles_only_its_event() -> None:
    consumer = Consumer(drain_seconds=0)
    consumer.send_registrants(*addresses(25))
    invocations = consumer.run()
    assert [len(invocation.message_ids) for invocation in invocations] == [10, 10, 5]
    assert [call.registrants for call in consumer.calls()] == [10, 10, 5]
    assert consumer.sqs.calls["receive_message"] == 0


def test_at_the_deadline_the_rest_returns_to_the_queue_at_once() -> None:
    consumer = Consumer()
    consumer.account.set_latency(20_000)
    for number in range(20):
        webinar = str(97871060200 + number)
        consumer.account.set_webinar(webinar)
        consumer.send_registrants(ADA, webinar=webinar)
    first = consumer.run(invocations=1)[0]
    assert first.error is None
    assert first.ended_at_s - first.started_at_s < 300
    later = consumer.run()
    assert later[0].started_at_s - first.ended_at_s <= 1
    assert {row["status"] for row in consumer.dynamodb.rows("Registrants")} == {"registered"}
    assert consumer.account.highest_attempts() == 1


def test_duplicate_and_unordered_deliveries_register_each_registrant_once() -> None:
    consumer = Consumer(delivery=Delivery(duplicate_rate=0.5, missed_share=0.5, disorder=10), seed=3)
    consumer.send_registrants(*addresses(60))
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 60}
    assert (consumer.waiting(), consumer.account.highest_attempts()) == ([], 1)
