"""`doctor` on Zoom: missing scopes, and whether registrants can get into a webinar."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from registrar.zoom.token import Token
from registrar_cli.clients.zoom import ZoomApi, ZoomReply
from registrar_cli.doctor.zoom import NO_WEBINAR, check_scopes, check_token, query_scopes
from registrar_cli.operations.check import Check, Light, checked
from registrar_cli.operations.webinar import Backlog, check_form_endpoint, check_webinar, registrants_per_second
from registrar_cli.terminal.errors import Unreachable

from local.fake_zoom.account import Account
from tests.fakes import VirtualClock
from tests.unit.cli.zoom_api import zoom_api_of

WEBINAR = "97871060099"


class Doctor:
    """Runs the checks on a fake account."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.account = Account(self.clock)
        self.account.set_webinar(WEBINAR)

    def zoom(self) -> ZoomApi:
        return zoom_api_of(self.account)

    def webinar(self, waiting: int = 0, auto_approve: bool = True, is_paused: bool = False) -> dict[str, Check]:
        backlog = Backlog(waiting, 100.0, is_paused)
        found = check_webinar(self.zoom(), WEBINAR, backlog, auto_approve, self.clock)
        return {check.what: check for check in found}

    def access(self) -> list[Check]:
        return list(check_scopes(query_scopes(self.zoom(), NO_WEBINAR)))


@pytest.fixture
def doctor() -> Doctor:
    return Doctor()


def test_an_open_webinar_is_green(doctor: Doctor) -> None:
    assert {check.light for check in doctor.webinar().values()} == {Light.GREEN}


def test_all_scopes_are_found_and_no_one_is_registered(doctor: Doctor) -> None:
    assert [check.light for check in doctor.access()] == [Light.GREEN]
    assert not any(call.emails for call in doctor.account.calls())


def test_a_missing_scope_is_named(doctor: Doctor) -> None:
    doctor.account.set_profile(scopes=("webinar:write:batch_registrants:admin",))

    found = doctor.access()

    assert {check.light for check in found} == {Light.YELLOW}
    assert any("webinar:read:list_registrants:admin" in check.says for check in found)


def test_a_missing_registration_scope_fails(doctor: Doctor) -> None:
    doctor.account.set_profile(scopes=("webinar:read:admin",))

    (check,) = doctor.access()

    assert check.light == Light.RED
    assert "webinar:write:batch_registrants:admin" in check.to_do


FIVE_HUNDRED: dict[str, Any] = {"kind": "answer", "status": 500, "body": {"code": 500, "message": "x"}}


@pytest.mark.parametrize(
    ("fault", "light"),
    [
        (FIVE_HUNDRED, Light.RED),
        (FIVE_HUNDRED | {"status": 418}, Light.RED),
        (FIVE_HUNDRED | {"call": "list"}, Light.YELLOW),
        ({"kind": "rate_limit", "limit": "account_day"}, Light.RED),
        ({"kind": "rate_limit", "limit": "per_second"}, Light.YELLOW),
        ({"kind": "rate_limit", "limit": "concurrent"}, Light.YELLOW),
    ],
)
def test_an_error_reply_proves_no_scope(doctor: Doctor, fault: dict[str, Any], light: Light) -> None:
    doctor.account.add_fault(times=20, **fault)

    (check,) = doctor.access()

    assert check.light == light
    assert "webinar:read:list_registrants:admin" in check.says
    assert check.to_do


@pytest.mark.parametrize(("call", "what"), [("list", "seats"), ("questions", "questions")])
def test_facts_that_cannot_be_read_are_reported(doctor: Doctor, call: str, what: str) -> None:
    doctor.account.add_fault(times=20, call=call, **FIVE_HUNDRED)

    check = doctor.webinar()[what]

    assert check.light == Light.YELLOW
    assert "cannot be read" in check.says


def test_a_reply_without_a_message_is_reported_by_its_reason(doctor: Doctor) -> None:
    doctor.account.add_fault(kind="html_502", call="webinar")

    assert doctor.webinar()["webinar"].says == "zoom_unavailable"


def test_facts_that_a_missing_scope_hides_are_reported_with_the_scope_only(doctor: Doctor) -> None:
    doctor.account.set_profile(scopes=("webinar:read:webinar:admin",))

    assert not {"seats", "questions"} & doctor.webinar().keys()


