"""HTTP requests and responses as values, without sockets.

`server` turns them into real connections, `requests_adapter` into the exceptions that a client would get.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. Header names are lower-case; the path is without the query."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def to(cls, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Request:
        """Build a request from a target such as `/v2/webinars/1?page_size=30`, or a whole URL."""
        parts = urlsplit(target)
        return cls(
            method=method.upper(),
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in (headers or {}).items()},
            body=body,
        )

    @property
    def content_type(self) -> str:
        """Return the media type, without parameters such as a charset."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Response:
    """A complete HTTP response."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of_json(cls, status: int, content: object, headers: Mapping[str, str] | None = None) -> Response:
        """Build a response whose body is `content` as JSON."""
        body = json.dumps(content).encode()
        return cls(status, {"Content-Type": "application/json;charset=UTF-8", **(headers or {})}, body)

    @property
    def reason(self) -> str:
        """Return the reason phrase of the status."""
        return http.client.responses.get(self.status, "Unknown")

    def json(self) -> object:
        """Return the body, parsed as JSON."""
        return json.loads(self.body)

    def with_body(self, content: object) -> Response:
        """Return the same response with another JSON body."""
        return Response(self.status, self.headers, json.dumps(content).encode())

    def with_defaults(self, headers: Mapping[str, str]) -> Response:
        """Return the same response with these headers added, except those it has already (case-insensitively)."""
        had = {name.lower() for name in self.headers}
        more = {name: value for name, value in headers.items() if name.lower() not in had}
        return Response(self.status, {**self.headers, **more}, self.body)


@dataclass(frozen=True, slots=True)
class Drip:
    """A complete response sent one byte at a time: the whole response, or only its body."""

    response: Response
    seconds_per_byte: float
    headers_too: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """A response whose connection breaks after half of the announced body."""

    response: Response


@dataclass(frozen=True, slots=True)
class Reset:
    """No response: the connection is reset. `processed`: the request took effect, at least in part."""

    processed: bool


@dataclass(frozen=True, slots=True)
class Hang:
    """No response: the connection stays open and silent. `processed` as for `Reset`."""

    processed: bool


BrokenResponse = Drip | Cut | Reset | Hang
