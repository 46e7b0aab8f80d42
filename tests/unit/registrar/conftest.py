"""What the tests of the consumer share: the consumer on fakes, and no way to a real network."""

from collections.abc import Iterator

import pytest
import pytest_socket


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Sockets are blocked, but for tests that bring a server of their own on this machine."""
    if request.node.get_closest_marker("loopback") or "loopback" in request.fixturenames:
        pytest_socket.socket_allow_hosts(["127.0.0.1"])
    else:
        pytest_socket.disable_socket()
    yield
    pytest_socket.enable_socket()
    pytest_socket._remove_restrictions()
