"""The client of Zoom's batch registration: one call for up to 30 people of one webinar, its answer as a value.

In: a token, a webinar and registrants. Out: `Confirmations` (who is confirmed, by the normal form of the e-mail), or a
`ErrorResponse` (errors.py says what it means). Nothing is raised for what Zoom does; nothing is repeated here.
Source: POST /webinars/{webinarId}/batch_registrants, zoom-api.md section 1.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import requests
from requests.auth import AuthBase

from registrar import limits
from registrar.registrants.fields import identity_of
from registrar.registrants.reasons import Reason
from registrar.registrants.redaction import without_personal_data
from registrar.registrants.registrant import Registrant
from registrar.zoom.error_subjects import registrants_named_in
from registrar.zoom.errors import ErrorKind, Scope, classify
from registrar.zoom.http import BoundedHttp, Exchange, NoResponse, NotSent, Response
from registrar.zoom.token import Token

_DEFAULT_API_URL = "https://api.zoom.us/v2"  # the template's default of ZoomApiUrl


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One person in Zoom's answer; without a join URL the registration waits for approval."""

    join_url: str | None
    registrant_id: str | None


@dataclass(frozen=True, slots=True)
class CallInfo:
    """What is known of a call, for logs, rows and dead letters. `status` is None where no answer came.

    `batch_id` is ours, the same for all that one answer settled; None where Zoom was not asked.
    """

    status: int | None = None
    code: int | None = None
    tracking_id: str | None = None
    batch_id: str | None = None


NO_CALL = CallInfo()  # Zoom was not asked


@dataclass(frozen=True, slots=True)
class Confirmations:
    """A success. Whoever was sent and is not in `confirmed` is not confirmed; `unexpected` were never sent."""

    call: CallInfo
    confirmed: Mapping[str, Confirmation]
    unexpected: int = 0


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """No success. `message` is Zoom's own, without whom it names; `named` are the identities it names."""

    call: CallInfo
    kind: ErrorKind
    message: str = ""
    retry_after: str | None = None
    named: frozenset[str] = frozenset()

    @property
    def zoom_responded(self) -> bool:
        """Whether Zoom said anything: no timeout, no reset, no 5xx."""
        return self.call.status is not None and self.call.status < 500

    def without_attempt(self) -> "ErrorResponse":
        """The same refusal, held against people who were not sent: it costs them no attempt."""
        return replace(self, kind=replace(self.kind, counts=False))


BatchResponse = Confirmations | ErrorResponse


@dataclass(frozen=True, slots=True)
class Page:
    """One page of those who are registered, by the normal form of the e-mail; `next_page` is empty on the last one."""

    call: CallInfo
    registrants: Mapping[str, Confirmation]
    next_page: str


class ZoomClient:
    """Zoom as the consumer sees it. An `api_url` other than the default wins over the token's regional one."""

    def __init__(self, http: BoundedHttp, api_url: str, auto_approve: bool) -> None:
        self._http = http
        self._api_url = api_url
        self._auto_approve = auto_approve

    def register(
        self, token: Token, webinar_id: str, registrants: Sequence[Registrant], seconds: float
    ) -> BatchResponse:
        """Send 1 to 30 registrants of one webinar; the whole exchange takes no longer than `seconds`."""
        request = self._request("POST", token, f"webinars/{webinar_id}/batch_registrants")
        request.json = {
            "auto_approve": self._auto_approve,
            "registrants": [registrant.to_zoom() for registrant in registrants],
        }
        return _batch_response(self._http.exchange(request, seconds), registrants)

    def list_registrants(
        self, token: Token, webinar_id: str, status: str, page: str, seconds: float
    ) -> Page | ErrorResponse:
        """One page of the webinar's registrants who are `approved` or `pending`; it registers nobody."""
        request = self._request("GET", token, f"webinars/{webinar_id}/registrants")
        request.params = {"status": status, "page_size": limits.REGISTRANTS_PER_PAGE, "next_page_token": page}
        return _page(self._http.exchange(request, seconds, limits.ZOOM_PAGE_BYTES))

    def is_reachable(self, token: Token, webinar_id: str, seconds: float) -> bool:
        """Whether Zoom is there: a look at the webinar, which registers nobody; a refusal is an answer, too."""
        request = self._request("GET", token, f"webinars/{webinar_id}")
        exchange = self._http.exchange(request, seconds)
        return isinstance(exchange, Response) and exchange.status < 500

    def _request(self, method: str, token: Token, path: str) -> requests.Request:
        base = token.api_url if self._api_url == _DEFAULT_API_URL and token.api_url else self._api_url
        return requests.Request(method, f"{base}/{path}", headers={"Accept": "application/json"}, auth=_Bearer(token))


