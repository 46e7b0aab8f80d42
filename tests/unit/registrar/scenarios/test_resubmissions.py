"""Who registers again changes nothing; the row only notes that it has settled the later submission.

The status of a submission goes by that note: without it, it would either tell at once that the e-mail was registered
before, or say `queued` for ever.
"""

import uuid

import pytest
from registrar.registrants.row import Row, timestamp

from tests.consumer import WEBINAR, Consumer, message
from tests.fakes import TimeIsUp

ADA = "ada@example.com"
KEY = {"webinar_id": {"S": WEBINAR}, "email": {"S": ADA}}


def submit(consumer: Consumer, **more: object) -> tuple[str, str]:
    """Put a submission on the queue as a form endpoint does; return its id and its time, a minute before the next."""
    consumer.clock.sleep(60)
    submission_id, submitted_at = str(uuid.UUID(int=len(consumer.sqs.requests))), timestamp(consumer.clock())
    consumer.send(message(submission_id=submission_id, submitted_at=submitted_at, **more))
    return submission_id, submitted_at


def has_settled(consumer: Consumer, submission: tuple[str, str]) -> bool:
    return Row.from_item(consumer.dynamodb.tables["Registrants"].get((WEBINAR, ADA)) or {}).has_settled(*submission)


def notes(consumer: Consumer) -> list[dict[str, object]]:
    return [call for call in consumer.dynamodb.requests_of("update_item") if call["TableName"] == "Registrants"]


@pytest.fixture
def registered(consumer: Consumer) -> Consumer:
    """Return a consumer that has registered Ada's first submission."""
    submit(consumer)
    consumer.run()
    assert notes(consumer) == []
    return consumer


@pytest.mark.parametrize("error", ["InternalServerError", "ProvisionedThroughputExceededException"])
def test_a_message_whose_note_fails_stays_on_the_queue(registered: Consumer, error: str) -> None:
    submission = submit(registered)
    registered.dynamodb.fail_always(
        "update_item", error=error, when=lambda params: params["TableName"] == "Registrants"
    )
    registered.run(invocations=1)
    assert len(registered.waiting()) == 1
    assert not has_settled(registered, submission)
    registered.dynamodb.heal()
    registered.run()
    assert registered.waiting() == []
    assert has_settled(registered, submission)


def test_an_invocation_killed_before_the_deletion_notes_it_once(registered: Consumer) -> None:
    submit(registered)
    registered.sqs.fail_next("delete_message_batch", TimeIsUp())
    registered.run()
    assert registered.waiting() == []
    assert len(notes(registered)) == 1


def test_an_erased_row_is_not_written_again(registered: Consumer) -> None:
    submit(registered)
    # The first registration has counted a call; nothing else is counted now.
    registered.dynamodb.before_next(
        "update_item", lambda _: registered.dynamodb.delete_item(TableName="Registrants", Key=KEY)
    )
    registered.run()
    assert registered.rows() == {}
    assert registered.waiting() == []


def test_a_later_submission_is_noted_in_one_update_and_changes_nothing_else(registered: Consumer) -> None:
    before = registered.row()
    submission = submit(registered, first_name="Augusta")
    assert not has_settled(registered, submission)
    registered.run()
    assert registered.row() == before | {"last_submitted_at": submission[1]}
    assert has_settled(registered, submission)
    assert (len(notes(registered)), len(registered.calls()), registered.waiting()) == (1, 1, [])


def test_an_import_or_redrive_without_a_submission_id_writes_nothing(registered: Consumer) -> None:
    before = registered.row()
    registered.send(message(), message(submitted_at=timestamp(registered.clock())))
    registered.run()
    assert (registered.row(), notes(registered), registered.waiting()) == (before, [], [])


def test_duplicates_that_share_a_call_share_the_row_without_another_write(consumer: Consumer) -> None:
    submissions = [submit(consumer), submit(consumer)]
    consumer.run()
    assert [has_settled(consumer, one) for one in submissions] == [True, True]
    assert consumer.row()["submitted_at"] == submissions[0][1]
    assert (notes(consumer), len(consumer.calls())) == ([], 1)


def test_a_duplicate_that_another_environment_has_registered_is_noted(registered: Consumer) -> None:
    """The row was read before the other environment wrote it, and the webinar has ended meanwhile."""
    registered_row = registered.dynamodb.tables["Registrants"].get((WEBINAR, ADA))
    registered.dynamodb.delete_item(TableName="Registrants", Key=KEY)
    registered.account.set_webinar(WEBINAR, start_time="2020-01-01T00:00:00Z")
    submission = submit(registered)
    registered.transport.after_response = lambda: registered.dynamodb.tables["Registrants"].write(
        (WEBINAR, ADA), registered_row
    )
    registered.run()
    assert registered.row()["status"] == "registered"
    assert has_settled(registered, submission)
    assert (registered.waiting(), registered.dead_letters()) == ([], [])


@pytest.mark.parametrize("more", [{}, {"submission_id": "id-1"}], ids=["plain", "with an id"])
def test_a_producer_in_the_future_tells_nothing_of_later_submissions(
    consumer: Consumer, more: dict[str, object]
) -> None:
    consumer.send(message(submitted_at="2099-01-01T00:00:00Z", **more))
    consumer.run()
    submission = submit(consumer)
    assert not has_settled(consumer, submission)
    consumer.run()
    assert has_settled(consumer, submission)


@pytest.mark.parametrize("outcome", ["rejected", "deferred", "pending_approval"])
def test_a_new_outcome_settles_the_new_submission_and_the_older_ones(consumer: Consumer, outcome: str) -> None:
    first = submit(consumer)
    consumer.account.set_webinar(WEBINAR, start_time="2020-01-01T00:00:00Z")
    consumer.run()
    second = submit(consumer)
    assert (has_settled(consumer, first), has_settled(consumer, second)) == (True, False)
    if outcome != "rejected":
        consumer.account.set_webinar(WEBINAR, approval_type=1, start_time="2027-01-01T00:00:00Z")
        consumer.auto_approve = False
    if outcome == "deferred":
        consumer.transport.is_down = True
    consumer.run(invocations=1)
    assert consumer.row()["status"] == outcome
    assert (has_settled(consumer, first), has_settled(consumer, second)) == (True, True)
    consumer.transport.is_down = False
    consumer.send(message(first_name="", last_name=""), message())  # not submissions: they hide none
    consumer.run()
    assert (has_settled(consumer, first), has_settled(consumer, second)) == (True, True)
