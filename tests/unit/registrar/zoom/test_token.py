"""`Tokens`: the token as the consumer reads it: missing, unreadable, near its expiry, refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from registrar.registrants.row import timestamp
from registrar.zoom.token import NoToken, Token, parse_token
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


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            " \n",
            "\ufeff",
            "null",
            "{}",
            '{"access_token": null}',
            '{"access_token": ""}',
            '{"access_token": "  "}',
        ),
        *('{"access_token": "\\"\\""}', '{"expires_at": "2026-11-23T12:00:00Z"}', '{"comment": "later"}'),
    ],
    ids=ascii,
)
def test_an_empty_secret_has_no_value(value: str) -> None:
    with pytest.raises(NoToken, match=r"^ZoomTokenSecret has no value\.$"):
        parse_token(value, "1")


CANARY = "eyJ0.kanarienvogel"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (CANARY, "is not JSON"),
        (f"Bearer {CANARY}", "is not JSON"),
        (f"{{access_token: {CANARY}}}", "is not JSON"),
        (f"'{{access_token: {CANARY}}}'", "is not JSON"),
        (f"{{“access_token”: “{CANARY}”}}", "is not JSON"),
        ("[" * 60_000, "is not JSON"),
        (f'"{CANARY}"', "is not a JSON object"),
        (f'["{CANARY}"]', "is not a JSON object"),
        ("17", "is not a JSON object"),
        (f'{{"token":"{CANARY}"}}', "has no text under access_token, but some under token"),
        (f'{{"ZOOM_ACCESS_TOKEN":"{CANARY}"}}', "has no text under access_token, but some under ZOOM_ACCESS_TOKEN"),
        (f'{{"{CANARY}":"{CANARY}"}}', "has no text under access_token, but some under …"),
        (
            f'{{"access_token":"", "accessToken":"{CANARY}"}}',
            "has no text under access_token, but some under accessToken",
        ),
        ('{"access_token": 1}', "has no text under access_token"),
        (f'{{"access_token": ["{CANARY}"]}}', "has no text under access_token"),
        (f'{{"access_token": "{CANARY}\\nb"}}', "has characters under access_token that Zoom never issues"),
        (f'{{"access_token": "a\\u0000{CANARY}"}}', "has characters under access_token that Zoom never issues"),
        (f'{{"access_token": "{CANARY}…"}}', "has characters under access_token that Zoom never issues"),
    ],
    ids=lambda text: ascii(text)[:40],
)
def test_a_secret_that_holds_something_else_is_told_without_its_content(value: str, found: str) -> None:
    with pytest.raises(NoToken) as caught:
        parse_token(value, "1")
    assert str(caught.value) == f"ZoomTokenSecret holds something that is no token: it {found}."
    assert caught.value.__context__ is None or caught.value.__suppress_context__

    secret = TokenSecret(value)
    with pytest.raises(TokenMissing, match=r"holds something that is no token.* write \{.access_token.: ") as missing:
        secret.tokens.current()
    assert CANARY not in str(missing.value)
    secret.mint = lambda: secret.write(token())
    assert secret.tokens.current().value == "t1", "a minted token replaces what was there"


@pytest.mark.parametrize(
    "written",
    [
        "t1",
        " t1\n",
        "\u00a0t1\u200b",
        '"t1"',
        "'t1'",
        "“t1”",
        "Bearer t1",
        "bearer  t1",
        '"Bearer t1"',
        "\ufeffBearer t1 ",
    ],
    ids=ascii,
)
def test_a_token_is_read_without_what_was_copied_along(written: str) -> None:
    for text in (json.dumps({"access_token": written}), f"\ufeff{json.dumps({'access_token': written})}\r\n"):
        assert parse_token(text, "v1") == Token("t1", "v1", None, None)


def test_single_quotation_marks_around_the_secret_are_ignored() -> None:
    assert parse_token('\'{"access_token": "t1"}\'', "v1") == Token("t1", "v1", None, None)


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


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_access_token_is_required() -> None:
    assert parse_token('{"access_token": "t1"}', "v1") == Token("t1", "v1", None, None)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-11-23T12:00:00Z", NOON),
        ("2026-11-23T13:00:00+01:00", NOON),
        ("soon", None),
        (5, None),
        (None, None),
        ("", None),
    ],
)
def test_the_expiry_of_a_token(text: object, end: float | None) -> None:
    assert parse_token(json.dumps({"access_token": "t", "expires_at": text}), "1").expires_at == end


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
    assert found.api_url == used


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
