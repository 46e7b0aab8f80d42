"""Check the OAuth app's credentials, also while the current token is still valid.

Only RefreshToken may read them. A token that it wrote recently proves them, unless Zoom refuses that token; otherwise
it is asked for one. So `doctor` mints at most once per change and per missed schedule, and leaves the schedule its
share of the hundred versions per day that Secrets Manager keeps.
"""

import json
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from registrar.zoom.token import CREDENTIALS_EMPTY, MINT_FAILED

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom_access import StoredToken
from registrar_cli.operations.check import Check, green, red, yellow
from registrar_cli.terminal.formatting import span
from registrar_cli.terminal.suggestions import suggest

WHAT: Final = "credentials"
RENEWED_SECONDS: Final = 2_100  # the schedule's half hour, with time for its retries

_CREDENTIALS_VALUE: Final = '{"account_id": "…", "client_id": "…", "client_secret": "…"}'
_WRITTEN_MANUALLY: Final = '{"access_token": "…"}'
_WRITE_OR_FILL_IN: Final = (
    "The token is not renewed. Write the next one before it expires, or fill in ZoomCredentialsSecret."
)


def check_credentials(session: Session, stored: StoredToken | None, clock: Callable[[], float]) -> Check:
    """Return whether Zoom accepts the credentials; `stored` is the token that Zoom has not refused, if there is one."""
    if stored and _proves(stored, _changed_at(session), clock()):
        # It may have been written manually, with an expiry: nothing in the secret shows who wrote it.
        issued = span(clock() - stored.written_at)
        return green(WHAT, f"token issued {issued} ago, after the credentials last changed")
    outcome = _mint(session)
    if outcome.error:
        return red(WHAT, outcome.error, _fix(session))
    if outcome.minted:
        return green(WHAT, "Zoom accepts them: a token was just issued")
    if outcome.why == CREDENTIALS_EMPTY:
        return yellow(WHAT, CREDENTIALS_EMPTY, _WRITE_OR_FILL_IN)
    return yellow(WHAT, f"cannot be verified now: {outcome.why}", f"In a minute: {suggest('doctor')}")


def check_refused_token(session: Session) -> Check:
    """Return why Zoom refuses the stored token: RefreshToken is asked for another, and says it."""
    refused = "Zoom refuses the stored token"
    outcome = _mint(session)
    if outcome.error:
        return red(WHAT, outcome.error, _fix(session))
    if outcome.minted:
        return green(WHAT, f"{refused}, and accepts the credentials: a new one was just issued")
    if outcome.why == CREDENTIALS_EMPTY:
        to_do = f"It was written manually: write another. {_put(session, 'ZoomTokenSecretArn', _WRITTEN_MANUALLY)}"
        return red(WHAT, f"{refused}; {CREDENTIALS_EMPTY}", to_do)
    return red(WHAT, f"{refused}; {outcome.why}", f"In a minute: {suggest('doctor')}")


class _Outcome(NamedTuple):
    """RefreshToken's answer: it minted, or `why` not; `error` says with what it failed, now or a moment ago."""

    minted: bool
    why: str
    error: str


def _mint(session: Session) -> _Outcome:
    """Invoke RefreshToken, which mints at most once per minute."""
    try:
        response = session.functions.invoke(FunctionName=session.stack.resource("RefreshTokenFunction"), Payload="{}")
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "invoking RefreshTokenFunction") from error
    outcome: dict[str, Any] = json.loads(response["Payload"].read())
    if response.get("FunctionError"):
        return _Outcome(False, "", str(outcome.get("errorMessage", "RefreshTokenFunction failed.")))
    why = outcome["why"] or ""
    failure = why.removeprefix(MINT_FAILED) if why.startswith(MINT_FAILED) else ""
    return _Outcome(outcome["minted"], why, failure)


def _proves(stored: StoredToken, changed_at: float, now: float) -> bool:
    # RefreshToken always writes the expiry; a token without one was written manually.
    by_refresher = stored.token.expires_at is not None
    return by_refresher and stored.written_at >= changed_at and now - stored.written_at <= RENEWED_SECONDS


def _changed_at(session: Session) -> float:
    try:
        about = session.secrets.describe_secret(SecretId=session.stack.output("ZoomCredentialsSecretArn"))
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "reading ZoomCredentialsSecret's metadata") from error
    return float(about.get("LastChangedDate", about["CreatedDate"]).timestamp())


def _fix(session: Session) -> str:
    put = _put(session, "ZoomCredentialsSecretArn", _CREDENTIALS_VALUE)
    return f"{put}\nA minute later: {suggest('doctor')} (more: docs/runbook.md#refreshfailedalarm)"


def _put(session: Session, output: str, value: str) -> str:
    return f"aws secretsmanager put-secret-value --secret-id {session.stack.output(output)} --secret-string '{value}'"