class _Bearer(AuthBase):
    def __init__(self, token: Token) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.value}"
        return request


def _batch_response(exchange: Exchange, registrants: Sequence[Registrant]) -> BatchResponse:
    if not isinstance(exchange, Response):
        return _no_response(exchange)
    body = _json_object(exchange.body)
    call = _call(exchange, body)
    succeeded = 200 <= exchange.status < 300
    if succeeded and isinstance(body.get("registrants"), list):
        sent = {registrant.key.email for registrant in registrants}
        confirmed = _confirmations(body["registrants"], "registrant_id")
        known = {email: confirmation for email, confirmation in confirmed.items() if email in sent}
        return Confirmations(call, known, len(confirmed) - len(known))
    if succeeded and call.code is None:
        return Confirmations(call, {})  # unreadable, or without its list: a success that confirms nobody
    return _error_response(exchange, call, body, registrants)


def _page(exchange: Exchange) -> Page | ErrorResponse:
    if not isinstance(exchange, Response):
        return _no_response(exchange)
    body = _json_object(exchange.body)
    call = _call(exchange, body)
    if exchange.status == 200 and isinstance(body.get("registrants"), list):
        return Page(call, _confirmations(body["registrants"], "id"), _text(body.get("next_page_token")) or "")
    return _error_response(exchange, call, body, [])


def _no_response(exchange: NotSent | NoResponse) -> ErrorResponse:
    """Unsent reached nobody and costs nobody an attempt; Unanswered may have been processed."""
    kind = ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT, counts=isinstance(exchange, NoResponse))
    return ErrorResponse(CallInfo(batch_id=str(uuid.uuid4())), kind, exchange.why)


def _call(exchange: Response, body: Mapping[str, Any]) -> CallInfo:
    code = body.get("code")
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 10:
        code = int(code)
    code = code if isinstance(code, int) else None
    return CallInfo(exchange.status, code, exchange.headers.get("x-zm-trackingid"), str(uuid.uuid4()))


def _error_response(
    exchange: Response, call: CallInfo, body: Mapping[str, Any], registrants: Sequence[Registrant]
) -> ErrorResponse:
    message = body["message"] if isinstance(body.get("message"), str) else ""
    kind = classify(exchange.status, call.code, message)
    if not body and kind.reason == Reason.ZOOM_REJECTED:
        kind = ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT)  # unreadable: what it refused cannot be known
    detail = without_personal_data(message, registrants)
    return ErrorResponse(
        call, kind, detail, exchange.headers.get("Retry-After"), registrants_named_in(body, registrants)
    )


def _json_object(body: bytes | None) -> dict[str, Any]:
    """The body as an object; empty for everything else (HTML, cut off, too long, nested without end)."""
    try:
        value = json.loads(body or b"")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _confirmations(items: list[Any], id_name: str) -> dict[str, Confirmation]:
    """Who is in a list of Zoom's, by the normal form of the e-mail."""
    confirmed: dict[str, Confirmation] = {}
    for item in items:
        email = identity_of(item["email"]) if isinstance(item, dict) and isinstance(item.get("email"), str) else None
        # The same person twice: the one with a join URL is the better news.
        if email is not None and (email not in confirmed or confirmed[email].join_url is None):
            confirmed[email] = Confirmation(_text(item.get("join_url")), _text(item.get(id_name)))
    return confirmed


def _text(value: object) -> str | None:
    """Zoom's own sample of a join URL begins with a space; blank is the same as absent."""
    return value.strip() or None if isinstance(value, str) else None
