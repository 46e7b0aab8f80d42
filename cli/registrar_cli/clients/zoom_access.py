"""`ZoomTokenSecret` → a `ZoomLook` with the token in it. Reads only; RefreshToken is the one who mints.

In: the stack. Out: the token as the consumer reads it. Errors: `Unreachable`, in words that hold no token.
"""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from registrar.zoom.token import Token, parse_token

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom import DEFAULT_API_URL, ZoomLook
from registrar_cli.terminal.errors import Unreachable


@dataclass(frozen=True)
class Written:
    """The token in the secret; `at` is when it was written, in epoch seconds."""

    token: Token
    at: float


def written_token(session: Session) -> Written | None:
    """The current token; None where there is none.

    Raises:
        Unreachable: the secret cannot be read.
    """
    secrets = session.secrets
    try:
        answer = secrets.get_secret_value(SecretId=session.stack.output("ZoomTokenSecretArn"))
    except secrets.exceptions.ResourceNotFoundException:
        return None  # a secret without a value
    except (ClientError, BotoCoreError) as error:
        raise aws.in_words(error, "reading ZoomTokenSecret") from error
    token = parse_token(answer.get("SecretString", ""), answer["VersionId"])
    return Written(token, answer["CreatedDate"].timestamp()) if token else None


def token_of(session: Session) -> Token:
    """The current token.

    Raises:
        Unreachable: there is none, or it cannot be read.
    """
    written = written_token(session)
    if written is None:
        to_do = (
            "Fill in ZoomCredentialsSecret and invoke RefreshTokenFunction with {} (README, The first real registrant)."
        )
        raise Unreachable("ZoomTokenSecret holds no token.", to_do)
    return written.token


def zoom_of(session: Session, token: Token) -> ZoomLook:
    """Zoom, as the consumer reaches it."""
    return ZoomLook(token, session.stack.parameters.get("ZoomApiUrl") or DEFAULT_API_URL)
