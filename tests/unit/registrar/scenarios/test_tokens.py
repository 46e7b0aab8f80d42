"""Whole stories of tokens, with the real RefreshToken behind the consumers: nobody pays for them, few are minted."""

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

from tests.consumer import OTHER_WEBINAR, WEBINAR, Consumer, people

ADA = "ada@example.com"
CREDENTIALS = {"account_id": "fake-account", "client_id": "fake-client", "client_secret": "fake-secret"}
HOUR_S = 3_600.0


class Deployed(Consumer):
    """A consumer whose tokens come from functions/refresh_token, asked by any number of environments."""

    def __init__(self, app: ModuleType, environments: int = 1) -> None:
        super().__init__(checked=False)
        self.account.set_profile(token_seconds=3_600)
        self.credentials_arn = self.secrets.add_secret("Credentials", json.dumps(CREDENTIALS))
        self.refresher_log = io.StringIO()
        settings = RefreshTokenSettings("test", "Account", self.credentials_arn, "https://zoom.us/oauth/token", "Token")
        logger = Logger(service=f"refresher-{uuid.uuid4()}", stream=self.refresher_log)
        kept = app.Environment(settings, self.secrets, MintLease(self.dynamodb, "Account"), logger)
        app.environment = lambda: kept  # type: ignore[attr-defined]
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
        session.mount("https://", self.line)
        return session

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The environments take turns."""
        self.environments.append(self.environments.pop(0))
        self.env = self.environments[0]
        return super().handle(event, context)

    @property
    def minted(self) -> int:
        """Calls to Zoom's OAuth server."""
        return sum(call.call == "token" for call in self.account.calls())

    def scheduled(self) -> None:
        """The schedule's invocation, each half hour."""
        self.functions.invoke(FunctionName="RefreshToken", Payload="{}")


@pytest.fixture
def deploy(load_app: Callable[[str], ModuleType]) -> Iterator[Callable[..., Deployed]]:
    """So many environments; whatever their story, nobody was sent in vain for lack of a token, and no token is told."""
    deployed: list[Deployed] = []

    def make(environments: int = 1) -> Deployed:
        deployed.append(Deployed(load_app("refresh_token"), environments))
        return deployed[-1]

    yield make
    for consumer in deployed:
        consumer.check_secrecy()
        assert "fake-secret" not in consumer.refresher_log.getvalue() + consumer.log()
        assert consumer.account.highest_attempts() <= 1
        # Whoever was given back without a row is taken for somebody who may have been sent: one attempt too many.
        assert all(row.get("attempts", 1) <= 2 for row in consumer.dynamodb.rows("Registrants"))


def test_a_token_that_ends_between_two_calls_is_replaced_and_nobody_notices(deploy: Callable[..., Deployed]) -> None:
    consumer = deploy()
    consumer.secrets.put_secret_value(
        SecretId="Token", SecretString=json.dumps({"access_token": consumer.account.mint_token()})
    )
    consumer.send_people(*people(60))
    consumer.line.after_answer = lambda: consumer.account.revoke_tokens() if not consumer.minted else None
    consumer.run(invocations=1)
    assert [call.status for call in consumer.calls()] == [201, 401, 201]
    assert Counter(consumer.statuses().values()) == {"registered": 60}
    assert consumer.minted == 1


def test_a_day_of_tokens_that_live_an_hour_needs_no_refusal(deploy: Callable[..., Deployed]) -> None:
    consumer = deploy(2)
    consumer.scheduled()
    for half_hour in range(48):
        consumer.clock.sleep(1_800)
        consumer.scheduled()
        consumer.send_people(f"person{half_hour}@example.com")
        consumer.run(hours=0.1)
    assert {call.status for call in consumer.calls()} == {201}
    assert consumer.secrets.version_count("Token") <= 60


@pytest.mark.parametrize("environments", [1, 2, 10])
def test_a_token_revoked_is_minted_once_for_everybody(deploy: Callable[..., Deployed], environments: int) -> None:
    consumer = deploy(environments)
    consumer.account.revoke_tokens()
    for place in range(environments * 2):
        consumer.send_people(f"person{place}@example.com")
        consumer.run()
    assert consumer.minted == 1
    assert Counter(consumer.statuses().values()) == {"registered": environments * 2}


