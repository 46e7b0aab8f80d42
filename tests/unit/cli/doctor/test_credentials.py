"""`doctor` on the OAuth app's credentials: it detects broken ones while the last token is still valid."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from registrar.zoom.token import CREDENTIALS_EMPTY
from registrar_cli.doctor.credentials import check_credentials
from registrar_cli.operations.check import Check, Light, checked

from tests.fakes import FakeLambda, FakeSecrets, VirtualClock

MINUTE = 60.0
REFUSED = "Zoom refuses the credentials (invalid_client). Put account_id, … into the secret x."


class World:
    """The two secrets, and a RefreshToken function that runs `refresh`."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.secrets = FakeSecrets(self.clock)
        self.functions = FakeLambda(self.clock)
        self.credentials = self.secrets.add_secret("ZoomCredentials", "{}")
        self.token = self.secrets.add_secret("ZoomToken")
        self.refresh: Callable[[], str | None] = self.mint
        self.asked: list[Any] = []
        self.functions.register("RefreshToken", self._refresh)

    def mint(self) -> None:
        end = datetime.fromtimestamp(self.clock() + 3_600, UTC).isoformat()
        self.write_token({"access_token": "secret-token", "expires_at": end})

    def write_token(self, value: dict[str, str]) -> None:
        self.clock.sleep(1)
        self.secrets.put_secret_value(SecretId=self.token, SecretString=json.dumps(value))

    def change_credentials(self) -> None:
        self.clock.sleep(1)
        self.secrets.put_secret_value(SecretId=self.credentials, SecretString='{"client_secret": "another"}')

    def check(self) -> Check:
        stack = SimpleNamespace(
            output={"ZoomTokenSecretArn": self.token, "ZoomCredentialsSecretArn": self.credentials}.__getitem__,
            resource={"RefreshTokenFunction": "RefreshToken"}.__getitem__,
        )
        session: Any = SimpleNamespace(stack=stack, secrets=self.secrets, functions=self.functions)
        (check,) = checked("credentials", lambda: check_credentials(session, self.clock))
        return check

    def _refresh(self, event: Any, _: Any) -> dict[str, Any]:
        self.asked.append(event)
        why_not = self.refresh()
        return {"minted": why_not is None, "why": why_not}


@pytest.fixture
def world() -> World:
    world = World()
    world.mint()
    return world


def _refused() -> str | None:
    raise RuntimeError(REFUSED)


def test_a_token_of_the_last_half_hour_proves_the_credentials(world: World) -> None:
    world.clock.sleep(29 * MINUTE)

    check = world.check()

    assert check.light == Light.GREEN
    assert "29 min" in check.says
    assert world.asked == []


def test_changed_credentials_are_tried_once(world: World) -> None:
    world.change_credentials()

    assert [world.check().light for _ in range(3)] == [Light.GREEN] * 3
    assert world.asked == [{}]


def test_broken_credentials_fail_with_the_functions_own_message(world: World) -> None:
    world.change_credentials()
    world.refresh = _refused

    check = world.check()

    assert (check.light, check.says) == (Light.RED, REFUSED)
    assert "runbook" in check.to_do


def test_a_token_that_should_have_been_renewed_proves_nothing(world: World) -> None:
    world.clock.sleep(36 * MINUTE)
    world.refresh = _refused

    assert world.check().light == Light.RED


def test_frequent_runs_leave_the_schedule_its_secret_versions(world: World) -> None:
    for _ in range(24 * 60):
        world.clock.sleep(MINUTE)
        assert world.check().light == Light.GREEN

    assert len(world.asked) < 48, "fewer than the schedule itself mints in a day"


def test_without_a_token_one_is_minted(world: World) -> None:
    world.token = world.secrets.add_secret("Empty")

    assert world.check().light == Light.GREEN


def test_right_after_another_mint_nothing_is_proved(world: World) -> None:
    world.change_credentials()
    world.refresh = lambda: "a token was minted, or a mint failed, too recently"

    check = world.check()

    assert check.light == Light.YELLOW
    assert "minute" in check.to_do


def test_a_manually_written_token_is_valid_but_proves_no_credentials(world: World) -> None:
    world.write_token({"access_token": "secret-token"})
    world.refresh = lambda: CREDENTIALS_EMPTY

    assert (world.check().light, world.check().says) == (Light.YELLOW, CREDENTIALS_EMPTY)
    world.refresh = _refused
    assert world.check().light == Light.RED


@pytest.mark.parametrize("operation", ["describe_secret", "get_secret_value"])
def test_an_access_error_is_a_failed_check(world: World, operation: str) -> None:
    world.secrets.deny(operation)

    check = world.check()

    assert check.light == Light.RED
    assert "AccessDenied" in check.says
    assert "secret-token" not in repr(check)
