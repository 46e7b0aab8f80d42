"""Choose the ports that the local stack listens on.

All are below 32768, where Linux begins to assign ports to outgoing connections: a free port stays free until the
program listens on it, unless another server takes it.
"""

import random
import socket
import threading

from local.errors import PortBusyError

LOOPBACK = "127.0.0.1"
FIRST_PORT = 20_000
LAST_PORT = 32_000
CONNECT_SECONDS = 1.0  # on this machine a connection succeeds at once or not at all


def is_free(port: int) -> bool:
    """Return whether a server could listen on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do, so that connections in TIME_WAIT do not count as a server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def is_listening(port: int) -> bool:
    """Return whether a server listens on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(CONNECT_SECONDS)
        return probe.connect_ex((LOOPBACK, port)) == 0


class PortPool:
    """Returns free ports, each of them once. It is thread-safe."""

    def __init__(self, first: int = FIRST_PORT, last: int = LAST_PORT) -> None:
        self._first, self._last = first, last
        # Concurrent stacks begin at different ports, so that they rarely want the same one.
        self._next = random.randint(first, last)  # noqa: S311
        self._lock = threading.Lock()

    def take(self) -> int:
        """Return a port that is free and was not returned before."""
        with self._lock:
            for _ in range(self._last - self._first + 1):
                port = self._next
                self._next = port + 1 if port < self._last else self._first
                if is_free(port):
                    return port
        raise RuntimeError(f"No port from {self._first} to {self._last} is free.")

    def take_this(self, port: int, purpose: str, option: str) -> int:
        """Return the given port. Raises: PortBusyError, whose message names `purpose` and `option`."""
        if not is_free(port):
            raise PortBusyError(port, purpose, option)
        return port
