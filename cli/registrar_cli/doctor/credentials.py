"""`doctor`, the OAuth app's credentials: whether Zoom still takes them, while the token in use is still good.

In: a session. Out: checks. Only RefreshToken may read the credentials: a token that it wrote lately proves them. Where
none does, it is asked for one; so `doctor`, however often it runs, mints once a change and once a schedule that failed,
and Secrets Manager's hundred versions a day are kept for the schedule (design 3.10).
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
from registrar_cli.doctor.check import Check, green, red, yellow
from registrar_cli.terminal.formatting import span

WHAT: Final = "credentials"
RENEWED_SECONDS: Final = 2_100  # the schedule's half hour, and time for its repeats

_WRITE_OR_FILL_IN: Final = "Nobody renews it: write the next one before it ends, or fill in ZoomCredentialsSecret."
_FIX: Final = "Mend that, and ask again in a minute: docs/runbook.md#refreshfailedalarm"


def check_credentials(session: Session, clock: Callable[[], float] = time.time) -> Iterator[Check]:
    """Whether a token can be had with them."""
    stored, now = read_stored_token(session), clock()
    if stored and _proves(stored, _changed_at(session), now):
        # A hand may have written it, with its end: nothing in the secret tells.
        yield green(
            WHAT, f"a token with an end was written {span(now - stored.written_at)} ago, after their last change"
        )
    else:
        yield _try_minting(session)


def _proves(stored: StoredToken, changed_at: float, now: float) -> bool:
    # RefreshToken always tells the end: without one a hand wrote it.
    by_refresher = stored.token.expires_at is not None
    return by_refresher and stored.written_at >= changed_at and now - stored.written_at <= RENEWED_SECONDS


def _changed_at(session: Session) -> float:
    try:
        about = session.secrets.describe_secret(SecretId=session.stack.output("ZoomCredentialsSecretArn"))
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "looking at ZoomCredentialsSecret") from error
    return float(about.get("LastChangedDate", about["CreatedDate"]).timestamp())


def _try_minting(session: Session) -> Check:
    """What RefreshToken says when it is asked for a token; it mints at most once a minute."""
    try:
        response = session.functions.invoke(FunctionName=session.stack.resource("RefreshTokenFunction"), Payload="{}")
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "invoking RefreshTokenFunction") from error
    outcome: dict[str, Any] = json.loads(response["Payload"].read())
    if response.get("FunctionError"):
        return red(WHAT, str(outcome.get("errorMessage", "RefreshTokenFunction failed.")), _FIX)
    if outcome["minted"]:
        return green(WHAT, "Zoom takes them: a token was minted just now")
    if outcome["why"] == CREDENTIALS_EMPTY:
        return yellow(WHAT, CREDENTIALS_EMPTY, _WRITE_OR_FILL_IN)
    return yellow(WHAT, f"whether Zoom takes them is not known: {outcome['why']}", "Ask again in a minute.")
