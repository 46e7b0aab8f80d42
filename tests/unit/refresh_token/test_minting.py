"""A token is minted: what Zoom is asked, what the secret holds then, and who may have one when."""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl

import pytest
from registrar.zoom.token import parse_token

from tests.fakes.client import Call
from tests.unit.refresh_token.conftest import OAUTH_URL, TABLE, Refresher


def test_the_secret_holds_what_the_contract_says(refresher: Refresher) -> None:
    assert refresher.invoke() == {"minted": True, "why": None}

    token = refresher.token
    assert token is not None
    assert token.keys() == {"access_token", "expires_at", "api_url"}
    assert token["expires_at"] == "2026-11-23T15:00:00Z"  # an hour after the fake clock's beginning
    assert datetime.fromisoformat(token["expires_at"]).timestamp() == refresher.clock() + 3_600
    assert token["api_url"] == "https://api.zoom.us"
    # Zoom takes it, and the consumer reads it.
    assert token["access_token"] in refresher.zoom._state.tokens.ends
    read = parse_token(json.dumps(token), "v")
    assert read is not None
    assert (read.value, read.api_url) == (token["access_token"], "https://api.zoom.us/v2")


def test_zoom_is_asked_as_its_page_says(refresher: Refresher, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    handle = refresher.zoom.handle
    monkeypatch.setattr(refresher.zoom, "handle", lambda request: (asked.append(request), handle(request))[1])

    assert refresher.mints()

    (request,) = asked
    assert (request.method, request.path) == ("POST", OAUTH_URL.removeprefix("https://zoom.us"))
    assert request.query == {}
    assert base64.b64decode(request.headers["authorization"].removeprefix("Basic ")) == b"fake-client:fake-secret"
    assert request.content_type == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(request.body.decode())) == {"grant_type": "account_credentials", "account_id": "fake-account"}


def test_a_regional_api_url_is_written_down_and_a_missing_one_is_not(refresher: Refresher) -> None:
    refresher.zoom.set_profile(api_url="https://api-eu.zoom.us")
    assert refresher.mints()
    assert (refresher.token or {})["api_url"] == "https://api-eu.zoom.us"

    for api_url in (None, 7, ""):
        answer = {"access_token": "t", "expires_in": 3600, "api_url": api_url}
        refresher.zoom.add_fault(kind="answer", status=200, body=answer)
        refresher.clock.sleep(60)
        assert refresher.mints()
        assert (refresher.token or {}).keys() == {"access_token", "expires_at"}


def test_plainly_asked_it_mints_once_a_minute_at_most(refresher: Refresher) -> None:
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
def test_the_schedule_mints_in_whatever_words_it_comes(refresher: Refresher, event: dict[str, str]) -> None:
    assert refresher.mints(event)


def test_a_refused_token_is_replaced_only_while_it_is_the_current_one(refresher: Refresher) -> None:
    refresher.mints()
    first = refresher.version
    refresher.clock.sleep(600)
    assert refresher.mints({"replaces": first})
    second = refresher.version

    refresher.clock.sleep(600)
    answer = refresher.invoke({"replaces": first})

    assert answer["minted"] is False
    assert "already replaced" in answer["why"]
    assert refresher.version == second != first


def test_a_token_that_is_missing_is_replaced_only_while_it_is_missing(refresher: Refresher) -> None:
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
def test_a_version_that_is_none_replaces_nothing(refresher: Refresher, replaces: object) -> None:
    refresher.mints()
    refresher.clock.sleep(600)

    assert not refresher.mints({"replaces": replaces})


def test_a_hand_written_token_can_be_replaced_too(refresher: Refresher) -> None:
    refresher.write_token({"access_token": "by hand"})

    assert refresher.is_asked()
    assert (refresher.token or {})["access_token"] != "by hand"


def test_everybody_who_asks_at_once_gets_one_token(refresher: Refresher) -> None:
    refresher.mints()
    refused = refresher.version
    refresher.clock.sleep(600)

    assert [refresher.mints({"replaces": refused}) for _ in range(20)] == [True] + [False] * 19
    assert refresher.mint_calls == 2


def test_while_one_mints_nobody_else_does(refresher: Refresher, open_refresher: Callable[..., Refresher]) -> None:
    """Others come in at each step of the first one's mint: they find the lease held."""
    others = open_refresher()
    others.env = others.app.Environment(
        refresher.env.settings, refresher.env.secrets, refresher.env.lease, others.env.logger
    )
    others.app.time = refresher.app.time  # type: ignore[attr-defined]
    answers = []

    def somebody_else(_params: object = None) -> None:
        answers.extend([others.mints(), others.mints({"replaces": refresher.version})])

    refresher.secrets.before_next("put_secret_value", somebody_else)
    handle = refresher.zoom.handle
    refresher.zoom.handle = lambda request: (somebody_else(), handle(request))[1]  # type: ignore[method-assign,func-returns-value]

    assert refresher.mints()
    assert answers == [False] * 4
    assert refresher.mint_calls == 1
    assert refresher.secrets.calls["put_secret_value"] == 1


def test_who_overtakes_between_the_look_and_the_lease_wins_alone(refresher: Refresher) -> None:
    """Two have seen the same version; the quicker one has minted before the slower one takes the lease."""
    refresher.mints()
    refused = refresher.version
    refresher.clock.sleep(600)
    quicker = []
    refresher.dynamodb.before_next(
        "update_item", lambda _params: quicker.append(refresher.mints({"replaces": refused}))
    )

    assert not refresher.mints({"replaces": refused})
    assert quicker == [True]
    assert refresher.mint_calls == 2


def test_the_lease_is_one_row_that_says_when(refresher: Refresher) -> None:
    refresher.mints()

    (row,) = refresher.dynamodb.rows(TABLE)
    assert row["name"] == "token_mint"
    assert row["held_until"] == 0
    assert row["plain_again_at"] == refresher.clock() + 60


def test_who_was_killed_on_the_way_leaves_a_lease_that_ends_but_not_within_the_minute(refresher: Refresher) -> None:
    class Killed(BaseException):
        pass

    for step in ("before the token is written", "before it is noted"):
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
    # The first is the test's own look at the version.
    assert names == ["get_secret_value"] * 3 + ["put_secret_value"]
    assert [call.operation for call in refresher.dynamodb.requests] == ["update_item"] * 2