@pytest.mark.parametrize(
    ("properties", "what", "light"),
    [
        ({"type": 9}, "type", Light.RED),
        ({"approval_type": 2}, "registration", Light.RED),
        ({"approval_type": 1}, "registration", Light.GREEN),
        ({"registrants_confirmation_email": False}, "e-mail", Light.YELLOW),
        ({"registrants_email_notification": False}, "e-mail", Light.YELLOW),
        ({"required_questions": ("last_name", "job_title")}, "questions", Light.YELLOW),
        ({"capacity": 0, "registrants_restrict_number": 0}, "seats", Light.RED),
        ({"capacity": 500, "registrants_restrict_number": 100}, "seats", Light.GREEN),
        ({"start_time": "2020-01-01T10:00:00Z"}, "start", Light.RED),
    ],
)
def test_requirements_of_a_webinar(doctor: Doctor, properties: dict[str, Any], what: str, light: Light) -> None:
    doctor.account.set_webinar(WEBINAR, **properties)

    check = doctor.webinar()[what]

    assert check.light == light
    assert bool(check.to_do) == (light != Light.GREEN)


@pytest.mark.parametrize(
    ("allowed", "light"),
    [("91000000404", Light.RED), ("", Light.GREEN), (" ", Light.GREEN), ("91000000404, 978 7106-0099", Light.GREEN)],
)
def test_the_form_endpoint_accepts_all_webinars_or_the_allowed_ones(allowed: str, light: Light) -> None:
    (check,) = check_form_endpoint(WEBINAR, allowed)

    assert check.light == light
    assert (WEBINAR in check.to_do) == (light == Light.RED)


def test_manual_approval_without_auto_approve_is_a_warning(doctor: Doctor) -> None:
    doctor.account.set_webinar(WEBINAR, approval_type=1)

    assert doctor.webinar(auto_approve=False)["registration"].light == Light.YELLOW


def test_who_sends_the_link_is_said_without_repeating_the_advice_on_approval(doctor: Doctor) -> None:
    doctor.account.set_webinar(WEBINAR, approval_type=1)

    assert "Zoom is set to e-mail" in doctor.webinar()["e-mail"].says
    found = doctor.webinar(auto_approve=False)
    assert "once the host has approved" in found["e-mail"].says
    assert (found["e-mail"].light, found["e-mail"].to_do) == (Light.GREEN, "")


def test_hosts_are_named_because_zoom_rejects_them(doctor: Doctor) -> None:
    doctor.account.set_webinar(WEBINAR, host_email="h@example.com", alternative_hosts=("i@example.com",))

    assert "h@example.com, i@example.com" in doctor.webinar()["hosts"].says


def test_fewer_seats_than_waiting_messages_is_a_warning(doctor: Doctor) -> None:
    doctor.account.set_webinar(WEBINAR, capacity=100)

    assert doctor.webinar(waiting=101)["seats"].light == Light.YELLOW


def test_zooms_message_is_shown_without_personal_data(doctor: Doctor) -> None:
    reply = ZoomReply(400, {"message": "Host ada@example.com can not register"}, None)

    assert "ada" not in reply.message


def test_a_queue_that_drains_after_the_start_fails(doctor: Doctor) -> None:
    starts = datetime.fromtimestamp(doctor.clock() + 60, UTC).isoformat()
    doctor.account.set_webinar(WEBINAR, start_time=starts)

    assert doctor.webinar(waiting=5_000)["start"].light == Light.GREEN
    assert doctor.webinar(waiting=7_000)["start"].light == Light.RED


def test_after_the_start_waiting_messages_are_a_warning(doctor: Doctor) -> None:
    began = datetime.fromtimestamp(doctor.clock() - 60, UTC).isoformat()
    doctor.account.set_webinar(WEBINAR, start_time=began)

    assert doctor.webinar(waiting=1)["start"].light == Light.YELLOW
    assert doctor.webinar(waiting=0)["start"].light == Light.GREEN


def test_paused_there_is_no_forecast(doctor: Doctor) -> None:
    check = doctor.webinar(waiting=5_000, is_paused=True)["start"]

    assert (check.light, check.to_do) == (Light.YELLOW, "registrar resume")
    assert "all are registered" not in check.says


def test_an_unknown_webinar_fails_with_its_reason(doctor: Doctor) -> None:
    (check,) = check_webinar(doctor.zoom(), "91000000404", Backlog(0, 100.0), True, doctor.clock)

    assert check.light == Light.RED
    assert "webinar_not_found" in check.says


@pytest.mark.parametrize(
    ("left", "light"), [(None, Light.GREEN), (3_000.0, Light.GREEN), (60.0, Light.YELLOW), (-1.0, Light.RED)]
)
def test_the_tokens_expiry(left: float | None, light: Light) -> None:
    token = Token("secret", "1", None if left is None else 1_000_000 + left)

    (check,) = check_token(token, lambda: 1_000_000.0)

    assert check.light == light
    assert "secret" not in repr(check)


def test_an_error_becomes_a_failed_check() -> None:
    def fails() -> Iterator[Check]:
        raise Unreachable("AWS: AccessDenied", "Ask.")
        yield

    assert list(checked("queues", fails)) == [Check("queues", Light.RED, "AWS: AccessDenied", "Ask.")]


def test_the_registration_rate_of_a_plan() -> None:
    assert registrants_per_second(10, 100) == pytest.approx(291)
