"""`doctor` on the access to Zoom: broken credentials are found while the token is valid; a cause is named once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from registrar.zoom.token import CREDENTIALS_EMPTY, MINT_FAILED
from registrar_cli.clients.zoom import DEFAULT_API_URL, ZoomApi
from registrar_cli.clients.zoom_access import read_stored_token
from registrar_cli.doctor import access as module
from registrar_cli.doctor.access import Access
from registrar_cli.operations.check import Check, Light, checked
from registrar_cli.terminal.errors import Unreachable

from local.fake_zoom.account import Account
from tests.fakes import FakeLambda, FakeSecrets, VirtualClock
from tests.unit.cli.zoom_api import http_of

MINUTE = 60.0
WEBINAR = "97871060099"
REFUSED = "Zoom refuses the credentials (invalid_client). Put account_id, … into the secret x."


class World:
    """The two secrets, an account of Zoom, and a RefreshToken function that runs `refresh`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = VirtualClock()
        self.account = Account(self.clock)
        self.account.set_webinar(WEBINAR)
        self.secrets = FakeSecrets(self.clock)
        self.functions = FakeLambda(self.clock)
        self.credentials = self.secrets.add_secret("ZoomCredentials", "{}")
        self.token = self.secrets.add_secret("ZoomToken")
        self.refresh: Callable[[], str | None] = self.mint
        self.asked: list[Any] = []
        self.functions.register("RefreshToken", self._refresh)
        http = http_of(self.account)
        monkeypatch.setattr(module, "zoom_api", lambda _, token: ZoomApi(token, DEFAULT_API_URL, http))

    def mint(self) -> None:
        end = datetime.fromtimestamp(self.clock() + 3_600, UTC).isoformat()
        self.write_token({"access_token": self.account.mint_token(), "expires_at": end})

    def write_token(self, value: dict[str, str]) -> None:
        self.clock.sleep(1)
        self.secrets.put_secret_value(SecretId=self.token, SecretString=json.dumps(value))

    def change_credentials(self) -> None:
        self.clock.sleep(1)
        self.secrets.put_secret_value(SecretId=self.credentials, SecretString='{"client_secret": "another"}')

    @property
    def session(self) -> Any:
        stack = SimpleNamespace(
            output={"ZoomTokenSecretArn": self.token, "ZoomCredentialsSecretArn": self.credentials}.__getitem__,
            resource={"RefreshTokenFunction": "RefreshToken"}.__getitem__,
        )
        return SimpleNamespace(stack=stack, secrets=self.secrets, functions=self.functions)

    def checks(self) -> dict[str, Check]:
        """Return the checks by what they are about; each is made once."""
        found = list(checked("token", Access(self.session, WEBINAR, self.clock).check))
        assert len({check.what for check in found}) == len(found)
        return {check.what: check for check in found}

    def check(self) -> Check:
        return self.checks()["credentials"]

    def _refresh(self, event: Any, _: Any) -> dict[str, Any]:
        self.asked.append(event)
        why_not = self.refresh()
        return {"minted": why_not is None, "why": why_not}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(monkeypatch)
    world.mint()
    return world


def _refused() -> str | None:
    raise RuntimeError(REFUSED)


def test_a_token_of_the_last_half_hour_proves_the_credentials(world: World) -> None:
    world.clock.sleep(29 * MINUTE)

    found = world.checks()

    assert [check.light for check in found.values()] == [Light.GREEN] * 3
    assert "29 min" in found["credentials"].says
    assert world.asked == []


def test_changed_credentials_are_tried_once(world: World) -> None:
    world.change_credentials()

    assert [world.check().light for _ in range(3)] == [Light.GREEN] * 3
    assert world.asked == [{}]


def test_broken_credentials_fail_with_the_functions_own_message_and_a_command(world: World) -> None:
    world.change_credentials()
    world.refresh = _refused

    found = world.checks()

    check = found["credentials"]
    assert (check.light, check.says) == (Light.RED, REFUSED)
    assert f"put-secret-value --secret-id {world.credentials} " in check.to_do
    assert found["token"].light == Light.GREEN, "the token of before is still valid"


def test_a_token_that_should_have_been_renewed_proves_nothing(world: World) -> None:
    world.clock.sleep(36 * MINUTE)
    world.refresh = _refused

    assert world.check().light == Light.RED


def test_frequent_runs_leave_the_schedule_its_secret_versions(world: World) -> None:
    for _ in range(24 * 60):
        world.clock.sleep(MINUTE)
        assert world.check().light == Light.GREEN

    assert len(world.asked) < 48, "fewer than the schedule itself mints in a day"


