"""The command line's Zoom client on the fake Zoom, without a socket."""

import requests
from registrar.zoom.http import BoundedHttp
from registrar.zoom.token import Token
from registrar_cli.clients.zoom import DEFAULT_API_URL, ZoomApi

from local.fake_zoom.account import Account
from local.fake_zoom.requests_adapter import FakeZoomAdapter


def http_of(account: Account) -> BoundedHttp:
    """Return an HTTP client that reaches the account."""
    session = requests.Session()
    session.mount("https://", FakeZoomAdapter(account))
    return BoundedHttp(session)


def zoom_api_of(account: Account) -> ZoomApi:
    """Return a client with a new token of the account."""
    return ZoomApi(Token(account.mint_token(), "1"), DEFAULT_API_URL, http_of(account))
