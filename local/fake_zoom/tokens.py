"""Server-to-server OAuth: mints tokens for `POST /oauth/token`, and checks those of all other calls."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from local.fake_zoom import errors
from local.fake_zoom.errors import OAuthError
from local.fake_zoom.exchange import Request, Response
from local.fake_zoom.profile import Profile


@dataclass
class Tokens:
    """The tokens of an account: the epoch second at which each expires, by token."""

    ends: dict[str, float] = field(default_factory=dict)
    minted: int = 0

    def mint(self, profile: Profile, now: float, *, ends_older: bool) -> str:
        """Create a token."""
        if ends_older:
            self.ends.clear()
        self.minted += 1
        digest = hashlib.sha512(f"{profile.account_id} {self.minted} {now}".encode()).hexdigest()
        repeats = profile.token_characters // len(digest) + 1
        token = (f"fake{self.minted}." + digest * repeats)[: profile.token_characters]
        self.ends[token] = now + profile.token_seconds
        return token

    def grant(self, request: Request, profile: Profile, now: float, *, ends_older: bool) -> Response:
        """Perform `POST /oauth/token`."""
        if _basic_credentials(request) != (profile.client_id, profile.client_secret):
            raise OAuthError("Invalid client_id or client_secret", "invalid_client")
        parameters = _parameters(request)
        if parameters.get("grant_type") != "account_credentials":
            raise OAuthError("unsupported grant type", "unsupported_grant_type")
        if parameters.get("account_id") != profile.account_id:
            raise OAuthError("Account does not exist", "invalid_request")
        content = {
            "access_token": self.mint(profile, now, ends_older=ends_older),
            "token_type": "bearer",
            "expires_in": profile.token_seconds,
            "scope": " ".join(profile.scopes),
            "api_url": profile.api_url,
        }
        return Response.of_json(200, content)

    def check(self, request: Request, now: float) -> None:
        """Raise Zoom's 401 unless the call has a valid token."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        end = self.ends.get(token.strip())
        if kind.lower() != "bearer" or end is None:
            raise errors.token_invalid()
        if now >= end:
            raise errors.token_expired()

    def revoke_all(self) -> None:
        """Revoke every token."""
        self.ends.clear()


def _basic_credentials(request: Request) -> tuple[str, str] | None:
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (client_id, secret) if colon else None


def _parameters(request: Request) -> Mapping[str, str]:
    """Return the form's fields, or the query's: Zoom's own examples and some clients send them there."""
    if request.content_type == "application/x-www-form-urlencoded" and request.body:
        return dict(parse_qsl(request.body.decode(errors="replace")))
    return request.query
