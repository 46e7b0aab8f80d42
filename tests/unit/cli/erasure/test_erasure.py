"""Erasing a person: registrations made meanwhile are cancelled too, and no dead letter of anyone else is deleted."""

import json
from typing import Any

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, Status
from registrar.zoom.errors import classify
from registrar_cli.clients.zoom import ZoomReply
from registrar_cli.dead_letters.dead_letter import DeadLetter
from registrar_cli.dead_letters.person import is_of
from registrar_cli.erasure.erasure import Erasure, canceller, may_be_in_zoom
from registrar_cli.registrants.table import KeyedRow, RegistrantRows
from registrar_cli.terminal.errors import Unreachable

from tests.fakes import FakeDynamoDb, VirtualClock

EVE = Key("97871060099", "eve@example.com")
OTHER = Key("95204720014", "eve@example.com")


@pytest.fixture
def dynamodb() -> FakeDynamoDb:
    fake = FakeDynamoDb(VirtualClock())
    fake.add_table("Registrants", "webinar_id", "email")
    return fake


def put(dynamodb: FakeDynamoDb, key: Key, status: str) -> KeyedRow:
    row = {"webinar_id": {"S": key.webinar_id}, "email": {"S": key.email}, "status": {"S": status}}
    dynamodb.put_item(TableName="Registrants", Item=row)
    return key, Row(status=status)


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_registration_between_reading_and_erasing_is_cancelled(dynamodb: FakeDynamoDb) -> None:
    as_read = [put(dynamodb, EVE, Status.DEFERRED), put(dynamodb, OTHER, Status.REJECTED)]
    put(dynamodb, EVE, Status.REGISTERED)
    cancelled: list[Key] = []
    erasure = Erasure(RegistrantRows(dynamodb, "Registrants", "Submissions"), lambda row: cancelled.append(row[0]))

    erasure.erase(as_read)

    assert cancelled == [EVE]
    assert (erasure.rows, erasure.in_zoom, dynamodb.rows("Registrants")) == (2, 1, [])


def test_a_row_that_no_longer_exists_is_not_counted(dynamodb: FakeDynamoDb) -> None:
    erasure = Erasure(RegistrantRows(dynamodb, "Registrants", "Submissions"))

    erasure.erase([(EVE, Row(status=Status.REGISTERED))])

    assert (erasure.rows, erasure.in_zoom) == (0, 0)


def test_nothing_is_erased_before_all_are_cancelled(dynamodb: FakeDynamoDb) -> None:
    rows = [put(dynamodb, EVE, Status.REGISTERED), put(dynamodb, OTHER, Status.PENDING_APPROVAL)]

    def cancel(registrant: KeyedRow) -> None:
        if registrant[0] == OTHER:
            raise Unreachable("no", "later")

    with pytest.raises(Unreachable):
        Erasure(RegistrantRows(dynamodb, "Registrants", "Submissions"), cancel).erase(rows)
    assert len(dynamodb.rows("Registrants")) == 2


class Zoom:
    """Gives the same reply to every cancellation."""

    def __init__(self, status: int, code: int | None, message: str) -> None:
        self.reply = ZoomReply(status, {"message": message}, None if status < 300 else classify(status, code, message))

    def cancel(self, webinar_id: str, registrant: dict[str, str]) -> ZoomReply:
        return self.reply


@pytest.mark.parametrize(
    ("zoom", "to_do"),
    [
        (Zoom(400, 4711, "Invalid access token, does not contain scopes:[x]."), "webinar:update:registrant_status"),
        (Zoom(500, None, "Internal"), "Run this command again"),
        (Zoom(429, 429, "You have reached the maximum per-second rate limit"), "Run this command again"),
    ],
)
def test_a_refused_cancellation_is_reported(zoom: Any, to_do: str) -> None:
    with pytest.raises(Unreachable, match="No row is erased yet") as caught:
        canceller(zoom)((EVE, Row(status=Status.REGISTERED)))
    assert to_do in caught.value.to_do
    assert EVE.email not in caught.value.what


@pytest.mark.parametrize("zoom", [Zoom(204, None, ""), Zoom(404, 3001, "Webinar does not exist.")])
def test_a_cancelled_or_absent_registration_is_no_error(zoom: Any) -> None:
    canceller(zoom)((EVE, Row(status=Status.REGISTERED)))


@pytest.mark.parametrize(
    ("row", "may_be"),
    [
        (Row(status=Status.DEFERRED, reason="token_rejected"), False),
        (Row(status=Status.DEFERRED, reason="token_rejected", attempts=1), True),
        (Row(status=Status.REJECTED, reason="zoom_unavailable", attempts=3), True),
        (Row(status=Status.REJECTED, reason="host_not_allowed", attempts=1), False),
        (Row(status=Status.REJECTED, reason="webinar_over", attempts=1), False),
        (Row(status=Status.REGISTERED, attempts=1), False),
    ],
)
def test_a_lost_reply_may_have_registered_someone(row: Row, may_be: bool) -> None:
    assert may_be_in_zoom(row) is may_be


# ── Dead letters ─────────────────────────────────────────────────────────────────────────────────────────────────────


def dead_letter(body: str) -> DeadLetter:
    return DeadLetter.from_message(
        {"MessageId": "m1", "ReceiptHandle": "h", "Body": body, "Attributes": {"SentTimestamp": "1795435200000"}}
    )


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"webinar_id": "97871060099", "email": "Müller@exämple.com", "first_name": "M"}),
        json.dumps({"webinar_id": "97871060099", "email": "Müller@exämple.com"}),  # escaped, and not a valid registrant
        json.dumps({"webinar_id": "97871060099", "email": "Müller@exämple.com"}, ensure_ascii=False),
        r'{"email": "müller@xn--exmple-cua.com"',
        r"email=müller@exämple.com&first_name=M",
        r"<müller@exämple.com>, 'x'",
        r'{"note":"line\nmüller@exämple.com."}',
    ],
)
def test_a_dead_letter_is_recognised_in_every_spelling_of_the_address(body: str) -> None:
    assert is_of(dead_letter(body), "müller@xn--exmple-cua.com")


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"webinar_id": "97871060099", "email": "ali@example.com"}),
        '{"email": "x.li@example.com"',
        '{"email": "li@example.com.au"',
        '{"email": "li@example.community"',
        '{"email": "li+x@example.com"',
        "{}",
        "",
    ],
)
def test_a_longer_address_belongs_to_another_registrant(body: str) -> None:
    assert not is_of(dead_letter(body), "li@example.com")
