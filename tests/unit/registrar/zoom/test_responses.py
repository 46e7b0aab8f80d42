"""The value that each response of Zoom's becomes: confirmations, an error, a page, settings."""

import json
from typing import Any

import pytest
import requests
from registrar.registrants.reasons import Reason
from registrar.registrants.registrant import Registrant
from registrar.zoom.errors import ErrorKind, Scope
from registrar.zoom.http import Exchange, NoResponse, NotSent, Response
from registrar.zoom.responses import (
    BatchResponse,
    Confirmation,
    Confirmations,
    ErrorResponse,
    Page,
    WebinarSettings,
    batch_response,
    is_from_zoom,
    page_of,
    settings_of,
)

from tests.consumer import addresses, message

ADA = Registrant.from_message(message("Ada@Example.com"))
EVE = Registrant.from_message(message("eve@bücher.example.com", first_name="Eve", last_name="Adamson"))
JOIN_URL = "https://zoom.us/w/1?tk=x"


def register(exchange: Exchange, *registrants: Registrant) -> BatchResponse:
    return batch_response(exchange, registrants or (ADA,))


def ok(content: Any, status: int = 200, **headers: str) -> Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Response(status, requests.structures.CaseInsensitiveDict(headers), body)


def item(email: str = "ada@example.com", **changes: object) -> dict[str, object]:
    return {"registrant_id": "r1", "email": email, "join_url": f" {JOIN_URL}"} | changes


def confirmed(exchange: Exchange, *registrants: Registrant) -> dict[str, Confirmation]:
    response = register(exchange, *registrants)
    assert isinstance(response, Confirmations)
    return dict(response.confirmed)


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("exchange", "counts"),
    [
        pytest.param(NotSent("refused"), False, id="nothing was sent: no attempt is used"),
        pytest.param(NoResponse("timeout"), True, id="it may have been processed: an attempt is used"),
    ],
)
def test_no_response(exchange: Exchange, counts: bool) -> None:
    response = register(exchange)
    assert isinstance(response, ErrorResponse)
    assert response.kind == ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT, counts)
    assert (response.call.status, response.call.tracking_id) == (None, None)


@pytest.mark.parametrize("status", [200, 201, 204, 299, 400, 401, 403, 404, 409, 429])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>OK</html>", id="HTML"),
        pytest.param(b'{"registrants": [{"email": "ada@example.com", "join', id="truncated"),
        pytest.param(b"\xff\xfe\x00", id="no UTF-8"),
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param([], id="list"),
        pytest.param("text", id="text"),
        pytest.param({}, id="empty object"),
        pytest.param({"error": "access_denied", "host": "proxy"}, id="an object of a proxy"),
    ],
)
def test_a_response_that_is_not_zooms_is_no_response(status: int, content: Any) -> None:
    response = register(ok(content, status))
    assert isinstance(response, ErrorResponse)
    assert response.kind == ErrorKind(Reason.ZOOM_UNAVAILABLE, Scope.TRANSPORT)
    assert response.call.status == status
    assert not response.zoom_responded


@pytest.mark.parametrize("content", [b"", b"<html>OK</html>", [], "text", {}])
def test_a_page_instead_of_a_webinar_says_nothing_about_it(content: Any) -> None:
    settings = settings_of(ok(content))
    assert isinstance(settings, ErrorResponse)
    assert settings.kind.reason == Reason.ZOOM_UNAVAILABLE
    assert not is_from_zoom(ok(content))


@pytest.mark.parametrize("status", [200, 400, 401, 403])
def test_a_truncated_response_is_no_response(status: int) -> None:
    response = register(Response(status, {}, None))
    assert isinstance(response, ErrorResponse)
    assert response.kind.reason == Reason.ZOOM_UNAVAILABLE


