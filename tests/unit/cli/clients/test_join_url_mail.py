"""Who e-mails the join URLs, as the webinar's settings at Zoom say."""

from types import SimpleNamespace
from typing import Any

import pytest
from registrar_cli.clients import join_url_mail as module
from registrar_cli.clients.join_url_mail import JoinUrlMail, Sender, join_url_mail, read_join_url_mail
from registrar_cli.terminal.errors import Unreachable

from local.fake_zoom.account import Account
from tests.fakes import VirtualClock
from tests.unit.cli.zoom_api import zoom_api_of

WEBINAR = "97871060099"
ON = {"registrants_email_notification": True, "registrants_confirmation_email": True}


def mail(settings: dict[str, Any] | None, auto_approve: bool = True) -> JoinUrlMail:
    return join_url_mail(WEBINAR, {"settings": settings}, auto_approve)


@pytest.mark.parametrize(
    ("approval_type", "auto_approve", "sender"),
    [
        (0, True, Sender.ZOOM),
        (0, False, Sender.ZOOM),
        (1, True, Sender.ZOOM),
        (1, False, Sender.ZOOM_AFTER_APPROVAL),
    ],
)
def test_zoom_sends_it_at_once_or_after_the_hosts_approval(
    approval_type: int, auto_approve: bool, sender: Sender
) -> None:
    assert mail({"approval_type": approval_type} | ON, auto_approve).sender == sender


@pytest.mark.parametrize("setting", ON)
def test_either_setting_off_means_no_one_and_names_the_export(setting: str) -> None:
    found = mail({"approval_type": 0} | ON | {setting: False})

    assert found.sender == Sender.NO_ONE
    assert f"registrar export {WEBINAR} -o" in found.to_do


@pytest.mark.parametrize("setting", ON)
def test_a_setting_that_zoom_leaves_out_is_no_promise(setting: str) -> None:
    assert mail({"approval_type": 0} | {setting: True}).sender == Sender.UNKNOWN


def test_a_slow_zoom_delays_the_callers_result_for_a_few_seconds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds: list[float] = []

    def webinar(_: str, seconds: float) -> Any:
        bounds.append(seconds)
        raise Unreachable("Zoom does not answer (Timeout).", "See https://status.zoom.us.")

    monkeypatch.setattr(module, "current_token", lambda _: None)
    monkeypatch.setattr(module, "zoom_api", lambda *_: SimpleNamespace(webinar=webinar))

    assert read_join_url_mail(SimpleNamespace(), WEBINAR).sender == Sender.UNKNOWN  # type: ignore[arg-type]
    assert bounds == [module.SECONDS]


def test_a_webinar_without_settings_is_no_promise() -> None:
    assert mail(None).sender == Sender.UNKNOWN


def test_pending_registrants_are_not_sought_in_the_export_which_has_no_join_url_for_them() -> None:
    found = mail({"approval_type": 1} | ON | {"registrants_confirmation_email": False}, auto_approve=False)

    assert found.sender == Sender.NO_ONE
    assert "registrar export" not in found.to_do


def test_that_zoom_sends_it_for_batches_is_not_claimed() -> None:
    assert "register an address of your own first" in mail({"approval_type": 0} | ON).to_do


class World:
    """A stack whose token Zoom accepts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.account = Account(VirtualClock())
        self.account.set_webinar(WEBINAR, approval_type=1)
        zoom = zoom_api_of(self.account)
        monkeypatch.setattr(module, "current_token", lambda _: None)
        monkeypatch.setattr(module, "zoom_api", lambda *_: zoom)

    def read(self, webinar_id: str = WEBINAR) -> JoinUrlMail:
        session: Any = SimpleNamespace(stack=SimpleNamespace(auto_approves=False))
        return read_join_url_mail(session, webinar_id)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def test_it_is_read_from_zoom(world: World) -> None:
    assert world.read().sender == Sender.ZOOM_AFTER_APPROVAL


def test_where_zoom_refuses_it_is_not_known_and_says_why(world: World) -> None:
    found = world.read("91000000404")

    assert found.sender == Sender.UNKNOWN
    assert "webinar_not_found" in found.says


def test_without_a_token_it_is_not_known_and_says_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_token(_: Any) -> None:
        raise Unreachable("ZoomTokenSecret holds no token.", "Fill it in.")

    monkeypatch.setattr(module, "current_token", no_token)

    found = world.read()

    assert found.sender == Sender.UNKNOWN
    assert "holds no token)" in found.says
