"""OAuth of the fake: which requests get a token, and what a token allows and for how long."""

import base64

import pytest

from local.fake_zoom.exchange import Request
from tests.unit.fake_zoom.caller import WEBINAR, Caller, ParsedResponse, read

BASIC = base64.b64encode(b"fake-client:fake-secret").decode()
GRANT = "grant_type=account_credentials&account_id=fake-account"


def request_token(zoom: Caller, body: str = GRANT, basic: str = BASIC) -> ParsedResponse:
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    return read(zoom.account.handle(Request.to("POST", "/oauth/token", headers, body.encode())))


@pytest.mark.parametrize("basic", [base64.b64encode(b"fake-client:wrong").decode(), "not base64", "", "////"])
def test_wrong_credentials_are_refused_with_an_oauth_error(zoom: Caller, basic: str) -> None:
    response = request_token(zoom, basic=basic)

    assert response.status == 400
    assert response.content == {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}


def test_a_wrong_account_is_refused(zoom: Caller) -> None:
    response = request_token(zoom, "grant_type=account_credentials&account_id=other")

    assert (response.status, response.content["reason"]) == (400, "Account does not exist")
    assert response.content["error"] == "invalid_request"


def test_a_wrong_grant_type_is_refused(zoom: Caller) -> None:
    response = request_token(zoom, "grant_type=client_credentials&account_id=fake-account")

    assert (response.status, response.content["error"]) == (400, "unsupported_grant_type")


def test_a_call_without_a_valid_token_is_refused_and_costs_no_attempt(zoom: Caller) -> None:
    zoom.token = "nonsense"

    response = zoom.batch("ada@example.com")

    assert (response.status, response.code, response.content["message"]) == (401, 124, "Invalid access token.")
    assert zoom.account.highest_attempts() == 0
    assert zoom.registered() == set()


def test_a_token_expires(zoom: Caller) -> None:
    zoom.account.set_profile(token_seconds=60)
    zoom.token = request_token(zoom).content["access_token"]
    assert zoom.batch("ada@example.com").status == 201

    zoom.moment += 60

    assert zoom.batch("ada@example.com").content["message"] == "Access token is expired."


def test_a_revoked_token_is_refused(zoom: Caller) -> None:
    zoom.account.revoke_tokens()

    assert zoom.batch("ada@example.com").status == 401


@pytest.mark.parametrize(("ends_older", "status"), [(True, 401), (False, 201)])
def test_a_new_token_may_revoke_the_older_one(zoom: Caller, ends_older: bool, status: int) -> None:
    zoom.account.set_switches(new_token_ends_older=ends_older)

    assert request_token(zoom).status == 200

    assert zoom.batch("ada@example.com").status == status


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ("400_4711", 400, 4711),
        ("401_4711", 401, 4711),
        ("400_104", 400, 104),
        ("401_104", 401, 104),
        ("400_4700", 400, 4700),
        ("401_4700", 401, 4700),
    ],
)
def test_a_missing_scope_is_reported_and_costs_no_attempt(zoom: Caller, form: str, status: int, code: int) -> None:
    zoom.account.set_switches(scope_error=form)
    zoom.account.set_profile(scopes=["webinar:read:webinar:admin"])

    response = zoom.batch("ada@example.com")

    assert (response.status, response.code) == (status, code)
    assert "does not contain scopes:[webinar:write:batch_registrants:admin" in response.content["message"]
    assert zoom.account.highest_attempts() == 0
    assert zoom.request("GET", f"/v2/webinars/{WEBINAR}").status == 200


def test_the_classic_scope_is_enough(zoom: Caller) -> None:
    zoom.account.set_profile(scopes=["webinar:write:admin"])

    assert zoom.batch("ada@example.com").status == 201


def test_a_token_is_granted(zoom: Caller) -> None:
    zoom.account.set_profile(api_url="https://api-eu.zoom.us")

    response = request_token(zoom)

    assert response.status == 200
    assert response.content["token_type"] == "bearer"
    assert response.content["expires_in"] == 3600
    assert response.content["api_url"] == "https://api-eu.zoom.us"
    assert "webinar:write:batch_registrants:admin" in response.content["scope"].split()
    assert len(response.content["access_token"]) == 1200
    assert "x-zm-trackingid" in response.headers


def test_the_parameters_may_be_in_the_query(zoom: Caller) -> None:
    request = Request.to("POST", f"/oauth/token?{GRANT}", {"Authorization": f"Basic {BASIC}"})

    assert read(zoom.account.handle(request)).status == 200
