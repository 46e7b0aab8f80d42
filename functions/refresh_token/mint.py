"""Request a new access token from Zoom's OAuth server.

MintError
├── CredentialsRefused   Zoom refuses the credentials: retrying is useless until an operator corrects them
└── OAuthUnavailable     no usable response: the next attempt may succeed
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
from credentials import CredentialsError
from registrar import limits
from registrar.registrants.row import timestamp
from registrar.zoom.http import BoundedHttp, Response

if TYPE_CHECKING:
    from credentials import Credentials


class MintError(RuntimeError):
    """No token was minted."""


class CredentialsRefused(MintError, CredentialsError):
    """Zoom refused the credentials."""


class OAuthUnavailable(MintError):
    """Zoom's OAuth server sent no usable response."""


@dataclass(frozen=True)
class Minted:
    """A new token. `expires_at` is in epoch seconds; `api_url` is scheme and host, or None if Zoom names none."""

    access_token: str = field(repr=False)
    expires_at: float
    api_url: str | None

    def to_secret(self) -> str:
        """Return the value of ZoomTokenSecret (contract 8)."""
        value = {
            "access_token": self.access_token,
            "expires_at": timestamp(self.expires_at),
            "api_url": self.api_url,
        }
        return json.dumps({name: text for name, text in value.items() if text})


def mint(http: BoundedHttp, oauth_url: str, credentials: Credentials, secret: str, now: float) -> Minted:
    """Request a token. `secret` is the credentials' secret, for the error message.

    Raises:
        CredentialsRefused: Zoom refuses the credentials.
        OAuthUnavailable: Zoom sent no usable response.
    """
    request = requests.Request(
        "POST",
        oauth_url,
        data={"grant_type": "account_credentials", "account_id": credentials.account_id},
        auth=(credentials.client_id, credentials.client_secret),
        headers={"Accept": "application/json"},
    )
    exchange = http.exchange(request, limits.TOKEN_CALL_SECONDS)
    if not isinstance(exchange, Response):
        raise OAuthUnavailable(f"Zoom's OAuth server did not answer ({exchange.error}).")
    body = exchange.json_object()
    if exchange.status in {400, 401, 403}:
        raise CredentialsRefused(f"Zoom refuses the credentials ({_refusal(body)}).", secret)
    token, seconds = body.get("access_token"), body.get("expires_in")
    usable = isinstance(token, str) and token and isinstance(seconds, int) and seconds > 0
    if exchange.status != 200 or not usable:
        raise OAuthUnavailable(f"Zoom's OAuth server answered {exchange.status} without a token.")
    api_url = body.get("api_url")
    return Minted(str(token), now + float(str(seconds)), api_url if isinstance(api_url, str) else None)


def _refusal(body: dict[str, Any]) -> str:
    """Return Zoom's error and reason, such as `invalid_client: Invalid client_id or client_secret`."""
    parts = [str(body[name])[:80] for name in ("error", "reason") if isinstance(body.get(name), str)]
    return ": ".join(parts) or "without a reason"
