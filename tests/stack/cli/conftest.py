"""Run the installed command `registrar` against the deployed stack, as an operator or a program does.

The emulator has no move task: `retry` of everything sends one by one here; the task's request is a unit test's.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.processes.paths import VENVS
from tests.stack.conftest import END_SECONDS, Deployment

REGISTRAR = VENVS / "cli" / "bin" / "registrar"

Completed = subprocess.CompletedProcess[str]
Run = Callable[..., Completed]


@pytest.fixture
def environment(deployment: Deployment, tmp_path: Path) -> dict[str, str]:
    """Return an environment without the developer's AWS settings, and with a journal of its own."""
    own = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "COLUMNS": "120",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    if "PYTHONPATH" in os.environ:  # to test a command line that is not installed
        own["PYTHONPATH"] = os.environ["PYTHONPATH"]
    return own | deployment.stack.emulator.environment()


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run the command in a folder of its own, and check its exit code."""

    def run_command(*arguments: str, code: int = 0) -> Completed:
        completed = subprocess.run(
            [REGISTRAR, *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=END_SECONDS,
            check=False,
        )
        assert completed.returncode == code, completed.stdout + completed.stderr
        return completed

    return run_command


@pytest.fixture
def run_json(run: Run) -> Callable[..., Any]:
    """Run the command with --json, and return the result."""

    def run_command_json(*arguments: str, code: int = 0) -> Any:
        return json.loads(run(*arguments, "--json", code=code).stdout)

    return run_command_json


def registered(deployment: Deployment, webinar_id: str, *emails: str) -> None:
    for email in emails:
        deployment.row_with("registered", webinar_id, email)


def dead_letter_for(deployment: Deployment, webinar_id: str) -> str:
    """Make a dead letter of a webinar that is full, and return its body."""
    body = json.dumps({"webinar_id": webinar_id, "email": "eve@example.com", "first_name": "Eve"})
    deployment.send(body, MessageGroupId=webinar_id)
    deployment.row_with("rejected", webinar_id, "eve@example.com")
    return body


def csv_file(path: Path, *emails: str, encoding: str = "utf-8") -> Path:
    rows = "".join(f"{email};Ada;Müller\n" for email in emails)
    path.write_bytes(f"E-Mail;Vorname;Nachname\n{rows}".encode(encoding))
    return path
