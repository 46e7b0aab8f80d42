"""One HTTP exchange, bounded in time and size, whose end is a value.

In: a request for Zoom. Out: `Response`, or one of two ways of having no answer that must never be confused:
`NotSent` (nothing reached the other side: no attempt is used) and `NoResponse` (it may have been processed).

requests bounds only the wait between two bytes. Here a timer cuts the connection when the whole exchange takes too
long, whether the server drips its head or its body. No redirect is followed and nothing is repeated behind our back.
"""

import contextlib
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
    """`headers` are compared without case. `body` is None where it was cut off, too long or broken."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotSent:
    """No connection came about."""

    why: str


@dataclass(frozen=True, slots=True)
class NoResponse:
    """The request was handed over and no answer came back in time."""

    why: str


Exchange = Response | NotSent | NoResponse


class BoundedHttp:
    """Exchanges over one session; connections are kept for as long as it lives, so make a new one each invocation."""

    def __init__(self, session: requests.Session | None = None, connections: int = limits.WORKER_THREADS) -> None:
        self._session = session or _session(connections)

    def exchange(
        self, request: requests.Request, seconds: float, most_bytes: int = limits.ZOOM_RESPONSE_BYTES
    ) -> Exchange:
        """Send the request and read the answer to its end within `seconds`; no more of it than `most_bytes`."""
        prepared = self._session.prepare_request(request)
        timeouts = (min(limits.ZOOM_CONNECT_SECONDS, seconds), seconds)
        with _cut_after(seconds) as cut:
            try:
                response = self._session.send(prepared, timeout=timeouts, stream=True, allow_redirects=False)
            except requests.RequestException as error:
                # Only the type: the text may hold the URL, and with it what is nobody's business.
                why = type(error).__name__
                return NotSent(why) if cut.sock is None and _could_not_connect(error) else NoResponse(why)
            with response:
                if cut.is_over:  # a head that was cut off looks like a shorter one
                    return NoResponse("CutOff")
                return Response(response.status_code, response.headers, _body(response, most_bytes))

    def close(self) -> None:
        """Close the connections: one that dies while the environment is frozen would be an unknown outcome."""
        self._session.close()


def _session(connections: int) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # a .netrc or a proxy variable must not change where the token goes
    adapter = _CuttableAdapter(pool_maxsize=connections)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _could_not_connect(error: requests.RequestException) -> bool:
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.SSLError)):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _body(response: requests.Response, most_bytes: int) -> bytes | None:
    """The whole body; None if it is longer than any true answer, or ends before its end."""
    body = bytearray()
    try:
        while chunk := response.raw.read1(65_536, decode_content=True):
            body += chunk
            if len(body) > most_bytes:
                return None
    except (urllib3.exceptions.HTTPError, OSError):
        return None
    return bytes(body)


# ── Cutting a connection whose time is over ──────────────────────────────────────────────────────────────────────────


@dataclass
class _Cut:
    """The socket of the exchange under way in this thread, as soon as there is one."""

    sock: socket.socket | None = None
    is_over: bool = False

    def now(self) -> None:
        self.is_over = True
        if self.sock is not None:
            with contextlib.suppress(OSError):  # closed already: then there is nothing to cut
                self.sock.shutdown(socket.SHUT_RDWR)

    def watch(self, sock: socket.socket | None) -> None:
        """From now on this socket is the one to cut; at once, if connecting has used up all the time."""
        self.sock = sock
        if self.is_over:
            self.now()


_under_way: ContextVar[_Cut] = ContextVar("_under_way")


@contextlib.contextmanager
def _cut_after(seconds: float) -> Iterator[_Cut]:
    cut = _Cut()
    token = _under_way.set(cut)
    timer = threading.Timer(seconds, cut.now)
    timer.daemon = True
    timer.start()
    try:
        yield cut
    finally:
        timer.cancel()
        _under_way.reset(token)


class _Cuttable:
    """Tells the exchange under way which socket it uses, whether newly connected or kept."""

    sock: socket.socket | None

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]  # the connection class beside it in the bases
        _under_way.get().watch(self.sock)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _under_way.get().watch(self.sock)
        super().request(*args, **kwargs)  # type: ignore[misc]  # as above


class _HttpConnection(_Cuttable, urllib3.connection.HTTPConnection):
    pass


class _HttpsConnection(_Cuttable, urllib3.connection.HTTPSConnection):
    pass


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


class _CuttableAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
