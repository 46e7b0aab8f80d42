"""Read the OAuth app's credentials from `ZoomCredentialsSecret` (contract 8)."""

import json
from dataclasses import dataclass, field
from typing import Any

_NAMES = ("account_id", "client_id", "client_secret")


class CredentialsError(RuntimeError):
    """The credentials are unusable. The message names the secret and says what to put there."""

    def __init__(self, what: str, secret: str) -> None:
        super().__init__(
            f"{what} Put account_id, client_id and client_secret of the Zoom account's server-to-server OAuth app, "
            f"as Zoom's App Marketplace shows them, as a JSON object into the secret {secret} (ZoomCredentialsSecret)."
        )


@dataclass(frozen=True)
class Credentials:
    """The credentials of a server-to-server OAuth app."""

    account_id: str = field(repr=False)
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)


def read_credentials(secrets: Any, secret: str) -> Credentials | None:
    """Return the credentials, or None if all are blank: then an operator writes the token manually, or has yet to.

    Raises:
        CredentialsError: some are missing, or the secret does not hold credentials.
    """
    try:
        text = secrets.get_secret_value(SecretId=secret).get("SecretString", "")
    except secrets.exceptions.ResourceNotFoundException:
        return None  # a secret without a value
    try:
        value = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        # The parser's own message would quote the secret.
        raise CredentialsError("The credentials are not JSON.", secret) from None
    if not isinstance(value, dict):
        raise CredentialsError("The credentials are not a JSON object.", secret)
    given = {name: value.get(name) for name in _NAMES}
    if not any(given.values()):
        return None
    missing = [name for name, text in given.items() if not isinstance(text, str) or not text.strip()]
    if missing:
        raise CredentialsError(f"The credentials lack {' and '.join(missing)}.", secret)
    credentials = {name: str(text).strip() for name, text in given.items()}
    # Copying may bring typographic quotes, or the ellipsis that stands for hidden characters.
    invalid = [name for name, text in credentials.items() if not (text.isascii() and text.isprintable())]
    if invalid:
        raise CredentialsError(
            f"The credentials have characters that Zoom never issues in {' and '.join(invalid)}.", secret
        )
    return Credentials(**credentials)
