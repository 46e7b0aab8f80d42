"""Hours with a broken AWS: everybody stays on the queue, receives are not burnt, nothing leaves before it is stored."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from registrar import limits

from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, message, people
from tests.fakes import EventSourceMapping
from tests.unit.registrar.scenarios.test_outage import Watched

HOURS = 3
BAD = message("augusta@example.com", first_name="")

OPERATIONS = [
    ("sqs", "receive_message"),
    ("sqs", "change_message_visibility_batch"),
    ("sqs", "delete_message_batch"),
    ("sqs", "send_message_batch"),
    ("dynamodb", "batch_get_item"),
    ("dynamodb", "get_item"),
    ("dynamodb", "batch_write_item"),
    ("dynamodb", "put_item"),
    ("dynamodb", "update_item"),
    ("secrets", "get_secret_value"),
    ("functions", "invoke"),
]
BREAK: dict[str, Callable[[Any, str], None]] = {
    "denied": lambda fake, operation: fake.deny(operation),
    "throttled": lambda fake, operation: fake.throttle(operation),
    "out of reach": lambda fake, operation: fake.unreachable(operation),
    "answers lost": lambda fake, operation: fake.lose_answer(operation, times=10**6),
}


class Witnessed(Watched):
    """Notes every message that is deleted while its person is neither stored nor among the dead letters."""

    def __init__(self) -> None:
        super().__init__()
        self.deleted_too_early: list[str] = []
        self._delete = self.sqs.delete_message_batch
        self.sqs.delete_message_batch = self._witnessed_delete  # type: ignore[method-assign]

    def _witnessed_delete(self, **params: Any) -> Any:
        bodies = {waiting.handle: waiting.body for waiting in self.sqs.messages(self.queue_url)}
        buried = {letter.body for letter in self.dead_letters()}
        for entry in params["Entries"]:
            body = bodies.get(entry["ReceiptHandle"])
            if not (body is None or body in buried or self._is_stored(body)):
                self.deleted_too_early.append(body)
        return self._delete(**params)

    def _is_stored(self, body: str) -> bool:
        said = json.loads(body)
        row = self.rows(said["webinar_id"]).get(said["email"], {})
        return row.get("status") in {"registered", "pending_approval"}

    def fill(self) -> None:
        """People to register, people of a webinar that is over, and what cannot be read; the token is old."""
        self.account.set_webinar(OTHER_WEBINAR, start_time="2020-01-01T00:00:00Z")
        self.account.revoke_tokens()
        self.send_people(*people(13))
        self.send_people(*people(2), webinar=OTHER_WEBINAR)
        self.send("not json", BAD)

    def check_end(self) -> None:
        assert self.waiting() == []
        assert Counter(self.statuses().values()) == {"registered": 13, "rejected": 1}
        assert Counter(self.statuses(OTHER_WEBINAR).values()) == {"rejected": 2}
        assert len({letter.body for letter in self.dead_letters()}) == 4
        assert Counter(set(self.reasons())) == Counter({"webinar_over", "malformed_message", "invalid_registrant"})
        assert self.account.highest_attempts() <= 3


@pytest.fixture
def consumer() -> Iterator[Witnessed]:
    witnessed = Witnessed()
    yield witnessed
    assert witnessed.deleted_too_early == []
    assert witnessed.logged("Unexpected error") == []


@pytest.mark.parametrize("how", BREAK)
@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=str)
def test_hours_of_a_broken_operation_lose_nobody_and_burn_no_receives(
    consumer: Witnessed, service: str, operation: str, how: str
) -> None:
    consumer.fill()
    fake = getattr(consumer, service)
    BREAK[how](fake, operation)
    consumer.run(hours=HOURS)
    # Five and a half minutes, where not even the visibility can be changed; else up to a quarter of an hour.
    assert max(consumer.receives.values()) <= HOURS * 11 + 6
    queue = consumer.sqs.queues[consumer.queue_url]
    assert not queue.redriven
    fake.heal()
    consumer.run()
    consumer.check_end()


@pytest.mark.parametrize(
    "attempts_burnt",
    [("dynamodb", "batch_get_item"), ("dynamodb", "get_item"), ("secrets", "get_secret_value")],
    ids=str,
)
def test_what_is_broken_before_the_call_costs_nobody_an_attempt(
    consumer: Witnessed, attempts_burnt: tuple[str, str]
) -> None:
    consumer.send_people(*people(13))
    service, operation = attempts_burnt
    getattr(consumer, service).deny(operation)
    consumer.run(hours=HOURS)
    assert consumer.account.highest_attempts() == 0
    assert len(consumer.waiting()) == 13


@pytest.mark.parametrize("how", ["denied", "answers lost"])
def test_a_table_that_cannot_be_written_costs_three_attempts_at_most_however_long(
    consumer: Witnessed, how: str
) -> None:
    """Reads go well, so that nobody knows it before he has called; a day and two hours of it."""
    consumer.send_people(*people(4))
    for operation in ("batch_write_item", "put_item"):
        BREAK[how](consumer.dynamodb, operation)
    consumer.run(hours=26)
    assert consumer.account.highest_attempts() <= 3
    consumer.dynamodb.heal()
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 4}


def _of_person3(entry: dict[str, Any]) -> bool:
    return "person3@" in json.dumps(entry, default=str)


def _handles(consumer: Consumer) -> set[str]:
    return {one.handle for one in consumer.sqs.messages(consumer.queue_url) if "person3@" in one.body}


@pytest.mark.parametrize("webinar", [WEBINAR, OTHER_WEBINAR])
@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("sqs", "delete_message_batch"),
        ("sqs", "change_message_visibility_batch"),
        ("sqs", "send_message_batch"),
        ("dynamodb", "batch_write_item"),
    ],
    ids=str,
)
def test_an_entry_that_fails_takes_no_other_along(
    consumer: Witnessed, service: str, operation: str, webinar: str
) -> None:
    consumer.account.set_webinar(OTHER_WEBINAR, start_time="2020-01-01T00:00:00Z")
    consumer.send_people(*people(25), webinar=webinar)
    fake = getattr(consumer, service)
    fake.fail_entries(
        operation, lambda entry: _of_person3(entry) or entry.get("ReceiptHandle") in _handles(consumer), "InternalError"
    )
    consumer.run(invocations=1)
    ended = "registered" if webinar == WEBINAR else "rejected"
    others = {email: status for email, status in consumer.statuses(webinar).items() if email != "person3@example.com"}
    assert Counter(others.values()) == {ended: 24}
    waiting = [json.loads(one.body)["email"] for one in consumer.sqs.messages(consumer.queue_url)]
    assert set(waiting) <= {"person3@example.com"}
    fake.heal()
    consumer.run()
    assert Counter(consumer.statuses(webinar).values()) == {ended: 25}
    assert consumer.waiting() == []
    assert len({letter.body for letter in consumer.dead_letters()}) == (0 if ended == "registered" else 25)
    assert consumer.account.highest_attempts() <= 2


@pytest.mark.parametrize("how", BREAK)
def test_a_burial_that_was_begun_is_completed_by_the_same_message_without_a_call(consumer: Witnessed, how: str) -> None:
    consumer.account.set_webinar(OTHER_WEBINAR, start_time="2020-01-01T00:00:00Z")
    consumer.send_people(*people(5), webinar=OTHER_WEBINAR)
    BREAK[how](consumer.sqs, "send_message_batch")
    consumer.run(hours=3)
    assert len(consumer.waiting()) == 5
    assert len(consumer.calls()) == 1
    consumer.sqs.heal()
    consumer.run()
    assert len(consumer.calls()) == 1
    assert {json.loads(letter.body)["email"] for letter in consumer.dead_letters()} == set(people(5))
    assert set(consumer.reasons()) == {"webinar_over"}
    assert consumer.waiting() == []


def test_another_message_of_who_was_rejected_is_tried_while_the_first_ones_burial_waits(consumer: Witnessed) -> None:
    consumer.account.set_webinar(WEBINAR, capacity=0)
    consumer.send_people("ada@example.com")
    consumer.sqs.deny("send_message_batch")
    consumer.run(invocations=1)
    consumer.account.set_webinar(WEBINAR, capacity=10)
    consumer.sqs.heal()
    consumer.send_people("ada@example.com")
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.waiting() == []
    assert set(consumer.reasons()) <= {"webinar_full"}


@pytest.mark.parametrize("write_s", [0.4, 0.6, 1.0])
def test_a_table_that_is_slow_does_not_outlast_the_function(consumer: Witnessed, write_s: float) -> None:
    consumer.mapping = EventSourceMapping(consumer.sqs, consumer.queue_url, consumer.handle, timeout_s=41)
    consumer.dynamodb.latency_s = {"put_item": write_s}
    consumer.account.add_fault(kind="hang", call="batch", times=5)
    consumer.send_people(*people(30))
    (invocation,) = consumer.run(invocations=1)
    assert not invocation.was_killed
    assert len(consumer.waiting()) == 30


def test_a_table_that_does_not_answer_is_not_waited_for_thirty_times(consumer: Witnessed) -> None:
    consumer.account.delete_webinar(WEBINAR)
    consumer.dynamodb.unreachable("put_item")
    consumer.dynamodb.latency_s = {"put_item": 8.0}  # two tries of connecting and reading
    consumer.send_people(*people(30))
    consumer.run(invocations=1)
    (invocation,) = consumer.mapping.invocations
    assert invocation.ended_at_s - invocation.started_at_s < limits.STORE_SECONDS
    assert len(consumer.waiting()) == 30
