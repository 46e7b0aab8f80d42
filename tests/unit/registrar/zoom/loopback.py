"""A local TCP server whose response a test controls byte by byte, which no `requests` adapter can imitate.

The test passes a function that gets each connection after its request was read.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Loopback:
    """A server of up to eight concurrent connections; `requests` holds the requests received."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._closed = threading.Event()
        self._connections: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.requests: list[bytes] = []
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(8)]
        for thread in self._threads:
            thread.start()

    @property
    def url(self) -> str:
        """Return the base URL."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/v2"

    def close(self) -> None:
        """Stop, and wait until all threads have ended."""
        self._closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            with contextlib.suppress(OSError):  # a client may keep its connection open
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # the listener is closed
            self._connections.append(connection)
            with connection, contextlib.suppress(OSError):  # the client may close at any time
                self._serve_connection(connection)

    def _serve_connection(self, connection: socket.socket) -> None:
        while not self._closed.is_set():
            request = _read_request(connection)
            if not request:
                return
            self.requests.append(request)
            self._serve(connection)

    def wait(self, seconds: float) -> None:
        """Send nothing for this long, or until the server is closed."""
        self._closed.wait(seconds)

    def drip(self, connection: socket.socket, data: bytes, seconds: float) -> None:
        """Send one byte at a time until the client closes."""
        for byte in data:
            connection.sendall(bytes([byte]))
            if self._closed.wait(seconds):
                return


@contextlib.contextmanager
def serving(serve: Callable[["Loopback", socket.socket], None]) -> Iterator[Loopback]:
    """Run a server until the end of the `with` block."""
    server = Loopback(lambda connection: serve(server, connection))
    try:
        yield server
    finally:
        server.close()


def complete(body: bytes, head: bytes = OK_HEAD) -> bytes:
    """Return a complete response."""
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        received = connection.recv(65_536)
        if not received:
            return b""
        data += received
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
