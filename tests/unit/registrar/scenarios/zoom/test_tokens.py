"""The whole consumer in virtual time with the real RefreshToken: tokens cost no attempt, and few are minted."""

import io
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import requests
from aws_lambda_powertools import Logger
from lease import MintLease
from registrar.runtime.settings import RefreshTokenSettings
from registrar.zoom.http import BoundedHttp

from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, addresses

ADA = "ada@example.com"
CREDENTIALS = {"account_id": "fake-account", "client_id": "fake-client", "client_secret": "fake-secret"}
HOUR_S = 3_600.0


class ConsumerWithRefreshToken(Consumer):
    """A consumer of several environments whose tokens come from functions/refresh_token."""

    def __init__(self, app: ModuleType, environments: int = 1) -> None:
        super().__init__(checked=False)
        self.account.set_profile(token_seconds=3_600)
        self.credentials_arn = self.secrets.add_secret("Credentials", json.dumps(CREDENTIALS))
        self.refresh_token_log = io.StringIO()
        settings = RefreshTokenSettings("test", "Account", self.credentials_arn, "https://zoom.us/oauth/token", "Token")
        logger = Logger(service=f"refresh-token-{uuid.uuid4()}", stream=self.refresh_token_log)
        env = app.Environment(settings, self.secrets, MintLease(self.dynamodb, "Account"), logger)
        app.environment = lambda: env  # type: ignore[attr-defined]
        app.time = SimpleNamespace(time=self.clock)  # type: ignore[attr-defined]
        app.BoundedHttp = lambda connections=1: BoundedHttp(self._session(), connections)  # type: ignore[attr-defined]
        self.functions.register("RefreshToken", app.handler)
        self.hosts: set[str] = set()
        self.environments = []
        for _ in range(environments):
            self.start()
            self.environments.append(self.env)

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.mount("https://", self.transport)
        return session

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Handle the event in the next environment."""
        self.environments.append(self.environments.pop(0))
        self.env = self.environments[0]
        return super().handle(event, context)

    @property
    def minted(self) -> int:
        """Return the number of calls to Zoom's OAuth server."""
        return sum(call.call == "token" for call in self.account.calls())

    def invoke_scheduled(self) -> None:
        """Invoke RefreshToken as the schedule does, every half hour."""
        self.functions.invoke(FunctionName="RefreshToken", Payload="{}")


@pytest.fixture
def deploy(load_app: Callable[[str], ModuleType]) -> Iterator[Callable[..., ConsumerWithRefreshToken]]:
    """Return a factory; afterwards, check that no attempt was used for lack of a token and none was logged."""
    deployed: list[ConsumerWithRefreshToken] = []

    def make(environments: int = 1) -> ConsumerWithRefreshToken:
        deployed.append(ConsumerWithRefreshToken(load_app("refresh_token"), environments))
        return deployed[-1]

    yield make
    for consumer in deployed:
        consumer.check_secrecy()
        assert "fake-secret" not in consumer.refresh_token_log.getvalue() + consumer.log()
        assert consumer.account.highest_attempts() <= 1
        # A message abandoned without a row may have been sent, as far as its next delivery knows: one attempt too many.
        assert all(row.get("attempts", 1) <= 2 for row in consumer.dynamodb.rows("Registrants"))


def test_a_token_revoked_between_two_calls_is_replaced(deploy: Callable[..., ConsumerWithRefreshToken]) -> None:
    consumer = deploy()
    consumer.secrets.put_secret_value(
        SecretId="Token", SecretString=json.dumps({"access_token": consumer.account.mint_token()})
    )
    consumer.send_registrants(*addresses(60))
    consumer.transport.after_response = lambda: consumer.account.revoke_tokens() if not consumer.minted else None
    consumer.run(invocations=1)
    assert [call.status for call in consumer.calls()] == [201, 401, 201]
    assert Counter(consumer.statuses().values()) == {"registered": 60}
    assert consumer.minted == 1


def test_scheduled_refreshes_replace_hourly_tokens_before_they_expire(
    deploy: Callable[..., ConsumerWithRefreshToken],
) -> None:
    consumer = deploy(2)
    consumer.invoke_scheduled()
    for half_hour in range(48):
        consumer.clock.sleep(1_800)
        consumer.invoke_scheduled()
        consumer.send_registrants(f"person{half_hour}@example.com")
        consumer.run(hours=0.1)
    assert {call.status for call in consumer.calls()} == {201}
    assert consumer.secrets.version_count("Token") <= 60


@pytest.mark.parametrize("environments", [1, 2, 10])
def test_a_revoked_token_is_minted_once_for_all_environments(
    deploy: Callable[..., ConsumerWithRefreshToken], environments: int
) -> None:
    consumer = deploy(environments)
    consumer.account.revoke_tokens()
    for place in range(environments * 2):
        consumer.send_registrants(f"person{place}@example.com")
        consumer.run()
    assert consumer.minted == 1
    assert Counter(consumer.statuses().values()) == {"registered": environments * 2}


