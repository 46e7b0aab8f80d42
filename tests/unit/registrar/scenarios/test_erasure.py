"""Whoever asked to be forgotten, while his message was out of reach: it is dropped when it comes; a new one is not."""

import json
from collections.abc import Iterator

import pytest
from registrar.registrants.row import timestamp
from registrar.storage.suppression_list import digest
from registrar_cli.erasure.suppression_list import SuppressionListWriter

from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, message, people

ADA, EVE = "ada@example.com", "eve@example.com"


class Forgetful(Consumer):
    """A consumer beside which somebody runs `registrar forget`."""

    def forget(self, email: str = ADA) -> None:
        """Mark a person, and let a little time pass."""
        SuppressionListWriter(self.dynamodb.client, "Account", self.clock).add(email)
        self.clock.sleep(2)

    def submit(self, email: str = ADA, **more: object) -> str:
        """Put a message on the queue as the door does; returns its id."""
        (message_id,) = self.send(message(email, submitted_at=timestamp(self.clock()), **more))
        return message_id

    def erase_row(self) -> None:
        """Delete Ada's row, as `registrar forget` does."""
        self.dynamodb.delete_item(TableName="Registrants", Key={"webinar_id": {"S": WEBINAR}, "email": {"S": ADA}})

    def send_back_letters(self) -> None:
        """As a move task does: other messages of the same bodies."""
        letters = self.sqs.receive_message(QueueUrl=self.dead_letter_url, MaxNumberOfMessages=10)["Messages"]
        for letter in letters:
            self.send(letter["Body"])
            self.sqs.delete_message(QueueUrl=self.dead_letter_url, ReceiptHandle=letter["ReceiptHandle"])

    def check_nothing_is_left_of(self, email: str) -> None:
        """No call, no row, no letter, no message."""
        assert email not in self.rows()
        assert not [one for one in self.account.registrants(WEBINAR) if one.email == email]
        assert not [letter for letter in self.dead_letters() if email in letter.body]
        assert not [waiting for waiting in self.sqs.messages(self.queue_url) if email in waiting.body]


@pytest.fixture
def consumer() -> Iterator[Forgetful]:
    forgetful = Forgetful()
    yield forgetful
    forgetful.check_secrecy()


@pytest.mark.parametrize("how", ["denied", "throttled", "out of reach"])
def test_marks_that_cannot_be_read_keep_everybody_on_the_queue(consumer: Forgetful, how: str) -> None:
    consumer.submit()
    consumer.forget()
    consumer.submit(EVE)
    consumer.send(message("person1@example.com", first_name=""))
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


def test_a_message_of_before_is_dropped_and_told_by_its_id(consumer: Forgetful) -> None:
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


def test_a_submission_of_after_is_a_new_one(consumer: Forgetful) -> None:
    consumer.submit()
    consumer.forget()
    new = consumer.submit(first_name="Augusta")
    consumer.run()

    row = consumer.row()
    assert (row["status"], row["first_name"], row["message_id"]) == ("registered", "Augusta", new)
    assert [call.registrants for call in consumer.calls()] == [1]


def test_the_second_of_the_mark_belongs_to_before(consumer: Forgetful) -> None:
    """A message's own time is cut off to the second: it cannot be told which was first."""
    consumer.clock.sleep(0.9)
    consumer.submit()
    SuppressionListWriter(consumer.dynamodb.client, "Account", consumer.clock).add(ADA)
    consumer.run()
    consumer.check_nothing_is_left_of(ADA)


def test_somebody_who_was_deferred_is_dropped_when_he_comes_back(consumer: Forgetful) -> None:
    consumer.line.is_down = True
    consumer.submit()
    consumer.run(invocations=1)
    consumer.line.is_down = False
    consumer.forget()
    consumer.erase_row()
    consumer.run()
    consumer.check_nothing_is_left_of(ADA)


def test_a_letter_that_is_sent_back_later_is_dropped_by_its_own_time(consumer: Forgetful) -> None:
    consumer.account.set_webinar(WEBINAR, capacity=0)
    consumer.submit()
    consumer.run()
    consumer.forget()
    consumer.erase_row()
    consumer.account.set_webinar(WEBINAR, capacity=10)
    consumer.send_back_letters()
    consumer.run()
    consumer.check_nothing_is_left_of(ADA)


def test_a_time_to_come_does_not_save_an_old_message(consumer: Forgetful) -> None:
    consumer.send(message(ADA, submitted_at="2999-01-01T00:00:00Z"))
    consumer.forget()
    consumer.run()
    consumer.check_nothing_is_left_of(ADA)


@pytest.mark.parametrize("wrong", [{"first_name": ""}, {"first_name": None}, {"webinar": "12"}])
def test_what_cannot_be_registered_does_not_become_a_letter_either(
    consumer: Forgetful, wrong: dict[str, object]
) -> None:
    consumer.send(message(ADA, **wrong))
    consumer.send(message(EVE, **wrong), "not json", '["ada@example.com"]', '{"email": ["ada@example.com"]}')
    consumer.forget()
    consumer.run()

    assert len(consumer.dead_letters()) == 4
    assert not [letter for letter in consumer.dead_letters() if '"email": "ada' in letter.body]
    assert ADA not in consumer.rows()


def test_one_is_forgotten_in_all_webinars(consumer: Forgetful) -> None:
    for webinar in (WEBINAR, OTHER_WEBINAR):
        consumer.send_people(ADA, webinar=webinar)
    consumer.forget()
    consumer.run()
    assert (consumer.rows(), consumer.rows(OTHER_WEBINAR), consumer.calls()) == ({}, {}, [])


def test_an_invocation_reads_the_marks_once_however_many_people_come(consumer: Forgetful) -> None:
    consumer.forget()
    consumer.send_people(*people(100))
    before = consumer.dynamodb.tables["Account"].consumed.read
    assert len(consumer.run()) == 1
    assert consumer.dynamodb.calls["get_item"] == 1
    assert consumer.dynamodb.tables["Account"].consumed.read - before == 0.5


def test_a_mark_tells_nobody_who_it_is() -> None:
    mark = digest("salt", ADA)
    assert "ada" not in mark
    assert mark == digest("salt", ADA)
    assert len({mark, digest("pepper", ADA), digest("salt", EVE)}) == 3
