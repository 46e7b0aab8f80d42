"""An account as a `requests` adapter, without sockets.

    session.mount("https://", FakeZoomAdapter(account))

It returns a response that can be read whole or streamed, or raises the exception that `requests` would raise over a
real connection. It waits by calling the given `sleep`, so that tests can use virtual time.
"""

import io
from collections.abc import Callable, Mapping

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError

from local.fake_zoom.account import Account
from local.fake_zoom.exchange import BrokenResponse, Cut, Drip, Hang, Request, Response

Timeout = float | tuple[float, float] | tuple[float, None] | None


def no_sleep(_seconds: float) -> None:
    """Let no time pass."""


class FakeZoomAdapter(BaseAdapter):
    """Sends every request to the account. `sleep` gets the seconds of latency, hanging and slow sending."""

    def __init__(self, account: Account, sleep: Callable[[float], None] = no_sleep) -> None:
        super().__init__()
        self._account = account
        self._sleep = sleep

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Timeout = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Return the account's response, or raise what a broken connection raises."""
        result = self._account.handle(_request(request))
        latency = self._account.latency_seconds
        self._check_timeout(latency, request, timeout)
        if latency:
            self._sleep(latency)
        if isinstance(result, Hang):
            self._check_timeout(float("inf"), request, timeout)
        if isinstance(result, Drip):
            self._check_timeout(result.seconds_per_byte, request, timeout)
        return _response(request, self._raw(request, result))

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def _check_timeout(self, seconds: float, request: requests.PreparedRequest, timeout: Timeout) -> None:
        """Raise ReadTimeout if the client's timeout ends before the next byte comes."""
        maximum = timeout[1] if isinstance(timeout, tuple) else timeout
        if maximum is None and seconds == float("inf"):
            raise RuntimeError("this call has no read timeout: over a real connection it would wait forever")
        if maximum is not None and seconds >= maximum:
            self._sleep(maximum)
            raise requests.exceptions.ReadTimeout("Read timed out.", request=request)

    def _raw(self, request: requests.PreparedRequest, result: Response | BrokenResponse) -> HTTPResponse:
        if isinstance(result, Response):
            return _raw(result, io.BytesIO(result.body))
        if isinstance(result, Cut):
            return _raw(result.response, io.BytesIO(result.response.body[: len(result.response.body) // 2]))
        if isinstance(result, Drip):
            if result.headers_too:
                self._sleep(len(str(result.response.headers)) * result.seconds_per_byte)
            return _raw(result.response, _Dripping(result, self._sleep))
        cause = ConnectionResetError(104, "Connection reset by peer")
        raise requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", cause), request=request)


class _Dripping(io.BytesIO):
    """A body that delays every byte."""

    def __init__(self, result: Drip, sleep: Callable[[float], None]) -> None:
        super().__init__(result.response.body)
        self._seconds_per_byte = result.seconds_per_byte
        self._sleep_for = sleep

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._sleep_for(len(data) * self._seconds_per_byte)
        return data

    def read1(self, size: int | None = -1, /) -> bytes:
        return self.read(1 if size else 0)


def _request(request: requests.PreparedRequest) -> Request:
    body = request.body or b""
    if not isinstance(body, str | bytes):
        raise TypeError(f"the body must be str or bytes, not {type(body).__name__}")
    raw = body.encode() if isinstance(body, str) else body
    return Request.to(str(request.method), str(request.url), dict(request.headers), raw)


def _raw(response: Response, body: io.BytesIO) -> HTTPResponse:
    return HTTPResponse(
        body=body,
        headers={**response.headers, "Content-Length": str(len(response.body))},
        status=response.status,
        reason=response.reason,
        preload_content=False,
    )


def _response(request: requests.PreparedRequest, raw: HTTPResponse) -> requests.Response:
    response = requests.Response()
    response.status_code = raw.status
    response.reason = str(raw.reason)
    response.headers = CaseInsensitiveDict(raw.headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.raw = raw
    response.url = str(request.url)
    response.request = request
    return response
