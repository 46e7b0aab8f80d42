"""`ZoomCredentialsSecret` → the OAuth app's credentials.

In: the secret's value (contract 8). Out: `Credentials`, or None while nobody has filled them in.
Errors: `CredentialsError` names the secret, and says what to put there.
"""

import json
from dataclasses import dataclass, field
from typing import Any

_NAMES = ("account_id", "client_id", "client_secret")


class CredentialsError(RuntimeError):
    """The credentials cannot be used as they are."""

    def __init__(self, what: str, secret: str) -> None:
        super().__init__(
            f"{what} Put account_id, client_id and client_secret of the Zoom account's server-to-server OAuth app, "
            f"as Zoom's app marketplace shows them, as a JSON object into the secret {secret} (ZoomCredentialsSecret)."
        )


@dataclass(frozen=True)
class Credentials:
    """A server-to-server OAuth app of one Zoom account."""

    account_id: str = field(repr=False)
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)


def read_credentials(secrets: Any, secret: str) -> Credentials | None:
    """Read them; None where all are blank: then a hand writes the token, or nobody does yet.

    Raises:
        CredentialsError: some are there and some are not, or the secret holds something else.
    """
    try:
        text = secrets.get_secret_value(SecretId=secret).get("SecretString", "")
    except secrets.exceptions.ResourceNotFoundException:
        return None  # a secret without a value
    try:
        value = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        # The parser's words would quote the secret.
        raise CredentialsError("The credentials are not JSON.", secret) from None
    if not isinstance(value, dict):
        raise CredentialsError("The credentials are not a JSON object.", secret)
    given = {name: value.get(name) for name in _NAMES}
    if not any(given.values()):
        return None
    wrong = [name for name, text in given.items() if not isinstance(text, str) or not text.strip()]
    if wrong:
        raise CredentialsError(f"Of the credentials, {' and '.join(wrong)} must be filled in.", secret)
    credentials = {name: str(text).strip() for name, text in given.items()}
    # A hand may have copied a typographic quote, or an ellipsis in the place of what was hidden.
    odd = [name for name, text in credentials.items() if not (text.isascii() and text.isprintable())]
    if odd:
        raise CredentialsError(f"Of the credentials, {' and '.join(odd)} cannot be what Zoom shows.", secret)
    return Credentials(**credentials)
