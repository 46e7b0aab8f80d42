"""Credentials that cannot be used: in words that name the secret and what to put there, and hold no secret."""

from typing import Any

import pytest
from credentials import Credentials, CredentialsError, read_credentials
from mint import CredentialsRefused

from tests.unit.refresh_token.conftest import CREDENTIALS, Refresher

CANARY = "s3cr3t-Kanarienvogel"
NAMES = tuple(CREDENTIALS)


def assert_tells_what_to_do(refresher: Refresher, error: BaseException) -> None:
    words = str(error)
    assert refresher.credentials_arn in words
    assert "ZoomCredentialsSecret" in words
    assert all(name in words for name in NAMES)
    assert CANARY not in words


@pytest.mark.parametrize(
    "value",
    [
        '{"account_id": "", "client_id": "", "client_secret": ""}',  # as the template leaves it
        "{}",
        " ",
        '{"account_id": null}',
        '{"comment": "later"}',
    ],
)
@pytest.mark.parametrize("event", [{}, {"replaces": None}, {"replaces": "v"}])
def test_empty_credentials_are_no_error(refresher: Refresher, value: str, event: dict[str, Any]) -> None:
    refresher.set_credentials(value)

    answer = refresher.invoke(event)

    assert answer["minted"] is False
    assert "empty" in answer["why"]
    assert refresher.mint_calls == 0
    assert not refresher.dynamodb.requests
    assert "ERROR" not in refresher.log


def test_a_secret_without_a_value_is_an_empty_one(refresher: Refresher) -> None:
    refresher.secrets.secrets[refresher.credentials_arn].versions.clear()

    assert not refresher.mints()
    assert refresher.mint_calls == 0


def test_a_hand_written_token_is_left_alone_without_credentials(refresher: Refresher) -> None:
    refresher.set_credentials({})
    refresher.write_token({"access_token": "by hand"})

    refresher.invoke()

    assert refresher.token == {"access_token": "by hand"}


@pytest.mark.parametrize("missing", NAMES)
@pytest.mark.parametrize("value", ["", "  ", None, 7, [CANARY], {"a": CANARY}, True, "absent"])
def test_what_is_partly_filled_in_names_what_is_not(refresher: Refresher, missing: str, value: Any) -> None:
    credentials: dict[str, Any] = {name: CANARY for name in NAMES if name != missing}
    if value != "absent":
        credentials[missing] = value
    refresher.set_credentials(credentials)

    with pytest.raises(CredentialsError, match=f"Of the credentials, {missing} must be filled in") as caught:
        refresher.invoke()

    assert_tells_what_to_do(refresher, caught.value)
    assert refresher.mint_calls == 0


@pytest.mark.parametrize(
    "value",
    [
        f"{CANARY}",
        f'{{"client_secret": "{CANARY}"',
        f'["{CANARY}"]',
        f'"{CANARY}"',
        "17",
        f"client_id={CANARY}",
        "[" * 60_000,
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_json_object_is_told(refresher: Refresher, value: str) -> None:
    refresher.set_credentials(value)

    with pytest.raises(CredentialsError, match=r"not (JSON|a JSON object)") as caught:
        refresher.invoke()

    assert_tells_what_to_do(refresher, caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert refresher.mint_calls == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("odd", ["abc\u2026", "\u201cabc\u201d", "abc\u200b", "a\nb", "a\x00b", "пароль"], ids=ascii)
def test_what_was_copied_badly_is_told(refresher: Refresher, name: str, odd: str) -> None:
    refresher.set_credentials({**CREDENTIALS, name: odd + CANARY})

    with pytest.raises(CredentialsError, match=f"Of the credentials, {name} cannot be") as caught:
        refresher.invoke()

    assert_tells_what_to_do(refresher, caught.value)
    assert refresher.mint_calls == 0


def test_blanks_around_are_forgiven(refresher: Refresher) -> None:
    refresher.set_credentials({name: f" {text}\n" for name, text in CREDENTIALS.items()})

    assert refresher.mints()


@pytest.mark.parametrize("wrong", NAMES)
def test_what_zoom_does_not_take_is_told_with_zooms_words(refresher: Refresher, wrong: str) -> None:
    refresher.set_credentials({**CREDENTIALS, wrong: CANARY})

    with pytest.raises(CredentialsRefused) as caught:
        refresher.invoke()

    assert isinstance(caught.value, CredentialsError)
    assert_tells_what_to_do(refresher, caught.value)
    assert ("Account does not exist" if wrong == "account_id" else "invalid_client") in str(caught.value)
    assert str(caught.value) in refresher.log.replace("\\u2026", "…")
    assert refresher.token is None


def test_the_credentials_are_not_in_their_repr(refresher: Refresher) -> None:
    credentials = read_credentials(refresher.secrets, refresher.credentials_arn)

    assert isinstance(credentials, Credentials)
    assert not any(text in repr(credentials) for text in CREDENTIALS.values())


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", "DecryptionFailure"])
def test_a_secret_that_cannot_be_read_is_an_error_and_uses_up_no_minute(refresher: Refresher, code: str) -> None:
    refresher.secrets.fail_next("get_secret_value", code)

    with pytest.raises(Exception, match=code):
        refresher.invoke()

    assert refresher.mints()
