"""A stack into which CSV files are imported, on the fakes of AWS and of Zoom."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from registrar_cli.clients.session import Session
from registrar_cli.clients.stack import Stack
from registrar_cli.importing.command import import_csv
from registrar_cli.operations import target
from registrar_cli.operations.event_source_mapping import ENABLED
from registrar_cli.terminal.output import Output

from local.fake_zoom.account import Account
from tests.fakes import FakeDynamoDb
from tests.unit.cli.conftest import WEBINAR, Queues
from tests.unit.cli.zoom_api import zoom_api_of

ADA = "email,first name\nada@example.com,Ada\n"


class World:
    """A stack into which a CSV file is imported."""

    def __init__(self, folder: Path, queues: Queues) -> None:
        self.queues = queues
        self.dynamodb = FakeDynamoDb(queues.clock)
        self.dynamodb.add_table("Registrants", "webinar_id", "email")
        self.dynamodb.add_table("Account", "name")
        self.zoom = Account(queues.clock)
        self.zoom.set_webinar(WEBINAR, topic="Opening keynote")
        self.mapping: str | None = ENABLED
        self.file = folder / "people.csv"
        self.file.write_text(ADA, encoding="utf-8")
        outputs = {
            "RegistrationQueueUrl": queues.url,
            "DeadLetterQueueUrl": queues.dead_letter_url,
            "RegistrantTableName": "Registrants",
        }
        resources = {
            "AccountTable": "Account",
            "SubmissionTable": "Submissions",
            "RegisterBatchFunction": "RegisterBatch",
        }
        self._stack = Stack("zoom-registrar", "arn:1", outputs, {}, resources)

    def open(self, _: str, as_json: bool) -> Session:
        session = Session(self._stack, Output(as_json))
        found = [{"State": self.mapping}] if self.mapping else []
        functions = SimpleNamespace(list_event_source_mappings=lambda **_: {"EventSourceMappings": found})
        session.sqs, session.dynamodb = self.queues.sqs, self.dynamodb.client
        session.functions = functions
        return session

    def put_row(self, status: str, **more: str) -> None:
        row = {"webinar_id": WEBINAR, "email": "ada@example.com", "status": status, **more}
        self.dynamodb.put_item(TableName="Registrants", Item={name: {"S": value} for name, value in row.items()})

    def run(self, webinar: str | None = WEBINAR, **options: Any) -> int:
        with pytest.raises(typer.Exit) as ended:
            import_csv(self.file, webinar, **options)
        return int(ended.value.exit_code)

    def write(self, text: str, encoding: str = "utf-8") -> None:
        self.file.write_bytes(text.encode(encoding))

    @property
    def names(self) -> list[str]:
        """Return the names on the queue."""
        messages = map(json.loads, self.queues.bodies(self.queues.url))
        return [f"{one['first_name']} {one.get('last_name', '')}".strip() for one in messages]

    @property
    def queued(self) -> int:
        return len(self.queues.bodies(self.queues.url))


@pytest.fixture
def world(tmp_path: Path, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(tmp_path, queues)
    monkeypatch.setattr(Session, "open", world.open)
    monkeypatch.setattr(target, "current_token", lambda _: None)
    monkeypatch.setattr(target, "zoom_api", lambda *_: zoom_api_of(world.zoom))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "200")
    return world
