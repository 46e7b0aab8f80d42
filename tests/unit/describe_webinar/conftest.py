"""DescribeWebinar in virtual time: its handler, tables, token secret and log, and the fake Zoom."""

import io
import json
import uuid
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import requests
from aws_lambda_powertools import Logger
from registrar.runtime.settings import DescribeWebinarSettings
from registrar.storage.lookup_pace import LookupPace
from registrar.storage.webinar_table import WebinarTable
from registrar.zoom.http import BoundedHttp
from registrar.zoom.token_cache import Tokens

from local.fake_zoom.account import Account
from local.fake_zoom.requests_adapter import FakeZoomAdapter
from tests.fakes import FakeDynamoDb, FakeLambda, FakeLambdaContext, FakeSecrets, VirtualClock

WEBINAR = "97871060099"


class Describer:
    """A deployed DescribeWebinar with two execution environments, and a Zoom account with one webinar."""

    def __init__(self, load: Callable[[], ModuleType]) -> None:
        self.clock = VirtualClock()
        self.zoom = Account(self.clock)
        self.zoom.set_webinar(WEBINAR, topic="Grüße")
        self.zoom.set_profile(token_seconds=30 * 86_400)
        self.dynamodb = FakeDynamoDb(self.clock)
        self.dynamodb.add_table("Webinars", "webinar_id")
        self.dynamodb.add_table("Account", "name")
        self.table = WebinarTable(self.dynamodb.client, "Webinars")
        self.secrets = FakeSecrets(self.clock)
        self.secrets.add_secret("Token", json.dumps({"access_token": self.zoom.mint_token()}))
        self.functions = FakeLambda(self.clock)
        self.functions.register("RefreshToken", self._refresh)
        self.refreshes = 0
        self._log = io.StringIO()
        self._apps = [self._environment(load()) for _ in range(2)]

    def _environment(self, app: ModuleType) -> ModuleType:
        settings = DescribeWebinarSettings(
            stack_name="zoom-registrar",
            account_table="Account",
            refresh_token_function="RefreshToken",
            webinar_table="Webinars",
            zoom_api_url="https://api.zoom.us/v2",
            zoom_token_secret="Token",
        )
        tokens = Tokens(
            self.secrets.client, self.functions.client, "Token", "RefreshToken", self.clock, self.clock.sleep
        )
        # A logger's name and its stream are global, so each test has its own.
        logger = Logger(service=f"describe-webinar-{uuid.uuid4()}", stream=self._log)
        pace = LookupPace(self.dynamodb.client, "Account")
        env = app.Environment(settings, self.table, pace, tokens, logger, self.clock, self.clock.monotonic)
        app.environment = lambda: env  # type: ignore[attr-defined]
        app.BoundedHttp = self._http  # type: ignore[attr-defined]
        return app

    def _http(self, connections: int) -> BoundedHttp:
        session = requests.Session()
        session.mount("https://", FakeZoomAdapter(self.zoom, self.clock.sleep))
        return BoundedHttp(session, connections)

    def _refresh(self, event: Any, _context: Any) -> Any:
        self.refreshes += 1
        self.write_token({"access_token": self.zoom.mint_token()})
        return {}

    def write_token(self, value: object) -> None:
        """Set the token's secret, as RefreshToken does."""
        self.secrets.put_secret_value(SecretId="Token", SecretString=json.dumps(value))

    def invoke(self, event: object, environment: int = 0) -> dict[str, Any]:
        """Invoke the handler; Lambda requires JSON."""
        context = FakeLambdaContext(self.clock, function_name="DescribeWebinarFunction")
        result: dict[str, Any] = json.loads(json.dumps(self._apps[environment].handler(event, context)))
        return result

    def describe(self, webinar_id: str = WEBINAR, kind: str = "webinar", environment: int = 0) -> dict[str, Any]:
        """Return what the function says about a webinar."""
        return self.invoke({"webinar_id": webinar_id, "kind": kind}, environment)

    def calls(self) -> list[str]:
        """Return the names of the calls to Zoom since this was last read."""
        names = [call.call for call in self.zoom.calls()]
        self.zoom.clear_calls()
        return names

    def later(self, minutes: float) -> None:
        """Let time pass."""
        self.clock.sleep(60 * minutes)

    @property
    def log(self) -> str:
        """Return everything logged so far."""
        return self._log.getvalue()


@pytest.fixture
def describer(load_app: Callable[[str], ModuleType]) -> Describer:
    """Return a function whose table is empty, with a valid token."""
    return Describer(lambda: load_app("describe_webinar"))
