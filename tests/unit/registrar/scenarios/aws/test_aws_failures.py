"""The whole consumer in virtual time: AWS fails for hours; messages stay queued, and none is deleted before storage."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from registrar import limits

from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, addresses, message
from tests.fakes import EventSourceMapping
from tests.unit.registrar.aws_faults import LASTING_FAULTS, OPERATIONS
from tests.unit.registrar.scenarios.zoom.test_outage import CountingConsumer

HOURS = 3
BAD = message("augusta@example.com", first_name="\x00")


class AuditedConsumer(CountingConsumer):
    """Records each message deleted while its registrant is neither stored nor dead-lettered."""

    def __init__(self) -> None:
        super().__init__()
        self.deleted_too_early: list[str] = []
        self._delete = self.sqs.delete_message_batch
        self.sqs.delete_message_batch = self._audited_delete  # type: ignore[method-assign]

    def _audited_delete(self, **params: Any) -> Any:
        bodies = {waiting.handle: waiting.body for waiting in self.sqs.messages(self.queue_url)}
        dead_lettered = {one.body for one in self.dead_letters()}
        for entry in params["Entries"]:
            body = bodies.get(entry["ReceiptHandle"])
            if not (body is None or body in dead_lettered or self._is_stored(body)):
                self.deleted_too_early.append(body)
        return self._delete(**params)

    def _is_stored(self, body: str) -> bool:
        said = json.loads(body)
        row = self.rows(said["webinar_id"]).get(said["email"], {})
        return row.get("status") in {"registered", "pending_approval"}

    def fill(self) -> None:
        """Queue valid registrants, those of an ended webinar, and malformed messages; revoke the token."""
        self.account.set_webinar(OTHER_WEBINAR, start_time="2020-01-01T00:00:00Z")
        self.account.revoke_tokens()
        self.send_registrants(*addresses(13))
        self.send_registrants(*addresses(2), webinar=OTHER_WEBINAR)
        self.send("not json", BAD)

    def check_outcomes(self) -> None:
        assert self.waiting() == []
        assert Counter(self.statuses().values()) == {"registered": 13, "rejected": 1}
        assert Counter(self.statuses(OTHER_WEBINAR).values()) == {"rejected": 2}
        assert len({one.body for one in self.dead_letters()}) == 4
        assert Counter(set(self.reasons())) == Counter({"webinar_over", "malformed_message", "invalid_registrant"})
        assert self.account.highest_attempts() <= 3


@pytest.fixture
def consumer() -> Iterator[AuditedConsumer]:
    audited = AuditedConsumer()
    yield audited
    assert audited.deleted_too_early == []
    assert audited.logged("Unexpected error") == []


@pytest.mark.parametrize("how", LASTING_FAULTS)
@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=str)
def test_hours_of_a_failing_aws_operation_lose_no_submission_and_use_few_receives(
    consumer: AuditedConsumer, service: str, operation: str, how: str
) -> None:
    consumer.fill()
    fake = getattr(consumer, service)
    LASTING_FAULTS[how](fake, operation)
    consumer.run(hours=HOURS)
    # A receive per 5.5 minutes where not even the visibility can be changed; else up to 15 minutes apart.
    assert max(consumer.receives.values()) <= HOURS * 11 + 6
    queue = consumer.sqs.queues[consumer.queue_url]
    assert not queue.redriven
    fake.heal()
    consumer.run()
    consumer.check_outcomes()


@pytest.mark.parametrize(
    "failing",
    [("dynamodb", "batch_get_item"), ("dynamodb", "get_item"), ("secrets", "get_secret_value")],
    ids=str,
)
def test_a_failure_before_the_call_uses_no_attempt(consumer: AuditedConsumer, failing: tuple[str, str]) -> None:
    consumer.send_registrants(*addresses(13))
    service, operation = failing
    getattr(consumer, service).deny(operation)
    consumer.run(hours=HOURS)
    assert consumer.account.highest_attempts() == 0
    assert len(consumer.waiting()) == 13


@pytest.mark.parametrize("how", ["denied", "responses lost"])
def test_a_table_that_cannot_be_written_costs_at_most_three_attempts(consumer: AuditedConsumer, how: str) -> None:
    """Reads succeed for 26 hours, so the failure shows only after a call."""
    consumer.send_registrants(*addresses(4))
    for operation in ("batch_write_item", "put_item"):
        LASTING_FAULTS[how](consumer.dynamodb, operation)
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
def test_a_failed_entry_does_not_affect_the_others(
    consumer: AuditedConsumer, service: str, operation: str, webinar: str
) -> None:
    consumer.account.set_webinar(OTHER_WEBINAR, start_time="2020-01-01T00:00:00Z")
    consumer.send_registrants(*addresses(25), webinar=webinar)
    fake = getattr(consumer, service)
    fake.fail_entries(
        operation, lambda entry: _of_person3(entry) or entry.get("ReceiptHandle") in _handles(consumer), "InternalError"
    )
    consumer.run(invocations=1)
    status = "registered" if webinar == WEBINAR else "rejected"
    others = {email: found for email, found in consumer.statuses(webinar).items() if email != "person3@example.com"}
    assert Counter(others.values()) == {status: 24}
    waiting = [json.loads(one.body)["email"] for one in consumer.sqs.messages(consumer.queue_url)]
    assert set(waiting) <= {"person3@example.com"}
    fake.heal()
    consumer.run()
    assert Counter(consumer.statuses(webinar).values()) == {status: 25}
    assert consumer.waiting() == []
    assert len({one.body for one in consumer.dead_letters()}) == (0 if status == "registered" else 25)
    assert consumer.account.highest_attempts() <= 2


@pytest.mark.parametrize("how", LASTING_FAULTS)
def test_a_redelivery_completes_a_rejection_without_a_call(consumer: AuditedConsumer, how: str) -> None:
    consumer.account.set_webinar(OTHER_WEBINAR, start_time="2020-01-01T00:00:00Z")
    consumer.send_registrants(*addresses(5), webinar=OTHER_WEBINAR)
    LASTING_FAULTS[how](consumer.sqs, "send_message_batch")
    consumer.run(hours=3)
    assert len(consumer.waiting()) == 5
    assert len(consumer.calls()) == 1
    consumer.sqs.heal()
    consumer.run()
    assert len(consumer.calls()) == 1
    assert {json.loads(one.body)["email"] for one in consumer.dead_letters()} == set(addresses(5))
    assert set(consumer.reasons()) == {"webinar_over"}
    assert consumer.waiting() == []


def test_a_new_message_is_tried_while_an_earlier_rejection_waits_for_its_dead_letter(consumer: AuditedConsumer) -> None:
    consumer.account.set_webinar(WEBINAR, capacity=0)
    consumer.send_registrants("ada@example.com")
    consumer.sqs.deny("send_message_batch")
    consumer.run(invocations=1)
    consumer.account.set_webinar(WEBINAR, capacity=10)
    consumer.sqs.heal()
    consumer.send_registrants("ada@example.com")
    consumer.run()
    assert consumer.row()["status"] == "registered"
    assert consumer.waiting() == []
    assert set(consumer.reasons()) <= {"webinar_full"}


@pytest.mark.parametrize("write_s", [0.4, 0.6, 1.0])
def test_a_slow_table_does_not_exceed_the_functions_timeout(consumer: AuditedConsumer, write_s: float) -> None:
    consumer.mapping = EventSourceMapping(consumer.sqs, consumer.queue_url, consumer.handle, timeout_s=41)
    consumer.dynamodb.latency_s = {"put_item": write_s}
    consumer.account.add_fault(kind="hang", call="batch", times=5)
    consumer.send_registrants(*addresses(30))
    (invocation,) = consumer.run(invocations=1)
    assert not invocation.was_killed
    assert len(consumer.waiting()) == 30


def test_an_unresponsive_table_is_not_waited_for_once_per_registrant(consumer: AuditedConsumer) -> None:
    consumer.account.delete_webinar(WEBINAR)
    consumer.dynamodb.unreachable("put_item")
    consumer.dynamodb.latency_s = {"put_item": 8.0}  # two tries of connecting and reading
    consumer.send_registrants(*addresses(30))
    consumer.run(invocations=1)
    (invocation,) = consumer.mapping.invocations
    assert invocation.ended_at_s - invocation.started_at_s < limits.STORE_SECONDS
    assert len(consumer.waiting()) == 30
