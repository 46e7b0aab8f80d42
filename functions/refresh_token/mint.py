"""Credentials → a new access token from Zoom's OAuth server (zoom-api.md section 4).

In: credentials and the OAuth URL. Out: a `Minted` token, or an error.

    MintError
    ├── CredentialsRefused   Zoom does not take the credentials: nothing changes until a person corrects them
    └── OAuthUnavailable     no answer, or none that can be used: the next try may succeed
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
    """There is no new token."""


class CredentialsRefused(MintError, CredentialsError):
    """Zoom answered that the credentials are wrong."""


class OAuthUnavailable(MintError):
    """Zoom's OAuth server did not give a usable answer."""


@dataclass(frozen=True)
class Minted:
    """`expires_at` is in epoch seconds; `api_url` is scheme and host, None where Zoom names none."""

    access_token: str = field(repr=False)
    expires_at: float
    api_url: str | None

    def to_secret(self) -> str:
        """The value of ZoomTokenSecret (contract 8)."""
        value = {
            "access_token": self.access_token,
            "expires_at": timestamp(self.expires_at),
            "api_url": self.api_url,
        }
        return json.dumps({name: text for name, text in value.items() if text})


def mint(http: BoundedHttp, oauth_url: str, credentials: Credentials, secret: str, now: float) -> Minted:
    """Ask for a token; `secret` is named where the credentials are wrong.

    Raises:
        CredentialsRefused: Zoom does not take them.
        OAuthUnavailable: no usable answer.
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
        raise OAuthUnavailable(f"Zoom's OAuth server gave no answer ({exchange.error}).")
    answer = _json_object(exchange.body)
    if exchange.status in {400, 401, 403}:
        raise CredentialsRefused(f"Zoom does not take the credentials ({_refusal(answer)}).", secret)
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    usable = isinstance(token, str) and token and isinstance(seconds, int) and seconds > 0
    if exchange.status != 200 or not usable:
        raise OAuthUnavailable(f"Zoom's OAuth server answered {exchange.status} without a token.")
    api_url = answer.get("api_url")
    return Minted(str(token), now + float(str(seconds)), api_url if isinstance(api_url, str) else None)


def _refusal(answer: dict[str, Any]) -> str:
    """Zoom's own words for it, which are few and fixed: `invalid_client: Invalid client_id or client_secret`."""
    words = [str(answer[name])[:80] for name in ("error", "reason") if isinstance(answer.get(name), str)]
    return ": ".join(words) or "without saying why"


def _json_object(body: bytes | None) -> dict[str, Any]:
    try:
        value = json.loads(body or b"")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
