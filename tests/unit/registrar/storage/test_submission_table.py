"""`SubmissionTable`: one message for each derived id, in whatever order its deliveries come and end."""

from typing import Any

import pytest
from registrar import limits
from registrar.registrants.registrant import Key
from registrar.registrants.row import timestamp
from registrar.storage.registrant_table import StorageError
from registrar.storage.submission_table import Sent, Submission, SubmissionTable

from tests.fakes import FakeDynamoDb
from tests.fakes.clock import TimeIsUp
from tests.fakes.simulation import SimulatedClock
from tests.unit.registrar.samples import NOON

ID = "0b0c7c3a-6f0e-5a57-9d35-000000000001"
ADA = Key("97871060099", "ada@example.com")
SUBMISSION = Submission(ID, timestamp(NOON), ADA)


class Storage:
    """The table, and environments that deliver one submission: claim it, send it, mark it."""

    def __init__(self, seed: int = 0) -> None:
        self.clock = SimulatedClock(NOON, seed)
        self.dynamodb = FakeDynamoDb(self.clock)
        self.dynamodb.add_table("Submissions", "submission_id")
        self.table = SubmissionTable(self.dynamodb.client, "Submissions", self.clock, self.clock.sleep)
        self.sent = 0
        self.ended: list[float] = []

    def deliver(self, sending_s: float = 0.02) -> None:
        try:
            if self.table.claim(SUBMISSION) is None:
                self.clock.sleep(sending_s)
                self.sent += 1
                self.table.mark(ID, Sent.QUEUED)
        except TimeIsUp:
            return
        self.ended.append(self.clock() - NOON)

    def row(self) -> dict[str, Any]:
        [row] = self.dynamodb.rows("Submissions")
        return row


@pytest.fixture
def storage() -> Storage:
    return Storage()


@pytest.mark.parametrize("call", ["write", "claim", "mark"])
def test_an_error_of_the_table_is_named_by_its_code(storage: Storage, call: str) -> None:
    storage.dynamodb.fail_next("update_item" if call == "mark" else "put_item", "ThrottlingException")
    calls = {"write": (SUBMISSION,), "claim": (SUBMISSION,), "mark": (ID, Sent.QUEUED)}

    with pytest.raises(StorageError, match=r"^SubmissionTable: ThrottlingException$"):
        getattr(storage.table, call)(*calls[call])


@pytest.mark.parametrize("seed", range(20))
def test_deliveries_at_the_same_moment_send_one_message(seed: int) -> None:
    storage = Storage(seed)
    storage.clock.run(dict.fromkeys("abc", storage.deliver))

    assert storage.sent == 1
    assert len(storage.ended) == 3
    assert max(storage.ended) < 0.02 + 2 * limits.CLAIM_POLL_SECONDS


@pytest.mark.parametrize("seed", range(10))
def test_a_delivery_that_crashed_before_it_sent_is_sent_by_one_of_the_next(seed: int) -> None:
    storage = Storage(seed)

    def crash() -> None:
        storage.clock.kill_at(NOON + 0.01)
        storage.deliver()

    def deliver_later() -> None:
        storage.clock.sleep(0.015)
        storage.deliver()

    storage.clock.run({"crashes": crash, "a": deliver_later, "b": deliver_later})

    assert storage.sent == 1
    assert max(storage.ended) < limits.CLAIM_SECONDS + 3 * limits.CLAIM_POLL_SECONDS


def test_a_claim_holds_the_message_s_time_and_expires(storage: Storage) -> None:
    storage.table.claim(Submission(ID, timestamp(NOON), ADA, "meeting"))
    storage.table.mark(ID, Sent.QUEUED)

    assert storage.row() == {
        "submission_id": ID,
        "webinar_id": ADA.webinar_id,
        "email": ADA.email,
        "kind": "meeting",
        "submitted_at": timestamp(NOON),
        "claimed_at": NOON,
        "queued_at": timestamp(NOON),
        "expires_at": NOON + 30 * 86_400,
    }


def test_what_was_set_aside_is_sent_once_it_can_be_and_not_before(storage: Storage) -> None:
    assert storage.table.claim(Submission(ID, timestamp(NOON), None)) is None
    storage.table.mark(ID, Sent.SET_ASIDE)
    assert "email" not in storage.row()

    assert storage.table.claim(SUBMISSION) is Sent.SET_ASIDE
    assert storage.table.claim(SUBMISSION, replaces_set_aside=True) is None
    storage.table.mark(ID, Sent.QUEUED)

    assert storage.table.claim(SUBMISSION, replaces_set_aside=True) is Sent.QUEUED
    assert storage.row().keys() & {"email", "set_aside_at"} == {"email"}


def test_a_row_that_was_erased_before_its_mark_stays_erased(storage: Storage) -> None:
    storage.table.mark(ID, Sent.QUEUED)

    assert storage.dynamodb.rows("Submissions") == []


def test_a_submission_that_is_set_aside_registers_no_one_until_it_is_queued(storage: Storage) -> None:
    storage.table.claim(SUBMISSION)
    storage.table.mark(ID, Sent.SET_ASIDE)
    assert storage.table.read(ID) == Submission(ID, SUBMISSION.submitted_at, None)

    storage.table.claim(SUBMISSION, replaces_set_aside=True)
    assert storage.table.read(ID) == SUBMISSION
    assert storage.table.read("another") is None
