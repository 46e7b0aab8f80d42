"""The refresher's figures: how old the token is, and whether minting failed; no token and no credentials in them."""

import pytest
from credentials import CredentialsError

from local.reporting.metrics import read
from tests.unit.refresh_token.conftest import CREDENTIALS, Refresher

EMPTY = {"account_id": "", "client_id": "", "client_secret": ""}


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    return {one.name: value for one in read(capsys.readouterr().out.splitlines()) for value in one.values}


def test_a_minted_token_is_new(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.mints()
    assert told(capsys) == {"RefreshFailures": 0, "TokenAge": 0}


def test_a_token_that_is_left_alone_tells_its_age(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.mints()
    capsys.readouterr()
    refresher.clock.sleep(40)
    assert not refresher.mints()
    assert told(capsys)["TokenAge"] == pytest.approx(40, abs=1)


def test_a_mint_that_fails_tells_the_age_that_goes_on_growing(
    refresher: Refresher, capsys: pytest.CaptureFixture[str]
) -> None:
    refresher.mints()
    capsys.readouterr()
    refresher.set_credentials({**CREDENTIALS, "client_id": ""})
    refresher.clock.sleep(3_600)
    with pytest.raises(CredentialsError):
        refresher.invoke()
    figures = told(capsys)
    assert figures["RefreshFailures"] == 1
    assert figures["TokenAge"] == pytest.approx(3_600, abs=1)


def test_before_the_first_token_there_is_no_age(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.set_credentials({**CREDENTIALS, "client_id": ""})
    with pytest.raises(CredentialsError):
        refresher.invoke()
    assert told(capsys) == {"RefreshFailures": 1}


def test_a_token_written_by_hand_may_be_as_old_as_it_likes(
    refresher: Refresher, capsys: pytest.CaptureFixture[str]
) -> None:
    refresher.set_credentials(EMPTY)
    refresher.write_token({"access_token": "by hand"})
    refresher.clock.sleep(36_000)
    refresher.mints()
    assert told(capsys) == {"RefreshFailures": 0}


def test_an_age_that_cannot_be_asked_hides_no_error(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.mints()
    refresher.set_credentials({**CREDENTIALS, "client_id": ""})
    capsys.readouterr()
    token = refresher.token_arn
    refresher.secrets.fail_always(
        "get_secret_value", error="InternalServiceError", when=lambda params: params["SecretId"] == token
    )
    with pytest.raises(CredentialsError):
        refresher.invoke()
    assert told(capsys) == {"RefreshFailures": 1}
    assert "InternalServiceError" in refresher.log


def test_the_lines_hold_no_secret(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.mints()
    refresher.clock.sleep(120)
    refresher.is_asked()
    printed = capsys.readouterr().out
    assert printed
    secrets = [*CREDENTIALS.values(), (refresher.token or {})["access_token"]]
    assert not any(secret in printed for secret in secrets)
