"""Read Zoom's responses to calls of its webinar API: values for success and error, none of them raised.

Source: the responses of batch_registrants, registrants and webinars in zoom-api.md, section 1.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registrar.registrants.fields import identity_of
from registrar.registrants.reasons import Reason
from registrar.registrants.redaction import without_personal_data
from registrar.registrants.registrant import Registrant
from registrar.zoom.error_subjects import registrants_named_in
from registrar.zoom.errors import ErrorKind, Scope, classify
from registrar.zoom.http import Exchange, NoResponse, NotSent, Response

_NOT_ZOOMS = ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A registrant in Zoom's response; without a join URL the registration waits for approval."""

    join_url: str | None
    registrant_id: str | None


@dataclass(frozen=True, slots=True)
class CallInfo:
    """The details of a call for logs, rows and dead letters; `status` is None if there was no response.

    `batch_id` is ours, the same for all registrants that one response settled; None if Zoom was not called.
    """

    status: int | None = None
    code: int | None = None
    tracking_id: str | None = None
    batch_id: str | None = None


NO_CALL = CallInfo()  # Zoom was not called


@dataclass(frozen=True, slots=True)
class Confirmations:
    """A success: the confirmed registrants by the normal form of the e-mail.

    `unexpected` is the number of registrants in the response that were not sent.
    """

    call: CallInfo
    confirmed: Mapping[str, Confirmation]
    unexpected: int = 0


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """An error. `message` is Zoom's, without personal data; `named` holds the identities that the response names.

    `is_zooms` is False without a response, and for one of a proxy, or cut off: it is not in Zoom's JSON.
    """

    call: CallInfo
    kind: ErrorKind
    message: str = ""
    retry_after: str | None = None
    named: frozenset[str] = frozenset()
    is_zooms: bool = True

    @property
    def zoom_responded(self) -> bool:
        """Return whether Zoom responded: no timeout, no reset, no 5xx, and no other server's page."""
        return self.is_zooms and self.call.status is not None and self.call.status < 500

    def without_attempt(self) -> "ErrorResponse":
        """Return the same error for registrants that were not sent: it uses none of their attempts."""
        return replace(self, kind=replace(self.kind, counts=False))


BatchResponse = Confirmations | ErrorResponse


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the registrants, by the normal form of the e-mail; `next_page` is empty on the last page.

    `total` is the number on all pages as Zoom states it; None if it states none.
    """

    call: CallInfo
    registrants: Mapping[str, Confirmation]
    next_page: str
    total: int | None = None


@dataclass(frozen=True, slots=True)
class WebinarSettings:
    """The settings of a webinar that decide about registrations; None is one that Zoom does not state.

    `restriction` is the host's own limit of registrants, 0 for none; `capacity` is that of the host's licence.
    """

    call: CallInfo
    type: int | None = None
    approval_type: int | None = None
    restriction: int | None = None
    capacity: int | None = None


def batch_response(exchange: Exchange, registrants: Sequence[Registrant]) -> BatchResponse:
    """Return what the response to a batch means for the registrants that were sent."""
    if not isinstance(exchange, Response):
        return _no_response(exchange)
    body = exchange.json_object()
    call = _call(exchange, body)
    succeeded = 200 <= exchange.status < 300
    if succeeded and isinstance(body.get("registrants"), list):
        sent = {registrant.key.email for registrant in registrants}
        confirmed = _confirmations(body["registrants"], "registrant_id")
        known = {email: confirmation for email, confirmation in confirmed.items() if email in sent}
        return Confirmations(call, known, len(confirmed) - len(known))
    if succeeded and _is_zooms(body) and call.code is None:
        return Confirmations(call, {})  # without its list: a success that confirms no registrant
    return _error_response(exchange, call, body, registrants)


def page_of(exchange: Exchange) -> Page | ErrorResponse:
    """Return the page of registrants that the response holds."""
    if not isinstance(exchange, Response):
        return _no_response(exchange)
    body = exchange.json_object()
    call = _call(exchange, body)
    if exchange.status == 200 and isinstance(body.get("registrants"), list):
        registrants, next_page = _confirmations(body["registrants"], "id"), _text(body.get("next_page_token")) or ""
        return Page(call, registrants, next_page, _number(body.get("total_records")))
    return _error_response(exchange, call, body, [])


def settings_of(exchange: Exchange) -> WebinarSettings | ErrorResponse:
    """Return the settings of the webinar that the response holds."""
    if not isinstance(exchange, Response):
        return _no_response(exchange)
    body = exchange.json_object()
    call = _call(exchange, body)
    if exchange.status != 200 or not isinstance(body.get("settings"), dict):
        return _error_response(exchange, call, body, [])
    return settings_in(body, call)


def settings_in(body: Mapping[str, Any], call: CallInfo = NO_CALL) -> WebinarSettings:
    """Return the settings in Zoom's description of a webinar."""
    settings = body["settings"] if isinstance(body.get("settings"), dict) else {}
    return WebinarSettings(
        call,
        type=_number(body.get("type")),
        approval_type=_number(settings.get("approval_type")),
        restriction=_number(settings.get("registrants_restrict_number")),
        capacity=_number(body.get("capacity")),
    )


def description_of(exchange: Exchange) -> Mapping[str, Any] | ErrorResponse:
    """Return the object that describes a webinar or its questions; Zoom's is empty if there are no questions."""
    if not isinstance(exchange, Response):
        return _no_response(exchange)
    body = exchange.json_object()
    call = _call(exchange, body)
    is_object = bool(body) or (exchange.body or b"").strip() == b"{}"
    if exchange.status == 200 and call.code is None and is_object:
        return body
    return _error_response(exchange, call, body, [])


def is_from_zoom(exchange: Exchange) -> bool:
    """Return whether Zoom itself responded, also with an error below 500: a proxy's page is no JSON object."""
    return isinstance(exchange, Response) and exchange.status < 500 and bool(exchange.json_object())


def _no_response(exchange: NotSent | NoResponse) -> ErrorResponse:
    """Return the error without a response: `NotSent` uses no attempt, `NoResponse` may have been processed."""
    kind = ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT, counts=isinstance(exchange, NoResponse))
    return ErrorResponse(CallInfo(batch_id=str(uuid.uuid4())), kind, exchange.error, is_zooms=False)


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
    # The status of a proxy's page, or of a body that is cut off, proves nothing.
    kind = classify(exchange.status, call.code, message) if _is_zooms(body) else _NOT_ZOOMS
    detail = without_personal_data(message, registrants)
    named = registrants_named_in(body, registrants)
    return ErrorResponse(call, kind, detail, exchange.headers.get("Retry-After"), named, _is_zooms(body))


def _is_zooms(body: Mapping[str, Any]) -> bool:
    return bool(body.keys() & {"code", "message", "errors", "registrants"})


def _confirmations(items: list[Any], id_name: str) -> dict[str, Confirmation]:
    """Read a list of Zoom's registrants, by the normal form of the e-mail."""
    confirmed: dict[str, Confirmation] = {}
    for item in items:
        email = identity_of(item["email"]) if isinstance(item, dict) and isinstance(item.get("email"), str) else None
        # Of a registrant listed twice, the entry with a join URL counts.
        if email is not None and (email not in confirmed or confirmed[email].join_url is None):
            confirmed[email] = Confirmation(_text(item.get("join_url")), _text(item.get(id_name)))
    return confirmed


def _text(value: object) -> str | None:
    """Return a text trimmed (the join URL in Zoom's sample begins with a space); None if blank or no text."""
    return value.strip() or None if isinstance(value, str) else None


def _number(value: object) -> int | None:
    """Return a whole number that is not negative; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
