"""The bounds of one exchange, over real sockets on this machine: however the other side behaves, it ends in time."""

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

from tests.unit.registrar.zoom.loopback import OK_HEAD, Loopback, serving, whole

pytestmark = pytest.mark.usefixtures("loopback")

BRIEF_S = 0.4
Serve = Callable[[Loopback, socket.socket], None]


@pytest.fixture
def loopback() -> None:
    """Asks conftest.py for sockets to this machine."""


@pytest.fixture
def http() -> Iterator[BoundedHttp]:
    bounded = BoundedHttp()
    yield bounded
    bounded.close()


def exchange(http: BoundedHttp, url: str, seconds: float = BRIEF_S) -> tuple[Exchange, float]:
    """Exchange something, and say how long it took."""
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


def test_a_refused_connection_is_unsent(http: BoundedHttp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    found, took = exchange(http, f"http://127.0.0.1:{port}")
    assert isinstance(found, NotSent)
    assert took < BRIEF_S


def test_a_server_that_does_not_accept_is_unsent(http: BoundedHttp) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, contextlib.ExitStack() as stack:
        for _ in range(4):  # fill the backlog: then connecting hangs
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        found, took = exchange(http, f"http://127.0.0.1:{server.getsockname()[1]}")
    assert isinstance(found, NotSent)
    assert took < 3 * BRIEF_S


def test_a_server_that_does_not_speak_tls_is_unsent(http: BoundedHttp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_in_the_clear() -> None:
            with server.accept()[0] as connection:
                connection.recv(1_000)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer_in_the_clear)
        thread.start()
        found, _ = exchange(http, f"https://127.0.0.1:{server.getsockname()[1]}")
        thread.join()
    assert isinstance(found, NotSent)


# ── No answer ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "serve",
    [
        pytest.param(lambda server, _: server.wait(2), id="silence"),
        pytest.param(lambda server, connection: server.drip(connection, whole(b"{}"), 0.05), id="head drips"),
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
def test_what_was_handed_over_and_not_answered_is_unanswered_in_time(http: BoundedHttp, serve: Serve) -> None:
    with serving(serve) as server:
        found, took = exchange(http, server.url)
    assert isinstance(found, NoResponse)
    assert took < 2 * BRIEF_S
    assert len(server.requests) == 1, "nothing is repeated"


def test_why_says_neither_url_nor_token(http: BoundedHttp) -> None:
    with serving(lambda _, connection: reset(connection)) as server:
        found, _ = exchange(http, server.url)
    assert isinstance(found, NoResponse)
    assert found.error.isidentifier()


# ── An answer without a whole body ───────────────────────────────────────────────────────────────────────────────────


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
            sends(whole(gzip.compress(b" " * 50_000_000), OK_HEAD + b"Content-Encoding: gzip\r\n")), id="50 MB, zipped"
        ),
        pytest.param(sends(whole(b"no gzip", OK_HEAD + b"Content-Encoding: gzip\r\n")), id="no gzip"),
        pytest.param(sends_and_closes(OK_HEAD + b"Content-Length: 100\r\n\r\n{}"), id="cut off"),
        pytest.param(sends(OK_HEAD + b"Content-Length: 100\r\n\r\n{}"), id="never ends"),
        pytest.param(sends(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n"), id="wrong chunks"),
        pytest.param(
            sends_and_closes(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), id="last chunk missing"
        ),
    ],
)
def test_an_answer_whose_body_is_cut_off_too_long_or_broken_has_a_status_and_no_body(
    http: BoundedHttp, serve: Serve
) -> None:
    with serving(serve) as server:
        found, took = exchange(http, server.url)
    assert isinstance(found, Response)
    assert (found.status, found.body) == (200, None)
    assert took < 3 * BRIEF_S


# ── An answer ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "body"),
    [
        pytest.param(whole(b'{"a":1}'), b'{"a":1}', id="whole"),
        pytest.param(whole(b""), b"", id="empty"),
        pytest.param(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", b"{}", id="chunked"),
        pytest.param(whole(gzip.compress(b"{}"), OK_HEAD + b"Content-Encoding: gzip\r\n"), b"{}", id="zipped"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", b"", id="no content"),
        pytest.param(
            whole(b" " * limits.ZOOM_RESPONSE_BYTES), b" " * limits.ZOOM_RESPONSE_BYTES, id="as long as it may be"
        ),
    ],
)
def test_a_whole_answer(http: BoundedHttp, data: bytes, body: bytes) -> None:
    with serving(sends(data)) as server:
        found, _ = exchange(http, server.url, 2)
    assert isinstance(found, Response)
    assert found.body == body


def test_an_answer_without_a_length_ends_with_the_connection(http: BoundedHttp) -> None:
    with serving(sends_and_closes(OK_HEAD + b"Connection: close\r\n\r\n{}")) as server:
        found, _ = exchange(http, server.url)
    assert isinstance(found, Response)
    assert found.body == b"{}"


def test_headers_are_compared_without_case(http: BoundedHttp) -> None:
    with serving(sends(whole(b"", OK_HEAD + b"X-ZM-TrackingID: WEB_1\r\n"))) as server:
        found, _ = exchange(http, server.url)
    assert isinstance(found, Response)
    assert found.headers.get("x-zm-trackingid") == "WEB_1"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(http: BoundedHttp, status: int) -> None:
    with serving(sends(whole(b"", b"HTTP/1.1 %d Moved\r\nLocation: /elsewhere\r\n" % status))) as server:
        found, _ = exchange(http, server.url)
    assert isinstance(found, Response)
    assert found.status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_failure_is_not_repeated(http: BoundedHttp, status: int) -> None:
    with serving(sends(whole(b"", b"HTTP/1.1 %d X\r\nRetry-After: 0\r\n" % status))) as server:
        exchange(http, server.url)
    assert len(server.requests) == 1


def test_the_environment_neither_sends_the_token_elsewhere_nor_changes_it(
    http: BoundedHttp, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving(sends(whole(b"{}"))) as server:
        found, _ = exchange(http, server.url)
    assert isinstance(found, Response)
    assert b"Authorization: Bearer secret" in server.requests[0]


# ── The connection ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_session_keeps_its_connection_and_is_cut_in_the_exchange_that_is_late(http: BoundedHttp) -> None:
    def serve(server: Loopback, connection: socket.socket) -> None:
        if len(server.requests) < 3:
            connection.sendall(whole(b"{}"))
        else:
            server.drip(connection, whole(b"{}"), 0.05)

    with serving(serve) as server:
        first = [exchange(http, server.url)[0] for _ in range(2)]
        late, took = exchange(http, server.url)
    assert all(isinstance(found, Response) for found in first)
    assert isinstance(late, NoResponse)
    assert took < 2 * BRIEF_S


def test_after_an_exchange_that_was_cut_the_next_one_works(http: BoundedHttp) -> None:
    def serve(server: Loopback, connection: socket.socket) -> None:
        if len(server.requests) == 1:
            server.drip(connection, whole(b"{}"), 0.05)
        else:
            connection.sendall(whole(b"{}"))

    with serving(serve) as server:
        assert isinstance(exchange(http, server.url)[0], NoResponse)
        assert isinstance(exchange(http, server.url)[0], Response)


def test_a_kept_connection_that_has_died_is_never_answered_for(http: BoundedHttp) -> None:
    def serve(_: Loopback, connection: socket.socket) -> None:
        connection.sendall(whole(b"{}"))
        reset(connection)

    with serving(serve) as server:
        assert isinstance(exchange(http, server.url)[0], Response)
        time.sleep(0.05)  # until the reset has come
        found, _ = exchange(http, server.url)
    assert isinstance(found, Response | NoResponse)
    assert len(server.requests) <= 2


def test_a_connection_that_comes_after_the_time_is_over_is_cut_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ZOOM_CONNECT_SECONDS", 5.0)
    connect = urllib3.util.connection.create_connection

    def slowly(*args: Any, **kwargs: Any) -> socket.socket:
        time.sleep(BRIEF_S)  # several addresses that do not answer
        return connect(*args, **kwargs)

    http = BoundedHttp()
    monkeypatch.setattr(urllib3.util.connection, "create_connection", slowly)
    with serving(lambda server, connection: server.drip(connection, whole(b"{}"), 0.1)) as server:
        found, took = exchange(http, server.url, BRIEF_S / 2)
    assert isinstance(found, NoResponse)
    assert took < 3 * BRIEF_S
    http.close()


def test_threads_over_one_session_are_cut_each_for_itself(http: BoundedHttp) -> None:
    def serve(server: Loopback, connection: socket.socket) -> None:
        if b"/slow/" in server.requests[-1]:
            server.wait(2)
        else:
            connection.sendall(whole(b"{}"))

    def served_alone(path: str) -> Exchange:
        time.sleep(0.05 * paths.index(path))  # so that the newest request is the one being served
        return exchange(http, f"{server.url}/{path}")[0]

    paths = ["slow/1", "quick/1", "quick/2", "slow/2"]
    with serving(serve) as server, ThreadPoolExecutor(4) as pool:
        found = list(pool.map(served_alone, paths))
    assert [type(one).__name__ for one in found] == ["NoResponse", "Response", "Response", "NoResponse"]


def test_no_timer_is_left_behind(http: BoundedHttp) -> None:
    with serving(sends(whole(b"{}"))) as server:
        for _ in range(5):
            exchange(http, server.url, 30)
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for timer in timers:
        timer.join(5)  # cancelled, it ends as soon as it has its turn
    assert not [timer for timer in timers if timer.is_alive()]
