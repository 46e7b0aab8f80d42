"""RefreshToken in virtual time: its handler, table, two secrets and log, and the fake Zoom."""

import io
import json
import uuid
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import requests
from aws_lambda_powertools import Logger
from lease import MintLease
from registrar.runtime.settings import RefreshTokenSettings
from registrar.zoom.http import BoundedHttp

from local.fake_zoom.account import Account
from local.fake_zoom.requests_adapter import FakeZoomAdapter
from tests.fakes import FakeDynamoDb, FakeLambdaContext, FakeSecrets, VirtualClock

TABLE = "account"
OAUTH_URL = "https://zoom.us/oauth/token"
CREDENTIALS = {"account_id": "fake-account", "client_id": "fake-client", "client_secret": "fake-secret"}


class Refresher:
    """One execution environment of RefreshToken."""

    def __init__(self, app: ModuleType, oauth_url: str = OAUTH_URL) -> None:
        self.app = app
        self.clock = VirtualClock()
        self.zoom = Account(self.clock)
        self.dynamodb = FakeDynamoDb(self.clock)
        self.dynamodb.add_table(TABLE, "name")
        self.secrets = FakeSecrets(self.clock)
        self.credentials_arn = self.secrets.add_secret("ZoomCredentials", json.dumps(CREDENTIALS))
        self.token_arn = self.secrets.add_secret("ZoomToken")
        self._log = io.StringIO()
        settings = RefreshTokenSettings("zoom-registrar", TABLE, self.credentials_arn, oauth_url, self.token_arn)
        # A logger's name and its stream are global, so each test has its own.
        logger = Logger(service=f"refresher-{uuid.uuid4()}", stream=self._log)
        self.env = app.Environment(settings, self.secrets, MintLease(self.dynamodb, TABLE), logger)
        app.environment = lambda: self.env  # type: ignore[attr-defined]
        app.time = SimpleNamespace(time=self.clock)  # type: ignore[attr-defined]
        if oauth_url == OAUTH_URL:
            app.BoundedHttp = self._http  # type: ignore[attr-defined]

    def _http(self, connections: int = 1) -> BoundedHttp:
        session = requests.Session()
        session.trust_env = False
        session.mount("https://zoom.us/", FakeZoomAdapter(self.zoom, self.clock.sleep))
        return BoundedHttp(session, connections)

    def invoke(self, event: object = None) -> dict[str, Any]:
        """Invoke the handler, by default with `{}`; Lambda requires a JSON result."""
        context = FakeLambdaContext(self.clock, timeout_s=30.0, function_name="RefreshTokenFunction")
        event = {} if event is None else json.loads(json.dumps(event))
        result: dict[str, Any] = json.loads(json.dumps(self.app.handler(event, context)))
        assert result.keys() == {"minted", "why"}
        assert result["minted"] == (result["why"] is None)
        return result

    def mints(self, event: object = None) -> bool:
        """Invoke the handler and return whether it minted."""
        return bool(self.invoke(event)["minted"])

    def replaces(self) -> bool:
        """Request a replacement of the current token, as a consumer does; return whether one was minted."""
        return self.mints({"replaces": self.version})

    def set_credentials(self, value: object) -> None:
        """Set the credentials' secret: text as it is, anything else as JSON."""
        text = value if isinstance(value, str) else json.dumps(value)
        self.secrets.put_secret_value(SecretId=self.credentials_arn, SecretString=text)

    def write_token(self, value: object) -> None:
        """Set the token's secret, as an operator does."""
        text = value if isinstance(value, str) else json.dumps(value)
        self.secrets.put_secret_value(SecretId=self.token_arn, SecretString=text)

    @property
    def version(self) -> str | None:
        """Return the version of the token secret, None without a value."""
        if self.secrets.value_of(self.token_arn) is None:
            return None
        return str(self.secrets.get_secret_value(SecretId=self.token_arn)["VersionId"])

    @property
    def token(self) -> dict[str, Any] | None:
        """Return the content of the token secret."""
        value = self.secrets.value_of(self.token_arn)
        return None if value is None else json.loads(value)

    @property
    def mint_calls(self) -> int:
        """Return the number of calls to Zoom's OAuth server."""
        return len(self.zoom.calls())

    @property
    def log(self) -> str:
        """Return everything logged so far."""
        return self._log.getvalue()


@pytest.fixture
def open_refresher(load_app: Callable[[str], ModuleType]) -> Callable[..., Refresher]:
    """Create a refresher that calls Zoom at a URL; none given: the fake Zoom in this process."""
    return lambda *url: Refresher(load_app("refresh_token"), *url)


@pytest.fixture
def refresher(open_refresher: Callable[..., Refresher]) -> Refresher:
    """Return a refresher with valid credentials, before its first token."""
    return open_refresher()