@pytest.mark.parametrize("status", [200, 201, 204, 299])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"message": "OK"}, id="a message only"),
        pytest.param({"registrants": {"0": item()}}, id="registrants is an object"),
        pytest.param({"registrants": None}, id="registrants is null"),
        pytest.param({"registrants": "x"}, id="registrants is text"),
        pytest.param({"registrants": []}, id="no registrants"),
        pytest.param(
            {"registrants": [None, 1, "x", [], {}, {"email": None}, {"email": 1}, item("no e-mail")]}, id="odd"
        ),
        pytest.param({"registrants": [item("unexpected@example.com")]}, id="unexpected registrant"),
    ],
)
def test_a_success_that_confirms_no_registrant(status: int, content: Any) -> None:
    assert confirmed(ok(content, status)) == {}


@pytest.mark.parametrize("status", [200, 201])
def test_a_success_with_an_error_body_is_an_error(status: int) -> None:
    response = register(ok({"code": 200, "message": "Webinar plan is missing."}, status))
    assert isinstance(response, ErrorResponse)
    assert response.kind.reason == Reason.WEBINAR_PLAN_MISSING
    assert (response.call.status, response.call.code) == (status, 200)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (502, b"<html>502</html>", Reason.ZOOM_UNAVAILABLE),
        (500, None, Reason.ZOOM_UNAVAILABLE),
        (401, b'{"message": ""}', Reason.TOKEN_REJECTED),
        (429, b'{"code": 429}', Reason.RATE_LIMITED),
        (400, b'{"code": "3001", "message": ["x"]}', Reason.WEBINAR_NOT_FOUND),
        (404, b'{"code": 3001, "message": "Webinar does not exist: 1."}', Reason.WEBINAR_NOT_FOUND),
        (404, b'{"code": 3001}', Reason.WEBINAR_NOT_FOUND),
        (400, b'{"registrants": []}', Reason.ZOOM_REJECTED),
    ],
)
def test_an_error_body_is_read_as_far_as_possible(status: int, body: bytes | None, reason: Reason) -> None:
    response = register(Response(status, {}, body))
    assert isinstance(response, ErrorResponse)
    assert response.kind.reason == reason


def test_an_error_message_holds_no_personal_data() -> None:
    text = (
        "Validation Failed.\x00\n Ada LOVELACE <ada@EXAMPLE.com> and eve@xn--bcher-kva.example.com, adamson: "
        + "x" * 300
    )
    response = register(ok({"code": 300, "message": text}, 400), ADA, EVE)
    assert isinstance(response, ErrorResponse)
    assert len(response.message) <= 256
    assert response.message.startswith("Validation Failed. … … <…> and …, …: xxx")


def test_an_error_keeps_tracking_id_and_retry_after() -> None:
    headers = {"X-Zm-TrackingId": "WEB_1", "Retry-After": "7"}
    response = register(ok({"code": 429, "message": "x"}, 429, **headers))
    assert isinstance(response, ErrorResponse)
    assert (response.call.tracking_id, response.retry_after) == ("WEB_1", "7")


# ── Success ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.COM", " Ada@Example.com "])
def test_registrants_are_matched_by_the_normal_form_of_the_email(status: int, email: str) -> None:
    assert confirmed(ok({"registrants": [item(email)]}, status)) == {"ada@example.com": Confirmation(JOIN_URL, "r1")}


@pytest.mark.parametrize(
    "email", ["eve@bücher.example.com", "EVE@XN--BCHER-KVA.EXAMPLE.COM", "eve@bu\u0308cher.example.com"]
)
def test_international_domains_are_matched_in_every_spelling(email: str) -> None:
    assert set(confirmed(ok({"registrants": [item(email)]}), EVE)) == {"eve@xn--bcher-kva.example.com"}


def test_registrants_are_never_matched_by_position() -> None:
    sent = [Registrant.from_message(message(email)) for email in addresses(30)]
    items = [item(one.key.email, join_url=f"https://zoom.us/w/{one.key.email}") for one in sent]
    found = confirmed(ok({"registrants": [item("unexpected@example.com"), *reversed(items[1:])]}), *sent)
    assert found == {one.key.email: Confirmation(f"https://zoom.us/w/{one.key.email}", "r1") for one in sent[1:]}


