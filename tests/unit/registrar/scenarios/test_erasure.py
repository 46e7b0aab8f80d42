"""The whole consumer in virtual time: messages from before an erasure are dropped, later submissions are not."""

import json
from collections.abc import Iterator

import pytest
from registrar.registrants.row import timestamp
from registrar.storage.pause_flag import ROW as PAUSED
from registrar.storage.suppression_list import ROW, digest
from registrar_cli.erasure.suppression_list import SuppressionListWriter

from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, addresses, message

ADA, EVE = "ada@example.com", "eve@example.com"


class ConsumerWithErasure(Consumer):
    """A consumer whose operator runs `registrar forget`."""

    def forget(self, email: str = ADA) -> None:
        """Add an e-mail to the suppression list, and let two seconds pass."""
        SuppressionListWriter(self.dynamodb.client, "Account", self.clock).add(email)
        self.clock.sleep(2)

    def submit(self, email: str = ADA, **more: object) -> str:
        """Put a message on the queue, as the form endpoint does, and return its id."""
        (message_id,) = self.send(message(email, submitted_at=timestamp(self.clock()), **more))
        return message_id

    def erase_row(self) -> None:
        """Delete Ada's row, as `registrar forget` does."""
        self.dynamodb.delete_item(TableName="Registrants", Key={"webinar_id": {"S": WEBINAR}, "email": {"S": ADA}})

    def redrive(self) -> None:
        """Move the dead letters back, as a move task does: new messages with the same bodies."""
        dead_letters = self.sqs.receive_message(QueueUrl=self.dead_letter_url, MaxNumberOfMessages=10)["Messages"]
        for dead_letter in dead_letters:
            self.send(dead_letter["Body"])
            self.sqs.delete_message(QueueUrl=self.dead_letter_url, ReceiptHandle=dead_letter["ReceiptHandle"])

    def check_nothing_is_left_of(self, email: str) -> None:
        """Assert that there is no registration, row, dead letter or message of this e-mail."""
        assert email not in self.rows()
        assert not [one for one in self.account.registrants(WEBINAR) if one.email == email]
        assert not [one for one in self.dead_letters() if email in one.body]
        assert not [waiting for waiting in self.sqs.messages(self.queue_url) if email in waiting.body]


@pytest.fixture
def consumer() -> Iterator[ConsumerWithErasure]:
    with_erasure = ConsumerWithErasure()
    yield with_erasure
    with_erasure.check_secrecy()


@pytest.mark.parametrize("how", ["denied", "throttled", "out of reach"])
def test_an_unreadable_suppression_list_keeps_all_messages_on_the_queue(
    consumer: ConsumerWithErasure, how: str
) -> None:
    consumer.submit()
    consumer.forget()
    consumer.submit(EVE)
    consumer.send(message("person1@example.com", first_name="\x00"))
    fake = consumer.dynamodb
    {"denied": fake.deny, "throttled": fake.throttle, "out of reach": fake.unreachable}[how]("get_item")
    consumer.run(hours=3)

    assert len(consumer.waiting()) == 3
    assert (consumer.calls(), consumer.rows(), consumer.dead_letters()) == ([], {}, [])
    assert max(one.receive_count for one in consumer.sqs.messages(consumer.queue_url)) <= 3 * 11 + 6
    assert all(line["error"].startswith("AccountTable: ") for line in consumer.logged("AWS call failed"))
    fake.heal()
    consumer.run()
    assert consumer.statuses() == {EVE: "registered", "person1@example.com": "rejected"}
    consumer.check_nothing_is_left_of(ADA)


def test_a_message_from_before_the_erasure_is_dropped_and_logged_by_its_id(consumer: ConsumerWithErasure) -> None:
    ids = [consumer.submit(), consumer.submit("ADA@Example.com"), *consumer.send(message(ADA))]
    consumer.submit(EVE)
    consumer.forget()
    consumer.run()

    consumer.check_nothing_is_left_of(ADA)
    assert consumer.statuses() == {EVE: "registered"}
    (line,) = consumer.logged("Forgotten")
    assert sorted(line["message_ids"]) == sorted(ids)
    assert "example.com" not in json.dumps(line)
    (ended,) = consumer.logged("Invocation ended")
    assert (ended["registrants"]["forgotten"], ended["failures"]) == (3, 0)


