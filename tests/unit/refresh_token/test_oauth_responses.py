"""Whatever Zoom's OAuth server does: an error in words, the old token left alone, the lease given back."""

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
    "broken off": {"kind": "cut_connection"},
    "50 MB": {"kind": "huge_body", "megabytes": 50},
    "reset": {"kind": "reset"},
    "silence": {"kind": "hang"},
    "a list": {"kind": "answer", "status": 200, "body": [GOOD]},
    "null": {"kind": "answer", "status": 200, "body": "null"},
    "no token": {"kind": "answer", "status": 200, "body": {**GOOD, "access_token": None}},
    "an empty token": {"kind": "answer", "status": 200, "body": {**GOOD, "access_token": ""}},
    "a token of another type": {"kind": "answer", "status": 200, "body": {**GOOD, "access_token": {"a": 1}}},
    "no end": {"kind": "answer", "status": 200, "body": {"access_token": GOOD["access_token"]}},
    "an end that is text": {"kind": "answer", "status": 200, "body": {**GOOD, "expires_in": "3600"}},
    "ended already": {"kind": "answer", "status": 200, "body": {**GOOD, "expires_in": 0}},
    "ends before it begins": {"kind": "answer", "status": 200, "body": {**GOOD, "expires_in": -1}},
}

REFUSED: dict[str, dict[str, object]] = {
    "the client": {"status": 400, "body": {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}},
    "the account": {"status": 400, "body": {"reason": "Account does not exist", "error": "invalid_request"}},
    "without a word": {"status": 401, "body": ""},
    "in html": {"status": 403, "body": "<html>"},
    "in other shapes": {"status": 400, "body": {"error": {"a": 1}, "reason": 7}},
    "at length": {"status": 400, "body": {"error": "x" * 100_000}},
}


@pytest.mark.parametrize("fault", UNAVAILABLE.values(), ids=UNAVAILABLE)
def test_without_a_usable_answer_the_old_token_stays(refresher: Refresher, fault: dict[str, object]) -> None:
    refresher.mints()
    old = refresher.token
    refresher.clock.sleep(60)
    refresher.zoom.add_fault(**fault)

    with pytest.raises(OAuthUnavailable, match="Zoom's OAuth server"):
        refresher.invoke()

    assert refresher.token == old
    assert_lease_is_given_back(refresher)
    assert "OAuthUnavailable" in refresher.log
    assert "Kanarienvogel" not in refresher.log


