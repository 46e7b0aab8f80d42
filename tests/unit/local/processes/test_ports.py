"""Ports: free ones are found, a busy one is reported."""

import socket
from collections.abc import Iterator

import pytest

from local.errors import PortBusyError
from local.processes.ports import LOOPBACK, PortPool, is_free, is_listening


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """Yield a server on a free port."""
    with socket.create_server((LOOPBACK, PortPool().take())) as listening:
        yield listening


def port_of(server: socket.socket) -> int:
    return int(server.getsockname()[1])


def test_a_port_with_a_server_is_not_free(server: socket.socket) -> None:
    assert not is_free(port_of(server))
    assert is_listening(port_of(server))


def test_a_port_without_a_server_is_free() -> None:
    port = PortPool().take()
    assert is_free(port)
    assert not is_listening(port)


def test_the_pool_returns_free_ports_each_of_them_once(server: socket.socket) -> None:
    taken = port_of(server)
    pool = PortPool(taken - 1, taken + 2)
    given = {pool.take() for _ in range(3)}
    assert given <= {taken - 1, taken + 1, taken + 2}


def test_a_pool_without_free_ports_raises(server: socket.socket) -> None:
    with pytest.raises(RuntimeError, match="No port from"):
        PortPool(port_of(server), port_of(server)).take()


def test_a_busy_port_is_reported_with_its_purpose_and_option(server: socket.socket) -> None:
    with pytest.raises(PortBusyError) as error:
        PortPool().take_this(port_of(server), "the fake Zoom", "--zoom-port")
    assert str(error.value) == (
        f"Port {port_of(server)} for the fake Zoom is in use by another program. "
        "Stop that program, or choose another port with --zoom-port."
    )


def test_all_ports_are_below_those_of_outgoing_connections() -> None:
    assert all(20_000 <= PortPool().take() < 32_768 for _ in range(50))
