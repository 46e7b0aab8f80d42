"""The fake as a `requests` adapter: every fault as the exception that a real connection would raise."""

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
    """A session that meets the account, and knows how long it has waited."""

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


def test_silence_is_a_read_timeout_after_as_long(client: Client) -> None:
    client.zoom.account.add_fault(kind="hang")

    with pytest.raises(requests.exceptions.ReadTimeout):
        client.post()

    assert client.waited == [20.0]


def test_silence_without_a_timeout_is_a_mistake_of_the_client(client: Client) -> None:
    client.zoom.account.add_fault(kind="hang")

    with pytest.raises(RuntimeError, match="no read timeout"):
        client.post(timeout=None)


def test_latency_beyond_the_timeout_is_a_read_timeout_after_processing(client: Client) -> None:
    client.zoom.account.set_latency(30_000)

    with pytest.raises(requests.exceptions.ReadTimeout):
        client.post()

    assert client.zoom.registered() == {ADA}


def test_latency_within_the_timeout_is_waited_for(client: Client) -> None:
    client.zoom.account.set_latency(1_500)

    assert client.post().status_code == 201
    assert client.waited == [1.5]


def test_a_cut_connection_is_a_broken_body(client: Client) -> None:
    client.zoom.account.add_fault(kind="cut_connection")

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        client.post()


def test_a_truncated_body_is_no_json(client: Client) -> None:
    client.zoom.account.add_fault(kind="truncated_json")

    with pytest.raises(requests.exceptions.JSONDecodeError):
        client.post().json()


def test_a_dripping_body_takes_its_time_for_each_byte(client: Client) -> None:
    client.zoom.account.add_fault(kind="drip_body", seconds_per_byte=1)

    response = client.post(stream=True)
    body = b"".join(response.iter_content(1))

    assert json.loads(body)["registrants"][0]["email"] == ADA
    assert sum(client.waited) == len(body)


def test_a_body_that_drips_too_slowly_is_a_read_timeout(client: Client) -> None:
    client.zoom.account.add_fault(kind="drip_body", seconds_per_byte=20)

    with pytest.raises(requests.exceptions.ReadTimeout):
        client.post()


def test_dripping_headers_take_their_time_before_the_answer(client: Client) -> None:
    client.zoom.account.add_fault(kind="drip_headers", seconds_per_byte=1)

    client.post(stream=True)

    assert sum(client.waited) > 100


def test_a_huge_body_can_be_read_in_part(client: Client) -> None:
    client.zoom.account.add_fault(kind="huge_body", megabytes=2)

    response = client.post(stream=True)

    assert int(response.headers["Content-Length"]) > 2_000_000
    assert len(next(response.iter_content(1_000))) == 1_000


def test_an_answer_is_a_whole_response(client: Client) -> None:
    response = client.post()

    assert (response.status_code, response.reason, response.ok) == (201, "Created", True)
    assert response.headers["x-zm-trackingid"].startswith("v=2.0;")
    assert response.json()["registrants"][0]["email"] == ADA
    assert (response.url, response.encoding) == (URL, "UTF-8")
    assert client.waited == []


def test_a_token_is_had_through_the_session(client: Client) -> None:
    response = client.session.post(
        "https://zoom.us/oauth/token",
        auth=("fake-client", "fake-secret"),
        data={"grant_type": "account_credentials", "account_id": "fake-account"},
        timeout=TIMEOUT_SECONDS,
    )

    assert response.json()["token_type"] == "bearer"
