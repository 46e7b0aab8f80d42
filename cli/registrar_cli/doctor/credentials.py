"""Check the OAuth app's credentials, also while the current token is still valid.

Only RefreshToken may read them. A token that it wrote recently proves them; otherwise it is asked for one. So `doctor`
mints at most once per change and per missed schedule, and leaves the schedule its share of the hundred versions per
day that Secrets Manager keeps.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from registrar.zoom.token import CREDENTIALS_EMPTY

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom_access import StoredToken, read_stored_token
from registrar_cli.operations.check import Check, green, red, yellow
from registrar_cli.terminal.formatting import span

WHAT: Final = "credentials"
RENEWED_SECONDS: Final = 2_100  # the schedule's half hour, with time for its retries

_WRITE_OR_FILL_IN: Final = (
    "The token is not renewed. Write the next one before it expires, or fill in ZoomCredentialsSecret."
)
_FIX: Final = "Fix this and try again in a minute: docs/runbook.md#refreshfailedalarm"


def check_credentials(session: Session, clock: Callable[[], float] = time.time) -> Iterator[Check]:
    """Yield whether Zoom accepts the credentials."""
    stored, now = read_stored_token(session), clock()
    if stored and _proves(stored, _changed_at(session), now):
        # It may have been written manually, with an expiry: nothing in the secret shows who wrote it.
        issued = span(now - stored.written_at)
        yield green(WHAT, f"token issued {issued} ago, after the credentials last changed")
    else:
        yield _try_minting(session)


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


def _try_minting(session: Session) -> Check:
    """Invoke RefreshToken, which mints at most once per minute, and report the result."""
    try:
        response = session.functions.invoke(FunctionName=session.stack.resource("RefreshTokenFunction"), Payload="{}")
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "invoking RefreshTokenFunction") from error
    outcome: dict[str, Any] = json.loads(response["Payload"].read())
    if response.get("FunctionError"):
        return red(WHAT, str(outcome.get("errorMessage", "RefreshTokenFunction failed.")), _FIX)
    if outcome["minted"]:
        return green(WHAT, "Zoom accepts them: a token was just issued")
    if outcome["why"] == CREDENTIALS_EMPTY:
        return yellow(WHAT, CREDENTIALS_EMPTY, _WRITE_OR_FILL_IN)
    return yellow(WHAT, f"cannot be verified now: {outcome['why']}", "Try again in a minute.")