@pytest.mark.parametrize("fault", REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_the_credentials_fault(refresher: Refresher, fault: dict[str, object]) -> None:
    refresher.zoom.add_fault(kind="answer", **fault)

    with pytest.raises(CredentialsRefused, match="ZoomCredentialsSecret") as caught:
        refresher.invoke()

    assert len(str(caught.value)) < 1_000
    assert_lease_is_given_back(refresher)
    assert "CredentialsRefused" in refresher.log


def assert_lease_is_given_back(refresher: Refresher) -> None:
    """Nobody mints within the minute, and after it the next one may."""
    assert not refresher.mints()
    assert not refresher.is_asked()
    refresher.clock.sleep(61)
    assert refresher.mints()


@pytest.mark.parametrize("failure", ["LimitExceededException", "AccessDeniedException", "InternalServiceError"])
def test_a_token_that_cannot_be_written_gives_the_lease_back(refresher: Refresher, failure: str) -> None:
    refresher.secrets.fail_next("put_secret_value", failure)

    with pytest.raises(Exception, match=failure) as caught:
        refresher.invoke()

    assert_nothing_secret("".join(traceback.format_exception(caught.value)) + refresher.log, refresher)
    assert refresher.token is None
    assert_lease_is_given_back(refresher)


def test_a_token_that_ends_in_another_age_cannot_be_written_down(refresher: Refresher) -> None:
    refresher.zoom.add_fault(kind="answer", status=200, body={**GOOD, "expires_in": 10**30})

    with pytest.raises((ValueError, OverflowError)):
        refresher.invoke()

    assert_lease_is_given_back(refresher)


def test_an_unforeseen_error_gives_the_lease_back(refresher: Refresher, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(refresher.app, "mint", break_down)
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

    assert_nothing_secret("".join(traceback.format_exception(caught.value)) + refresher.log, refresher)


def test_no_secret_is_logged_when_all_is_well(refresher: Refresher) -> None:
    answers = [refresher.invoke(), refresher.invoke(), refresher.invoke({"replaces": refresher.version})]

    assert_nothing_secret(refresher.log + str(answers), refresher)


def assert_nothing_secret(text: str, refresher: Refresher) -> None:
    tokens = [*refresher.zoom._state.tokens.ends, str(GOOD["access_token"])]
    for secret in [CREDENTIALS["client_id"], CREDENTIALS["client_secret"], *tokens]:
        assert secret not in text


# ── Over a real connection ──────────────────────────────────────────────────────────────────────────────────────────


class Server:
    """Says `answer` to everybody who connects, one byte after each pause; what was asked is in `heard`."""

    def __init__(self, answer: bytes, pause_s: float = 0.0) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._answer, self._pause_s = answer, pause_s
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/oauth/token"
        self.heard = io.BytesIO()
        self.is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            connection, _ = self._socket.accept()
        except OSError:  # closed before anybody came
            return
        with connection:
            try:
                self.heard.write(connection.recv(65_536))
                pieces = [self._answer] if not self._pause_s else [bytes([byte]) for byte in self._answer]
                for piece in pieces:
                    connection.sendall(piece)
                    if self.is_over.wait(self._pause_s):
                        break
                if self._pause_s:
                    self.is_over.wait(5)
            except OSError:
                return  # the client has cut the connection: that is what some tests are about

    def close(self) -> None:
        self.is_over.set()
        with contextlib.suppress(OSError), socket.create_connection(self._socket.getsockname(), 1):
            pass  # wakes a server that is still waiting for somebody
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


def http_answer(body: bytes, status: bytes = b"200 OK", more: bytes = b"") -> bytes:
    length = str(len(body)).encode()
    return b"HTTP/1.1 " + status + b"\r\nContent-Length: " + length + b"\r\n" + more + b"\r\n" + body


def test_a_token_comes_over_the_wire(open_refresher: Callable[..., Refresher], serve: Callable[..., Server]) -> None:
    server = serve(http_answer(b'{"access_token": "wire", "expires_in": 3599}'))
    refresher = open_refresher(server.url)

    assert refresher.mints()
    assert (refresher.token or {})["access_token"] == "wire"
    assert server.heard.getvalue().startswith(b"POST /oauth/token HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"\xff\xfe", b"7" * 5_000, b"NaN"], ids=["deep", "bytes", "long", "NaN"]
)
def test_json_that_python_cannot_read_is_no_token(
    open_refresher: Callable[..., Refresher], serve: Callable[..., Server], body: bytes
) -> None:
    refresher = open_refresher(serve(http_answer(body)).url)

    with pytest.raises(OAuthUnavailable, match="without a token"):
        refresher.invoke()


@pytest.mark.parametrize(
    ("answer", "pause_s"),
    [(b"", 30.0), (http_answer(b'{"access_token": "t", "expires_in": 9}'), 0.2), (b"HTTP/1.1 200 OK\r\nX: y\r\n", 0.1)],
    ids=["silence", "a drip", "a head without an end"],
)
def test_time_is_bounded_however_slowly_zoom_speaks(
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


def test_nobody_there_is_an_error_in_words(open_refresher: Callable[..., Refresher]) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    refresher = open_refresher(f"http://127.0.0.1:{port}/")

    with pytest.raises(OAuthUnavailable, match="did not answer"):
        refresher.invoke()


def test_credentials_follow_no_redirect(open_refresher: Callable[..., Refresher], serve: Callable[..., Server]) -> None:
    thief = serve(http_answer(b'{"access_token": "stolen", "expires_in": 9}'))
    server = serve(http_answer(b"", b"307 Temporary Redirect", b"Location: " + thief.url.encode() + b"\r\n"))
    refresher = open_refresher(server.url)

    with pytest.raises(OAuthUnavailable, match="307"):
        refresher.invoke()

    assert thief.heard.getvalue() == b""