@pytest.mark.parametrize("environments", [1, 2, 10])
def test_two_hours_of_refused_tokens_leave_few_versions_however_many_ask(
    deploy: Callable[..., Deployed], environments: int
) -> None:
    consumer = deploy(environments)
    refused = {"code": 124, "message": "Invalid access token."}
    consumer.account.add_fault(kind="answer", status=401, body=refused, call="batch", times=10**6)
    for place in range(40):
        consumer.send_people(f"person{place}@example.com")
    started = consumer.clock()
    while consumer.clock() - started < 2 * HOUR_S:
        consumer.scheduled()
        consumer.run(hours=0.5)
    print(  # noqa: T201  figures for whoever asks with -s
        f"\n2 h of refused tokens, {environments:2} environments: {consumer.functions.calls['invoke']:4} times asked, "
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
    "broken", [{"kind": "html_502"}, {"kind": "reset"}, {"kind": "hang"}, {"kind": "empty_body"}, {"kind": "huge_body"}]
)
def test_while_oauth_is_away_everybody_waits_and_is_in_soon_after(
    deploy: Callable[..., Deployed], broken: dict[str, Any]
) -> None:
    consumer = deploy(2)
    consumer.account.revoke_tokens()
    consumer.account.add_fault(**broken, call="token", times=10**6)
    consumer.send_people(*people(12))
    consumer.run(hours=1)
    assert {row.get("reason") for row in consumer.rows().values()} <= {"token_rejected"}
    assert len(consumer.waiting()) == 12
    assert "OAuthUnavailable" in consumer.refresher_log.getvalue()
    consumer.account.clear_faults()
    healed = consumer.clock()
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 12}
    assert consumer.clock() - healed < 920


@pytest.mark.parametrize("wrong", [{"client_secret": "wrong"}, {"client_id": "wrong"}, {"account_id": "wrong"}])
def test_wrong_credentials_are_told_with_their_secret_and_mended_by_right_ones(
    deploy: Callable[..., Deployed], wrong: dict[str, str]
) -> None:
    consumer = deploy()
    consumer.account.revoke_tokens()
    consumer.secrets.put_secret_value(SecretId="Credentials", SecretString=json.dumps(CREDENTIALS | wrong))
    consumer.send_people(*people(3))
    consumer.run(hours=1)
    assert len(consumer.waiting()) == 3
    assert "ZoomCredentialsSecret" in consumer.refresher_log.getvalue()
    assert consumer.minted <= 61, "once a minute at most"
    assert {line["reason"] for line in consumer.logged("Sending stopped")} == {"token_rejected"}
    consumer.secrets.put_secret_value(SecretId="Credentials", SecretString=json.dumps(CREDENTIALS))
    consumer.run()
    assert Counter(consumer.statuses().values()) == {"registered": 3}


SCOPES = ["400_4711", "401_4711", "400_104", "401_104", "400_4700", "401_4700"]


@pytest.mark.parametrize("form", SCOPES)
def test_a_missing_scope_stops_the_sending_is_named_and_mints_nothing(
    deploy: Callable[..., Deployed], form: str
) -> None:
    consumer = deploy()
    consumer.account.set_switches(scope_error=form)
    consumer.account.set_profile(scopes=["webinar:read:webinar:admin"])
    consumer.send_people(*people(3))
    consumer.send_people(*people(3), webinar=OTHER_WEBINAR)
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
def test_a_regional_token_is_used_where_it_is_good(
    deploy: Callable[..., Deployed], monkeypatch: pytest.MonkeyPatch, region: str, host: str
) -> None:
    consumer = deploy()
    consumer.account.set_profile(api_url=region)
    send, hosts = consumer.line.send, []

    def noted(request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        hosts.append(str(request.url).split("/")[2])
        return send(request, *args, **kwargs)

    monkeypatch.setattr(consumer.line, "send", noted)
    consumer.scheduled()
    consumer.send_people(ADA)
    consumer.run()
    assert consumer.row(webinar=WEBINAR)["status"] == "registered"
    assert hosts == ["zoom.us", host]