@pytest.mark.parametrize("environments", [1, 2, 10])
def test_two_hours_of_refused_tokens_mint_few_versions(
    deploy: Callable[..., ConsumerWithRefreshToken], environments: int
) -> None:
    consumer = deploy(environments)
    refused = {"code": 124, "message": "Invalid access token."}
    consumer.account.add_fault(kind="answer", status=401, body=refused, call="batch", times=10**6)
    for place in range(40):
        consumer.send_registrants(f"person{place}@example.com")
    started = consumer.clock()
    while consumer.clock() - started < 2 * HOUR_S:
        consumer.invoke_scheduled()
        consumer.run(hours=0.5)
    print(  # noqa: T201  shown by `pytest -s`
        f"\n2 h of refused tokens, {environments:2} environments: {consumer.functions.calls['invoke']:4} invocations, "
        f"{consumer.minted} minted, {consumer.secrets.version_count('Token')} versions",
        end="",
    )
    assert len(consumer.waiting()) == 40
    assert consumer.minted <= 14
    assert consumer.secrets.version_count("Token") <= 15
    assert consumer.functions.calls["invoke"] > 20
    consumer.account.clear_faults()
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 40}


@pytest.mark.parametrize(
    "fault", [{"kind": "html_502"}, {"kind": "reset"}, {"kind": "hang"}, {"kind": "empty_body"}, {"kind": "huge_body"}]
)
def test_while_oauth_is_unavailable_registrants_wait_and_are_registered_soon_after(
    deploy: Callable[..., ConsumerWithRefreshToken], fault: dict[str, Any]
) -> None:
    consumer = deploy(2)
    consumer.account.revoke_tokens()
    consumer.account.add_fault(**fault, call="token", times=10**6)
    consumer.send_registrants(*addresses(12))
    consumer.run(hours=1)
    assert {row.get("reason") for row in consumer.rows().values()} <= {"token_rejected"}
    assert len(consumer.waiting()) == 12
    assert "OAuthUnavailable" in consumer.refresh_token_log.getvalue()
    consumer.account.clear_faults()
    recovered = consumer.clock()
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 12}
    assert consumer.clock() - recovered < 920


@pytest.mark.parametrize("wrong", [{"client_secret": "wrong"}, {"client_id": "wrong"}, {"account_id": "wrong"}])
def test_wrong_credentials_are_logged_by_their_secret_and_recovered_from(
    deploy: Callable[..., ConsumerWithRefreshToken], wrong: dict[str, str]
) -> None:
    consumer = deploy()
    consumer.account.revoke_tokens()
    consumer.secrets.put_secret_value(SecretId="Credentials", SecretString=json.dumps(CREDENTIALS | wrong))
    consumer.send_registrants(*addresses(3))
    consumer.run(hours=1)
    assert len(consumer.waiting()) == 3
    assert "ZoomCredentialsSecret" in consumer.refresh_token_log.getvalue()
    assert consumer.minted <= 61, "once a minute at most"
    assert {line["reason"] for line in consumer.logged("Sending stopped")} == {"token_rejected"}
    consumer.secrets.put_secret_value(SecretId="Credentials", SecretString=json.dumps(CREDENTIALS))
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 3}


SCOPE_ERRORS = ["400_4711", "401_4711", "400_104", "401_104", "400_4700", "401_4700"]


@pytest.mark.parametrize("form", SCOPE_ERRORS)
def test_a_missing_scope_stops_sending_is_logged_and_mints_no_token(
    deploy: Callable[..., ConsumerWithRefreshToken], form: str
) -> None:
    consumer = deploy()
    consumer.account.set_switches(scope_error=form)
    consumer.account.set_profile(scopes=["webinar:read:webinar:admin"])
    consumer.send_registrants(*addresses(3))
    consumer.send_registrants(*addresses(3), webinar=OTHER_WEBINAR)
    consumer.run(hours=2)
    assert len(consumer.waiting()) == 6
    stopped = consumer.logged("Sending stopped")
    assert stopped
    assert all("webinar:write:batch_registrants:admin" in line["detail"] for line in stopped)
    assert {row["reason"] for row in consumer.dynamodb.rows("Registrants")} == {"missing_scope"}
    assert '"AccessRefused"' in consumer.printed.getvalue(), "the alarm's metric"
    assert consumer.minted == 0, "another token of the same app has the same scopes"
    consumer.account.set_profile(scopes=["webinar:write:batch_registrants:admin"])
    consumer.run()
    assert {row["status"] for row in consumer.dynamodb.rows("Registrants")} == {"registered"}


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("https://api-eu.zoom.us", "api-eu.zoom.us"),
        ("https://api.zoom.us", "api.zoom.us"),
        ("https://evil.example.com", "api.zoom.us"),
        ("", "api.zoom.us"),
    ],
)
def test_a_token_is_used_at_its_regional_api_url(
    deploy: Callable[..., ConsumerWithRefreshToken], monkeypatch: pytest.MonkeyPatch, region: str, host: str
) -> None:
    consumer = deploy()
    consumer.account.set_profile(api_url=region)
    send, hosts = consumer.transport.send, []

    def record(request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        hosts.append(str(request.url).split("/")[2])
        return send(request, *args, **kwargs)

    monkeypatch.setattr(consumer.transport, "send", record)
    consumer.invoke_scheduled()
    consumer.send_registrants(ADA)
    consumer.run()
    assert consumer.row(webinar=WEBINAR)["status"] == "registered"
    assert hosts == ["zoom.us", host]
