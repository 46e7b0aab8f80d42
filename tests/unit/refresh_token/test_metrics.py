"""Metrics: the token's age and failed mints, without any secret."""

import pytest
from credentials import CredentialsError

from local.reporting.metrics import read
from tests.unit.refresh_token.conftest import CREDENTIALS, Refresher

EMPTY = {"account_id": "", "client_id": "", "client_secret": ""}


def emitted(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    return {one.name: value for one in read(capsys.readouterr().out.splitlines()) for value in one.values}


def test_a_minted_token_has_age_zero(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.mints()
    assert emitted(capsys) == {"RefreshFailures": 0, "TokenAge": 0}


def test_without_a_mint_the_current_tokens_age_is_emitted(
    refresher: Refresher, capsys: pytest.CaptureFixture[str]
) -> None:
    refresher.mints()
    capsys.readouterr()
    refresher.clock.sleep(40)
    assert not refresher.mints()
    assert emitted(capsys)["TokenAge"] == pytest.approx(40, abs=1)


def test_a_failed_mint_emits_the_growing_age(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.mints()
    capsys.readouterr()
    refresher.set_credentials({**CREDENTIALS, "client_id": ""})
    refresher.clock.sleep(3_600)
    with pytest.raises(CredentialsError):
        refresher.invoke()
    metrics = emitted(capsys)
    assert metrics["RefreshFailures"] == 1
    assert metrics["TokenAge"] == pytest.approx(3_600, abs=1)


def test_before_the_first_token_there_is_no_age(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.set_credentials({**CREDENTIALS, "client_id": ""})
    with pytest.raises(CredentialsError):
        refresher.invoke()
    assert emitted(capsys) == {"RefreshFailures": 1}


def test_a_manually_written_token_has_no_age(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.set_credentials(EMPTY)
    refresher.write_token({"access_token": "manual"})
    refresher.clock.sleep(36_000)
    refresher.mints()
    assert emitted(capsys) == {"RefreshFailures": 0}


def test_an_unknown_age_does_not_hide_the_error(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.mints()
    refresher.set_credentials({**CREDENTIALS, "client_id": ""})
    capsys.readouterr()
    token = refresher.token_arn
    refresher.secrets.fail_always(
        "get_secret_value", error="InternalServiceError", when=lambda params: params["SecretId"] == token
    )
    with pytest.raises(CredentialsError):
        refresher.invoke()
    assert emitted(capsys) == {"RefreshFailures": 1}
    assert "InternalServiceError" in refresher.log


def test_the_lines_have_no_secret(refresher: Refresher, capsys: pytest.CaptureFixture[str]) -> None:
    refresher.mints()
    refresher.clock.sleep(120)
    refresher.replaces()
    printed = capsys.readouterr().out
    assert printed
    secrets = [*CREDENTIALS.values(), (refresher.token or {})["access_token"]]
    assert not any(secret in printed for secret in secrets)
