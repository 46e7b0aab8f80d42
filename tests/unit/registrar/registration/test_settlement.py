"""Settlement writes the row, sends the dead letter, deletes the message, in that order, and stops at a failure."""

from typing import Any

import pytest

from tests.consumer import Consumer, addresses, message
from tests.fakes import TimeIsUp

ADA = "ada@example.com"
WRITES = ("put_item", "batch_write_item", "update_item")


def record_order(consumer: Consumer) -> list[str]:
    """Return a list to which each later AWS call that settles a message appends its name."""
    calls: list[str] = []
    for fake, names in ((consumer.dynamodb, WRITES), (consumer.sqs, ("send_message_batch", "delete_message_batch"))):
        for name in names:
            _record(fake, name, calls)
    return calls


def _record(fake: Any, name: str, calls: list[str]) -> None:
    original = getattr(fake, name)

    def call(**params: Any) -> Any:
        calls.append(name)
        return original(**params)

    setattr(fake, name, call)


def end_webinar(consumer: Consumer) -> None:
    consumer.account.set_webinar("97871060099", start_time="2020-01-01T00:00:00Z")


def test_a_rejection_writes_the_row_then_the_dead_letter_then_deletes_the_message(consumer: Consumer) -> None:
    end_webinar(consumer)
    consumer.send_registrants(ADA)
    calls = record_order(consumer)
    consumer.run(invocations=1)
    # The first update counts the call, the last one tells the registration page.
    assert calls == ["update_item", "put_item", "send_message_batch", "delete_message_batch", "update_item"]


def test_a_registration_writes_the_row_then_deletes_the_message(consumer: Consumer) -> None:
    consumer.send_registrants(ADA)
    calls = record_order(consumer)
    consumer.run(invocations=1)
    assert calls == ["update_item", "batch_write_item", "delete_message_batch"]


def test_without_a_row_there_is_no_dead_letter_and_no_delete(consumer: Consumer) -> None:
    end_webinar(consumer)
    consumer.send_registrants(ADA)
    consumer.dynamodb.fail_always("put_item", error="InternalServerError")
    consumer.run(invocations=1)
    assert (len(consumer.waiting()), consumer.dead_letters()) == (1, [])
    assert consumer.sqs.calls["delete_message_batch"] == 0


def test_without_a_dead_letter_there_is_no_delete_and_a_redelivery_completes_it(consumer: Consumer) -> None:
    end_webinar(consumer)
    consumer.send_registrants(ADA)
    consumer.sqs.fail_next("send_message_batch", "InternalError", when=lambda _: True)
    consumer.run(invocations=1)
    assert (len(consumer.waiting()), consumer.dead_letters()) == (1, [])
    assert consumer.row()["status"] == "rejected"
    consumer.run()
    assert (consumer.waiting(), consumer.reasons()) == ([], ["webinar_over"])
    assert len(consumer.calls()) == 1, "a rejection that was begun is completed without a call"


def test_a_rejection_killed_between_row_and_dead_letter_is_completed_by_the_redelivery(consumer: Consumer) -> None:
    end_webinar(consumer)
    consumer.send_registrants(ADA)
    consumer.sqs.fail_next("send_message_batch", TimeIsUp())
    consumer.run()
    assert (consumer.waiting(), consumer.reasons()) == ([], ["webinar_over"])
    assert len(consumer.calls()) == 1


def test_a_dead_letter_whose_response_was_lost_is_sent_twice(consumer: Consumer) -> None:
    end_webinar(consumer)
    consumer.send_registrants(ADA)
    consumer.sqs.lose_answer("send_message_batch")
    consumer.run()
    assert (consumer.waiting(), consumer.reasons()) == ([], ["webinar_over"] * 2)


def test_a_failed_dead_letter_does_not_affect_the_others(consumer: Consumer) -> None:
    end_webinar(consumer)
    consumer.send_registrants(*addresses(12))
    consumer.sqs.fail_entries(
        "send_message_batch", lambda entry: "person3@" in entry["MessageBody"], "InternalError", times=1
    )
    consumer.run(invocations=1)
    assert (len(consumer.waiting()), len(consumer.dead_letters())) == (1, 11)
    consumer.run()
    assert (len(consumer.waiting()), len(consumer.dead_letters())) == (0, 12)


def test_messages_without_a_stored_row_stay_on_the_queue(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(10))
    consumer.dynamodb.fail_entries(
        "batch_write_item", lambda entry: entry["PutRequest"]["Item"]["email"]["S"].startswith("person3@")
    )
    consumer.run(invocations=1)
    assert len(consumer.waiting()) == 1
    assert "person3@example.com" not in consumer.rows()
    consumer.dynamodb.heal()
    consumer.run()
    assert len(consumer.rows()) == 10
    assert consumer.account.highest_attempts() == 2


def test_a_failed_delete_causes_no_second_call(consumer: Consumer) -> None:
    consumer.send_registrants(*addresses(20))
    consumer.sqs.fail_next("delete_message_batch", "InternalError", times=2)
    consumer.run()
    assert consumer.waiting() == []
    assert len(consumer.calls()) == 1


@pytest.mark.parametrize("status", ["rejected", "deferred"])
def test_a_registration_by_another_environment_is_not_overwritten(consumer: Consumer, status: str) -> None:
    if status == "rejected":
        end_webinar(consumer)
    else:
        consumer.account.add_fault(kind="html_502")
    consumer.send_registrants(ADA)
    registered = {"status": {"S": "registered"}, "join_url": {"S": "https://zoom.us/w/other"}}
    key = {"webinar_id": {"S": "97871060099"}, "email": {"S": ADA}}
    consumer.transport.after_response = lambda: consumer.dynamodb.tables["Registrants"].write(
        ("97871060099", ADA), key | registered
    )
    consumer.run(invocations=1)
    assert consumer.row()["join_url"] == "https://zoom.us/w/other"
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])


def test_duplicate_messages_share_the_outcome_and_each_gets_its_own_dead_letter(consumer: Consumer) -> None:
    end_webinar(consumer)
    bodies = [message(ADA, submission_id=str(index)) for index in range(3)]
    consumer.send(*bodies)
    consumer.run()
    assert sorted(dead_letter.body for dead_letter in consumer.dead_letters()) == sorted(bodies)
    assert len(consumer.calls()) == 1
    assert len({dead_letter.attributes["batch_id"] for dead_letter in consumer.dead_letters()}) == 1
