"""Messages for meetings: dead-lettered at once, since nobody may be registered in a webinar of the same id."""

import pytest

from tests.consumer import WEBINAR, Consumer, message
from tests.fakes import TimeIsUp

ADA = "ada@example.com"
MEETING = message(kind="Meeting", submission_id="0b0c-1", submitted_at="2026-11-23T14:00:00Z", answers={"Diet": "none"})


def test_a_meeting_is_dead_lettered_with_a_row_and_without_a_call(consumer: Consumer) -> None:
    consumer.send(MEETING, message("eve@example.com"))
    consumer.run()
    assert [call.emails for call in consumer.calls()] == [("eve@example.com",)]
    (dead_letter,) = consumer.dead_letters()
    assert (dead_letter.body, dead_letter.group_id) == (MEETING, WEBINAR)
    assert dead_letter.attributes["reason"] == "webinar_type_unsupported"
    assert "not served by this version yet" in dead_letter.attributes["detail"]
    row = consumer.row()
    assert (row["status"], row["reason"], row["kind"]) == ("rejected", "webinar_type_unsupported", "meeting")
    assert (row["submission_id"], row["submitted_at"]) == ("0b0c-1", "2026-11-23T14:00:00Z")
    (line,) = consumer.logged("Rejected")
    assert (line["email"], line["submission_id"]) == ("a…@example.com", "0b0c-1")


def test_without_a_row_there_is_no_dead_letter(consumer: Consumer) -> None:
    consumer.send(MEETING)
    consumer.dynamodb.fail_always("put_item", error="InternalServerError")
    consumer.run(invocations=1)
    assert (len(consumer.waiting()), consumer.dead_letters()) == (1, [])
    consumer.dynamodb.heal()
    consumer.run()
    assert (consumer.waiting(), consumer.reasons()) == ([], ["webinar_type_unsupported"])


def test_an_invocation_killed_after_the_row_completes_the_dead_letter(consumer: Consumer) -> None:
    consumer.send(MEETING)
    consumer.sqs.fail_next("send_message_batch", TimeIsUp())
    consumer.run()
    assert (consumer.waiting(), consumer.reasons()) == ([], ["webinar_type_unsupported"])


@pytest.mark.parametrize("manual", [False, True])
def test_a_registration_for_the_webinar_of_the_same_id_keeps_its_row(consumer: Consumer, manual: bool) -> None:
    if manual:
        consumer.account.set_webinar(WEBINAR, approval_type=1)
        consumer.auto_approve = False
    consumer.send_registrants(ADA)
    consumer.run()
    before = consumer.row()
    consumer.send(MEETING)
    consumer.run()
    assert consumer.row() == before
    assert consumer.reasons() == ["webinar_type_unsupported"]


def test_a_meeting_is_not_merged_with_a_webinar_of_the_same_id(consumer: Consumer) -> None:
    consumer.send(MEETING, message(), MEETING)
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert "kind" not in consumer.row()
    assert consumer.reasons() == ["webinar_type_unsupported"] * 2


def test_a_form_set_aside_that_is_redriven_is_kept_and_not_logged(consumer: Consumer) -> None:
    body = '{"form_id": "f-lovelace", "submission_id": "0b0c", "submitted_at": "2026-11-23T14:00:00Z", "fields": [1]}'
    consumer.send(body)
    consumer.run()
    (dead_letter,) = consumer.dead_letters()
    assert (dead_letter.body, dead_letter.attributes["reason"]) == (body, "malformed_message")
    assert consumer.rows() == {}
