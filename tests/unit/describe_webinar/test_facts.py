"""What DescribeWebinar returns, how often it asks Zoom, and what it keeps."""

from typing import Any

import pytest
from registrar.registrants.row import timestamp
from registrar.zoom.webinar_facts import WebinarFacts

from local.reporting.metrics import read
from tests.unit.describe_webinar.conftest import WEBINAR, Describer

UNKNOWN = "91000000404"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"key1": "value1"},
        {"webinar_id": None},
        {"webinar_id": "12345678"},
        {"webinar_id": "../../users"},
        {"webinar_id": ["97871060099"]},
        {"webinar_id": WEBINAR, "kind": "event"},
        {"webinar_id": WEBINAR, "kind": None},
        {"webinar_id": WEBINAR, "kind": ["webinar"]},
    ],
)
def test_an_event_without_a_webinar_is_answered_with_what_to_send(describer: Describer, event: object) -> None:
    assert "97871060099" in describer.invoke(event)["message"]
    assert describer.calls() == []
    assert not describer.dynamodb.requests


def test_facts_are_the_attributes_of_the_row(describer: Describer) -> None:
    describer.zoom.set_webinar(WEBINAR, start_time="2026-12-24T15:00:00Z", optional_questions=["org"])
    assert describer.describe() == {
        "webinar_id": WEBINAR,
        "kind": "webinar",
        "exists": True,
        "topic": "Grüße",
        "type": 5,
        "starts_at": "2026-12-24T15:00:00Z",
        "duration_minutes": 60,
        "timezone": "UTC",
        "approval_type": 0,
        "questions": [
            {"type": "short", "is_required": True, "name": "last_name"},
            {"type": "short", "is_required": False, "name": "org"},
        ],
        "capacity": 100_000,
        "host_sends_mail": True,
        "looked_up_at": timestamp(describer.clock()),
    }
    assert describer.calls() == ["webinar", "questions"]
    assert describer.table.read(WEBINAR) == WebinarFacts.from_attributes(describer.describe())


def test_an_id_may_be_written_as_people_write_it(describer: Describer) -> None:
    assert describer.describe("978 7106 0099") == describer.describe()


def test_a_meeting(describer: Describer) -> None:
    describer.zoom.set_webinar("98000000001", kind="meeting", topic="Office hours")
    facts = describer.describe("98000000001", "meeting")
    assert (facts["kind"], facts["topic"], facts["type"]) == ("meeting", "Office hours", 2)
    assert describer.calls() == ["meeting", "meeting_questions"]


def test_without_registration_there_are_no_questions_to_ask_for(describer: Describer) -> None:
    describer.zoom.set_webinar(WEBINAR, approval_type=2)
    assert describer.describe()["approval_type"] == 2
    assert describer.calls() == ["webinar"]


# ── Ids that are none ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_id_is_looked_up_as_both_kinds(describer: Describer) -> None:
    answer = {"webinar_id": UNKNOWN, "kind": "webinar", "exists": False, "looked_up_at": timestamp(describer.clock())}
    assert describer.describe(UNKNOWN) == answer
    assert describer.calls() == ["webinar", "meeting"]
    assert describer.describe(UNKNOWN, environment=1) == answer
    assert describer.calls() == []


@pytest.mark.parametrize("refusal", ["400_1010", "404_1001", "400_3161", "400_3000", "400_3003"])
def test_a_webinar_of_another_account_does_not_exist(describer: Describer, refusal: str) -> None:
    describer.zoom.set_webinar(WEBINAR, accessible=False)
    describer.zoom.set_switches(not_accessible=refusal)
    assert describer.describe()["exists"] is False


def test_an_id_of_the_other_kind_does_not_exist_as_this_one(describer: Describer) -> None:
    assert describer.describe(WEBINAR, "meeting")["exists"] is False
    assert describer.calls() == ["meeting", "webinar", "questions"]
    # Both answers are known now.
    assert describer.describe(WEBINAR, "webinar")["topic"] == "Grüße"
    assert describer.describe(WEBINAR, "meeting")["exists"] is False
    assert describer.calls() == []


def test_without_the_scope_for_meetings_an_unknown_webinar_is_unknown(describer: Describer) -> None:
    describer.zoom.set_profile(scopes=["webinar:read:admin"])
    assert describer.describe(UNKNOWN)["exists"] is False
    # As a meeting it may exist.
    describer.later(1)
    assert "missing_scope" in describer.describe(UNKNOWN, "meeting")["unknown"]


# ── Freshness ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("starts_in_minutes", "fresh_minutes"), [(40 * 60, 15), (20 * 60, 5), (50, 1), (-30, 1)])
def test_facts_are_looked_up_again_when_they_are_old(
    describer: Describer, starts_in_minutes: int, fresh_minutes: int
) -> None:
    start = timestamp(describer.clock() + 60 * starts_in_minutes)
    describer.zoom.set_webinar(WEBINAR, start_time=start)
    describer.describe()
    describer.calls()
    describer.zoom.set_webinar(WEBINAR, topic="New")
    describer.clock.sleep(60 * fresh_minutes - 1)
    assert describer.describe(environment=1)["topic"] == "Grüße"
    assert describer.calls() == []
    describer.clock.sleep(1)
    assert describer.describe(environment=1)["topic"] == "New"


def test_while_one_environment_looks_up_the_other_returns_the_old_facts(describer: Describer) -> None:
    first = describer.describe()
    describer.later(16)
    seen: list[dict[str, Any]] = []

    def meanwhile(params: object) -> None:
        seen.append(describer.describe(environment=1))

    # The read of the token's secret stands between the beginning of a lookup and its first call.
    describer.later(5)
    describer.secrets.before_next("get_secret_value", meanwhile)
    second = describer.describe()
    assert seen == [first]
    assert second["looked_up_at"] > first["looked_up_at"]
    assert describer.calls() == ["webinar", "questions"] * 2


# ── Metrics and secrecy ──────────────────────────────────────────────────────────────────────────────────────────────


def test_failed_lookups_are_counted(describer: Describer, capsys: pytest.CaptureFixture[str]) -> None:
    describer.describe()
    describer.describe()  # known: no lookup, no metric
    describer.later(16)
    describer.zoom.add_fault(kind="reset")
    describer.describe()
    metrics = list(read(capsys.readouterr().out.splitlines()))
    assert [(one.name, one.values) for one in metrics] == [("LookupsFailed", (0.0,)), ("LookupsFailed", (1.0,))]


def test_no_log_line_holds_the_token(describer: Describer) -> None:
    token = describer.zoom.mint_token()
    describer.write_token({"access_token": token})
    for fault in ("reset", "html_502", "truncated_json"):
        describer.zoom.add_fault(kind=fault)
        describer.describe()
        describer.later(1)
    assert describer.log.count("Webinar not looked up") == 3
    assert token not in describer.log
