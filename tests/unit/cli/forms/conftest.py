"""A stack with forms, on the fakes of AWS and of Zoom."""

import json
from typing import Any

import pytest
from registrar.forms.providers.delivery import FormField
from registrar.forms.providers.form import Form
from registrar.forms.providers.set_aside import to_body
from registrar_cli.clients.form_table import FormTable
from registrar_cli.operations import target

from local.fake_zoom.account import Account
from tests.unit.cli.command_line import CommandLine
from tests.unit.cli.conftest import WEBINAR, Queues
from tests.unit.cli.zoom_api import zoom_api_of

SUBMISSION = "0b0c1d2e-0000-4000-8000-00000000000"  # and a digit
# As Jotform sends them: the first name is in a field whose name does not say so.
EMAIL = FormField("q4_email", "E-mail", "email", "ana@example.com")
BADGE = FormField("q3_badge", "For your badge", "text", "Ana")


class Forms:
    """A command line with forms, and what they sent."""

    def __init__(self, command_line: CommandLine, queues: Queues, zoom: Account) -> None:
        self.queues = queues
        self.zoom = zoom
        self.dynamodb = command_line.dynamodb
        self.secrets = command_line.secrets
        self.parameters = command_line.parameters
        self.run = command_line.run
        self.store = command_line.store

    def add(self, **more: Any) -> Form:
        """Write a form to FormTable."""
        known = {"form_id": "AbCdEf-secret-token-1", "provider": "jotform", "name": "sign-up", "webinar_id": WEBINAR}
        form = Form(**{**known, **more})
        self.dynamodb.put_item(TableName="Forms", Item=form.to_item())
        return form

    def set_aside(self, form: Form, *fields: FormField, number: int = 1) -> str:
        """Put a submission on the dead-letter queue as AcceptForm does, and return its id."""
        submission_id = f"{SUBMISSION}{number}"
        body = to_body(form.form_id, submission_id, "2026-11-23T14:00:00Z", fields)
        self.queues.add_dead_letter_body(body, "unmapped_form")
        item = {"submission_id": submission_id, "submitted_at": "2026-11-23T14:00:00Z", "set_aside_at": "x"}
        self.dynamodb.put_item(TableName="Submissions", Item={name: {"S": text} for name, text in item.items()})
        return submission_id

    @property
    def rows(self) -> list[Form]:
        """Return all forms."""
        return FormTable(self.dynamodb.client, "Forms").forms()

    @property
    def queued(self) -> list[Any]:
        """Return the messages on the registration queue."""
        return [json.loads(body) for body in self.queues.bodies(self.queues.url)]

    @property
    def dead_letters(self) -> int:
        """Count the dead letters."""
        return len(self.queues.bodies(self.queues.dead_letter_url))

    def secrets_of(self, form: Form) -> Any:
        """Return the secrets of a form."""
        return json.loads(self.secrets.value_of("FormSecrets") or "{}").get(form.form_id)


@pytest.fixture
def forms(queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Forms:
    zoom = Account(queues.clock)
    zoom.set_webinar(WEBINAR, topic="Opening keynote", capacity=10)
    monkeypatch.setattr(target, "current_token", lambda _: None)
    monkeypatch.setattr(target, "zoom_api", lambda *_: zoom_api_of(zoom))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    command_line = CommandLine(queues, monkeypatch, capfd)
    command_line.dynamodb.add_table("Submissions", "submission_id")
    command_line.dynamodb.add_table("Account", "name")
    return Forms(command_line, queues, zoom)
