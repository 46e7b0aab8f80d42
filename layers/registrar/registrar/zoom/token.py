"""The access token in `ZoomTokenSecret` (contract 8): RefreshToken or an operator writes it."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from registrar.runtime import secret_text

# The hosts accepted as a token's regional API. Any other is a mistake or an attack, and the global URL always works.
_ZOOM_HOST = re.compile(r"https://([a-z0-9-]+\.)*zoom\.us")
_BEARER = re.compile(r"\Abearer\s+", re.IGNORECASE)
_API_VERSION = "/v2"

# RefreshToken's result without an OAuth app, which is no error (contract 8).
CREDENTIALS_EMPTY = "the credentials are empty, so no token can be minted"
MINT_FAILED = "no token was requested now, because the last request, a moment ago, failed: "  # followed by the failure

NO_VALUE = "ZoomTokenSecret has no value."


class NoToken(ValueError):
    """ZoomTokenSecret holds no token; the text says what it holds instead, and shows none of it."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token. `version` is the secret's; `expires_at` is in epoch seconds, None if the secret holds none."""

    value: str = field(repr=False)
    version: str
    expires_at: float | None = None
    api_url: str | None = None


def parse_token(secret: str, version: str) -> Token:
    """Return the token in the secret's value.

    Raises:
        NoToken: it has no value, or holds something that is no token.
    """
    try:
        value = secret_text.json_object(secret)
    except secret_text.NotAnObject as found:
        raise _not_a_token(f"is {found}") from None
    given = value.get("access_token")
    token = _BEARER.sub("", secret_text.clean(given), count=1)
    others = secret_text.other_names(value, ("access_token", "expires_at", "api_url"))
    if not token and not others and (given is None or isinstance(given, str)):
        raise NoToken(NO_VALUE)
    if not token:
        raise _not_a_token(
            ", but ".join(["has no text under access_token", *(f"some under {name}" for name in others)])
        )
    if not secret_text.is_header_text(token):
        raise _not_a_token("has characters under access_token that Zoom never issues")
    return Token(token, version, _expiry(value.get("expires_at")), _api_url(value.get("api_url")))


def _not_a_token(found: str) -> NoToken:
    return NoToken(f"ZoomTokenSecret holds something that is no token: it {found}.")


def _expiry(value: object) -> float | None:
    try:
        return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else None
    except ValueError:
        return None


def _api_url(value: object) -> str | None:
    url = value.rstrip("/") if isinstance(value, str) else ""
    return url + _API_VERSION if _ZOOM_HOST.fullmatch(url) else None
