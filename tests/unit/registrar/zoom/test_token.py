"""The token as the consumer reads it: missing, unreadable, near its end, refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from registrar.registrants.row import timestamp
from registrar.zoom.token import Token, TokenMissing, TokenRefused, Tokens, TokenUnreadable, parse_token

from tests.fakes import FakeLambda, FakeSecrets, VirtualClock
from tests.unit.registrar.samples import NOON

NEVER = None


class Vault:
    """A secret, RefreshToken's stand-in, and the reader under test."""

    def __init__(self, *values: dict[str, Any] | str) -> None:
        self.clock = VirtualClock(NOON)
        self.secrets = FakeSecrets(self.clock)
        self.functions = FakeLambda(self.clock)
        self.secrets.add_secret("Token")
        self.listed: list[Any] = []
        self.mint: Callable[[], None] = lambda: None
        self.functions.register("Refresh", self._refresh)
        for value in values:
            self.write(value)
        self.tokens = Tokens(
            self.secrets.client, self.functions.client, "Token", "Refresh", self.clock, self.clock.sleep
        )

    def write(self, value: dict[str, Any] | str) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        self.secrets.put_secret_value(SecretId="Token", SecretString=text)

    def _refresh(self, event: Any, _context: Any) -> Any:
        self.listed.append(event)
        self.mint()
        return {}

    @property
    def reads(self) -> int:
        return self.secrets.calls["get_secret_value"]


def token(value: str = "t1", ends_in: float | None = 3_600) -> dict[str, Any]:
    end = {} if ends_in is None else {"expires_at": timestamp(NOON + ends_in)}
    return {"access_token": value} | end


# ── None to be had ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "value",
    [
        "",
        "no json",
        "null",
        "[]",
        '"t"',
        "{}",
        '{"access_token": null}',
        '{"access_token": 1}',
        '{"access_token": ""}',
        '{"access_token": "  "}',
        '{"access_token": "a\\nb"}',
        '{"access_token": "a\\u0000b"}',
        '{"access_token": "“t”"}',
        "[" * 60_000,
    ],
    ids=lambda value: value[:30],
)
def test_a_secret_that_holds_no_token(value: str) -> None:
    assert parse_token(value, "1") is None


def test_a_missing_token_is_asked_for_once_and_the_error_says_what_to_do() -> None:
    vault = Vault()
    with pytest.raises(TokenMissing, match="fill in ZoomCredentialsSecret"):
        vault.tokens.current()
    assert vault.listed == [{"replaces": None}]


def test_a_missing_token_that_is_minted_for_us_is_used() -> None:
    vault = Vault()
    vault.mint = lambda: vault.write(token())
    assert vault.tokens.current().value == "t1"


def test_a_missing_token_is_looked_for_again_at_the_next_call() -> None:
    vault = Vault()
    with pytest.raises(TokenMissing):
        vault.tokens.current()
    vault.write(token())
    assert vault.tokens.current().value == "t1"


@pytest.mark.parametrize("how", ["throttle", "deny", "unreachable"])
def test_a_secret_that_cannot_be_read_is_our_side(how: str) -> None:
    vault = Vault(token())
    getattr(vault.secrets, how)()
    with pytest.raises(TokenUnreadable, match=r"^ZoomTokenSecret cannot be read: \w+$"):
        vault.tokens.current()


@pytest.mark.parametrize("how", ["throttle", "deny", "unreachable"])
def test_a_refresher_that_cannot_be_invoked_is_our_side(how: str) -> None:
    vault = Vault()
    getattr(vault.functions, how)()
    with pytest.raises(TokenUnreadable, match="RefreshToken cannot be invoked"):
        vault.tokens.current()


