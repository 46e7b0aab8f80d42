"""RegistrationPage on fakes: its handler, tables and log, and a stand-in for DescribeWebinar."""

import io
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from registrar.registrants.row import timestamp
from registrar.runtime.settings import RegistrationPageSettings
from registrar.storage.webinar_table import WebinarTable
from registrar.zoom.webinar_facts import WebinarFacts

from tests.fakes import FakeDynamoDb, FakeLambda, FakeLambdaContext, VirtualClock

WEBINAR = "97871060099"
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass
class Reply:
    """A response of the HTTP API."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def content(self) -> Any:
        return json.loads(self.text)


class Site:
    """One execution environment of RegistrationPage, and what DescribeWebinar would say by webinar id."""

    def __init__(
        self, app: ModuleType, origins: tuple[str, ...], webinars: tuple[str, ...], turnstile_site_key: str | None
    ) -> None:
        self.app = app
        self.clock = VirtualClock()
        self.dynamodb = FakeDynamoDb(self.clock)
        self.dynamodb.add_table("Webinars", "webinar_id")
        self.dynamodb.add_table("Submissions", "submission_id")
        self.dynamodb.add_table("Registrants", "webinar_id", "email")
        self.table = WebinarTable(self.dynamodb.client, "Webinars")
        self.functions = FakeLambda(self.clock)
        self.functions.register("Describe", self._describe)
        self.at_zoom: dict[str, WebinarFacts] = {}
        self._log = io.StringIO()
        settings = RegistrationPageSettings(
            stack_name="zoom-registrar",
            allowed_origins=origins,
            allowed_webinars=frozenset(webinars),
            describe_webinar_function="Describe",
            registrant_table="Registrants",
            submission_table="Submissions",
            turnstile_site_key=turnstile_site_key,
            webinar_table="Webinars",
        )
        # A logger's name and its stream are global, so each test has its own.
        logger = Logger(service=f"registration-page-{uuid.uuid4()}", stream=self._log)
        env = app.build(settings, logger, self.dynamodb, self.functions, self.clock)
        app.environment = lambda: env  # type: ignore[attr-defined]

    def _describe(self, event: Any, _context: object) -> dict[str, Any]:
        facts = self.at_zoom.get(event["webinar_id"])
        if facts is None:
            return {**event, "unknown": "Zoom: zoom_unavailable (status 503, code None)."}
        return facts.of_kind(event["kind"]).to_attributes()

    def get(
        self,
        path: str,
        parameters: Mapping[str, str] | None = None,
        accept: str = HTML,
        language: str = "en",
        **headers: str,
    ) -> Reply:
        """Invoke the handler; Lambda requires JSON with a text body."""
        event = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"accept": accept, "accept-language": language, **headers},
            "requestContext": {"http": {"method": "GET", "path": path}},
            "isBase64Encoded": False,
        }
        if parameters:
            event["pathParameters"] = dict(parameters)
        context = FakeLambdaContext(self.clock, function_name="RegistrationPageFunction")
        response = json.loads(json.dumps(self.app.handler(event, context)))
        assert response.keys() == {"statusCode", "headers", "body"}
        return Reply(response["statusCode"], response["headers"], response["body"])

    def page(self, webinar_id: str = WEBINAR, kind: str = "webinar", **headers: str) -> Reply:
        """Open the page of a webinar or meeting."""
        return self.get(f"/{kind}s/{webinar_id}", {f"{kind}_id": webinar_id}, **headers)

    def status(self, submission_id: str, accept: str = "application/json", **headers: str) -> Reply:
        """Ask what became of a submission."""
        return self.get(f"/submissions/{submission_id}", {"submission_id": submission_id}, accept, **headers)

    def know(self, webinar_id: str = WEBINAR, **facts: Any) -> WebinarFacts:
        """Write facts to the table, looked up now."""
        known = WebinarFacts(webinar_id=webinar_id, looked_up_at=timestamp(self.clock()), **facts)
        self.table.write(known, self.clock())
        return known

    def calls(self) -> list[str]:
        """Return the names of the AWS calls since this was last read."""
        made = [call.operation for fake in (self.dynamodb, self.functions) for call in fake.requests]
        for fake in (self.dynamodb, self.functions):
            fake.requests.clear()
        return made

    @property
    def log(self) -> str:
        """Return everything logged so far."""
        return self._log.getvalue()

    @property
    def log_lines(self) -> list[dict[str, Any]]:
        """Return the log lines, each a JSON object."""
        return [json.loads(line) for line in self.log.splitlines()]


@pytest.fixture
def open_site(load_app: Callable[[str], ModuleType]) -> Callable[..., Site]:
    """Return a function that opens a site with these settings."""

    def open_site(
        origins: tuple[str, ...] = ("*",), webinars: tuple[str, ...] = (), turnstile_site_key: str | None = None
    ) -> Site:
        return Site(load_app("registration_page"), origins, webinars, turnstile_site_key)

    return open_site


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    """Return a site that is open for every webinar."""
    return open_site()
