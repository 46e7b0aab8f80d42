"""A request of the HTTP API, from API Gateway's event (payload format 2.0)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote


class Unacceptable(Exception):
    """The request cannot be read. `status` is the HTTP status of the response."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True)
class HttpRequest:
    """One request. Header names are in lower case, `body` holds the bytes as they were sent."""

    method: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)
    """The parameters of the path, decoded."""
    query: str = field(repr=False)
    """As it was sent, without the question mark."""
    url: str = field(repr=False)
    """As the sender wrote it: scheme, host, path and query."""
    is_decoded: bool = False
    """Whether API Gateway delivered the body as text, which it does for JSON and text in UTF-8."""

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Self:
        """Read an event.

        Raises:
            Unacceptable: 400, the body is not valid base64.
        """
        # API Gateway sends the names in lower case; other senders of its events, as HTTP allows, in any.
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        context = event.get("requestContext") or {}
        host = headers.get("host") or context.get("domainName", "")
        query = event.get("rawQueryString", "")
        path = event.get("rawPath", "") + (f"?{query}" if query else "")
        return cls(
            method=(context.get("http") or {}).get("method", ""),
            headers=headers,
            body=_body(event),
            parameters=path_parameters(event),
            query=query,
            url=f"{headers.get('x-forwarded-proto', 'https')}://{host}{path}",
            is_decoded=not event.get("isBase64Encoded"),
        )

    def header(self, name: str) -> str:
        """Return a header's value; empty if it is absent."""
        return self.headers.get(name, "")


def path_parameters(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of an event's path, decoded, also where the body cannot be read."""
    return {name: unquote(value) for name, value in (event.get("pathParameters") or {}).items()}


def _body(event: Mapping[str, Any]) -> bytes:
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        raise Unacceptable(400, "The body is not valid base64.") from None
