"""`BoundedHttp` over local sockets: an exchange ends in time, however the server behaves."""

import contextlib
import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import urllib3
from registrar import limits
from registrar.zoom.http import BoundedHttp, Exchange, NoResponse, NotSent, Response

from tests.unit.registrar.zoom.loopback import OK_HEAD, Loopback, complete, serving

pytestmark = pytest.mark.usefixtures("loopback")

BRIEF_S = 0.4
Serve = Callable[[Loopback, socket.socket], None]


@pytest.fixture
def loopback() -> None:
    """Make conftest.py allow sockets to this machine."""


@pytest.fixture
def http() -> Iterator[BoundedHttp]:
    bounded = BoundedHttp()
    yield bounded
    bounded.close()


def exchange(http: BoundedHttp, url: str, seconds: float = BRIEF_S) -> tuple[Exchange, float]:
    """Send a request; return the exchange and its duration in seconds."""
    request = requests.Request("POST", f"{url}/x", json={"a": 1}, headers={"Authorization": "Bearer secret"})
    started = time.monotonic()
    return http.exchange(request, seconds), time.monotonic() - started


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def sends(data: bytes) -> Serve:
    return lambda _, connection: connection.sendall(data)


def sends_and_closes(data: bytes) -> Serve:
    def serve(_: Loopback, connection: socket.socket) -> None:
        connection.sendall(data)
        connection.close()

    return serve


# ── No connection ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refused_connection_is_not_sent(http: BoundedHttp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    found, took = exchange(http, f"http://127.0.0.1:{port}")
    assert isinstance(found, NotSent)
    assert took < BRIEF_S


def test_a_server_that_does_not_accept_is_not_sent(http: BoundedHttp) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, contextlib.ExitStack() as stack:
        for _ in range(4):  # fill the backlog: then connecting hangs
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        found, took = exchange(http, f"http://127.0.0.1:{server.getsockname()[1]}")
    assert isinstance(found, NotSent)
    assert took < 3 * BRIEF_S


def test_a_server_without_tls_is_not_sent(http: BoundedHttp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def respond_in_plain_text() -> None:
            with server.accept()[0] as connection:
                connection.recv(1_000)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=respond_in_plain_text)
        thread.start()
        found, _ = exchange(http, f"https://127.0.0.1:{server.getsockname()[1]}")
        thread.join()
    assert isinstance(found, NotSent)


# ── No response ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "serve",
    [
        pytest.param(lambda server, _: server.wait(2), id="silence"),
        pytest.param(lambda server, connection: server.drip(connection, complete(b"{}"), 0.05), id="head drips"),
        pytest.param(
            lambda server, connection: server.drip(connection, OK_HEAD + b"X: 1\r\n" * 100, 0.01), id="endless head"
        ),
        pytest.param(lambda _, connection: connection.close(), id="closed"),
        pytest.param(lambda _, connection: reset(connection), id="reset"),
        pytest.param(sends_and_closes(b"HTTP/1.1 2"), id="head cut off"),
        pytest.param(sends(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), id="no HTTP"),
        pytest.param(sends(OK_HEAD + b"X: " + b"x" * 70_000 + b"\r\n\r\n"), id="a header of 70 KB"),
        pytest.param(sends(OK_HEAD + b"X: 1\r\n" * 200 + b"\r\n"), id="200 headers"),
    ],
)
def test_a_request_without_a_response_ends_in_time(http: BoundedHttp, serve: Serve) -> None:
    with serving(serve) as server:
        found, took = exchange(http, server.url)
    assert isinstance(found, NoResponse)
    assert took < 2 * BRIEF_S
    assert len(server.requests) == 1, "nothing is repeated"


def test_the_reason_holds_neither_url_nor_token(http: BoundedHttp) -> None:
    with serving(lambda _, connection: reset(connection)) as server:
        found, _ = exchange(http, server.url)
    assert isinstance(found, NoResponse)
    assert found.error.isidentifier()


# ── A response without a complete body ──────────────────────────────────────────────────────────────────────────────


def _huge(_: Loopback, connection: socket.socket) -> None:
    connection.sendall(OK_HEAD + b"Content-Length: 50000000\r\n\r\n")
    for _chunk in range(50):
        connection.sendall(b" " * 1_000_000)