def test_a_submission_after_the_erasure_is_registered(consumer: ConsumerWithErasure) -> None:
    consumer.submit()
    consumer.forget()
    new = consumer.submit(first_name="Augusta")
    consumer.run()

    row = consumer.row()
    assert (row["status"], row["first_name"], row["message_id"]) == ("registered", "Augusta", new)
    assert [call.registrants for call in consumer.calls()] == [1]


def test_a_message_of_the_same_second_as_the_erasure_is_dropped(consumer: ConsumerWithErasure) -> None:
    """Message times are whole seconds, so the order within a second is unknown."""
    consumer.clock.sleep(0.9)
    consumer.submit()
    SuppressionListWriter(consumer.dynamodb.client, "Account", consumer.clock).add(ADA)
    consumer.run()
    consumer.check_nothing_is_left_of(ADA)


def test_a_deferred_message_is_dropped_after_the_erasure(consumer: ConsumerWithErasure) -> None:
    consumer.transport.is_down = True
    consumer.submit()
    consumer.run(invocations=1)
    consumer.transport.is_down = False
    consumer.forget()
    consumer.erase_row()
    consumer.run()
    consumer.check_nothing_is_left_of(ADA)


def test_a_redriven_dead_letter_is_dropped_by_its_submission_time(consumer: ConsumerWithErasure) -> None:
    consumer.account.set_webinar(WEBINAR, capacity=0)
    consumer.submit()
    consumer.run()
    consumer.forget()
    consumer.erase_row()
    consumer.account.set_webinar(WEBINAR, capacity=10)
    consumer.redrive()
    consumer.run()
    consumer.check_nothing_is_left_of(ADA)


def test_a_submission_time_in_the_future_does_not_protect_an_old_message(consumer: ConsumerWithErasure) -> None:
    consumer.send(message(ADA, submitted_at="2999-01-01T00:00:00Z"))
    consumer.forget()
    consumer.run()
    consumer.check_nothing_is_left_of(ADA)


@pytest.mark.parametrize("wrong", [{"first_name": "\x00"}, {"first_name": None}, {"webinar": "12"}])
def test_an_invalid_message_from_before_the_erasure_is_not_dead_lettered(
    consumer: ConsumerWithErasure, wrong: dict[str, object]
) -> None:
    consumer.send(message(ADA, **wrong))
    consumer.send(message(EVE, **wrong), "not json", '["ada@example.com"]', '{"email": ["ada@example.com"]}')
    consumer.forget()
    consumer.run()

    assert len(consumer.dead_letters()) == 4
    assert not [one for one in consumer.dead_letters() if '"email": "ada' in one.body]
    assert ADA not in consumer.rows()


def test_an_erasure_covers_all_webinars(consumer: ConsumerWithErasure) -> None:
    for webinar in (WEBINAR, OTHER_WEBINAR):
        consumer.send_registrants(ADA, webinar=webinar)
    consumer.forget()
    consumer.run()
    assert (consumer.rows(), consumer.rows(OTHER_WEBINAR), consumer.calls()) == ({}, {}, [])


def test_an_invocation_reads_the_suppression_list_once(consumer: ConsumerWithErasure) -> None:
    consumer.forget()
    consumer.send_registrants(*addresses(100))
    before = consumer.dynamodb.tables["Account"].consumed.read
    assert len(consumer.run()) == 1
    reads = [params["Key"]["name"]["S"] for params in consumer.dynamodb.requests_of("get_item")]
    assert reads == [PAUSED, ROW]
    assert consumer.dynamodb.tables["Account"].consumed.read - before == 0.5 * len(reads)


def test_a_digest_does_not_reveal_the_email() -> None:
    entry = digest("salt", ADA)
    assert "ada" not in entry
    assert entry == digest("salt", ADA)
    assert len({entry, digest("pepper", ADA), digest("salt", EVE)}) == 3
