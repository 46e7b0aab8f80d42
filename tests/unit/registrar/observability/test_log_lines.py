"""The log follows a submission by its id, from the call that carried it to its outcome."""

import pytest

from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, message

ADA = "ada@example.com"
OUTCOMES = {"Deferred", "Rejected", "Pending approval", "Already registered"}


def submit(consumer: Consumer, email: str = ADA, webinar: str = WEBINAR, number: int = 0) -> str:
    """Put a submission on the queue, as the form endpoint does, and return its id."""
    submission_id = f"0b0c2c5e-0000-4000-8000-{number:012}"
    consumer.send(message(email, webinar, submission_id=submission_id), group_id=webinar)
    return submission_id


def lines_of(consumer: Consumer, submission_id: str) -> list[str]:
    """Return the messages of the lines that name this submission, in order."""
    return [line["message"] for line in consumer.log_lines() if submission_id in str(line)]


def test_a_registered_submission_is_in_the_line_of_its_call_only(consumer: Consumer) -> None:
    ids = [submit(consumer, f"person{number}@example.com", number=number) for number in range(31)]
    consumer.run()

    assert [lines_of(consumer, one) for one in ids] == [["Zoom answered"]] * 31
    lines = consumer.logged("Zoom answered")
    assert sorted(len(line["submission_ids"]) for line in lines) == [1, 30]
    assert all(line["webinar_id"] == WEBINAR and line["zoom_tracking_id"] and line["seconds"] >= 0 for line in lines)


def test_each_of_two_duplicate_submissions_is_logged(consumer: Consumer) -> None:
    first, second = submit(consumer, number=1), submit(consumer, number=2)
    consumer.run()
    third = submit(consumer, number=3)
    consumer.run()

    assert lines_of(consumer, first) == lines_of(consumer, second) == ["Zoom answered"]
    assert lines_of(consumer, third) == ["Already registered"]


def test_a_rejection_has_a_line_with_ids_and_a_masked_email(consumer: Consumer) -> None:
    consumer.account.set_webinar(WEBINAR, start_time="2020-01-01T00:00:00Z")
    submission_id = submit(consumer)
    (message_id,) = consumer.waiting()
    consumer.run()

    assert lines_of(consumer, submission_id) == ["Zoom refused", "Rejected"]
    (line,) = consumer.logged("Rejected")
    assert (line["submission_id"], line["message_id"], line["webinar_id"]) == (submission_id, message_id, WEBINAR)
    assert (line["reason"], line["email"]) == ("webinar_over", "a…@example.com")
    assert line["zoom_tracking_id"] == consumer.logged("Zoom refused")[0]["zoom_tracking_id"]


def test_every_attempt_of_a_deferred_submission_is_logged(consumer: Consumer) -> None:
    consumer.account.add_fault(kind="html_502", call="batch", times=2)
    submission_id = submit(consumer)
    consumer.run()

    logged = lines_of(consumer, submission_id)
    assert logged == ["Zoom refused", "Deferred", "Zoom refused", "Deferred", "Zoom answered"]
    assert {line["reason"] for line in consumer.logged("Deferred")} == {"zoom_unavailable"}
    assert all(line["until"] for line in consumer.logged("Deferred"))


def test_an_invalid_message_is_logged_with_its_submission_id(consumer: Consumer) -> None:
    consumer.send(message(first_name=" ", submission_id="0b0c2c5e-1"))
    consumer.run()

    (line,) = consumer.logged("Rejected")
    assert (line["submission_id"], line["webinar_id"], line["email"]) == ("0b0c2c5e-1", WEBINAR, "a…@example.com")


def test_an_invalid_submission_id_is_not_logged(consumer: Consumer) -> None:
    consumer.send(message(submission_id="ada@example.com"))
    consumer.run()

    assert consumer.logged("Zoom answered")[0]["submission_ids"] == ["…"]


def test_an_abandoned_message_is_logged_by_its_id(consumer: Consumer) -> None:
    consumer.dynamodb.throttle("batch_get_item")
    submit(consumer)
    (message_id,) = consumer.waiting()
    consumer.run(invocations=1)

    assert consumer.logged("Messages abandoned")[0]["message_ids"] == [message_id]


@pytest.mark.parametrize("fault", ["html_502", "reset", "empty_body", "unexpected_registrant"])
def test_every_submission_and_every_call_has_a_log_line(consumer: Consumer, fault: str) -> None:
    consumer.account.set_webinar(OTHER_WEBINAR, capacity=1)
    consumer.account.add_fault(kind=fault, times=3)
    ids = [submit(consumer, f"person{number}@example.com", number=number) for number in range(8)]
    ids += [submit(consumer, f"eve@{number}.example", OTHER_WEBINAR, number=number + 100) for number in range(4)]
    consumer.run()

    assert all(lines_of(consumer, one) for one in ids)
    kinds = ("Zoom answered", "Zoom refused", "Registrants listed", "Webinar read", "Zoom probed")
    lines = [line for line in consumer.log_lines() if line["message"] in kinds]
    assert len(lines) >= len(consumer.account.calls())
    for line in consumer.log_lines():
        if line["message"] in OUTCOMES:
            assert {"submission_id", "message_id", "webinar_id", "email"} <= line.keys(), line["message"]
            assert "…@" in line["email"]