@pytest.mark.parametrize(
    "serve",
    [
        pytest.param(
            lambda server, connection: (
                server.drip(connection, b" " * 100, 0.05)
                if connection.sendall(OK_HEAD + b"Content-Length: 100\r\n\r\n") is None
                else None
            ),
            id="body drips",
        ),
        pytest.param(_huge, id="50 MB"),
        pytest.param(
            sends(complete(gzip.compress(b" " * 50_000_000), OK_HEAD + b"Content-Encoding: gzip\r\n")),
            id="50 MB, zipped",
        ),
        pytest.param(sends(complete(b"no gzip", OK_HEAD + b"Content-Encoding: gzip\r\n")), id="no gzip"),
        pytest.param(sends_and_closes(OK_HEAD + b"Content-Length: 100\r\n\r\n{}"), id="cut off"),
        pytest.param(sends(OK_HEAD + b"Content-Length: 100\r\n\r\n{}"), id="never ends"),
        pytest.param(sends(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n"), id="wrong chunks"),
        pytest.param(
            sends_and_closes(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), id="last chunk missing"
        ),
    ],
)
def test_a_truncated_too_long_or_broken_body_is_none(http: BoundedHttp, serve: Serve) -> None:
    with serving(serve) as server:
        found, took = exchange(http, server.url)
    assert isinstance(found, Response)
    assert (found.status, found.body) == (200, None)
    assert took < 3 * BRIEF_S


# ── A response ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "body"),
    [
        pytest.param(complete(b'{"a":1}'), b'{"a":1}', id="complete"),
        pytest.param(complete(b""), b"", id="empty"),
        pytest.param(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", b"{}", id="chunked"),
        pytest.param(complete(gzip.compress(b"{}"), OK_HEAD + b"Content-Encoding: gzip\r\n"), b"{}", id="zipped"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", b"", id="no content"),
        pytest.param(
            complete(b" " * limits.ZOOM_RESPONSE_BYTES), b" " * limits.ZOOM_RESPONSE_BYTES, id="as long as it may be"
        ),
    ],
)
def test_a_complete_response(http: BoundedHttp, data: bytes, body: bytes) -> None:
    with serving(sends(data)) as server:
        found, _ = exchange(http, server.url, 2)
    assert isinstance(found, Response)
    assert found.body == body


def test_a_response_without_a_length_ends_with_the_connection(http: BoundedHttp) -> None:
    with serving(sends_and_closes(OK_HEAD + b"Connection: close\r\n\r\n{}")) as server:
        found, _ = exchange(http, server.url)
    assert isinstance(found, Response)
    assert found.body == b"{}"


def test_header_names_are_case_insensitive(http: BoundedHttp) -> None:
    with serving(sends(complete(b"", OK_HEAD + b"X-ZM-TrackingID: WEB_1\r\n"))) as server:
        found, _ = exchange(http, server.url)
    assert isinstance(found, Response)
    assert found.headers.get("x-zm-trackingid") == "WEB_1"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(http: BoundedHttp, status: int) -> None:
    with serving(sends(complete(b"", b"HTTP/1.1 %d Moved\r\nLocation: /elsewhere\r\n" % status))) as server:
        found, _ = exchange(http, server.url)
    assert isinstance(found, Response)
    assert found.status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_an_error_response_is_not_retried(http: BoundedHttp, status: int) -> None:
    with serving(sends(complete(b"", b"HTTP/1.1 %d X\r\nRetry-After: 0\r\n" % status))) as server:
        exchange(http, server.url)
    assert len(server.requests) == 1


def test_proxy_and_netrc_settings_of_the_environment_are_ignored(
    http: BoundedHttp, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving(sends(complete(b"{}"))) as server:
        found, _ = exchange(http, server.url)
    assert isinstance(found, Response)
    assert b"Authorization: Bearer secret" in server.requests[0]


# ── The connection ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_late_exchange_on_a_kept_connection_is_cut(http: BoundedHttp) -> None:
    def serve(server: Loopback, connection: socket.socket) -> None:
        if len(server.requests) < 3:
            connection.sendall(complete(b"{}"))
        else:
            server.drip(connection, complete(b"{}"), 0.05)

    with serving(serve) as server:
        first = [exchange(http, server.url)[0] for _ in range(2)]
        late, took = exchange(http, server.url)
    assert all(isinstance(found, Response) for found in first)
    assert isinstance(late, NoResponse)
    assert took < 2 * BRIEF_S


def test_an_exchange_after_a_cut_one_works(http: BoundedHttp) -> None:
    def serve(server: Loopback, connection: socket.socket) -> None:
        if len(server.requests) == 1:
            server.drip(connection, complete(b"{}"), 0.05)
        else:
            connection.sendall(complete(b"{}"))

    with serving(serve) as server:
        assert isinstance(exchange(http, server.url)[0], NoResponse)
        assert isinstance(exchange(http, server.url)[0], Response)


def test_a_dead_kept_connection_never_counts_as_not_sent(http: BoundedHttp) -> None:
    def serve(_: Loopback, connection: socket.socket) -> None:
        connection.sendall(complete(b"{}"))
        reset(connection)

    with serving(serve) as server:
        assert isinstance(exchange(http, server.url)[0], Response)
        time.sleep(0.05)  # until the reset has come
        found, _ = exchange(http, server.url)
    assert isinstance(found, Response | NoResponse)
    assert len(server.requests) <= 2


def test_a_connection_made_after_the_timeout_is_cut_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ZOOM_CONNECT_SECONDS", 5.0)
    connect = urllib3.util.connection.create_connection

    def slowly(*args: Any, **kwargs: Any) -> socket.socket:
        time.sleep(BRIEF_S)  # several addresses that do not answer
        return connect(*args, **kwargs)

    http = BoundedHttp()
    monkeypatch.setattr(urllib3.util.connection, "create_connection", slowly)
    with serving(lambda server, connection: server.drip(connection, complete(b"{}"), 0.1)) as server:
        found, took = exchange(http, server.url, BRIEF_S / 2)
    assert isinstance(found, NoResponse)
    assert took < 3 * BRIEF_S
    http.close()


def test_each_thread_of_a_session_has_its_own_timeout(http: BoundedHttp) -> None:
    def serve(server: Loopback, connection: socket.socket) -> None:
        if b"/slow/" in server.requests[-1]:
            server.wait(2)
        else:
            connection.sendall(complete(b"{}"))

    def served_alone(path: str) -> Exchange:
        time.sleep(0.05 * paths.index(path))  # so that the newest request is the one being served
        return exchange(http, f"{server.url}/{path}")[0]

    paths = ["slow/1", "quick/1", "quick/2", "slow/2"]
    with serving(serve) as server, ThreadPoolExecutor(4) as pool:
        found = list(pool.map(served_alone, paths))
    assert [type(one).__name__ for one in found] == ["NoResponse", "Response", "Response", "NoResponse"]


def test_no_timer_is_left_behind(http: BoundedHttp) -> None:
    with serving(sends(complete(b"{}"))) as server:
        for _ in range(5):
            exchange(http, server.url, 30)
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for timer in timers:
        timer.join(5)  # a cancelled timer ends as soon as it runs
    assert not [timer for timer in timers if timer.is_alive()]
