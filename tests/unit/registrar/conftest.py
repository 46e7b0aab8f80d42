"""Fixtures for the tests of the layer: no access to a real network."""

from collections.abc import Iterator

import pytest
import pytest_socket


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Block sockets, except to this machine in tests that run a local server."""
    if request.node.get_closest_marker("loopback") or "loopback" in request.fixturenames:
        pytest_socket.socket_allow_hosts(["127.0.0.1"])
    else:
        pytest_socket.disable_socket()
    yield
    pytest_socket.enable_socket()
    pytest_socket._remove_restrictions()
