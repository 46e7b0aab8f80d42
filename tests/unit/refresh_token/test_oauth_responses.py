"""Any response of Zoom's OAuth server: a clear error, the old token unchanged, the lease released."""

import contextlib
import io
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator

import pytest
from mint import CredentialsRefused, MintError, OAuthUnavailable
from registrar import limits

from tests.unit.refresh_token.conftest import CREDENTIALS, Refresher

GOOD = {"access_token": "t0k3n-Kanarienvogel", "token_type": "bearer", "expires_in": 3600, "scope": "a b"}

UNAVAILABLE: dict[str, dict[str, object]] = {
    "500": {"kind": "answer", "status": 500, "body": {"reason": "x"}},
    "503": {"kind": "answer", "status": 503, "body": ""},
    "429": {"kind": "answer", "status": 429, "body": {"code": 429, "message": "You have reached the maximum"}},
    "404": {"kind": "answer", "status": 404, "body": "<html>"},
    "201": {"kind": "answer", "status": 201, "body": GOOD},
    "a redirect": {"kind": "answer", "status": 302, "headers": {"Location": "https://zoom.us/evil"}, "body": GOOD},
    "html of a gateway": {"kind": "html_502"},
    "html with 200": {"kind": "answer", "status": 200, "body": "<html>Sign in</html>"},
    "empty": {"kind": "empty_body"},
    "cut off": {"kind": "truncated_json"},
    "connection closed": {"kind": "cut_connection"},
    "50 MB": {"kind": "huge_body", "megabytes": 50},
    "reset": {"kind": "reset"},
    "silence": {"kind": "hang"},
    "a list": {"kind": "answer", "status": 200, "body": [GOOD]},
    "null": {"kind": "answer", "status": 200, "body": "null"},
    "no token": {"kind": "answer", "status": 200, "body": {**GOOD, "access_token": None}},
    "an empty token": {"kind": "answer", "status": 200, "body": {**GOOD, "access_token": ""}},
    "a token of another type": {"kind": "answer", "status": 200, "body": {**GOOD, "access_token": {"a": 1}}},
    "no lifetime": {"kind": "answer", "status": 200, "body": {"access_token": GOOD["access_token"]}},
    "a lifetime that is text": {"kind": "answer", "status": 200, "body": {**GOOD, "expires_in": "3600"}},
    "expired": {"kind": "answer", "status": 200, "body": {**GOOD, "expires_in": 0}},
    "negative lifetime": {"kind": "answer", "status": 200, "body": {**GOOD, "expires_in": -1}},
}

REFUSED: dict[str, dict[str, object]] = {
    "the client": {"status": 400, "body": {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}},
    "the account": {"status": 400, "body": {"reason": "Account does not exist", "error": "invalid_request"}},
    "empty": {"status": 401, "body": ""},
    "in html": {"status": 403, "body": "<html>"},
    "other types": {"status": 400, "body": {"error": {"a": 1}, "reason": 7}},
    "very long": {"status": 400, "body": {"error": "x" * 100_000}},
}


@pytest.mark.parametrize("fault", UNAVAILABLE.values(), ids=UNAVAILABLE)
def test_without_a_usable_response_the_old_token_stays(refresher: Refresher, fault: dict[str, object]) -> None:
    refresher.mints()
    old = refresher.token
    refresher.clock.sleep(60)
    refresher.zoom.add_fault(**fault)

    with pytest.raises(OAuthUnavailable, match="Zoom's OAuth server"):
        refresher.invoke()

    assert refresher.token == old
    assert_lease_is_released(refresher)
    assert "OAuthUnavailable" in refresher.log
    assert "Kanarienvogel" not in refresher.log


