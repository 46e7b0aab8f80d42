"""The client of Zoom's batch registration: one call for up to 30 people of one webinar, its answer as a value.

In: a token, a webinar and registrants. Out: `Confirmations` (who is confirmed, by the normal form of the e-mail), or a
`Refusal` (zoom_errors.py says what it means). Nothing is raised for what Zoom does; nothing is repeated here.
Source: POST /webinars/{webinarId}/batch_registrants, zoom-api.md section 1.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import requests
from requests.auth import AuthBase

from registrar.bounded_http import Answered, BoundedHttp, Exchange, Unanswered
from registrar.privacy import without_personal_data
from registrar.registrant import Registrant, identity_of
from registrar.token import Token
from registrar.zoom_errors import Meaning, Reason, Scope, meaning_of

_DEFAULT_API_URL = "https://api.zoom.us/v2"  # the template's default of ZoomApiUrl


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One person in Zoom's answer; without a join URL the registration waits for approval."""

    join_url: str | None
    registrant_id: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a call, for logs, rows and dead letters. `status` is None where no answer came.

    `batch_id` is ours, the same for all that one answer settled; None where Zoom was not asked.
    """

    status: int | None = None
    code: int | None = None
    tracking_id: str | None = None
    batch_id: str | None = None


NO_CALL = Call()  # Zoom was not asked


@dataclass(frozen=True, slots=True)
class Confirmations:
    """A success. Whoever was sent and is not in `people` is not confirmed; `strangers` were never sent."""

    call: Call
    people: Mapping[str, Confirmation]
    strangers: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """No success. `message` is Zoom's own, without whom it names."""

    call: Call
    meaning: Meaning
    message: str = ""
    retry_after: str | None = None

    def remembered(self) -> "Refusal":
        """The same refusal, held against people who were not sent: it costs them no attempt."""
        return replace(self, meaning=replace(self.meaning, counts=False))


Answer = Confirmations | Refusal


class Zoom:
    """Zoom as the consumer sees it. An `api_url` other than the default wins over the token's regional one."""

    def __init__(self, http: BoundedHttp, api_url: str, auto_approve: bool) -> None:
        self._http = http
        self._api_url = api_url
        self._auto_approve = auto_approve

    def register(self, token: Token, webinar_id: str, registrants: Sequence[Registrant], seconds: float) -> Answer:
        """Send 1 to 30 registrants of one webinar; the whole exchange takes no longer than `seconds`."""
        base = token.api_url if self._api_url == _DEFAULT_API_URL and token.api_url else self._api_url
        request = requests.Request(
            "POST",
            f"{base}/webinars/{webinar_id}/batch_registrants",
            json={
                "auto_approve": self._auto_approve,
                "registrants": [registrant.to_zoom() for registrant in registrants],
            },
            headers={"Accept": "application/json"},
            auth=_Bearer(token),
        )
        return _answer(self._http.exchange(request, seconds), registrants)


class _Bearer(AuthBase):
    def __init__(self, token: Token) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.value}"
        return request


def _answer(exchange: Exchange, registrants: Sequence[Registrant]) -> Answer:
    batch_id = str(uuid.uuid4())
    if not isinstance(exchange, Answered):
        # Unsent reached nobody and costs nobody an attempt; Unanswered may have been processed.
        counts = isinstance(exchange, Unanswered)
        meaning = Meaning(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT, counts)
        return Refusal(Call(batch_id=batch_id), meaning, exchange.why)
    body = _json_object(exchange.body)
    code = body.get("code") if isinstance(body.get("code"), int) else None
    call = Call(exchange.status, code, exchange.headers.get("x-zm-trackingid"), batch_id)
    succeeded = 200 <= exchange.status < 300
    if succeeded and isinstance(body.get("registrants"), list):
        return _confirmations(call, body["registrants"], {registrant.key.email for registrant in registrants})
    if succeeded and code is None:
        return Confirmations(call, {})  # unreadable, or without its list: a success that confirms nobody
    message = body["message"] if isinstance(body.get("message"), str) else ""
    meaning = meaning_of(exchange.status, code, message)
    if exchange.body is None and meaning.reason == Reason.ZOOM_REJECTED:
        meaning = Meaning(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT)  # cut off: what it refused cannot be known
    detail = without_personal_data(message, registrants)
    return Refusal(call, meaning, detail, exchange.headers.get("Retry-After"))


def _json_object(body: bytes | None) -> dict[str, Any]:
    """The body as an object; empty for everything else (HTML, cut off, too long, nested without end)."""
    try:
        value = json.loads(body or b"")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _confirmations(call: Call, items: list[Any], sent: set[str]) -> Confirmations:
    people: dict[str, Confirmation] = {}
    strangers = 0
    for item in items:
        email = identity_of(item["email"]) if isinstance(item, dict) and isinstance(item.get("email"), str) else None
        if email is None or email not in sent:
            strangers += 1
            continue
        confirmation = Confirmation(_text(item.get("join_url")), _text(item.get("registrant_id")))
        # The same person twice: the one with a join URL is the better news.
        if email not in people or people[email].join_url is None:
            people[email] = confirmation
    return Confirmations(call, people, strangers)


def _text(value: object) -> str | None:
    """Zoom's own sample of a join URL begins with a space; blank is the same as absent."""
    return value.strip() or None if isinstance(value, str) else None