def test_a_refresher_that_fails_has_said_so_in_its_own_log() -> None:
    vault = Vault()
    vault.mint = lambda: 1 / 0  # type: ignore[assignment]
    with pytest.raises(TokenMissing):
        vault.tokens.current()


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hand_needs_to_write_no_more_than_the_token() -> None:
    found = parse_token('{"access_token": " t1\\n"}', "v1")
    assert found == Token("t1", "v1", None, None)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-11-23T12:00:00Z", NOON),
        ("2026-11-23T13:00:00+01:00", NOON),
        ("soon", NEVER),
        (5, NEVER),
        (None, NEVER),
        ("", NEVER),
    ],
)
def test_when_a_token_ends(text: object, end: float | None) -> None:
    found = parse_token(json.dumps({"access_token": "t", "expires_at": text}), "1")
    assert found is not None
    assert found.expires_at == end


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("https://api.zoom.us", "https://api.zoom.us/v2"),
        ("https://api-eu.zoom.us/", "https://api-eu.zoom.us/v2"),
        ("https://zoom.us", "https://zoom.us/v2"),
        ("http://api.zoom.us", None),
        ("https://api.zoom.us.evil.example", None),
        ("https://evilzoom.us", None),
        ("https://evil.example/zoom.us", None),
        ("https://evil.example#.zoom.us", None),
        ("https://user@zoom.us", None),
        ("https://zoom.us:444", None),
        ("https://api.zoom.us/v2", None),
        ("https://api.zoom.us\n", None),
        ("", None),
        (7, None),
    ],
)
def test_a_token_goes_to_zoom_only(written: object, used: str | None) -> None:
    found = parse_token(json.dumps({"access_token": "t", "api_url": written}), "1")
    assert found is not None
    assert found.api_url == used


def test_a_token_is_believed_for_five_minutes() -> None:
    vault = Vault(token())
    for _ in range(10):
        vault.tokens.current()
    assert vault.reads == 1
    vault.write(token("t2"))
    vault.clock.sleep(300)
    assert vault.tokens.current().value == "t1"
    vault.clock.sleep(1)
    assert vault.tokens.current().value == "t2"


# ── Near its end ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("ends_in", "asked"), [(301, 0), (240, 1), (0, 1), (None, 0)])
def test_a_token_near_its_end_is_replaced_in_time(ends_in: float | None, asked: int) -> None:
    vault = Vault(token(ends_in=ends_in))
    vault.mint = lambda: vault.write(token("t2"))
    assert vault.tokens.current().value == ("t2" if asked else "t1")
    assert len(vault.listed) == asked


def test_while_no_other_can_be_had_the_old_one_is_used_and_asked_about_once_a_minute() -> None:
    vault = Vault(token(ends_in=240))
    for _ in range(3):
        assert vault.tokens.current().value == "t1"
    assert len(vault.listed) == 1
    vault.clock.sleep(60)
    vault.tokens.current()
    assert len(vault.listed) == 2


def test_a_refresher_out_of_reach_does_not_stop_a_token_that_is_still_good() -> None:
    vault = Vault(token(ends_in=240))
    vault.functions.unreachable()
    assert vault.tokens.current().value == "t1"


# ── Refused ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_after_a_refusal_somebody_elses_newer_token_is_used_without_asking() -> None:
    vault = Vault(token())
    refused = vault.tokens.current()
    vault.write(token("t2"))
    assert vault.tokens.after_refusal(refused).value == "t2"
    assert vault.listed == []
    assert vault.tokens.current().value == "t2"


def test_after_a_refusal_the_very_version_is_replaced() -> None:
    vault = Vault(token())
    refused = vault.tokens.current()
    vault.mint = lambda: vault.write(token("t2"))
    assert vault.tokens.after_refusal(refused).value == "t2"
    assert vault.listed == [{"replaces": refused.version}]


def test_a_refused_token_that_nobody_replaces_is_an_error() -> None:
    vault = Vault(token())
    refused = vault.tokens.current()
    with pytest.raises(TokenRefused, match="RefreshToken minted no other"):
        vault.tokens.after_refusal(refused)


def test_a_secret_emptied_meanwhile_is_a_refusal_not_a_crash() -> None:
    vault = Vault(token())
    refused = vault.tokens.current()
    vault.write("{}")
    with pytest.raises(TokenRefused):
        vault.tokens.after_refusal(refused)


def test_errors_name_no_token() -> None:
    vault = Vault(token("very-secret"))
    refused = vault.tokens.current()
    with pytest.raises(TokenRefused) as error:
        vault.tokens.after_refusal(refused)
    assert "very-secret" not in str(error.value) + repr(refused)
