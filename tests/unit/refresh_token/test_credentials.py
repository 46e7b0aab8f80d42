"""Unusable credentials: the error names the secret and what to put there, and contains no secret."""

import json
from typing import Any

import pytest
from credentials import Credentials, CredentialsError, read_credentials
from mint import CredentialsRefused

from tests.unit.refresh_token.conftest import CREDENTIALS, Refresher

CANARY = "s3cr3t-Kanarienvogel"
NAMES = tuple(CREDENTIALS)


def assert_says_what_to_do(refresher: Refresher, error: BaseException) -> None:
    message = str(error)
    assert refresher.credentials_arn in message
    assert "ZoomCredentialsSecret" in message
    assert all(name in message for name in NAMES)
    assert CANARY not in message


@pytest.mark.parametrize(
    "value",
    [
        '{"account_id": "", "client_id": "", "client_secret": ""}',  # as the template leaves it
        "{}",
        " ",
        '{"account_id": null}',
        '{"comment": "later"}',
        '{"_note": "later", "account_id": "", "ZOOM_CLIENT_ID": ""}',
        "\ufeff\r\n",
        "null",
    ],
)
@pytest.mark.parametrize("event", [{}, {"replaces": None}, {"replaces": "v"}])
def test_empty_credentials_are_no_error(refresher: Refresher, value: str, event: dict[str, Any]) -> None:
    refresher.set_credentials(value)

    result = refresher.invoke(event)

    assert result["minted"] is False
    assert "empty" in result["why"]
    assert refresher.mint_calls == 0
    assert not refresher.dynamodb.requests
    assert "ERROR" not in refresher.log


def test_a_secret_without_a_value_counts_as_empty(refresher: Refresher) -> None:
    refresher.secrets.secrets[refresher.credentials_arn].versions.clear()

    assert not refresher.mints()
    assert refresher.mint_calls == 0


def test_a_manually_written_token_is_kept_without_credentials(refresher: Refresher) -> None:
    refresher.set_credentials({})
    refresher.write_token({"access_token": "manual"})

    refresher.invoke()

    assert refresher.token == {"access_token": "manual"}


@pytest.mark.parametrize("missing", NAMES)
@pytest.mark.parametrize("value", ["", "  ", None, 7, [CANARY], {"a": CANARY}, True, "absent"])
def test_partly_filled_credentials_are_an_error_that_names_the_missing_ones(
    refresher: Refresher, missing: str, value: Any
) -> None:
    credentials: dict[str, Any] = {name: CANARY for name in NAMES if name != missing}
    if value != "absent":
        credentials[missing] = value
    refresher.set_credentials(credentials)

    with pytest.raises(CredentialsError, match=f"The credentials lack {missing}\\.") as caught:
        refresher.invoke()

    assert_says_what_to_do(refresher, caught.value)
    assert refresher.mint_calls == 0


OTHER_NAMES = [
    ("ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET"),
    ("accountId", "clientId", "clientSecret"),
    ("Account ID", "Client ID", "Client Secret"),
    ("ACCOUNT_ID", "CLIENT_ID", "CLIENT_SECRET"),
    ("zoom.account-id", "zoom.client-id", "zoom.client-secret"),
    ("access_token",),
    ("username", "password"),
]


@pytest.mark.parametrize("names", OTHER_NAMES, ids=str)
def test_credentials_under_other_names_are_an_error_that_shows_the_names(
    refresher: Refresher, names: tuple[str, ...]
) -> None:
    refresher.set_credentials(dict.fromkeys(names, CANARY))

    with pytest.raises(CredentialsError) as caught:
        refresher.invoke()

    assert str(caught.value).startswith(
        "The credentials lack account_id and client_id and client_secret. "
        f"The secret has other names: {', '.join(sorted(names))}. Put account_id, client_id and client_secret"
    )
    assert_says_what_to_do(refresher, caught.value)
    assert refresher.mint_calls == 0


