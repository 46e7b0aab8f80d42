"""Responses of the HTTP API (payload format 2.0), with the headers that all of them have."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

_HEADERS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    # The address of a status page identifies a submission, so no other site is told more than the origin.
    "referrer-policy": "strict-origin",
}
# What is not a page needs nothing, should a browser show it all the same.
_NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class HttpResponse:
    """A response. `headers` are its own; they replace those that all responses have."""

    status: int
    content_type: str
    body: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def json(cls, status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Self:
        """Return a response for programs."""
        own = {"content-security-policy": _NOTHING, **(headers or {})}
        return cls(status, "application/json; charset=utf-8", json.dumps(content), own)

    @classmethod
    def page(cls, status: int, html: str, policy: str, headers: Mapping[str, str] | None = None) -> Self:
        """Return a page; `policy` is its Content-Security-Policy."""
        return cls(status, "text/html; charset=utf-8", html, {"content-security-policy": policy, **(headers or {})})

    @classmethod
    def script(cls, source: str, seconds: int) -> Self:
        """Return a script that every site may load, and that caches keep for `seconds`."""
        headers = {
            "cache-control": f"public, max-age={seconds}",
            "cross-origin-resource-policy": "cross-origin",
            "content-security-policy": _NOTHING,
        }
        return cls(200, "text/javascript; charset=utf-8", source, headers)

    @classmethod
    def see_other(cls, location: str) -> Self:
        """Return the 303 after which a browser gets the next page, so that a reload sends no form again."""
        return cls(303, "text/plain; charset=utf-8", "", {"location": location, "content-security-policy": _NOTHING})

    def to_payload(self) -> dict[str, Any]:
        """Return API Gateway's payload format 2.0."""
        return {
            "statusCode": self.status,
            "headers": {"content-type": self.content_type, **_HEADERS, **self.headers},
            "body": self.body,
        }
