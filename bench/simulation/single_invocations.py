"""Count what one invocation of a function uses of AWS: a form, a webhook, a page, a status page, a token.

The deployed handlers run on the fakes, in virtual time: their seconds are those that AWS and Zoom take by the model,
without the time that our own code computes.
"""

import importlib.util
import io
import json
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import requests
from aws_lambda_powertools import Logger
from registrar.forms.providers.form import Form
from registrar.registrants.row import timestamp
from registrar.runtime import aws
from registrar.storage.webinar_table import WebinarTable
from registrar.zoom.http import BoundedHttp
from registrar.zoom.webinar_facts import Question, WebinarFacts

from bench.processes.artefacts import REPOSITORY
from bench.processes.lambda_environment import VARIABLES, form_event
from bench.simulation.aws_model import Model
from bench.simulation.testbed import ZOOM_LATENCY_MS
from local.fake_zoom.account import Account
from local.fake_zoom.requests_adapter import FakeZoomAdapter
from local.processes.fake_zoom import credentials
from tests.fakes import FakeDynamoDb, FakeLambdaContext, FakeSecrets, FakeSqs, VirtualClock
from tests.fakes.dynamodb.values import item_bytes

OAUTH_URL = "https://zoom.us/oauth/token"
WEBINAR = "97871060099"
FORM_PAGE_BYTES = 4_000  # fewer than a page with a form has, and more than one without
_PAGE_VARIABLES = {"DESCRIBE_WEBINAR_FUNCTION": "DescribeWebinar", "WEBINAR_TABLE": "Webinars"}


@dataclass(frozen=True)
class Used:
    """What one invocation used. `response_bytes`: headers and body; `row_bytes`: what stays in the tables."""

    seconds: float
    sqs_requests: int
    read_units: float
    write_units: float
    secret_calls: int
    log_bytes: int
    response_bytes: int
    row_bytes: int


class _World:
    """The services that both functions call."""

    def __init__(self, model: Model) -> None:
        self.clock = VirtualClock()
        self.sqs = FakeSqs(self.clock)
        self.dynamodb = FakeDynamoDb(self.clock)
        self.secrets = FakeSecrets(self.clock)
        self.dynamodb.latency_s = model.latencies()["dynamodb"]
        self.sqs.latency_s = {"send_message": model.receive_s}
        self.secrets.latency_s = {"get_secret_value": model.secret_s, "put_secret_value": model.secret_s}
        self._log = io.StringIO()

    def add_row(self, name: str, item: Mapping[str, Any]) -> None:
        """Put a row into a table, without a call."""
        table = self.dynamodb.tables[name]
        table.write(*table.checked(item))

    def client(self, service: str, **_options: Any) -> Any:
        """Return the fake of a service, in place of `aws.client`."""
        return {"sqs": self.sqs, "dynamodb": self.dynamodb, "secretsmanager": self.secrets}[service]

    def run(
        self,
        function: str,
        variables: Mapping[str, str],
        event: object,
        *,
        before: Sequence[object] = (),
        **replaced: object,
    ) -> Used:
        """Invoke a function once, warm: as a cold start loads it, but without the time that this takes.

        Events `before` are not counted: they leave what an execution environment keeps between invocations.
        """
        # A logger's name is global, and so is its stream: this one is its own.
        logger = partial(Logger, stream=self._log)
        with (
            patch.dict("os.environ", {**VARIABLES, **variables}),
            patch.object(aws, "client", self.client),
            redirect_stdout(self._log),
        ):
            app = _load(function)
            replaced["Logger"] = lambda service, **given: logger(service=f"{service}-{uuid.uuid4()}", **given)
            for name, value in replaced.items():
                setattr(app, name, value)
            for each in before:
                app.handler(each, FakeLambdaContext(self.clock, function_name=function))
            used_before = self._used()
            answer = app.handler(event, FakeLambdaContext(self.clock, function_name=function))
        counted = {name: now - used_before[name] for name, now in self._used().items()}
        return Used(response_bytes=len(json.dumps(answer).encode()), **counted)

    def _used(self) -> dict[str, Any]:
        tables = self.dynamodb.tables.values()
        return {
            "seconds": self.clock(),
            "sqs_requests": self.sqs.calls.total(),
            "read_units": sum(table.consumed.read for table in tables),
            "write_units": sum(table.consumed.write for table in tables),
            "secret_calls": self.secrets.calls.total(),
            "log_bytes": len(self._log.getvalue().encode()),
            "row_bytes": sum(item_bytes(item) for table in tables for item in table.items()),
        }


def submission(model: Model) -> Used:
    """Count what AcceptSubmission uses for one form of the registration page, after which a browser sees its status."""
    world = _World(model)
    world.dynamodb.add_table(VARIABLES["SUBMISSION_TABLE"], "submission_id")
    url = world.sqs.add_queue("Registrations")
    event = form_event()
    event["headers"] |= {"accept": "text/html", "content-type": "application/x-www-form-urlencoded"}
    event["body"] = urlencode({**json.loads(event["body"]), "_submission": "0b0c7c3a-6f0e-4a57-9d35-000000000001"})
    used = world.run("accept_submission", {"REGISTRATION_QUEUE_URL": url}, event)
    if used.sqs_requests != 1:
        raise RuntimeError("AcceptSubmission did not queue the sample form")
    return used


