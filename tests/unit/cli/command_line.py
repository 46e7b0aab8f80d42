"""Run a command in this process, from its arguments to its exit code, on the fakes of a stack."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from registrar.storage.registrant_table import RegistrantTable
from registrar_cli import app as app_module
from registrar_cli.clients import aws
from registrar_cli.clients.stack import Stack

from tests.fakes import FakeDynamoDb, FakeSecrets
from tests.unit.cli.conftest import Queues


@dataclass
class Ended:
    """The exit code and the output of a run."""

    code: Any
    out: str
    err: str

    @property
    def result(self) -> Any:
        """Return the JSON result."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """Return the JSON error."""
        return json.loads(self.err)["error"]


def run_registrar(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *arguments: str) -> Ended:
    """Run the command, from its arguments to its exit code."""
    monkeypatch.setattr("sys.argv", ["registrar", *arguments])
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as ended:
        app_module.main()
    return Ended(ended.value.code, *capfd.readouterr())


class CommandLine:
    """Runs `registrar` for a stack with these queues and a table."""

    def __init__(self, queues: Queues, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.dynamodb = FakeDynamoDb(queues.clock)
        self.dynamodb.add_table("Registrants", "webinar_id", "email")
        self.dynamodb.add_table("Forms", "form_id")
        self.secrets = FakeSecrets(queues.clock)
        self.secrets.add_secret("FormSecrets")
        self.store = RegistrantTable(self.dynamodb.client, "Registrants", 400)
        self._monkeypatch = monkeypatch
        self._capfd = capfd
        outputs = {
            "RegistrationQueueUrl": queues.url,
            "DeadLetterQueueUrl": queues.dead_letter_url,
            "RegistrantTableName": "Registrants",
            "FormsUrl": "https://api.example.com/forms",
        }
        resources = {
            "SubmissionTable": "Submissions",
            "AccountTable": "Account",
            "FormTable": "Forms",
            "FormSecrets": "FormSecrets",
        }
        self.parameters: dict[str, str] = {}
        stack = Stack("test", "arn", outputs, self.parameters, resources)
        clients = {"sqs": queues.sqs, "dynamodb": self.dynamodb, "secretsmanager": self.secrets}
        monkeypatch.setattr(Stack, "find", lambda *_: stack)
        monkeypatch.setattr(aws, "client", clients.__getitem__)

    def run(self, *arguments: str) -> Ended:
        """Run the command."""
        return run_registrar(self._monkeypatch, self._capfd, *arguments)
