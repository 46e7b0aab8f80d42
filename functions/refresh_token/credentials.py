"""Read the OAuth app's credentials from `ZoomCredentialsSecret` (contract 8)."""

from dataclasses import dataclass, field
from typing import Any

from registrar.runtime import secret_text

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
        value = secret_text.json_object(text)
    except secret_text.NotAnObject as found:
        raise CredentialsError(f"The credentials are {found}.", secret) from None
    others = secret_text.other_names(value, _NAMES)
    if not others and not any(value.get(name) for name in _NAMES):
        return None
    credentials = {name: secret_text.clean(value.get(name)) for name in _NAMES}
    missing = [name for name, text in credentials.items() if not text]
    if missing:
        found_instead = f" The secret has other names: {', '.join(others)}." if others else ""
        raise CredentialsError(f"The credentials lack {' and '.join(missing)}.{found_instead}", secret)
    # Copying may bring the ellipsis that stands for hidden characters.
    invalid = [name for name, text in credentials.items() if not secret_text.is_header_text(text)]
    if invalid:
        raise CredentialsError(
            f"The credentials have characters that Zoom never issues in {' and '.join(invalid)}.", secret
        )
    return Credentials(**credentials)
