"""What became of a submission: truthful in every state, and without personal data."""

import json
from typing import Any

import pytest
from registrar.registrants.registrant import Key
from registrar.registrants.row import Row, timestamp
from registrar.storage.submission_table import Sent, Submission, SubmissionTable
from registrar.zoom.webinar_facts import WebinarFacts

from tests.unit.registration_page.conftest import HTML, WEBINAR, Site

ID = "0b0c1d2e-3f40-4152-8364-75869708a9ba"
EMAIL = "canary.bird@example.com"
OTHER = "97871060100"
JOIN_URL = "https://zoom.us/w/97871060099?tk=secret"
MINUTE = 60


def submit(site: Site, **changes: Any) -> None:
    submission = {"submission_id": ID, "submitted_at": timestamp(site.clock()), "key": Key(WEBINAR, EMAIL)} | changes
    SubmissionTable(site.dynamodb.client, "Submissions", site.clock).write(Submission(**submission))


def put_row(site: Site, status: str, webinar_id: str = WEBINAR, **attributes: Any) -> None:
    row = Row(
        **{"status": status, "updated_at": timestamp(site.clock()), "first_name": "Zaphira", "join_url": JOIN_URL}
        | attributes
    )
    key = {"webinar_id": {"S": webinar_id}, "email": {"S": EMAIL}}
    site.dynamodb.put_item(TableName="Registrants", Item=key | row.to_item())


def settle(site: Site, status: str, **attributes: Any) -> None:
    """Let the consumer settle the submission, a moment after it was made."""
    submit(site)
    submitted_at = timestamp(site.clock())
    site.clock.sleep(3)
    put_row(site, status, submission_id=ID, submitted_at=submitted_at, **attributes)


def status_of(site: Site) -> dict[str, Any]:
    reply = site.status(ID)
    assert reply.status == 200
    content: dict[str, Any] = reply.content
    assert content.pop("submission_id") == ID
    return content


QUEUED = {"status": "queued"}


# ── Unknown ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "submission_id",
    ["x", ID.upper(), f"{ID}0", ID.replace("-", ""), "../../webinars", "%3Cscript%3E", "a" * 10_000, ""],
)
@pytest.mark.parametrize("accept", ["application/json", HTML])
def test_what_is_no_id_is_not_looked_up(site: Site, submission_id: str, accept: str) -> None:
    reply = site.status(submission_id, accept)
    assert reply.status == 404
    assert "<script>" not in reply.text
    assert site.calls() == []


def test_an_unknown_submission(site: Site) -> None:
    reply = site.status(ID)
    assert (reply.status, reply.content.keys()) == (404, {"message"})
    page = site.status(ID, HTML, language="de")
    assert (page.status, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert 'lang="de"' in page.text
    assert site.calls() == ["get_item", "get_item"]


@pytest.mark.parametrize("accept", ["application/json", HTML])
@pytest.mark.parametrize("operation", ["get_item", "batch_get_item"])
def test_a_table_that_cannot_be_read(site: Site, operation: str, accept: str) -> None:
    submit(site)
    site.dynamodb.unreachable(operation)
    reply = site.status(ID, accept)
    assert (reply.status, reply.headers["retry-after"]) == (503, "5")
    assert reply.headers["content-type"].startswith("text/html" if accept == HTML else "application/json")
    assert site.log_lines[-1]["message"] == "Status not read"


# ── Every state ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_submission_is_known_as_soon_as_it_is_answered(site: Site) -> None:
    site.dynamodb.stale_reads()
    submit(site)
    assert status_of(site) == QUEUED


@pytest.mark.parametrize("hours", [0, 5, 100])
def test_it_is_queued_until_the_consumer_has_settled_it(site: Site, hours: int) -> None:
    submit(site)
    site.clock.sleep(hours * 3_600)
    assert status_of(site) == QUEUED


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"status": "registered"}, {"status": "registered"}),
        ({"status": "pending_approval"}, {"status": "pending_approval"}),
        # What is left of an earlier state is not told.
        (
            {"status": "registered", "reason": "zoom_unavailable", "deferred_until": "2026-11-23T13:00:00Z"},
            {"status": "registered"},
        ),
        ({"status": "rejected", "reason": "webinar_full"}, {"status": "rejected", "reason": "webinar_full"}),
        (
            {"status": "deferred", "reason": "zoom_unavailable", "deferred_until": "2026-11-23T13:00:00Z"},
            {"status": "deferred", "reason": "zoom_unavailable", "deferred_until": "2026-11-23T13:00:00Z"},
        ),
    ],
)
def test_it_is_what_the_row_says(site: Site, row: dict[str, str], answer: dict[str, str]) -> None:
    settle(site, **row, detail=f"Zoom says something of {EMAIL}")
    site.calls()
    assert status_of(site) == answer
    assert site.calls() == ["get_item", "batch_get_item"]


def test_what_no_registrant_can_be_made_of_is_rejected(site: Site) -> None:
    table = SubmissionTable(site.dynamodb.client, "Submissions", site.clock)
    table.claim(Submission(ID, timestamp(site.clock()), None))
    table.mark(ID, Sent.SET_ASIDE)
    assert status_of(site) == {"status": "rejected", "reason": "unmapped_form"}
    assert site.status(ID, HTML).status == 200


