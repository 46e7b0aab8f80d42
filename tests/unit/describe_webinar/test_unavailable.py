"""Zoom, the token or the table fails: old facts or none, soon enough, and no flood of calls."""

import json

import pytest
from registrar import limits
from registrar.registrants.row import timestamp

from tests.unit.describe_webinar.conftest import WEBINAR, Describer

FAULTS = {
    "unavailable": ({"kind": "answer", "status": 503, "body": {"code": 503, "message": "Unavailable"}}, "503"),
    "a proxy's page": ({"kind": "html_502"}, "502"),
    "no answer": ({"kind": "reset"}, "zoom_unavailable"),
    "too fast": ({"kind": "rate_limit", "limit": "per_second"}, "rate_limited"),
    "cut off": ({"kind": "truncated_json"}, "zoom_unavailable"),
    "no JSON": ({"kind": "answer", "status": 200, "body": "[]"}, "zoom_unavailable"),
}


@pytest.mark.parametrize("call", ["webinar", "questions"])
@pytest.mark.parametrize(("fault", "reason"), FAULTS.values(), ids=FAULTS)
def test_without_facts_nothing_is_known(describer: Describer, fault: dict[str, object], reason: str, call: str) -> None:
    describer.zoom.add_fault(**fault, call=call)
    result = describer.describe()
    assert result.keys() == {"webinar_id", "kind", "unknown"}
    assert reason in result["unknown"]
    assert json.loads(describer.log)["message"] == "Webinar not looked up"


@pytest.mark.parametrize(("fault", "reason"), FAULTS.values(), ids=FAULTS)
def test_old_facts_are_better_than_none(describer: Describer, fault: dict[str, object], reason: str) -> None:
    before = describer.describe()
    describer.later(16)
    describer.zoom.add_fault(**fault)
    assert describer.describe() == before
    assert reason in describer.log


def test_an_old_answer_that_there_is_no_such_webinar_says_nothing(describer: Describer) -> None:
    describer.describe("91000000404")
    describer.later(16)
    describer.zoom.add_fault(kind="reset")
    assert "unknown" in describer.describe("91000000404")


def test_a_flood_during_an_outage_is_two_calls_a_minute(describer: Describer) -> None:
    describer.zoom.add_fault(kind="html_502", times=1_000)
    for second in range(60):
        for environment in (0, 1):
            assert "unknown" in describer.describe(environment=environment)
        assert len(describer.zoom.calls()) == 1 + second // limits.LOOKUP_AGAIN_SECONDS
        describer.clock.sleep(1)


def test_a_flood_of_ids_is_a_few_calls_a_second(describer: Describer) -> None:
    results = [describer.describe(str(91_000_000_000 + number), environment=number % 2) for number in range(100)]
    assert len(describer.zoom.calls()) == 2 * limits.LOOKUPS_PER_SECOND  # as a webinar and as a meeting
    assert sum("unknown" in result for result in results) == 100 - limits.LOOKUPS_PER_SECOND
    describer.clock.sleep(1)
    assert "unknown" not in describer.describe()
    assert "unknown" not in describer.describe("91000000099"), "what was not asked is asked as soon as it may be"


def test_a_slow_zoom_ends_the_lookup_in_time(describer: Describer) -> None:
    describer.zoom.set_latency(3_900)
    before = describer.clock()
    assert "longer than 4 seconds" in describer.describe()["unknown"]
    assert describer.clock() - before < limits.LOOKUP_SECONDS + 1 < limits.LOOKUP_WAIT_SECONDS
    assert len(describer.zoom.calls()) == 1


def test_a_missing_scope_is_named(describer: Describer) -> None:
    describer.zoom.set_profile(scopes=["webinar:read:list_registration_questions:admin"])
    assert "missing_scope" in describer.describe()["unknown"]


def test_a_page_without_the_scope_for_questions_has_the_topic(describer: Describer) -> None:
    describer.zoom.set_profile(scopes=["webinar:read:webinar:admin"])
    facts = describer.describe()
    assert facts["topic"] == "Grüße"
    assert "questions" not in facts


# ── The token ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refused_token_is_replaced(describer: Describer) -> None:
    describer.zoom.revoke_tokens()
    assert describer.describe()["topic"] == "Grüße"
    assert describer.refreshes == 1


def test_a_missing_token_is_requested(describer: Describer) -> None:
    describer.write_token({"access_token": ""})
    assert describer.describe()["topic"] == "Grüße"
    assert describer.refreshes == 1


def test_without_any_token_nothing_is_known(describer: Describer) -> None:
    describer.secrets.deny("get_secret_value")
    assert describer.describe()["unknown"] == "ZoomTokenSecret cannot be read: AccessDeniedException"


# ── AWS ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("operation", ["get_item", "update_item"])
def test_without_its_table_zoom_is_not_asked(describer: Describer, operation: str) -> None:
    describer.dynamodb.unreachable(operation)
    assert describer.describe()["unknown"].startswith("WebinarTable: ")
    assert describer.calls() == []


def test_facts_that_cannot_be_kept_are_returned_all_the_same(describer: Describer) -> None:
    def writes_facts(params: dict[str, object]) -> bool:
        return "#topic" in str(params.get("UpdateExpression"))

    describer.dynamodb.fail_always("update_item", error="InternalServerError", when=writes_facts)
    assert describer.describe()["topic"] == "Grüße"
    assert "WebinarTable: InternalServerError" in describer.log


# ── Full ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_full_webinar_opens_when_zoom_shows_free_seats(describer: Describer) -> None:
    describer.zoom.set_webinar(WEBINAR, capacity=0)
    describer.table.mark_full(WEBINAR, describer.clock())
    assert describer.describe()["full_since"] == timestamp(describer.clock())
    assert describer.calls() == ["webinar", "questions", "list", "list"]
    describer.later(16)
    describer.zoom.set_webinar(WEBINAR, capacity=500)
    assert "full_since" not in describer.describe()
    assert "full_since" not in describer.describe()  # as the table holds it


def test_a_webinar_without_a_free_seat_stays_full(describer: Describer) -> None:
    describer.zoom.set_webinar(WEBINAR, capacity=0)
    describer.table.mark_full(WEBINAR, describer.clock())
    describer.later(24 * 60)
    assert "full_since" in describer.describe()


@pytest.mark.parametrize(
    "unreadable", [{"switches": {"total_records": "missing"}}, {"switches": {"seat_numbers": "none"}}, {"scopes": True}]
)
def test_where_zooms_numbers_say_nothing_it_is_full_for_an_hour(
    describer: Describer, unreadable: dict[str, dict[str, str]]
) -> None:
    if "scopes" in unreadable:
        describer.zoom.set_profile(
            scopes=["webinar:read:webinar:admin", "webinar:read:list_registration_questions:admin"]
        )
    else:
        describer.zoom.set_switches(**unreadable["switches"])
    describer.table.mark_full(WEBINAR, describer.clock())
    describer.later(59)
    assert "full_since" in describer.describe()
    describer.later(16)
    assert "full_since" not in describer.describe()
