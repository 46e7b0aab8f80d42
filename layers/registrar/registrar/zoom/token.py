"""The access token, as the consumer reads it from `ZoomTokenSecret`; only RefreshToken writes it.

In: the secret's value (contract 8). Out: a `Token`, believed for five minutes.

    TokenError
    ├── TokenMissing      the secret has no value, and none could be had by asking
    ├── TokenRefused      Zoom refused the token that was read afresh, and no newer one could be had
    └── TokenUnreadable   Secrets Manager refused or did not answer: our side, not Zoom's
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits
from registrar.runtime.aws import error_code

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

# Where a regional token may send us. Anything else is a slip of the hand, or worse, and the global URL always works.
_ZOOM_HOST = re.compile(r"https://([a-z0-9-]+\.)*zoom\.us")
_API_VERSION = "/v2"

# Why RefreshToken mints none where nobody wants it to: no error (contract 8).
CREDENTIALS_EMPTY = "the credentials are empty: a token is written by hand, or not yet at all"

_REFRESH_POLL_SECONDS = 0.1  # between two looks whether what another lane has asked for is there
_MINT_WAITS_SECONDS = (
    1.0,
    2.0,
)  # waits for what another environment may be minting: RefreshToken mints for the first only


class TokenError(RuntimeError):
    """There is no token that Zoom takes."""


class TokenMissing(TokenError):
    """The secret has no value."""


class TokenRefused(TokenError):
    """Zoom refuses the newest token."""


class TokenUnreadable(TokenError):
    """The secret cannot be read."""


@dataclass(frozen=True, slots=True)
class Token:
    """`version` is the secret's; `expires_at` is in epoch seconds, None where a hand wrote the token without it."""

    value: str = field(repr=False)
    version: str
    expires_at: float | None = None
    api_url: str | None = None


class Tokens:
    """Reads the token, and asks RefreshToken for a new one when it is missing, near its end or refused."""

    def __init__(
        self,
        secrets: "SecretsManagerClient",
        functions: "LambdaClient",
        secret: str,
        refresh_function: str,
        clock: Callable[[], float],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._secrets = secrets
        self._functions = functions
        self._secret = secret
        self._refresh_function = refresh_function
        self._clock = clock
        self._sleep = sleep
        self._is_refreshing = False
        self._token: Token | None = None
        self._read_at = 0.0
        self._requested_at = 0.0

    def current(self) -> Token:
        """The token to use now.

        Raises:
            TokenError: there is none.
        """
        if self._token is None:
            self._token = self._read()
        elif self._clock() - self._read_at > limits.TOKEN_CACHE_SECONDS:
            self._token = self._read_again(self._token)
        if self._token is None:
            self._token = self._request_refresh(None)
        elif self._is_near_end(self._token):
            self._token = self._replaced_in_time(self._token)
        if self._token is None:
            raise TokenMissing(
                "ZoomTokenSecret has no value: fill in ZoomCredentialsSecret and invoke RefreshToken, or write "
                '{"access_token": "…"} into ZoomTokenSecret by hand.'
            )
        return self._token

    def after_refusal(self, refused: Token) -> Token:
        """A token other than the refused one: somebody's newer one, or one that is minted for us.

        Raises:
            TokenRefused: there is none.
            TokenUnreadable: the secret cannot be read.
        """
        self._token = self._read()
        if self._token is None or self._token.version == refused.version:
            self._token = self._request_refresh(self._token)
        if self._token is None or self._token.version == refused.version:
            raise TokenRefused(
                "Zoom refuses the newest token in ZoomTokenSecret, and RefreshToken minted no other: see its log."
            )
        return self._token

    def _read_again(self, token: Token) -> Token | None:
        """What the secret holds now; what it held, if it cannot be read: Zoom tells when that is no longer good."""
        try:
            return self._read()
        except TokenUnreadable:
            return token

    def _replaced_in_time(self, token: Token) -> Token:
        """A newer token if one can be had; the old one is still good for a while, so nothing fails here."""
        if self._clock() - self._requested_at < limits.MINT_FIRST_SECONDS:
            return token
        try:
            return self._request_refresh(token) or token
        except TokenUnreadable:
            return token

    def _is_near_end(self, token: Token) -> bool:
        return token.expires_at is not None and token.expires_at - self._clock() < limits.TOKEN_NEAR_END_SECONDS

    def _read(self) -> Token | None:
        try:
            response = self._secrets.get_secret_value(SecretId=self._secret)
        except self._secrets.exceptions.ResourceNotFoundException:
            return None  # a secret without a value
        except (ClientError, BotoCoreError) as error:
            raise TokenUnreadable(f"ZoomTokenSecret cannot be read: {error_code(error)}") from error
        self._read_at = self._clock()
        return parse_token(response.get("SecretString", ""), response["VersionId"])

    def _request_refresh(self, replaced: Token | None) -> Token | None:
        """Have RefreshToken replace this very version, and read what is there then.

        One lane asks for all: RefreshToken mints for the first and answers the others at once that it will not.

        Raises:
            TokenUnreadable: RefreshToken cannot be reached, or the secret cannot be read.
        """
        if self._is_refreshing:
            while self._is_refreshing:
                self._sleep(_REFRESH_POLL_SECONDS)
            return self._token
        self._is_refreshing = True
        try:
            self._token = self._refresh(replaced)
        finally:
            self._is_refreshing = False
        return self._token

    def _refresh(self, replaced: Token | None) -> Token | None:
        self._requested_at = self._clock()
        request = json.dumps({"replaces": replaced.version if replaced else None})
        try:
            # Its own failure (wrong credentials, Zoom away) is in its log and its alarm: here only the secret counts.
            self._functions.invoke(FunctionName=self._refresh_function, Payload=request)
        except (ClientError, BotoCoreError) as error:
            raise TokenUnreadable(f"RefreshToken cannot be invoked: {error_code(error)}") from error
        token = self._read()
        for wait in _MINT_WAITS_SECONDS:
            if token is not None and (replaced is None or token.version != replaced.version):
                break
            self._sleep(wait)
            token = self._read()
        return token


def parse_token(secret: str, version: str) -> Token | None:
    """The secret's value as a token; None where it holds none."""
    try:
        value: Any = json.loads(secret)
    except (ValueError, RecursionError):
        return None
    written = value.get("access_token") if isinstance(value, dict) else None
    token = written.strip() if isinstance(written, str) else ""
    # A hand may have copied a line break or a typographic quote: no header could carry it.
    if not (token and token.isascii() and token.isprintable()):
        return None
    return Token(token, version, _end(value.get("expires_at")), _api_url(value.get("api_url")))


def _end(value: object) -> float | None:
    try:
        return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else None
    except ValueError:
        return None


def _api_url(value: object) -> str | None:
    url = value.rstrip("/") if isinstance(value, str) else ""
    return url + _API_VERSION if _ZOOM_HOST.fullmatch(url) else None
