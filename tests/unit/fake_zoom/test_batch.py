"""The batch call of the fake: refusals because of the webinar or the body, and successful batches."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.fake_zoom.exchange import Request
from local.fake_zoom.schemas import SCHEMAS, _is_valid_batch, _validator
from tests.unit.fake_zoom.caller import WEBINAR, Caller, batch_of, read

PATH = f"/v2/webinars/{WEBINAR}/batch_registrants"
REGISTRANT = {"email": "ada@example.com", "first_name": "Ada"}


@pytest.mark.parametrize(
    ("properties", "status", "code", "words"),
    [
        ({"licensed": False}, 400, 200, "Webinar plan is missing."),
        ({"type": 9}, 400, 300, "This API can only be used for scheduled webinars"),
        ({"type": 6}, 400, 300, "This API can only be used for scheduled webinars"),
        ({"approval_type": 2}, 400, 3000, "Registration not enabled"),
        ({"paid": True}, 400, 3000, "does not support paid registration"),
        ({"start_time": "2026-11-23T06:00:00Z"}, 400, 3038, "The webinar is over."),
        ({"capacity": 0}, 404, 3043, "Webinar has reached maximum attendee capacity."),
        ({"registrants_restrict_number": 1, "capacity": 0}, 404, 3043, "maximum attendee capacity"),
        ({"host_email": "Ada@Example.com"}, 400, 3027, "Host can not register"),
        ({"alternative_hosts": ["ada@example.com"]}, 400, 3027, "Host can not register"),
        ({"blocked_domains": ["example.com"]}, 400, 3034, "please input your work email address"),
        ({"refused_emails": ["ada@example.com"]}, 400, 300, "Validation Failed."),
    ],
)
def test_a_webinar_that_accepts_no_registrant_refuses_the_batch(
    zoom: Caller, properties: dict[str, object], status: int, code: int, words: str
) -> None:
    zoom.account.set_webinar(WEBINAR, **properties)

    response = zoom.batch("ada@example.com")

    assert (response.status, response.code) == (status, code)
    assert words in response.content["message"]
    assert zoom.registered() == set()


@pytest.mark.parametrize(
    ("webinar", "status", "code"), [("12345678901", 404, 3001), ("none", 400, 300), ("%2E%2E", 400, 300)]
)
def test_an_unknown_or_invalid_webinar_id_is_refused(zoom: Caller, webinar: str, status: int, code: int) -> None:
    response = zoom.batch("ada@example.com", webinar=webinar)

    assert (response.status, response.code) == (status, code)


def test_a_full_account_refuses_new_registrants(zoom: Caller) -> None:
    zoom.account.set_profile(attendee_limit=1)
    assert zoom.batch("ada@example.com").status == 201

    response = zoom.batch("ada@example.com", "grace@example.com")

    assert (response.status, response.code) == (400, 3000)
    assert "reached the limit for the number of attendees" in response.content["message"]
    assert zoom.batch("ada@example.com").status == 201


def test_more_than_thirty_registrants_are_refused_and_logged(zoom: Caller) -> None:
    response = zoom.batch(*(f"p{number}@example.com" for number in range(31)))

    assert (response.status, response.code) == (400, 300)
    assert response.content["errors"][0]["field"] == "registrants"
    (call,) = zoom.account.calls()
    assert call.registrants == 31
    assert call.violations == ("registrants: Invalid field: maxItems 30.",)


@pytest.mark.parametrize(
    "content",
    [
        {"registrants": []},
        {"registrants": [{**REGISTRANT, "custom_questions": []}]},
        {"registrants": [{**REGISTRANT, "language": "en-US"}]},
        {"registrants": [{**REGISTRANT, "first_name": 7}]},
        {"registrants": [{**REGISTRANT, "last_name": None}]},
        {"registrants": ["ada@example.com"]},
        {"registrants": REGISTRANT},
        {"registrants": [REGISTRANT], "auto_approve": "true"},
        {"registrants": [REGISTRANT], "registrants_confirmation_email": True},
        {},
    ],
)
def test_a_body_of_another_shape_is_refused_and_logged(zoom: Caller, content: object) -> None:
    zoom.account.set_switches(bad_item="left_out")

    response = zoom.request("POST", PATH, content)

    assert (response.status, response.code, response.content["message"]) == (400, 300, "Validation Failed.")
    assert zoom.account.calls()[0].violations
    assert zoom.registered() == set()


@pytest.mark.parametrize(
    "entry",
    [
        {"email": "ada@example.com"},
        {"email": "ada@example.com", "first_name": ""},
        {"email": "ada@example.com", "first_name": "A" * 65},
        {"email": "a" * 117 + "@example.com", "first_name": "Ada"},
    ],
)
def test_invalid_data_is_refused_and_logged(zoom: Caller, entry: dict[str, str]) -> None:
    response = zoom.request("POST", PATH, {"registrants": [entry]})

    assert (response.status, response.code) == (400, 300)
    assert response.content["errors"][0]["field"].startswith("registrants[0].")
    assert zoom.account.calls()[0].violations


def test_every_missing_field_is_logged_once(zoom: Caller) -> None:
    response = zoom.request("POST", PATH, {"registrants": [{"last_name": "Lovelace"}]})

    assert response.content["errors"][0]["field"] == "registrants[0].email"
    assert zoom.account.calls()[0].violations == (
        "registrants.0.email: Missing field.",
        "registrants.0.first_name: Missing field.",
    )


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_refused_and_logged(zoom: Caller, kind: str) -> None:
    headers = {"Authorization": f"Bearer {zoom.token}", "Content-Type": kind}
    body = json.dumps(batch_of("ada@example.com")).encode()

    response = read(zoom.account.handle(Request.to("POST", PATH, headers, body)))

    assert response.status == 415
    assert zoom.account.calls()[0].violations[0].startswith("content type")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_body_that_is_not_an_object_is_refused(zoom: Caller, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {zoom.token}", "Content-Type": "application/json"}

    assert read(zoom.account.handle(Request.to("POST", PATH, headers, body))).status == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/v2/meetings/1/batch_registrants", 404), ("DELETE", PATH, 405), ("GET", "/", 404)],
)
def test_an_unknown_endpoint_is_refused_and_logged(zoom: Caller, method: str, path: str, status: int) -> None:
    response = zoom.request(method, path)

    assert response.status == status
    assert zoom.account.calls()[0].call == "unknown"
    assert zoom.account.calls()[0].violations


@pytest.mark.parametrize("name", ["Ada", "", "A" * 64, "A" * 65, 7, None])
@pytest.mark.parametrize("email", ["ada@example.com", "a" * 128, "a" * 129, None])
@pytest.mark.parametrize("more", [{}, {"last_name": "L" * 64}, {"last_name": "L" * 65}, {"source": "x"}])
def test_the_quick_check_and_the_schema_agree(name: object, email: object, more: dict[str, object]) -> None:
    content = {"registrants": [{"email": email, "first_name": name, **more}]}
    (batch,) = (call for call in SCHEMAS if call.value == "batch")

    assert _is_valid_batch(content, 30) == _validator(batch, 30).is_valid(content)


def test_a_batch_is_registered(zoom: Caller) -> None:
    response = zoom.batch("ada@example.com", "grace@example.com", auto_approve=True)

    assert response.status == 201
    assert response.emails == ["ada@example.com", "grace@example.com"]
    assert set(response.content["registrants"][0]) == {"registrant_id", "email", "join_url"}
    assert response.content["registrants"][0]["join_url"].startswith(f" https://zoom.us/w/{WEBINAR}?tk=")
    assert zoom.registered() == {"ada@example.com", "grace@example.com"}
    assert "x-zm-trackingid" in response.headers


def test_a_repeat_returns_the_existing_registrant(zoom: Caller) -> None:
    first = zoom.batch("ada@example.com")
    again = zoom.batch("ADA@example.com")

    assert again.content["registrants"][0]["join_url"] == first.content["registrants"][0]["join_url"]
    assert len(zoom.registered()) == 1


def test_thirty_registrants_are_accepted_and_logged(zoom: Caller) -> None:
    emails = [f"p{number}@example.com" for number in range(30)]

    response = zoom.batch(*emails)

    (call,) = zoom.account.calls()
    assert response.emails == emails
    assert (call.call, call.webinar, call.registrants, call.status) == ("batch", WEBINAR, 30, 201)
    assert call.emails == tuple(emails)
    assert call.tracking_id == response.headers["x-zm-trackingid"]
    assert call.violations == ()
    assert zoom.account.highest_attempts() == 1


def test_an_account_is_thread_safe(zoom: Caller) -> None:
    zoom.seconds_per_call = 0
    zoom.account.set_limits(heavy_per_second=150)

    with ThreadPoolExecutor(8) as threads:
        response = list(threads.map(lambda number: zoom.batch(f"p{number}@example.com"), range(200)))

    statuses = Counter(one.status for one in response)
    assert statuses == {201: 150, 429: 50}
    assert len(zoom.registered()) == 150
    assert len({one.headers["x-zm-trackingid"] for one in response}) == 200


@pytest.mark.parametrize(("auto_approve", "confirmed"), [(True, True), (False, False), (None, False)])
def test_auto_approve_matters_where_approval_is_manual(
    zoom: Caller, auto_approve: bool | None, confirmed: bool
) -> None:
    zoom.account.set_webinar(WEBINAR, approval_type=1)
    more: dict[str, Any] = {} if auto_approve is None else {"auto_approve": auto_approve}

    response = zoom.batch("ada@example.com", **more)

    assert ("join_url" in response.content["registrants"][0]) == confirmed


def test_auto_approve_false_does_not_prevent_automatic_approval(zoom: Caller) -> None:
    assert "join_url" in zoom.batch("ada@example.com", auto_approve=False).content["registrants"][0]
