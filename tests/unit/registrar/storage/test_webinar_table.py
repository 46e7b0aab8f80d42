"""`WebinarTable`: facts come back as they were written, and the consumer's note that a webinar is full survives."""

from dataclasses import replace

import pytest
from botocore.exceptions import EndpointConnectionError
from registrar import limits
from registrar.registrants.row import timestamp
from registrar.storage.registrant_table import StorageError
from registrar.storage.webinar_table import WebinarTable
from registrar.zoom.webinar_facts import Occurrence, Question, WebinarFacts

from tests.fakes import FakeDynamoDb, VirtualClock
from tests.unit.registrar.samples import NOON

WEBINAR_ID = "97871060099"
FACTS = WebinarFacts(
    webinar_id=WEBINAR_ID,
    topic="Grüße",
    type=9,
    starts_at="2026-12-01T15:00:00Z",
    duration_minutes=60,
    timezone="Europe/Berlin",
    approval_type=0,
    registration_type=2,
    occurrences=(Occurrence("1764601200000", "2026-12-01T15:00:00Z", 60), Occurrence("1765206000000", "2026-12-08")),
    questions=(
        Question("short", is_required=True, name="last_name"),
        Question("single", is_required=False, title="Size", answers=("S", "L")),
    ),
    capacity=0,
    host_sends_mail=False,
    looked_up_at=timestamp(NOON),
)
UNKNOWN = WebinarFacts(webinar_id=WEBINAR_ID, exists=False, looked_up_at=timestamp(NOON))


class Storage:
    """A fake DynamoDB table and the `WebinarTable` over it."""

    def __init__(self) -> None:
        self.dynamodb = FakeDynamoDb(VirtualClock(NOON))
        self.dynamodb.add_table("Webinars", "webinar_id")
        self.table = WebinarTable(self.dynamodb.client, "Webinars")

    def full_since(self) -> str | None:
        facts = self.table.read(WEBINAR_ID)
        return facts and facts.full_since


@pytest.fixture
def storage() -> Storage:
    return Storage()


def test_an_unavailable_table_is_a_storage_error(storage: Storage) -> None:
    storage.dynamodb.fail_always(error=EndpointConnectionError(endpoint_url="https://example.com"))
    for call in (
        lambda: storage.table.read(WEBINAR_ID),
        lambda: storage.table.begin_lookup(WEBINAR_ID, NOON),
        lambda: storage.table.write(FACTS, NOON),
        lambda: storage.table.mark_full(WEBINAR_ID, NOON),
        lambda: storage.table.mark_open(WEBINAR_ID, timestamp(NOON)),
    ):
        with pytest.raises(StorageError, match=r"^WebinarTable: EndpointConnectionError$"):
            call()


def test_an_id_never_looked_up_has_no_row(storage: Storage) -> None:
    assert storage.table.read(WEBINAR_ID) is None


@pytest.mark.parametrize("facts", [FACTS, UNKNOWN])
def test_facts_are_read_as_they_were_written(storage: Storage, facts: WebinarFacts) -> None:
    storage.table.write(facts, NOON)
    assert storage.table.read(WEBINAR_ID) == facts
    days = 30 if facts.exists else 1
    assert storage.dynamodb.rows("Webinars")[0]["expires_at"] == NOON + days * 86_400
    assert (limits.WEBINAR_DAYS, limits.UNKNOWN_WEBINAR_DAYS) == (30, 1)


def test_a_lookup_replaces_all_that_zoom_said_before(storage: Storage) -> None:
    storage.table.write(FACTS, NOON)
    storage.table.write(UNKNOWN, NOON)
    assert storage.table.read(WEBINAR_ID) == UNKNOWN


def test_an_id_of_a_webinar_is_none_of_a_meeting(storage: Storage) -> None:
    storage.table.write(FACTS, NOON)
    meeting = storage.table.read(WEBINAR_ID, "meeting")
    assert meeting == WebinarFacts(webinar_id=WEBINAR_ID, kind="meeting", exists=False, looked_up_at=FACTS.looked_up_at)


def test_an_id_unknown_as_a_webinar_may_be_a_meeting(storage: Storage) -> None:
    storage.table.write(UNKNOWN, NOON)
    assert storage.table.read(WEBINAR_ID, "meeting") is None


def test_a_full_webinar_stays_full_through_a_lookup(storage: Storage) -> None:
    storage.table.write(FACTS, NOON)
    storage.table.mark_full(WEBINAR_ID, NOON + 1)
    storage.table.write(FACTS, NOON + 2)
    assert storage.full_since() == timestamp(NOON + 1)


def test_a_webinar_may_be_full_before_it_was_looked_up(storage: Storage) -> None:
    storage.table.mark_full(WEBINAR_ID, NOON)
    assert storage.table.read(WEBINAR_ID) == WebinarFacts(webinar_id=WEBINAR_ID, full_since=timestamp(NOON))


def test_what_is_known_as_a_meeting_stays_one(storage: Storage) -> None:
    meeting = replace(FACTS, kind="meeting")
    storage.table.write(meeting, NOON)
    storage.table.mark_full(WEBINAR_ID, NOON)
    assert storage.table.read(WEBINAR_ID, "meeting") == replace(meeting, full_since=timestamp(NOON))


def test_free_seats_end_it_unless_another_registrant_was_refused_meanwhile(storage: Storage) -> None:
    storage.table.mark_full(WEBINAR_ID, NOON)
    storage.table.mark_full(WEBINAR_ID, NOON + 60)
    storage.table.mark_open(WEBINAR_ID, timestamp(NOON))
    assert storage.full_since() == timestamp(NOON + 60)
    storage.table.mark_open(WEBINAR_ID, timestamp(NOON + 60))
    assert storage.full_since() is None


# ── One lookup at a time ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_lookup_that_begins_keeps_others_from_beginning(storage: Storage) -> None:
    assert storage.table.begin_lookup(WEBINAR_ID, NOON)
    assert not storage.table.begin_lookup(WEBINAR_ID, NOON + limits.LOOKUP_AGAIN_SECONDS - 1)
    assert storage.table.read(WEBINAR_ID) is None
    assert storage.table.begin_lookup(WEBINAR_ID, NOON + limits.LOOKUP_AGAIN_SECONDS)


def test_after_a_successful_lookup_the_next_may_begin_at_once(storage: Storage) -> None:
    storage.table.begin_lookup(WEBINAR_ID, NOON)
    storage.table.write(FACTS, NOON + 1)
    assert storage.table.begin_lookup(WEBINAR_ID, NOON + 2)
    assert storage.table.read(WEBINAR_ID) == FACTS