def page(model: Model) -> Used:
    """Count what RegistrationPage uses for the form of a webinar whose facts are known."""
    event = form_event()
    event |= {"routeKey": "GET /webinars/{webinar_id}", "body": ""}
    used = _page_world(model).run("registration_page", _PAGE_VARIABLES, event)
    if used.response_bytes < FORM_PAGE_BYTES:
        raise RuntimeError("RegistrationPage did not show the sample form")
    return used


def status_page(model: Model) -> Used:
    """Count what RegistrationPage uses to show what became of a submission."""
    world = _page_world(model)
    submission_id = "0b0c7c3a-6f0e-4a57-9d35-000000000001"
    row = {"submission_id": submission_id, "webinar_id": WEBINAR, "email": "ada@example.com"}
    row |= {"submitted_at": "2026-11-23T14:00:00Z"}
    world.add_row(VARIABLES["SUBMISSION_TABLE"], {name: {"S": value} for name, value in row.items()})
    event = form_event()
    event |= {"routeKey": "GET /submissions/{submission_id}", "pathParameters": {"submission_id": submission_id}}
    event |= {"body": ""}
    event["headers"]["accept"] = "text/html"
    used = world.run("registration_page", _PAGE_VARIABLES, event)
    if used.read_units < 1:
        raise RuntimeError("RegistrationPage did not read the sample submission")
    return used


def _page_world(model: Model) -> _World:
    world = _World(model)
    world.dynamodb.add_table(VARIABLES["SUBMISSION_TABLE"], "submission_id")
    world.dynamodb.add_table(VARIABLES["REGISTRANT_TABLE"], "webinar_id", "email")
    world.dynamodb.add_table(_PAGE_VARIABLES["WEBINAR_TABLE"], "webinar_id")
    facts = WebinarFacts(
        webinar_id=WEBINAR,
        topic="Opening keynote",
        type=5,
        starts_at="2099-01-01T10:00:00Z",
        duration_minutes=60,
        timezone="Europe/Berlin",
        approval_type=0,
        questions=(Question("short", is_required=True, name="last_name"),),
        looked_up_at=timestamp(time.time()),  # the function's clock is real
    )
    WebinarTable(world.dynamodb.client, _PAGE_VARIABLES["WEBINAR_TABLE"]).write(facts, time.time())
    return world


def delivery(model: Model) -> Used:
    """Count what AcceptForm uses for one webhook, in an environment that has had another one of the same form."""
    world = _World(model)
    world.dynamodb.add_table(VARIABLES["SUBMISSION_TABLE"], "submission_id")
    world.dynamodb.add_table("Forms", "form_id")
    form = Form(form_id="f" * 32, provider="generic", name="generic", webinar_id=WEBINAR)
    world.add_row("Forms", form.to_item())
    url = world.sqs.add_queue("Registrations")
    variables = {"REGISTRATION_QUEUE_URL": url, "FORM_TABLE": "Forms"}
    variables["FORM_SECRETS"] = world.secrets.add_secret("FormSecrets")
    first, second = (form_event() for _ in range(2))
    for number, event in enumerate((first, second)):
        event |= {"routeKey": "POST /forms/{form_id}", "pathParameters": {"form_id": form.form_id}}
        event["body"] = json.dumps({"email": f"ada{number}@example.com", "first_name": "Ada", "last_name": "Lovelace"})
    used = world.run("accept_form", variables, second, before=[first])
    if used.sqs_requests != 1:
        raise RuntimeError("AcceptForm did not queue the sample delivery")
    return used


def mint(model: Model) -> Used:
    """Count what RefreshToken uses to request and store one token."""
    world = _World(model)
    world.dynamodb.add_table(VARIABLES["ACCOUNT_TABLE"], "name")
    account = Account(world.clock)
    account.set_latency(ZOOM_LATENCY_MS)

    def http(connections: int = 1) -> BoundedHttp:
        session = requests.Session()
        session.trust_env = False  # no proxy of this machine
        session.mount("https://", FakeZoomAdapter(account, world.clock.sleep))
        return BoundedHttp(session, connections)

    token = world.secrets.add_secret("Token")
    variables = {
        "ZOOM_CREDENTIALS_SECRET": world.secrets.add_secret("Credentials", json.dumps(credentials())),
        "ZOOM_OAUTH_URL": OAUTH_URL,
        "ZOOM_TOKEN_SECRET": token,
    }
    used = world.run("refresh_token", variables, {}, BoundedHttp=http)
    if world.secrets.value_of(token) is None:
        raise RuntimeError("RefreshToken did not store a token")
    return used


def _load(function: str) -> ModuleType:
    """Import a function's app.py anew, as Lambda does: its folder is on the path."""
    folder: Path = REPOSITORY / "functions" / function
    spec = importlib.util.spec_from_file_location(f"{function}_counted", folder / "app.py")
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{folder} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its dataclasses look up their annotations
    with patch.object(sys, "path", [str(folder), *sys.path]):
        spec.loader.exec_module(module)
    return module