@pytest.mark.parametrize(
    "name", [CANARY, "x" * 30_000, "eyJhbGciOiJIUzUxMiJ9", "AbCdEfGhIjKlMnOpQrStUv", "client" * 9_000]
)
def test_a_name_that_may_be_a_secret_is_not_shown(refresher: Refresher, name: str) -> None:
    refresher.set_credentials({name: CANARY, "clientId": "c", "comment": CANARY})

    with pytest.raises(CredentialsError, match=r"The secret has other names: clientId, …\.") as caught:
        refresher.invoke()

    assert name not in str(caught.value)
    assert_says_what_to_do(refresher, caught.value)


def test_one_misspelled_name_is_shown_beside_the_right_ones(refresher: Refresher) -> None:
    refresher.set_credentials({"account_id": CANARY, "client_id": CANARY, "secret": CANARY})

    with pytest.raises(CredentialsError, match=r"lack client_secret\. The secret has other names: secret\.") as caught:
        refresher.invoke()

    assert_says_what_to_do(refresher, caught.value)


@pytest.mark.parametrize(
    "value",
    [
        f"{{account_id: {CANARY}, client_id: {CANARY}, client_secret: {CANARY}}}",
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
def test_a_secret_that_is_not_a_json_object_is_an_error(refresher: Refresher, value: str) -> None:
    refresher.set_credentials(value)

    with pytest.raises(CredentialsError, match=r"not (JSON|a JSON object)") as caught:
        refresher.invoke()

    assert_says_what_to_do(refresher, caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert refresher.mint_calls == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "invalid", ["abc\u2026", "\u201cabc\u201d", "abc\u200b", "a\nb", "a\x00b", "пароль"], ids=ascii
)
def test_badly_copied_credentials_are_an_error(refresher: Refresher, name: str, invalid: str) -> None:
    refresher.set_credentials({**CREDENTIALS, name: invalid + CANARY})

    with pytest.raises(
        CredentialsError, match=f"The credentials have characters that Zoom never issues in {name}\\."
    ) as caught:
        refresher.invoke()

    assert_says_what_to_do(refresher, caught.value)
    assert refresher.mint_calls == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [(" ", "\n"), ("\u00a0", "\u200b"), ('"', '"'), ("'", "'"), ("“", "”"), (' "', '"\r\n'), ("\ufeff", "")],
    ids=ascii,
)
def test_what_was_copied_along_is_ignored(refresher: Refresher, before: str, after: str) -> None:
    refresher.set_credentials({name: f"{before}{text}{after}" for name, text in CREDENTIALS.items()})

    assert refresher.mints()


def test_a_byte_order_mark_and_single_quotation_marks_around_the_secret_are_ignored(refresher: Refresher) -> None:
    refresher.set_credentials(f"\ufeff'{json.dumps(CREDENTIALS)}'\n")

    assert refresher.mints()


@pytest.mark.parametrize("wrong", NAMES)
def test_credentials_that_zoom_refuses_are_an_error_with_zooms_message(refresher: Refresher, wrong: str) -> None:
    refresher.set_credentials({**CREDENTIALS, wrong: CANARY})

    with pytest.raises(CredentialsRefused) as caught:
        refresher.invoke()

    assert isinstance(caught.value, CredentialsError)
    assert_says_what_to_do(refresher, caught.value)
    assert ("Account does not exist" if wrong == "account_id" else "invalid_client") in str(caught.value)
    assert str(caught.value) in refresher.log.replace("\\u2026", "…")
    assert refresher.token is None


def test_the_credentials_are_not_in_their_repr(refresher: Refresher) -> None:
    credentials = read_credentials(refresher.secrets, refresher.credentials_arn)

    assert isinstance(credentials, Credentials)
    assert not any(text in repr(credentials) for text in CREDENTIALS.values())


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", "DecryptionFailure"])
def test_an_unreadable_secret_is_an_error_and_takes_no_lease(refresher: Refresher, code: str) -> None:
    refresher.secrets.fail_next("get_secret_value", code)

    with pytest.raises(Exception, match=code):
        refresher.invoke()

    assert refresher.mints()
