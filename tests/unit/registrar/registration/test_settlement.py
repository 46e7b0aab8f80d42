"""The order of settling: row, dead letter, acknowledgement; and what happens when one of them fails."""

from typing import Any

import pytest

from tests.consumer import Consumer, message, people
from tests.fakes import TimeIsUp

ADA = "ada@example.com"
WRITES = ("put_item", "batch_write_item", "update_item")


def order(consumer: Consumer) -> list[str]:
    """Let AWS's calls that settle somebody be noted in their order."""
    noted: list[str] = []
    for fake, names in ((consumer.dynamodb, WRITES), (consumer.sqs, ("send_message_batch", "delete_message_batch"))):
        for name in names:
            _note(fake, name, noted)
    return noted


def _note(fake: Any, name: str, noted: list[str]) -> None:
    original = getattr(fake, name)

    def call(**params: Any) -> Any:
        noted.append(name)
        return original(**params)

    setattr(fake, name, call)


def over(consumer: Consumer) -> None:
    consumer.account.set_webinar("97871060099", start_time="2020-01-01T00:00:00Z")


def test_somebody_rejected_has_his_row_then_his_letter_then_leaves_the_queue(consumer: Consumer) -> None:
    over(consumer)
    consumer.send_people(ADA)
    noted = order(consumer)
    consumer.run(invocations=1)
    assert noted == ["update_item", "put_item", "send_message_batch", "delete_message_batch"]


def test_somebody_registered_has_his_row_and_leaves_the_queue(consumer: Consumer) -> None:
    consumer.send_people(ADA)
    noted = order(consumer)
    consumer.run(invocations=1)
    assert noted == ["update_item", "batch_write_item", "delete_message_batch"]


def test_without_a_row_there_is_neither_letter_nor_acknowledgement(consumer: Consumer) -> None:
    over(consumer)
    consumer.send_people(ADA)
    consumer.dynamodb.fail_always("put_item", error="InternalServerError")
    consumer.run(invocations=1)
    assert (len(consumer.waiting()), consumer.dead_letters()) == (1, [])
    assert consumer.sqs.calls["delete_message_batch"] == 0


def test_without_a_letter_there_is_no_acknowledgement_and_the_burial_is_completed_later(consumer: Consumer) -> None:
    over(consumer)
    consumer.send_people(ADA)
    consumer.sqs.fail_next("send_message_batch", "InternalError", when=lambda _: True)
    consumer.run(invocations=1)
    assert (len(consumer.waiting()), consumer.dead_letters()) == (1, [])
    assert consumer.row()["status"] == "rejected"
    consumer.run()
    assert (consumer.waiting(), consumer.reasons()) == ([], ["webinar_over"])
    assert len(consumer.calls()) == 1, "a burial that was begun is completed without a call"


def test_killed_between_row_and_letter_the_burial_is_completed_later(consumer: Consumer) -> None:
    over(consumer)
    consumer.send_people(ADA)
    consumer.sqs.fail_next("send_message_batch", TimeIsUp())
    consumer.run()
    assert (consumer.waiting(), consumer.reasons()) == ([], ["webinar_over"])
    assert len(consumer.calls()) == 1


def test_a_letter_whose_answer_was_lost_comes_twice_rather_than_never(consumer: Consumer) -> None:
    over(consumer)
    consumer.send_people(ADA)
    consumer.sqs.lose_answer("send_message_batch")
    consumer.run()
    assert (consumer.waiting(), consumer.reasons()) == ([], ["webinar_over"] * 2)


def test_one_letter_that_fails_does_not_take_the_others_along(consumer: Consumer) -> None:
    over(consumer)
    consumer.send_people(*people(12))
    consumer.sqs.fail_entries(
        "send_message_batch", lambda entry: "person3@" in entry["MessageBody"], "InternalError", times=1
    )
    consumer.run(invocations=1)
    assert (len(consumer.waiting()), len(consumer.dead_letters())) == (1, 11)
    consumer.run()
    assert (len(consumer.waiting()), len(consumer.dead_letters())) == (0, 12)


def test_of_a_batch_those_whose_row_is_not_safe_stay(consumer: Consumer) -> None:
    consumer.send_people(*people(10))
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


def test_an_acknowledgement_that_fails_costs_no_call(consumer: Consumer) -> None:
    consumer.send_people(*people(20))
    consumer.sqs.fail_next("delete_message_batch", "InternalError", times=2)
    consumer.run()
    assert consumer.waiting() == []
    assert len(consumer.calls()) == 1


@pytest.mark.parametrize("status", ["rejected", "deferred"])
def test_who_was_registered_meanwhile_stays_so_whatever_this_answer_says(consumer: Consumer, status: str) -> None:
    if status == "rejected":
        over(consumer)
    else:
        consumer.account.add_fault(kind="html_502")
    consumer.send_people(ADA)
    registered = {"status": {"S": "registered"}, "join_url": {"S": "https://zoom.us/w/other"}}
    key = {"webinar_id": {"S": "97871060099"}, "email": {"S": ADA}}
    consumer.line.after_answer = lambda: consumer.dynamodb.tables["Registrants"].write(
        ("97871060099", ADA), key | registered
    )
    consumer.run(invocations=1)
    assert consumer.row()["join_url"] == "https://zoom.us/w/other"
    assert (consumer.waiting(), consumer.dead_letters()) == ([], [])


def test_folded_messages_share_the_outcome_and_each_keeps_its_own_letter(consumer: Consumer) -> None:
    over(consumer)
    bodies = [message(ADA, submission_id=str(index)) for index in range(3)]
    consumer.send(*bodies)
    consumer.run()
    assert sorted(letter.body for letter in consumer.dead_letters()) == sorted(bodies)
    assert len(consumer.calls()) == 1
    assert len({letter.attributes["batch_id"] for letter in consumer.dead_letters()}) == 1
