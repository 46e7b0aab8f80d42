"""`Tokens`: the token as the consumer reads it: missing, unreadable, near its expiry, refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from registrar.registrants.row import timestamp
from registrar.zoom.token_cache import TokenMissing, TokenRefused, Tokens, TokenUnreadable

from tests.fakes import FakeLambda, FakeSecrets, VirtualClock
from tests.unit.registrar.samples import NOON


class TokenSecret:
    """The token secret, a fake RefreshToken, and the `Tokens` that read it."""

    def __init__(self, *values: dict[str, Any] | str) -> None:
        self.clock = VirtualClock(NOON)
        self.secrets = FakeSecrets(self.clock)
        self.functions = FakeLambda(self.clock)
        self.secrets.add_secret("Token")
        self.requests: list[Any] = []
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
        self.requests.append(event)
        self.mint()
        return {}

    @property
    def reads(self) -> int:
        return self.secrets.calls["get_secret_value"]


def token(value: str = "t1", ends_in: float | None = 3_600) -> dict[str, Any]:
    end = {} if ends_in is None else {"expires_at": timestamp(NOON + ends_in)}
    return {"access_token": value} | end


# ── No token ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_secret_that_holds_no_token_is_reported_without_its_content_until_one_is_minted() -> None:
    secret = TokenSecret("Bearer eyJ0.kanarienvogel")
    with pytest.raises(TokenMissing, match=r"holds something that is no token.* write \{.access_token.: ") as missing:
        secret.tokens.current()
    assert "kanarienvogel" not in str(missing.value)
    secret.mint = lambda: secret.write(token())
    assert secret.tokens.current().value == "t1"


def test_a_missing_token_is_requested_once_and_the_error_says_what_to_do() -> None:
    secret = TokenSecret()
    with pytest.raises(TokenMissing, match=r"has no value\. Fill in ZoomCredentialsSecret"):
        secret.tokens.current()
    assert secret.requests == [{"replaces": None}]


def test_a_token_minted_on_request_is_used() -> None:
    secret = TokenSecret()
    secret.mint = lambda: secret.write(token())
    assert secret.tokens.current().value == "t1"


def test_a_missing_token_is_read_again_at_the_next_call() -> None:
    secret = TokenSecret()
    with pytest.raises(TokenMissing):
        secret.tokens.current()
    secret.write(token())
    assert secret.tokens.current().value == "t1"


@pytest.mark.parametrize("how", ["throttle", "deny", "unreachable"])
def test_an_unreadable_secret_is_an_aws_error(how: str) -> None:
    secret = TokenSecret(token())
    getattr(secret.secrets, how)()
    with pytest.raises(TokenUnreadable, match=r"^ZoomTokenSecret cannot be read: \w+$"):
        secret.tokens.current()


@pytest.mark.parametrize("how", ["throttle", "deny", "unreachable"])
def test_a_failing_invoke_of_refresh_token_is_an_aws_error(how: str) -> None:
    secret = TokenSecret()
    getattr(secret.functions, how)()
    with pytest.raises(TokenUnreadable, match="RefreshToken cannot be invoked"):
        secret.tokens.current()


def test_a_failing_refresh_token_leaves_the_token_missing() -> None:
    secret = TokenSecret()
    secret.mint = lambda: 1 / 0  # type: ignore[assignment]
    with pytest.raises(TokenMissing):
        secret.tokens.current()


def test_a_token_is_cached_for_five_minutes() -> None:
    secret = TokenSecret(token())
    for _ in range(10):
        secret.tokens.current()
    assert secret.reads == 1
    secret.write(token("t2"))
    secret.clock.sleep(300)
    assert secret.tokens.current().value == "t1"
    secret.clock.sleep(1)
    assert secret.tokens.current().value == "t2"


# ── Near its expiry ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("ends_in", "requests"), [(301, 0), (240, 1), (0, 1), (None, 0)])
def test_a_token_near_its_expiry_is_replaced(ends_in: float | None, requests: int) -> None:
    secret = TokenSecret(token(ends_in=ends_in))
    secret.mint = lambda: secret.write(token("t2"))
    assert secret.tokens.current().value == ("t2" if requests else "t1")
    assert len(secret.requests) == requests


def test_without_a_replacement_the_old_token_is_used_and_requested_once_per_minute() -> None:
    secret = TokenSecret(token(ends_in=240))
    for _ in range(3):
        assert secret.tokens.current().value == "t1"
    assert len(secret.requests) == 1
    secret.clock.sleep(60)
    secret.tokens.current()
    assert len(secret.requests) == 2


def test_an_unreachable_refresh_token_does_not_stop_a_valid_token() -> None:
    secret = TokenSecret(token(ends_in=240))
    secret.functions.unreachable()
    assert secret.tokens.current().value == "t1"


# ── Refused ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_after_a_refusal_a_newer_token_in_the_secret_is_used_without_a_request() -> None:
    secret = TokenSecret(token())
    refused = secret.tokens.current()
    secret.write(token("t2"))
    assert secret.tokens.after_refusal(refused).value == "t2"
    assert secret.requests == []
    assert secret.tokens.current().value == "t2"


def test_after_a_refusal_the_refused_version_is_replaced() -> None:
    secret = TokenSecret(token())
    refused = secret.tokens.current()
    secret.mint = lambda: secret.write(token("t2"))
    assert secret.tokens.after_refusal(refused).value == "t2"
    assert secret.requests == [{"replaces": refused.version}]


def test_a_refused_token_without_a_replacement_is_an_error() -> None:
    secret = TokenSecret(token())
    refused = secret.tokens.current()
    with pytest.raises(TokenRefused, match="RefreshToken minted no other"):
        secret.tokens.after_refusal(refused)


def test_a_secret_emptied_after_a_refusal_is_token_refused() -> None:
    secret = TokenSecret(token())
    refused = secret.tokens.current()
    secret.write("{}")
    with pytest.raises(TokenRefused):
        secret.tokens.after_refusal(refused)


def test_errors_hold_no_token() -> None:
    secret = TokenSecret(token("very-secret"))
    refused = secret.tokens.current()
    with pytest.raises(TokenRefused) as error:
        secret.tokens.after_refusal(refused)
    assert "very-secret" not in str(error.value) + repr(refused)
