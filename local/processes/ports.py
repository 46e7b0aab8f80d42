"""Which ports the embedded stack listens on, and what is said when one is taken.

All of them are below 32768, where Linux begins to give ports to outgoing connections: a port that is free now
is still free when the program that was told to use it gets there, unless another server takes it.
"""

from __future__ import annotations

import random
import socket
import threading

from local.errors import PortBusyError

LOOPBACK = "127.0.0.1"
FIRST_PORT = 20_000
LAST_PORT = 32_000
CONNECT_SECONDS = 1.0  # on this machine an answer comes at once or not at all


def is_free(port: int) -> bool:
    """Return whether a server could listen on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do, so that the remains of closed connections do not count as a server.
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
    """Hands out free ports, each of them once. Threads may share it."""

    def __init__(self, first: int = FIRST_PORT, last: int = LAST_PORT) -> None:
        self._first, self._last = first, last
        # Stacks side by side begin at different places, and so rarely want the same port at the same moment.
        self._next = random.randint(first, last)  # noqa: S311  Nothing secret.
        self._lock = threading.Lock()

    def take(self) -> int:
        """Return a port that is free now and was not handed out before."""
        with self._lock:
            for _ in range(self._last - self._first + 1):
                port = self._next
                self._next = port + 1 if port < self._last else self._first
                if is_free(port):
                    return port
        raise RuntimeError(f"No port from {self._first} to {self._last} is free.")

    def take_this(self, port: int, purpose: str, option: str) -> int:
        """Return the port that was asked for, or tell in words that it is taken."""
        if not is_free(port):
            raise PortBusyError(port, purpose, option)
        return port
