"""The client of Zoom's API: batch registrations, registrants, what Zoom says about a webinar (zoom-api.md, section 1).

Zoom's errors are returned as values, not raised, and no call is retried here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import requests
from requests.auth import AuthBase

from registrar import limits
from registrar.registrants.registrant import Registrant
from registrar.zoom.http import BoundedHttp
from registrar.zoom.responses import (
    BatchResponse,
    ErrorResponse,
    Page,
    WebinarSettings,
    batch_response,
    description_of,
    is_from_zoom,
    page_of,
    settings_of,
)
from registrar.zoom.token import Token

_DEFAULT_API_URL = "https://api.zoom.us/v2"  # the template's default of ZoomApiUrl


class ZoomClient:
    """Calls Zoom's API. An `api_url` other than the default takes precedence over the token's regional one."""

    def __init__(self, http: BoundedHttp, api_url: str, auto_approve: bool) -> None:
        self._http = http
        self._api_url = api_url
        self._auto_approve = auto_approve

    def register(
        self, token: Token, webinar_id: str, registrants: Sequence[Registrant], seconds: float
    ) -> BatchResponse:
        """Register 1 to 30 registrants of one webinar, in at most `seconds`."""
        request = self._request("POST", token, f"webinars/{webinar_id}/batch_registrants")
        request.json = {
            "auto_approve": self._auto_approve,
            "registrants": [registrant.to_zoom() for registrant in registrants],
        }
        return batch_response(self._http.exchange(request, seconds), registrants)

    def list_registrants(
        self,
        token: Token,
        webinar_id: str,
        status: str,
        page: str,
        seconds: float,
        page_size: int = limits.REGISTRANTS_PER_PAGE,
    ) -> Page | ErrorResponse:
        """Return one page of the webinar's registrants whose `status` is `approved` or `pending`."""
        request = self._request("GET", token, f"webinars/{webinar_id}/registrants")
        request.params = {"status": status, "page_size": page_size, "next_page_token": page}
        return page_of(self._http.exchange(request, seconds, limits.ZOOM_PAGE_BYTES))

    def describe(self, token: Token, webinar_id: str, kind: str, seconds: float) -> Mapping[str, Any] | ErrorResponse:
        """Return Zoom's description of a webinar or meeting."""
        return self._described(token, f"{kind}s/{webinar_id}", seconds)

    def questions(self, token: Token, webinar_id: str, kind: str, seconds: float) -> Mapping[str, Any] | ErrorResponse:
        """Return Zoom's description of the questions that a webinar or meeting asks registrants."""
        return self._described(token, f"{kind}s/{webinar_id}/registrants/questions", seconds)

    def settings(self, token: Token, webinar_id: str, seconds: float) -> WebinarSettings | ErrorResponse:
        """Return the webinar's settings."""
        return settings_of(self._http.exchange(self._request("GET", token, f"webinars/{webinar_id}"), seconds))

    def is_reachable(self, token: Token, webinar_id: str, seconds: float) -> bool:
        """Probe Zoom by reading the webinar; any response of Zoom's below 500 counts, also an error."""
        request = self._request("GET", token, f"webinars/{webinar_id}")
        return is_from_zoom(self._http.exchange(request, seconds))

    def _described(self, token: Token, path: str, seconds: float) -> Mapping[str, Any] | ErrorResponse:
        return description_of(self._http.exchange(self._request("GET", token, path), seconds))

    def _request(self, method: str, token: Token, path: str) -> requests.Request:
        base = token.api_url if self._api_url == _DEFAULT_API_URL and token.api_url else self._api_url
        return requests.Request(method, f"{base}/{path}", headers={"Accept": "application/json"}, auth=_Bearer(token))


class _Bearer(AuthBase):
    def __init__(self, token: Token) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.value}"
        return request
