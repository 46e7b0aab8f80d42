"""Cache the access token for five minutes, and have RefreshToken replace it when the consumer needs a new one.

If that fails:

    TokenError
    ├── TokenMissing      the secret has no value, or no token in it, and RefreshToken wrote none
    ├── TokenRefused      Zoom refused the newest token, and RefreshToken wrote no newer one
    └── TokenUnreadable   an AWS error: the secret cannot be read or RefreshToken cannot be invoked
"""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from registrar import limits
from registrar.runtime.aws import error_code
from registrar.zoom.token import NO_VALUE, NoToken, Token, parse_token

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

_REFRESH_POLL_SECONDS = 0.1  # between two checks whether another thread's request has finished
_MINT_WAITS_SECONDS = (1.0, 2.0)  # RefreshToken declines ours while it mints for another environment


class TokenError(RuntimeError):
    """No usable token is available."""


class TokenMissing(TokenError):
    """The secret has no value, or holds something that is no token."""


class TokenRefused(TokenError):
    """Zoom refuses the newest token."""


class TokenUnreadable(TokenError):
    """The secret cannot be read."""


class Tokens:
    """Reads the token, and invokes RefreshToken when it is missing, near its expiry or refused."""

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
        self._no_token: NoToken | None = None  # at the last read
        self._read_at = 0.0
        self._requested_at = 0.0

    def current(self) -> Token:
        """Return the token to use now.

        Raises:
            TokenError: no usable token is available.
        """
        if self._token is None:
            self._token = self._read()
        elif self._clock() - self._read_at > limits.TOKEN_CACHE_SECONDS:
            self._token = self._read_again(self._token)
        if self._token is None:
            self._token = self._request_refresh(None)
        elif self._expires_soon(self._token):
            self._token = self._replace_early(self._token)
        if self._token is None:
            raise TokenMissing(
                f"{self._no_token} Fill in ZoomCredentialsSecret and invoke RefreshToken, or write "
                '{"access_token": "…"} into ZoomTokenSecret manually, with the quotation marks.'
            )
        return self._token

    def after_refusal(self, refused: Token) -> Token:
        """Return a token newer than the refused one, minted already or on request.

        Raises:
            TokenRefused: there is no newer token.
            TokenUnreadable: the secret cannot be read, or RefreshToken cannot be invoked.
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
        """Read the token again; if that fails, go on with the old one, which Zoom refuses once it is invalid."""
        try:
            return self._read()
        except TokenUnreadable:
            return token

    def _replace_early(self, token: Token) -> Token:
        """Request a newer token; if there is none, return the old one, which is still valid."""
        if self._clock() - self._requested_at < limits.MINT_FIRST_SECONDS:
            return token
        try:
            return self._request_refresh(token) or token
        except TokenUnreadable:
            return token

    def _expires_soon(self, token: Token) -> bool:
        return token.expires_at is not None and token.expires_at - self._clock() < limits.TOKEN_NEAR_END_SECONDS

    def _read(self) -> Token | None:
        try:
            response = self._secrets.get_secret_value(SecretId=self._secret)
        except self._secrets.exceptions.ResourceNotFoundException:
            self._no_token = NoToken(NO_VALUE)
            return None
        except (ClientError, BotoCoreError) as error:
            raise TokenUnreadable(f"ZoomTokenSecret cannot be read: {error_code(error)}") from error
        self._read_at = self._clock()
        try:
            return parse_token(response.get("SecretString", ""), response["VersionId"])
        except NoToken as no_token:
            self._no_token = no_token
            return None

    def _request_refresh(self, replaced: Token | None) -> Token | None:
        """Have RefreshToken replace exactly this version, and read the secret again.

        One thread requests it and the others wait: RefreshToken mints for the first request and declines the others.

        Raises:
            TokenUnreadable: RefreshToken cannot be invoked, or the secret cannot be read.
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
            # RefreshToken reports its errors in its own log and alarm: only the secret matters here.
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