@pytest.mark.parametrize("fault", REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_a_credentials_error(refresher: Refresher, fault: dict[str, object]) -> None:
    refresher.zoom.add_fault(kind="answer", **fault)

    with pytest.raises(CredentialsRefused, match="ZoomCredentialsSecret") as caught:
        refresher.invoke()

    assert len(str(caught.value)) < 1_000
    assert_lease_is_released(refresher)
    assert "CredentialsRefused" in refresher.log


def assert_lease_is_released(refresher: Refresher) -> None:
    """Assert that no mint is allowed within the minute, and one is after it."""
    assert not refresher.mints()
    assert not refresher.replaces()
    refresher.clock.sleep(61)
    assert refresher.mints()


@pytest.mark.parametrize("failure", ["LimitExceededException", "AccessDeniedException", "InternalServiceError"])
def test_a_failed_write_of_the_token_releases_the_lease(refresher: Refresher, failure: str) -> None:
    refresher.secrets.fail_next("put_secret_value", failure)

    with pytest.raises(Exception, match=failure) as caught:
        refresher.invoke()

    assert_no_secret("".join(traceback.format_exception(caught.value)) + refresher.log, refresher)
    assert refresher.token is None
    assert_lease_is_released(refresher)


def test_an_expiry_beyond_all_dates_is_an_error(refresher: Refresher) -> None:
    refresher.zoom.add_fault(kind="answer", status=200, body={**GOOD, "expires_in": 10**30})

    with pytest.raises((ValueError, OverflowError)):
        refresher.invoke()

    assert_lease_is_released(refresher)


def test_an_unexpected_error_releases_the_lease(refresher: Refresher, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(refresher.app, "mint", fail)
    with pytest.raises(ZeroDivisionError):
        refresher.invoke()
    monkeypatch.undo()

    assert refresher.dynamodb.rows("account")[0]["held_until"] == 0


@pytest.mark.parametrize("fault", [*UNAVAILABLE.values(), *({"kind": "answer", **fault} for fault in REFUSED.values())])
def test_no_secret_is_logged_or_raised(refresher: Refresher, fault: dict[str, object]) -> None:
    refresher.mints()
    refresher.clock.sleep(60)
    refresher.zoom.add_fault(**fault)

    with pytest.raises(MintError) as caught:
        refresher.invoke()

    assert_no_secret("".join(traceback.format_exception(caught.value)) + refresher.log, refresher)


def test_no_secret_is_logged_on_success(refresher: Refresher) -> None:
    results = [refresher.invoke(), refresher.invoke(), refresher.invoke({"replaces": refresher.version})]

    assert_no_secret(refresher.log + str(results), refresher)


def assert_no_secret(text: str, refresher: Refresher) -> None:
    tokens = [*refresher.zoom._state.tokens.ends, str(GOOD["access_token"])]
    for secret in [CREDENTIALS["client_id"], CREDENTIALS["client_secret"], *tokens]:
        assert secret not in text


# ── Over a real connection ──────────────────────────────────────────────────────────────────────────────────────────


class Server:
    """A server that sends `answer` to each client, byte by byte if there is a pause; requests are in `received`."""

    def __init__(self, answer: bytes, pause_s: float = 0.0) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._answer, self._pause_s = answer, pause_s
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/oauth/token"
        self.received = io.BytesIO()
        self.is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            connection, _ = self._socket.accept()
        except OSError:  # closed before a client connected
            return
        with connection:
            try:
                self.received.write(connection.recv(65_536))
                pieces = [self._answer] if not self._pause_s else [bytes([byte]) for byte in self._answer]
                for piece in pieces:
                    connection.sendall(piece)
                    if self.is_over.wait(self._pause_s):
                        break
                if self._pause_s:
                    self.is_over.wait(5)
            except OSError:
                return  # the client closed the connection, as some tests require

    def close(self) -> None:
        self.is_over.set()
        with contextlib.suppress(OSError), socket.create_connection(self._socket.getsockname(), 1):
            pass  # wakes a server that still waits for a client
        self._socket.close()
        self._thread.join(5)
        assert not self._thread.is_alive()


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(answer: bytes, pause_s: float = 0.0) -> Server:
        servers.append(Server(answer, pause_s))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def http_response(body: bytes, status: bytes = b"200 OK", more: bytes = b"") -> bytes:
    length = str(len(body)).encode()
    return b"HTTP/1.1 " + status + b"\r\nContent-Length: " + length + b"\r\n" + more + b"\r\n" + body


def test_a_token_is_minted_over_a_real_connection(
    open_refresher: Callable[..., Refresher], serve: Callable[..., Server]
) -> None:
    server = serve(http_response(b'{"access_token": "wire", "expires_in": 3599}'))
    refresher = open_refresher(server.url)

    assert refresher.mints()
    assert (refresher.token or {})["access_token"] == "wire"
    assert server.received.getvalue().startswith(b"POST /oauth/token HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"\xff\xfe", b"7" * 5_000, b"NaN"], ids=["deep", "bytes", "long", "NaN"]
)
def test_unparsable_json_is_no_token(
    open_refresher: Callable[..., Refresher], serve: Callable[..., Server], body: bytes
) -> None:
    refresher = open_refresher(serve(http_response(body)).url)

    with pytest.raises(OAuthUnavailable, match="without a token"):
        refresher.invoke()


@pytest.mark.parametrize(
    ("answer", "pause_s"),
    [
        (b"", 30.0),
        (http_response(b'{"access_token": "t", "expires_in": 9}'), 0.2),
        (b"HTTP/1.1 200 OK\r\nX: y\r\n", 0.1),
    ],
    ids=["silence", "a slow body", "endless headers"],
)
def test_a_slow_response_is_cut_off(
    open_refresher: Callable[..., Refresher],
    serve: Callable[..., Server],
    monkeypatch: pytest.MonkeyPatch,
    answer: bytes,
    pause_s: float,
) -> None:
    monkeypatch.setattr(limits, "TOKEN_CALL_SECONDS", 0.4)
    refresher = open_refresher(serve(answer, pause_s).url)
    began = time.monotonic()

    with pytest.raises(OAuthUnavailable):
        refresher.invoke()

    assert time.monotonic() - began < 2


def test_a_refused_connection_is_a_clear_error(open_refresher: Callable[..., Refresher]) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    refresher = open_refresher(f"http://127.0.0.1:{port}/")

    with pytest.raises(OAuthUnavailable, match="did not answer"):
        refresher.invoke()


def test_credentials_follow_no_redirect(open_refresher: Callable[..., Refresher], serve: Callable[..., Server]) -> None:
    other = serve(http_response(b'{"access_token": "stolen", "expires_in": 9}'))
    server = serve(http_response(b"", b"307 Temporary Redirect", b"Location: " + other.url.encode() + b"\r\n"))
    refresher = open_refresher(server.url)

    with pytest.raises(OAuthUnavailable, match="307"):
        refresher.invoke()

    assert other.received.getvalue() == b""