@pytest.mark.parametrize("join_url", ["", "  ", None, 1, [], {}])
def test_a_confirmation_without_a_join_url_is_pending(join_url: object) -> None:
    assert confirmed(ok({"registrants": [item(join_url=join_url)]})) == {"ada@example.com": Confirmation(None, "r1")}


def test_an_item_without_optional_fields() -> None:
    assert confirmed(ok({"registrants": [{"email": "ada@example.com"}]})) == {
        "ada@example.com": Confirmation(None, None)
    }


@pytest.mark.parametrize(
    ("items", "join_url"),
    [
        ([item(join_url="https://1"), item(join_url="https://2")], "https://1"),
        ([item(join_url=None), item("ADA@example.com", join_url="https://2")], "https://2"),
        ([item(join_url="https://1"), item(join_url=None)], "https://1"),
        ([item(join_url=None), item(join_url="")], None),
    ],
)
def test_of_a_repeated_email_the_item_with_a_join_url_counts(items: list[Any], join_url: str | None) -> None:
    assert confirmed(ok({"registrants": items})) == {"ada@example.com": Confirmation(join_url, "r1")}


def test_unexpected_registrants_are_counted() -> None:
    response = register(ok({"registrants": [item("x@example.com"), None, item()]}))
    assert isinstance(response, Confirmations)
    assert response.unexpected == 1


# ── The settings of a webinar ────────────────────────────────────────────────────────────────────────────────────────


def test_the_settings_that_decide_about_registrations_are_read() -> None:
    body = {"type": 5, "capacity": 500, "settings": {"approval_type": 0, "registrants_restrict_number": 100}}
    found = settings_of(ok(body))
    assert isinstance(found, WebinarSettings)
    assert (found.type, found.approval_type, found.restriction, found.capacity) == (5, 0, 100, 500)


@pytest.mark.parametrize("value", [None, "500", -1, True, 1.5, [5], {}])
def test_a_setting_that_is_no_number_is_none(value: object) -> None:
    body = {
        "type": value,
        "capacity": value,
        "settings": {"approval_type": value, "registrants_restrict_number": value},
    }
    found = settings_of(ok(body))
    assert isinstance(found, WebinarSettings)
    assert (found.type, found.approval_type, found.restriction, found.capacity) == (None, None, None, None)


@pytest.mark.parametrize(
    ("exchange", "reason"),
    [
        (ok({"code": 3001, "message": "Webinar does not exist."}, 404), Reason.WEBINAR_NOT_FOUND),
        (ok({"code": 4711, "message": "does not contain scopes:[x]"}, 400), Reason.MISSING_SCOPE),
        (ok({"code": 200, "message": "Webinar plan is missing."}), Reason.WEBINAR_PLAN_MISSING),
        (ok(b"<html>"), Reason.ZOOM_UNAVAILABLE),
        (ok({"id": 1}), Reason.ZOOM_UNAVAILABLE),
        (ok([]), Reason.ZOOM_UNAVAILABLE),
        (NoResponse("timed out"), Reason.ZOOM_UNAVAILABLE),
    ],
)
def test_settings_that_cannot_be_read_are_an_error(exchange: Exchange, reason: Reason) -> None:
    found = settings_of(exchange)
    assert isinstance(found, ErrorResponse)
    assert found.kind.reason == reason


@pytest.mark.parametrize(("total", "known"), [(7, 7), (0, 0), (None, None), ("7", None), (-1, None), (True, None)])
def test_a_page_has_the_number_of_all_registrants_if_zoom_states_it(total: object, known: int | None) -> None:
    page = page_of(ok({"registrants": [], "total_records": total}))
    assert isinstance(page, Page)
    assert page.total == known
