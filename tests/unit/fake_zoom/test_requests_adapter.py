"""The fake as a `requests` adapter: every fault raises the exception that a real connection would raise."""

import json
from typing import Any

import pytest
import requests

from local.fake_zoom.requests_adapter import FakeZoomAdapter
from tests.unit.fake_zoom.caller import WEBINAR, Caller, batch_of

URL = f"https://api.zoom.us/v2/webinars/{WEBINAR}/batch_registrants"
ADA = "ada@example.com"
TIMEOUT_SECONDS = (3.05, 20.0)


class Client:
    """A session on the account that records how long it has waited."""

    def __init__(self, zoom: Caller) -> None:
        self.zoom = zoom
        self.waited: list[float] = []
        self.session = requests.Session()
        self.session.mount("https://", FakeZoomAdapter(zoom.account, self.waited.append))

    def post(self, timeout: Any = TIMEOUT_SECONDS, stream: bool = False) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.zoom.token}"}
        return self.session.post(URL, json=batch_of(ADA), headers=headers, timeout=timeout, stream=stream)


@pytest.fixture
def client(zoom: Caller) -> Client:
    return Client(zoom)


@pytest.mark.parametrize(("processed", "stored"), [("no", set()), ("yes", {ADA})])
def test_a_reset_is_a_connection_error(client: Client, processed: str, stored: set[str]) -> None:
    client.zoom.account.add_fault(kind="reset", processed=processed)

    with pytest.raises(requests.exceptions.ConnectionError, match="Connection reset by peer"):
        client.post()

    assert client.zoom.registered() == stored


def test_silence_is_a_read_timeout_after_the_timeout(client: Client) -> None:
    client.zoom.account.add_fault(kind="hang")

    with pytest.raises(requests.exceptions.ReadTimeout):
        client.post()

    assert client.waited == [20.0]


def test_silence_without_a_timeout_is_an_error_of_the_client(client: Client) -> None:
    client.zoom.account.add_fault(kind="hang")

    with pytest.raises(RuntimeError, match="no read timeout"):
        client.post(timeout=None)


def test_latency_above_the_timeout_is_a_read_timeout_after_processing(client: Client) -> None:
    client.zoom.account.set_latency(30_000)

    with pytest.raises(requests.exceptions.ReadTimeout):
        client.post()

    assert client.zoom.registered() == {ADA}


def test_latency_below_the_timeout_delays_the_response(client: Client) -> None:
    client.zoom.account.set_latency(1_500)

    assert client.post().status_code == 201
    assert client.waited == [1.5]


def test_a_cut_connection_is_a_broken_body(client: Client) -> None:
    client.zoom.account.add_fault(kind="cut_connection")

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        client.post()


def test_a_truncated_body_is_not_json(client: Client) -> None:
    client.zoom.account.add_fault(kind="truncated_json")

    with pytest.raises(requests.exceptions.JSONDecodeError):
        client.post().json()


def test_a_slow_body_delays_each_byte(client: Client) -> None:
    client.zoom.account.add_fault(kind="drip_body", seconds_per_byte=1)

    response = client.post(stream=True)
    body = b"".join(response.iter_content(1))

    assert json.loads(body)["registrants"][0]["email"] == ADA
    assert sum(client.waited) == len(body)


def test_a_body_that_is_too_slow_is_a_read_timeout(client: Client) -> None:
    client.zoom.account.add_fault(kind="drip_body", seconds_per_byte=20)

    with pytest.raises(requests.exceptions.ReadTimeout):
        client.post()


def test_slow_headers_delay_the_response(client: Client) -> None:
    client.zoom.account.add_fault(kind="drip_headers", seconds_per_byte=1)

    client.post(stream=True)

    assert sum(client.waited) > 100


def test_a_huge_body_can_be_read_in_part(client: Client) -> None:
    client.zoom.account.add_fault(kind="huge_body", megabytes=2)

    response = client.post(stream=True)

    assert int(response.headers["Content-Length"]) > 2_000_000
    assert len(next(response.iter_content(1_000))) == 1_000


def test_a_response_is_complete(client: Client) -> None:
    response = client.post()

    assert (response.status_code, response.reason, response.ok) == (201, "Created", True)
    assert response.headers["x-zm-trackingid"].startswith("v=2.0;")
    assert response.json()["registrants"][0]["email"] == ADA
    assert (response.url, response.encoding) == (URL, "UTF-8")
    assert client.waited == []


def test_a_token_is_minted_through_the_session(client: Client) -> None:
    response = client.session.post(
        "https://zoom.us/oauth/token",
        auth=("fake-client", "fake-secret"),
        data={"grant_type": "account_credentials", "account_id": "fake-account"},
        timeout=TIMEOUT_SECONDS,
    )

    assert response.json()["token_type"] == "bearer"
