"""Minting: the request to Zoom, the secret's new value, and when a mint is allowed."""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl

import pytest
from mint import CredentialsRefused
from registrar.zoom.token import MINT_FAILED, parse_token

from tests.fakes.client import Call
from tests.unit.refresh_token.conftest import CREDENTIALS, OAUTH_URL, TABLE, Refresher


def test_the_secret_has_the_contracts_form(refresher: Refresher) -> None:
    assert refresher.invoke() == {"minted": True, "why": None}

    token = refresher.token
    assert token is not None
    assert token.keys() == {"access_token", "expires_at", "api_url"}
    assert token["expires_at"] == "2026-11-23T15:00:00Z"  # an hour after the fake clock's start
    assert datetime.fromisoformat(token["expires_at"]).timestamp() == refresher.clock() + 3_600
    assert token["api_url"] == "https://api.zoom.us"
    # Zoom accepts it, and the consumer can parse it.
    assert token["access_token"] in refresher.zoom._state.tokens.ends
    read = parse_token(json.dumps(token), "v")
    assert (read.value, read.api_url) == (token["access_token"], "https://api.zoom.us/v2")


def test_the_request_is_as_zoom_documents_it(refresher: Refresher, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = []
    handle = refresher.zoom.handle
    monkeypatch.setattr(refresher.zoom, "handle", lambda request: (requests.append(request), handle(request))[1])

    assert refresher.mints()

    (request,) = requests
    assert (request.method, request.path) == ("POST", OAUTH_URL.removeprefix("https://zoom.us"))
    assert request.query == {}
    assert base64.b64decode(request.headers["authorization"].removeprefix("Basic ")) == b"fake-client:fake-secret"
    assert request.content_type == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(request.body.decode())) == {"grant_type": "account_credentials", "account_id": "fake-account"}


def test_a_regional_api_url_is_stored_and_a_missing_one_is_not(refresher: Refresher) -> None:
    refresher.zoom.set_profile(api_url="https://api-eu.zoom.us")
    assert refresher.mints()
    assert (refresher.token or {})["api_url"] == "https://api-eu.zoom.us"

    for api_url in (None, 7, ""):
        body = {"access_token": "t", "expires_in": 3600, "api_url": api_url}
        refresher.zoom.add_fault(kind="answer", status=200, body=body)
        refresher.clock.sleep(60)
        assert refresher.mints()
        assert (refresher.token or {}).keys() == {"access_token", "expires_at"}


def test_at_most_one_token_is_minted_per_minute(refresher: Refresher) -> None:
    refresher.clock.sleep(0.9)  # not on a whole second

    assert refresher.mints()
    refresher.clock.sleep(0.05)
    assert not refresher.mints()
    refresher.clock.sleep(59.9)
    assert not refresher.mints()
    refresher.clock.sleep(0.1)
    assert refresher.mints()
    assert refresher.mint_calls == 2


@pytest.mark.parametrize("event", [{}, {"version": "0", "detail-type": "Scheduled Event", "source": "aws.scheduler"}])
def test_any_event_of_the_schedule_mints(refresher: Refresher, event: dict[str, str]) -> None:
    assert refresher.mints(event)


def test_a_refused_token_is_replaced_only_while_it_is_the_current_one(refresher: Refresher) -> None:
    refresher.mints()
    first = refresher.version
    refresher.clock.sleep(600)
    assert refresher.mints({"replaces": first})
    second = refresher.version

    refresher.clock.sleep(600)
    result = refresher.invoke({"replaces": first})

    assert result["minted"] is False
    assert "already replaced" in result["why"]
    assert refresher.version == second != first


def test_a_missing_token_is_minted_only_while_it_is_missing(refresher: Refresher) -> None:
    assert refresher.mints({"replaces": None})

    refresher.clock.sleep(600)

    assert not refresher.mints({"replaces": None})
    assert refresher.mint_calls == 1


@pytest.mark.parametrize("value", ["", "   ", "no JSON", "[]", "{}", '{"access_token": ""}', '{"access_token": 7}'])
def test_a_value_without_a_token_in_it_counts_as_missing(refresher: Refresher, value: str) -> None:
    if value:
        refresher.write_token(value)

    assert not refresher.mints({"replaces": "some-version"})
    assert refresher.mints({"replaces": None})


@pytest.mark.parametrize("replaces", [17, True, [], {}, "", "v" * 5_000])
def test_an_invalid_version_replaces_nothing(refresher: Refresher, replaces: object) -> None:
    refresher.mints()
    refresher.clock.sleep(600)

    assert not refresher.mints({"replaces": replaces})


def test_a_manually_written_token_can_be_replaced(refresher: Refresher) -> None:
    refresher.write_token({"access_token": "manual"})

    assert refresher.replaces()
    assert (refresher.token or {})["access_token"] != "manual"


def test_concurrent_requests_mint_one_token(refresher: Refresher) -> None:
    refresher.mints()
    refused = refresher.version
    refresher.clock.sleep(600)

    assert [refresher.mints({"replaces": refused}) for _ in range(20)] == [True] + [False] * 19
    assert refresher.mint_calls == 2


