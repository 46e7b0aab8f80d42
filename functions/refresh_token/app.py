"""RefreshToken: mint Zoom's access token and write it to ZoomTokenSecret. The only writer of tokens.

`{}` or the schedule's event mints. `{"replaces": version}` mints only while the token secret is still at that version
(null: without a value), so that concurrent requests of several consumers mint one token. The result is
`{"minted": bool, "why"}`. `CredentialsError` and `MintError` say what is wrong and how to fix it.
"""

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError
from credentials import Credentials, read_credentials
from lease import MintLease, TooSoon
from mint import MintError, mint
from registrar.observability.metrics import Metric, Metrics, Service
from registrar.runtime import aws
from registrar.runtime.aws import error_code
from registrar.runtime.settings import RefreshTokenSettings
from registrar.zoom.http import BoundedHttp
from registrar.zoom.token import CREDENTIALS_EMPTY, MINT_FAILED, NoToken, parse_token


@dataclass(frozen=True)
class Environment:
    """State that an execution environment keeps between invocations."""

    settings: RefreshTokenSettings
    secrets: Any
    lease: MintLease
    logger: Logger


@cache
def environment() -> Environment:
    """Build the environment at the first invocation: an invalid variable is then a named error, not a failed import."""
    settings = RefreshTokenSettings.read()
    lease = MintLease(aws.client("dynamodb"), settings.account_table)
    logger = Logger(service=Service.REFRESH_TOKEN, use_rfc3339=True)
    return Environment(settings, aws.client("secretsmanager"), lease, logger)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Mint a token, or return why none was minted."""
    env = environment()
    env.logger.append_keys(aws_request_id=context.aws_request_id)
    with Metrics(Service.REFRESH_TOKEN, env.settings.stack_name) as metrics:
        try:
            why_not = refresh(event, env)
        except Exception:
            metrics.count(Metric.REFRESH_FAILURES)
            metrics.value(Metric.TOKEN_AGE, _token_age(env))
            raise
        metrics.count(Metric.REFRESH_FAILURES, 0)
        if why_not != CREDENTIALS_EMPTY:  # the age of a manually written token is not ours to watch
            metrics.value(Metric.TOKEN_AGE, 0.0 if why_not is None else _token_age(env))
    env.logger.info("Token minted" if why_not is None else "No token minted", why=why_not)
    return {"minted": why_not is None, "why": why_not}


def refresh(event: dict[str, Any], env: Environment) -> str | None:
    """Mint a token if one is due; return None, or why none was minted."""
    credentials = read_credentials(env.secrets, env.settings.zoom_credentials_secret)
    if credentials is None:
        return CREDENTIALS_EMPTY
    asked = "replaces" in event
    if asked and event["replaces"] != _current_version(env):
        return "the token was already replaced"
    lease = env.lease.take(asked, time.time())
    if isinstance(lease, TooSoon):
        return f"{MINT_FAILED}{lease.failure}" if lease.failure else "a token was minted too recently"
    try:
        _write_new_token(env, credentials)
    except Exception as error:
        env.lease.release(time.time(), str(error) if isinstance(error, MintError) else type(error).__name__)
        raise
    env.lease.minted(lease, time.time())
    return None


def _write_new_token(env: Environment, credentials: Credentials) -> None:
    settings, http = env.settings, BoundedHttp(connections=1)
    try:
        token = mint(http, settings.zoom_oauth_url, credentials, settings.zoom_credentials_secret, time.time())
    except MintError as error:
        env.logger.error("No token minted", error=type(error).__name__, detail=str(error))
        raise
    finally:
        http.close()
    env.secrets.put_secret_value(SecretId=settings.zoom_token_secret, SecretString=token.to_secret())


def _current_version(env: Environment) -> str | None:
    """Return the current version of the token secret, or None if it holds no token."""
    current = _current(env)
    return None if current is None else str(current["VersionId"])


def _token_age(env: Environment) -> float | None:
    """Return the seconds since the token was written, or None if there is no token or Secrets Manager fails."""
    try:
        current = _current(env)
    except (ClientError, BotoCoreError) as error:
        env.logger.error("The token's age is unknown", error=error_code(error))
        return None
    return None if current is None else time.time() - current["CreatedDate"].timestamp()


def _current(env: Environment) -> dict[str, Any] | None:
    """Return Secrets Manager's response if the secret holds a token, or None."""
    try:
        response: dict[str, Any] = env.secrets.get_secret_value(SecretId=env.settings.zoom_token_secret)
    except env.secrets.exceptions.ResourceNotFoundException:
        return None
    try:
        parse_token(response.get("SecretString", ""), response["VersionId"])
    except NoToken:
        return None
    return response
