"""`ZoomClient`: the requests it sends."""

import json

import pytest
import requests
from registrar.registrants.registrant import Registrant
from registrar.zoom.client import ZoomClient
from registrar.zoom.http import BoundedHttp, Exchange, NotSent
from registrar.zoom.token import Token

from tests.consumer import API_URL, WEBINAR, message

ADA = Registrant.from_message(message("Ada@Example.com"))
EVE = Registrant.from_message(message("eve@bücher.example.com", first_name="Eve", last_name="Adamson"))
TOKEN = Token("secret-token", "1")


class NoHttp(BoundedHttp):
    """HTTP without a server; it records the last request."""

    def __init__(self) -> None:
        self.request = requests.Request()
        self.seconds = 0.0

    def exchange(self, request: requests.Request, seconds: float, _most_bytes: int = 0) -> Exchange:
        self.request, self.seconds = request, seconds
        return NotSent("")


@pytest.mark.parametrize("auto_approve", [True, False])
def test_the_request(auto_approve: bool) -> None:
    http = NoHttp()
    ZoomClient(http, API_URL, auto_approve).register(TOKEN, WEBINAR, [ADA, EVE], 5)
    assert http.seconds == 5
    prepared = http.request.prepare()
    assert prepared.method == "POST"
    assert prepared.url == f"https://api.zoom.us/v2/webinars/{WEBINAR}/batch_registrants"
    assert prepared.headers["Authorization"] == "Bearer secret-token"
    assert prepared.headers["Content-Type"] == "application/json"
    assert json.loads(prepared.body or "") == {
        "auto_approve": auto_approve,
        "registrants": [
            {"email": "Ada@Example.com", "first_name": "Ada", "last_name": "Lovelace"},
            {"email": "eve@bücher.example.com", "first_name": "Eve", "last_name": "Adamson"},
        ],
    }


@pytest.mark.parametrize(
    ("setting", "in_token", "used"),
    [
        (API_URL, None, API_URL),
        (API_URL, "https://api-eu.zoom.us/v2", "https://api-eu.zoom.us/v2"),
        ("http://127.0.0.1:1/v2", "https://api-eu.zoom.us/v2", "http://127.0.0.1:1/v2"),
    ],
)
def test_a_non_default_api_url_overrides_the_tokens_region(setting: str, in_token: str | None, used: str) -> None:
    http = NoHttp()
    ZoomClient(http, setting, True).register(Token("t", "1", api_url=in_token), WEBINAR, [ADA], 5)
    assert http.request.url.startswith(f"{used}/webinars/")


def test_the_repr_of_a_token_hides_its_value() -> None:
    assert "secret-token" not in repr(TOKEN)


def test_one_record_of_a_list_can_be_requested() -> None:
    http = NoHttp()
    ZoomClient(http, API_URL, True).list_registrants(TOKEN, WEBINAR, "approved", "", 5, page_size=1)
    assert http.request.params == {"status": "approved", "page_size": 1, "next_page_token": ""}