def test_no_other_environment_mints_during_a_mint(
    refresher: Refresher, open_refresher: Callable[..., Refresher]
) -> None:
    """Other environments invoked at each step of the mint find the lease taken."""
    other = open_refresher()
    other.env = other.app.Environment(
        refresher.env.settings, refresher.env.secrets, refresher.env.lease, other.env.logger
    )
    other.app.time = refresher.app.time  # type: ignore[attr-defined]
    results = []

    def invoke_other(_params: object = None) -> None:
        results.extend([other.mints(), other.mints({"replaces": refresher.version})])

    refresher.secrets.before_next("put_secret_value", invoke_other)
    handle = refresher.zoom.handle
    refresher.zoom.handle = lambda request: (invoke_other(), handle(request))[1]  # type: ignore[method-assign,func-returns-value]

    assert refresher.mints()
    assert results == [False] * 4
    assert refresher.mint_calls == 1
    assert refresher.secrets.calls["put_secret_value"] == 1


def test_a_mint_between_reading_the_version_and_taking_the_lease_is_the_only_one(refresher: Refresher) -> None:
    """Two environments read the same version; one mints before the other takes the lease."""
    refresher.mints()
    refused = refresher.version
    refresher.clock.sleep(600)
    first = []
    refresher.dynamodb.before_next("update_item", lambda _params: first.append(refresher.mints({"replaces": refused})))

    assert not refresher.mints({"replaces": refused})
    assert first == [True]
    assert refresher.mint_calls == 2


def test_for_a_minute_after_a_failed_mint_the_reason_is_told_again_without_a_call(refresher: Refresher) -> None:
    refresher.set_credentials({"account_id": "a", "client_id": "b", "client_secret": "wrong"})
    with pytest.raises(CredentialsRefused) as refused:
        refresher.invoke()
    calls = refresher.mint_calls

    answers = [refresher.invoke()["why"], refresher.invoke({"replaces": None})["why"]]

    assert answers == [f"{MINT_FAILED}{refused.value}"] * 2
    assert refresher.mint_calls == calls


def test_after_a_mint_an_earlier_failure_is_history(refresher: Refresher) -> None:
    refresher.set_credentials({"account_id": "a", "client_id": "b", "client_secret": "wrong"})
    with pytest.raises(CredentialsRefused):
        refresher.invoke()
    refresher.clock.sleep(61)
    refresher.set_credentials(CREDENTIALS)
    assert refresher.mints()

    assert "failed" not in refresher.invoke()["why"]


def test_the_lease_is_one_row_with_the_next_allowed_time(refresher: Refresher) -> None:
    refresher.mints()

    (row,) = refresher.dynamodb.rows(TABLE)
    assert row["name"] == "token_mint"
    assert row["held_until"] == 0
    assert row["plain_again_at"] == refresher.clock() + 60


def test_lambda_s_first_retry_after_a_failure_may_mint(refresher: Refresher) -> None:
    """Refused, it would end without an error, and Lambda would not retry again."""
    for allowed, seconds in ((False, 49), (True, 50), (True, 59)):
        refresher.secrets.fail_next("put_secret_value", "InternalServiceError")
        with pytest.raises(Exception, match="InternalServiceError"):
            refresher.invoke()
        refresher.clock.sleep(seconds)
        assert refresher.mints() == allowed
        refresher.clock.sleep(600)


def test_the_lease_of_a_killed_invocation_expires_after_a_minute(refresher: Refresher) -> None:
    class Killed(BaseException):
        pass

    for step in ("before the token is written", "before the lease is released"):
        if step == "before the token is written":
            refresher.secrets.fail_next("put_secret_value", Killed())
        else:
            refresher.dynamodb.fail_next("update_item", Killed(), when=lambda call: "ConditionExpression" not in call)
        with pytest.raises(Killed):
            refresher.invoke()
        refresher.clock.sleep(59)
        assert not refresher.mints()
        refresher.clock.sleep(2)
        assert refresher.mints()
        refresher.clock.sleep(600)


def test_calls_are_few(refresher: Refresher) -> None:
    refresher.mints()
    refresher.clock.sleep(60)
    refresher.secrets.requests.clear()
    refresher.dynamodb.requests.clear()

    refresher.mints({"replaces": refresher.version})

    names = [call.operation for call in refresher.secrets.requests if isinstance(call, Call)]
    # The first is the test's own read of the version.
    assert names == ["get_secret_value"] * 3 + ["put_secret_value"]
    assert [call.operation for call in refresher.dynamodb.requests] == ["update_item"] * 2


@pytest.mark.parametrize(
    "event", [{"key1": "value1", "key2": "value2", "key3": "value3"}, {"source": "aws.events", "detail": {}}], ids=str
)
def test_a_test_event_of_the_console_mints_as_an_empty_one_does(refresher: Refresher, event: dict[str, object]) -> None:
    assert refresher.invoke(event) == {"minted": True, "why": None}
    assert not refresher.mints(event), "at most once a minute"
