"""The other calls of the fake: single registrant, listing, webinar, questions, status changes."""

from typing import Any

import pytest

from tests.unit.fake_zoom.caller import WEBINAR, Caller

ADA, GRACE = "ada@example.com", "grace@example.com"


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"host_email": ADA}, 3027),
        ({"blocked_domains": ["example.com"]}, 3034),
        ({"refused_emails": [ADA]}, 300),
        ({"capacity": 0}, 3035),
        ({"approval_type": 2}, 3000),
    ],
)
def test_the_single_call_refuses_a_registrant(zoom: Caller, properties: dict[str, object], code: int) -> None:
    zoom.account.set_webinar(WEBINAR, **properties)

    response = zoom.single(ADA)

    assert (response.status, response.code) == (400, code)
    assert zoom.registered() == set()


@pytest.mark.parametrize(
    "more",
    [{"auto_approve": True}, {"first_name": ""}, {"custom_questions": [{"title": "T", "value": "v" * 129}]}],
)
def test_the_single_call_accepts_only_published_fields(zoom: Caller, more: dict[str, Any]) -> None:
    assert zoom.single(ADA, **more).code == 300
    assert zoom.account.calls()[0].violations


def test_the_single_call_registers_for_any_type_of_webinar(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, type=9, topic="Engines")

    response = zoom.single(ADA, city="London", custom_questions=[{"title": "T", "value": "v"}])

    assert response.status == 201
    assert set(response.content) == {"id", "registrant_id", "topic", "start_time", "join_url"}
    assert (response.content["id"], response.content["topic"]) == (int(WEBINAR), "Engines")
    assert zoom.single(ADA).content["registrant_id"] == response.content["registrant_id"]


def test_the_single_call_leaves_approval_to_the_host(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, approval_type=1)

    assert "join_url" not in zoom.single(ADA).content
    zoom.change_status("approve", ADA)
    assert "join_url" in zoom.single(ADA).content


@pytest.mark.parametrize("query", ["?page_size=301", "?page_size=0", "?page_size=x", "?status=cancelled"])
def test_an_invalid_listing_is_refused(zoom: Caller, query: str) -> None:
    assert zoom.listed(query).code == 300


@pytest.mark.parametrize("token", ["nonsense!", "bm9uc2Vuc2U=", "cGVuZGluZyAw"])
def test_an_invalid_page_token_is_refused(zoom: Caller, token: str) -> None:
    response = zoom.listed(f"?next_page_token={token}")

    assert response.content["message"] == "The next page token is invalid or expired."


def test_the_listing_has_pages(zoom: Caller) -> None:
    emails = [f"p{number:02}@example.com" for number in range(25)]
    zoom.batch(*emails)
    listed: list[str] = []
    token = ""
    for size in (10, 10, 5):
        page = zoom.listed(f"?page_size=10&next_page_token={token}").content
        assert (page["total_records"], len(page["registrants"])) == (25, size)
        listed += [entry["email"] for entry in page["registrants"]]
        token = page["next_page_token"]

    assert token == ""
    assert listed == emails


def test_the_listing_filters_by_status(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, approval_type=1)
    zoom.batch(ADA, GRACE)
    zoom.change_status("approve", GRACE)

    (pending,) = zoom.listed("?status=pending").content["registrants"]
    (approved,) = zoom.listed().content["registrants"]

    assert (pending["email"], pending["status"], "join_url" in pending) == (ADA, "pending", False)
    assert (approved["email"], approved["create_time"]) == (GRACE, "2026-11-23T08:00:01Z")
    assert approved["join_url"].startswith(" https://")
    assert zoom.listed("?status=denied").content["registrants"] == []


def test_a_host_denies_and_cancels(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, capacity=2)
    zoom.batch(ADA, GRACE)

    assert zoom.change_status("deny", ADA).status == 204
    assert zoom.change_status("cancel", GRACE).status == 204

    assert [entry["email"] for entry in zoom.listed("?status=denied").content["registrants"]] == [ADA]
    assert zoom.listed().content["registrants"] == []
    assert zoom.batch(GRACE, "mary@example.com").status == 201  # both seats are free again


@pytest.mark.parametrize(("action", "email", "status"), [("ban", ADA, 400), ("deny", GRACE, 404)])
def test_an_invalid_status_change_is_refused(zoom: Caller, action: str, email: str, status: int) -> None:
    zoom.batch(ADA)

    assert zoom.change_status(action, email).status == status


def test_the_webinar_is_read(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, approval_type=1, alternative_hosts=["a@example.com", "b@example.com"])

    response = zoom.request("GET", f"/v2/webinars/{WEBINAR}")

    assert response.headers["X-RateLimit-Category"] == "Light"
    assert (response.content["id"], response.content["type"]) == (int(WEBINAR), 5)
    assert response.content["host_email"] == "host@example.com"
    assert response.content["settings"] == {
        "approval_type": 1,
        "alternative_hosts": "a@example.com,b@example.com",
        "registrants_restrict_number": 0,
        "registrants_email_notification": True,
        "registrants_confirmation_email": True,
    }


def test_the_questions_are_read(zoom: Caller) -> None:
    zoom.account.set_webinar(WEBINAR, required_questions=["city"])

    response = zoom.request("GET", f"/v2/webinars/{WEBINAR}/registrants/questions")

    assert response.content["questions"] == [{"field_name": "city", "required": True}]
