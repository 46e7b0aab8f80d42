"""HTTP exchanges bounded in time and size.

The result is a `Response`, or one of two failures that must not be confused: `NotSent` (Zoom received nothing, so no
attempt is used) and `NoResponse` (Zoom may have processed the request). Redirects and retries are off.

requests bounds only the gap between two bytes. Here a timer shuts the socket down when the whole exchange takes too
long, so a server that drips its head or its body is bounded too.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from registrar import limits


@dataclass(frozen=True, slots=True)
class Response:
    """A response with case-insensitive `headers`; `body` is None if it was truncated, too long or broken."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None = field(repr=False)

    def json_object(self) -> dict[str, Any]:
        """Return the body as an object; empty for anything else (HTML, truncated, too long, nested too deeply)."""
        try:
            value = json.loads(self.body or b"")
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class NotSent:
    """The connection failed; `error` is the name of the error's type."""

    error: str


@dataclass(frozen=True, slots=True)
class NoResponse:
    """The request was sent and no response came in time; `error` is the name of the error's type."""

    error: str


Exchange = Response | NotSent | NoResponse


class BoundedHttp:
    """Makes exchanges over one session and keeps its connections; create one per invocation."""

    def __init__(self, session: requests.Session | None = None, connections: int = limits.WORKER_THREADS) -> None:
        self._session = session or _session(connections)

    def exchange(
        self, request: requests.Request, seconds: float, max_bytes: int = limits.ZOOM_RESPONSE_BYTES
    ) -> Exchange:
        """Send the request and read the response to its end, at most `max_bytes`, within `seconds`."""
        prepared = self._session.prepare_request(request)
        timeouts = (min(limits.ZOOM_CONNECT_SECONDS, seconds), seconds)
        with _total_timeout(seconds) as timeout:
            try:
                response = self._session.send(prepared, timeout=timeouts, stream=True, allow_redirects=False)
            except requests.RequestException as error:
                # Only the type: the text may hold the URL, and personal data with it.
                name = type(error).__name__
                return NotSent(name) if timeout.sock is None and _could_not_connect(error) else NoResponse(name)
            with response:
                if timeout.expired:  # a truncated head looks like a complete one
                    return NoResponse("TotalTimeout")
                return Response(response.status_code, response.headers, _body(response, max_bytes))

    def close(self) -> None:
        """Close the connections: one that breaks while the environment is frozen would make an outcome unknown."""
        self._session.close()


def _session(connections: int) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # a .netrc or a proxy variable must not redirect the token
    adapter = _InterruptibleAdapter(pool_maxsize=connections)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _could_not_connect(error: requests.RequestException) -> bool:
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.SSLError)):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _body(response: requests.Response, max_bytes: int) -> bytes | None:
    """Return the whole body; None if it is too long or incomplete."""
    body = bytearray()
    try:
        while chunk := response.raw.read1(65_536, decode_content=True):
            body += chunk
            if len(body) > max_bytes:
                return None
    except (urllib3.exceptions.HTTPError, OSError):
        return None
    return bytes(body)


# ── The total timeout ────────────────────────────────────────────────────────────────────────────────────────────────
# urllib3's `HTTPResponse.shutdown()` (≥ 2.3) is not enough: a response exists only once its head is complete, so it can
# interrupt a dripping body, but not a dripping head.


@dataclass
class _TotalTimeout:
    """Shuts down the socket of the current thread's exchange when its time is up."""

    sock: socket.socket | None = None
    expired: bool = False

    def expire(self) -> None:
        self.expired = True
        if self.sock is not None:
            with contextlib.suppress(OSError):  # closed already
                self.sock.shutdown(socket.SHUT_RDWR)

    def attach(self, sock: socket.socket | None) -> None:
        """Set the socket to shut down; at once if connecting has taken all the time."""
        self.sock = sock
        if self.expired:
            self.expire()


_current_timeout: ContextVar[_TotalTimeout] = ContextVar("_current_timeout")


@contextlib.contextmanager
def _total_timeout(seconds: float) -> Iterator[_TotalTimeout]:
    timeout = _TotalTimeout()
    token = _current_timeout.set(timeout)
    timer = threading.Timer(seconds, timeout.expire)
    timer.daemon = True
    timer.start()
    try:
        yield timeout
    finally:
        timer.cancel()
        _current_timeout.reset(token)


class _Interruptible:
    """A mixin that attaches the connection's socket, new or reused, to the current timeout."""

    sock: socket.socket | None

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]  # the connection class beside it in the bases
        _current_timeout.get().attach(self.sock)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _current_timeout.get().attach(self.sock)
        super().request(*args, **kwargs)  # type: ignore[misc]  # as above


class _HttpConnection(_Interruptible, urllib3.connection.HTTPConnection):
    pass


class _HttpsConnection(_Interruptible, urllib3.connection.HTTPSConnection):
    pass


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


class _InterruptibleAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
