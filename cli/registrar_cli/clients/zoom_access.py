"""Read `ZoomTokenSecret` and call Zoom with its token. Only RefreshToken mints; this module never writes."""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from registrar.zoom.token import NO_VALUE, NoToken, Token, parse_token

from registrar_cli.clients import aws
from registrar_cli.clients.session import Session
from registrar_cli.clients.zoom import DEFAULT_API_URL, ZoomApi
from registrar_cli.terminal.errors import Unreachable


@dataclass(frozen=True)
class StoredToken:
    """The token from the secret. `written_at` is in epoch seconds."""

    token: Token
    written_at: float


def read_stored_token(session: Session) -> StoredToken | None:
    """Read the token; None where the secret is empty or holds none.

    Raises:
        Unreachable: the secret cannot be read.
    """
    try:
        return _stored_token(session)
    except NoToken:
        return None


def _stored_token(session: Session) -> StoredToken:
    secrets = session.secrets
    try:
        response = secrets.get_secret_value(SecretId=session.stack.output("ZoomTokenSecretArn"))
    except secrets.exceptions.ResourceNotFoundException:
        raise NoToken(NO_VALUE) from None
    except (ClientError, BotoCoreError) as error:
        raise aws.as_cli_error(error, "reading ZoomTokenSecret") from error
    token = parse_token(response.get("SecretString", ""), response["VersionId"])
    return StoredToken(token, response["CreatedDate"].timestamp())


def current_token(session: Session) -> Token:
    """Read the token.

    Raises:
        Unreachable: the secret holds no token, or cannot be read.
    """
    try:
        return _stored_token(session).token
    except NoToken as no_token:
        to_do = (
            "Fill in ZoomCredentialsSecret and invoke RefreshTokenFunction with {}, or write "
            '{"access_token": "…"} into ZoomTokenSecret. See README, First registrant.'
        )
        raise Unreachable(str(no_token), to_do) from no_token


def zoom_api(session: Session, token: Token) -> ZoomApi:
    """Return Zoom's API at the URL that the consumer uses."""

    return ZoomApi(token, session.stack.parameters.get("ZoomApiUrl") or DEFAULT_API_URL)