def test_without_a_token_one_is_minted_and_used(world: World) -> None:
    world.token = world.secrets.add_secret("Empty")

    assert [check.light for check in world.checks().values()] == [Light.GREEN] * 3


def test_right_after_another_mint_nothing_is_proved(world: World) -> None:
    world.change_credentials()
    world.refresh = lambda: "a token was minted too recently"

    check = world.check()

    assert check.light == Light.YELLOW
    assert "minute" in check.to_do


def test_a_manually_written_token_is_valid_but_proves_no_credentials(world: World) -> None:
    world.write_token({"access_token": world.account.mint_token()})
    world.refresh = lambda: CREDENTIALS_EMPTY

    assert (world.check().light, world.check().says) == (Light.YELLOW, CREDENTIALS_EMPTY)
    world.refresh = _refused
    assert world.check().light == Light.RED


@pytest.mark.parametrize(("operation", "what"), [("describe_secret", "credentials"), ("get_secret_value", "token")])
def test_an_access_error_is_a_failed_check(world: World, operation: str, what: str) -> None:
    world.secrets.deny(operation)

    check = world.checks()[what]

    assert check.light == Light.RED
    assert "AWS" in check.says
    assert "secret-token" not in repr(check)


class TestZoomRefusesTheToken:
    """A recent token proves nothing then: the cause is what RefreshToken says, and nothing else is red."""

    @pytest.fixture(autouse=True)
    def _refuse(self, world: World) -> None:
        world.account.revoke_tokens()

    def test_with_refused_credentials_the_functions_words_are_the_only_red_line(self, world: World) -> None:
        world.refresh = _refused

        found = world.checks()

        assert {what: check.light for what, check in found.items()} == {
            "credentials": Light.RED,
            "token": Light.NOT_CHECKED,
            "scopes": Light.NOT_CHECKED,
        }
        assert found["credentials"].says == REFUSED
        assert "Zoom refuses the token" in found["token"].says
        assert sum(bool(check.to_do) for check in found.values()) == 1
        assert world.asked == [{}]

    def test_within_a_minute_of_the_consumers_own_request_the_words_are_still_told(self, world: World) -> None:
        world.refresh = lambda: f"{MINT_FAILED}{REFUSED}"

        check = world.check()

        assert (check.light, check.says) == (Light.RED, REFUSED)

    def test_with_good_credentials_a_new_token_is_issued_and_checked(self, world: World) -> None:
        found = world.checks()

        assert [check.light for check in found.values()] == [Light.GREEN] * 3
        assert "Zoom refuses the stored token" in found["credentials"].says

    def test_a_manually_written_token_has_to_be_written_again(self, world: World) -> None:
        world.refresh = lambda: CREDENTIALS_EMPTY

        check = world.check()

        assert check.light == Light.RED
        assert f"--secret-id {world.token} " in check.to_do

    def test_a_new_token_that_is_refused_too_is_red(self, world: World) -> None:
        def mint_refused() -> None:
            world.mint()
            world.account.revoke_tokens()

        world.refresh = mint_refused

        assert world.checks()["token"].light == Light.RED

    def test_the_webinar_is_not_asked_about(self, world: World) -> None:
        world.refresh = _refused
        access = Access(world.session, WEBINAR, world.clock)

        assert list(access.check())
        assert (access.zoom, access.why_not) == (None, "Zoom refuses the token")


def test_where_zoom_does_not_answer_credentials_and_token_are_still_checked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: Any) -> None:
        raise Unreachable("Zoom does not answer (Timeout).", "See https://status.zoom.us")

    monkeypatch.setattr(module, "query_scopes", unreachable)

    lights = {what: check.light for what, check in world.checks().items()}

    assert lights == {"credentials": Light.GREEN, "token": Light.GREEN, "Zoom": Light.RED}


def test_where_zoom_answers_with_errors_only_zoom_is_red_and_the_webinar_is_not_asked_about(world: World) -> None:
    world.account.add_faults([{"kind": "html_502", "times": 100}])
    access = Access(world.session, WEBINAR, world.clock)

    lights = {check.what: check.light for check in access.check()}

    assert lights == {"credentials": Light.GREEN, "token": Light.GREEN, "Zoom": Light.RED}
    assert (access.zoom, access.why_not) == (None, "Zoom sends no usable response")


def test_no_token_and_no_credentials(world: World) -> None:
    world.token = world.secrets.add_secret("Empty")
    world.refresh = lambda: CREDENTIALS_EMPTY

    found = world.checks()

    assert read_stored_token(world.session) is None
    assert {what: check.light for what, check in found.items()} == {
        "credentials": Light.YELLOW,
        "token": Light.RED,
        "scopes": Light.NOT_CHECKED,
    }
