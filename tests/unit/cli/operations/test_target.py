"""A webinar is looked at before registrants are sent: red stops, full asks, and where Zoom is silent it goes on."""

from types import SimpleNamespace
from typing import Any

import pytest
from registrar_cli.operations import target as module
from registrar_cli.operations.check import Light
from registrar_cli.operations.target import Target, confirm, lines_about, look_up
from registrar_cli.terminal.errors import Declined, Unreachable, WrongInput
from registrar_cli.terminal.output import Output

from local.fake_zoom.account import Account
from tests.fakes import VirtualClock
from tests.unit.cli.zoom_api import zoom_api_of

WEBINAR, OTHER = "97871060099", "91000000404"


class World:
    """A stack whose token Zoom accepts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = VirtualClock()
        self.account = Account(self.clock)
        self.account.set_webinar(WEBINAR, topic="Opening keynote", capacity=10)
        zoom = zoom_api_of(self.account)
        monkeypatch.setattr(module, "current_token", lambda _: None)
        monkeypatch.setattr(module, "zoom_api", lambda *_: zoom)
        self.session: Any = SimpleNamespace(stack=SimpleNamespace(auto_approves=True), output=Output())

    def look(self, registrants: int = 1, webinar_id: str = WEBINAR) -> Target:
        (found,) = look_up(self.session, {webinar_id: registrants}, self.clock)
        return found


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    return World(monkeypatch)


def test_title_start_and_seats_are_said(world: World) -> None:
    found = world.look()

    assert "“Opening keynote”" in found.says
    assert "10 of 10 seats free" in found.says
    assert ", in " in found.says
    assert (found.checks, found.is_full) == ([], False)
    assert found.mail is not None
    facts = found.as_json()
    assert (facts["topic"], facts["taken"], facts["limit"]) == ("Opening keynote", 0, 10)
    assert facts["start_time"].endswith("Z"), "local times are for screens only"
    confirm(Output(), [found], force=False)


@pytest.mark.parametrize(
    ("webinar_id", "settings", "says"),
    [
        (OTHER, {}, "webinar_not_found"),
        (WEBINAR, {"approval_type": 2}, "registration: off"),
        (WEBINAR, {"type": 9}, "recurring"),
        (WEBINAR, {"start_time": "2020-01-01T00:00:00Z"}, ": it is over"),
    ],
)
def test_a_webinar_that_takes_no_one_stops(world: World, webinar_id: str, settings: dict[str, Any], says: str) -> None:
    if settings:
        world.account.set_webinar(WEBINAR, **settings)

    found = world.look(webinar_id=webinar_id)

    with pytest.raises(WrongInput, match=webinar_id) as stopped:
        confirm(Output(), [found], force=False)
    assert says in stopped.value.what
    assert "--force" in stopped.value.to_do
    with pytest.raises(WrongInput):
        confirm(Output(), [found], force=False, dry_run=True)
    confirm(Output(), [found], force=True)


def test_a_full_webinar_asks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.account.set_webinar(WEBINAR, capacity=0)
    found = world.look(3)

    assert "no seat free" in found.says
    with pytest.raises(WrongInput, match="no terminal") as stopped:
        confirm(Output(), [found], force=False)
    assert "--force" in stopped.value.to_do
    confirm(Output(), [found], force=False, dry_run=True)
    confirm(Output(), [found], force=True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    with pytest.raises(Declined):
        confirm(Output(), [found], force=False)


def test_more_registrants_than_seats_are_a_warning(world: World) -> None:
    (check,) = world.look(15).checks

    assert (check.light, check.says) == (Light.YELLOW, "none for 5 of 15 registrants")


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "answer", "status": 500, "body": {"code": 500, "message": "x"}},
        {"kind": "rate_limit", "limit": "per_second"},
        {
            "kind": "answer",
            "status": 400,
            "body": {"code": 4711, "message": "Invalid access token, does not contain s."},
        },
    ],
)
def test_where_zoom_gives_no_answer_it_goes_on_and_says_so(world: World, fault: dict[str, Any]) -> None:
    world.account.add_fault(times=20, **fault)
    found = world.look()

    assert "was not looked up" in found.says
    confirm(Output(), [found], force=False)


def test_without_a_token_it_goes_on_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_token(_: Any) -> None:
        raise Unreachable("ZoomTokenSecret holds no token.", "Fill it in.")

    monkeypatch.setattr(module, "current_token", no_token)

    found = world.look()
    assert "was not looked up: ZoomTokenSecret holds no token" in found.says
    assert found.as_json()["not_looked_up"] == "ZoomTokenSecret holds no token."


def test_seats_that_cannot_be_read_are_left_out(world: World) -> None:
    world.account.add_fault(times=20, call="list", kind="answer", status=500, body={"code": 500, "message": "x"})

    assert "seat" not in world.look().says


def test_of_many_webinars_a_few_are_shown(world: World) -> None:
    found = look_up(world.session, {str(91000000000 + n): 1 for n in range(8)}, world.clock)

    assert str([*lines_about(found)][-1]) == "… and 3 other webinars"