# ── Other submissions of the same person ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", ["registered", "pending_approval", "rejected", "deferred"])
def test_an_earlier_registration_says_nothing(site: Site, status: str) -> None:
    put_row(site, status, submission_id="other", submitted_at=timestamp(site.clock() - 1))
    site.clock.sleep(MINUTE)
    submit(site)
    assert status_of(site) == QUEUED


def test_someone_registered_is_registered_once_the_consumer_says_so_again(site: Site) -> None:
    put_row(site, "registered", submission_id="other", last_submitted_at=timestamp(site.clock() + MINUTE - 1))
    site.clock.sleep(MINUTE)
    submit(site)
    assert status_of(site) == QUEUED
    before = timestamp(site.clock() - MINUTE)
    put_row(site, "registered", submission_id="other", updated_at=before, last_submitted_at=timestamp(site.clock()))
    assert status_of(site) == {"status": "registered"}


def test_a_later_submission_of_the_same_person_says_what_became_of_both(site: Site) -> None:
    submit(site)
    site.clock.sleep(1)
    put_row(site, "rejected", reason="webinar_over", submission_id="other", submitted_at=timestamp(site.clock()))
    assert status_of(site) == {"status": "rejected", "reason": "webinar_over"}


def test_an_attempt_counted_in_an_earlier_row_settles_nothing(site: Site) -> None:
    earlier = timestamp(site.clock() - MINUTE)
    submit(site)
    site.clock.sleep(1)
    # The consumer has counted an attempt for this submission, in the row that rejected an earlier one.
    put_row(site, "rejected", reason="webinar_full", submission_id="other", submitted_at=earlier)
    assert status_of(site) == QUEUED


# ── Corrected by an operator ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_corrected_submission_is_followed_to_its_webinar(site: Site) -> None:
    settle(site, "rejected", reason="webinar_not_found", corrected_to=OTHER)
    assert status_of(site) == QUEUED
    put_row(site, "registered", OTHER, submission_id=ID)
    assert status_of(site) == {"status": "registered"}


def test_a_registration_there_from_before_says_nothing(site: Site) -> None:
    put_row(site, "registered", OTHER, submission_id="other", submitted_at=timestamp(site.clock()))
    site.clock.sleep(MINUTE)
    settle(site, "rejected", reason="webinar_not_found", corrected_to=OTHER)
    assert status_of(site) == QUEUED


def test_what_was_corrected_to_another_address_is_under_way(site: Site) -> None:
    settle(site, "rejected", reason="email_not_allowed", corrected_to=WEBINAR)
    assert status_of(site) == QUEUED


def test_corrections_in_a_circle_end(site: Site) -> None:
    settle(site, "rejected", corrected_to=OTHER)
    put_row(site, "rejected", OTHER, submission_id=ID, corrected_to=WEBINAR)
    assert status_of(site) == QUEUED


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", ["registered", "pending_approval", "rejected", "deferred"])
@pytest.mark.parametrize("accept", ["application/json", HTML])
def test_no_answer_holds_personal_data(site: Site, status: str, accept: str) -> None:
    site.know(topic="Grüße")
    settle(site, status, reason="zoom_rejected", detail=f"Zoom names {EMAIL}")
    reply = site.status(ID, accept)
    for secret in (EMAIL, "canary", "Zaphira", JOIN_URL, "tk="):
        assert secret not in reply.text
        assert secret not in json.dumps(reply.headers)
        assert secret not in site.log


def test_the_page_names_the_webinar_and_leads_back_to_it(site: Site) -> None:
    site.know(topic="Grüße")
    settle(site, "registered")
    site.calls()
    reply = site.status(ID, HTML)
    assert "Grüße" in reply.text
    assert f'href="../webinars/{WEBINAR}"' in reply.text
    assert site.calls() == ["get_item", "batch_get_item", "get_item"]


def test_the_page_of_a_meetings_submission_leads_back_to_the_meeting(site: Site) -> None:
    submit(site, kind="meeting")
    assert f'href="../meetings/{WEBINAR}"' in site.status(ID, HTML).text


@pytest.mark.parametrize(
    ("sends", "sender"),
    [
        (True, "in an e-mail from Zoom."),
        (False, "in an e-mail from the organizer."),
        (None, "by e-mail, from Zoom or from the organizer."),
    ],
)
def test_the_page_says_who_sends_the_link_as_far_as_zoom_tells(site: Site, sends: bool | None, sender: str) -> None:
    site.know(host_sends_mail=sends)
    settle(site, "registered")
    assert f"Your personal join link comes {sender}" in site.status(ID, HTML).text


def test_the_page_needs_no_facts(site: Site) -> None:
    settle(site, "registered")
    assert site.status(ID, HTML).status == 200


def test_a_webinar_whose_page_nobody_has_opened_is_looked_up_for_its_name(site: Site) -> None:
    """A form of another site, or a provider's: for a program, the name is not needed."""
    settle(site, "registered")
    site.at_zoom[WEBINAR] = WebinarFacts(webinar_id=WEBINAR, topic="Grüße")
    site.calls()
    assert "Grüße" not in site.status(ID).text
    assert "invoke" not in site.calls()
    assert "Grüße" in site.status(ID, HTML).text


def test_old_facts_are_good_enough(site: Site) -> None:
    site.know(topic="Grüße")
    site.clock.sleep(86_400)
    settle(site, "registered")
    site.calls()
    assert "Grüße" in site.status(ID, HTML).text
    assert "invoke" not in site.calls()
