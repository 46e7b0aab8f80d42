"""Start the fake Zoom of the local stack in a process of its own."""

import sys
from functools import partial
from pathlib import Path

from local.fake_zoom.profile import Profile
from local.processes.paths import REPOSITORY
from local.processes.ports import LOOPBACK, is_listening
from local.processes.supervisor import Command, Supervisor, environment_of_developer

READY_SECONDS = 20.0


def start_fake_zoom(supervisor: Supervisor, port: int, directory: Path) -> str:
    """Start it, wait until it is ready, and return its base URL."""
    program = supervisor.start(
        Command(
            "The fake Zoom",
            [sys.executable, "-m", "local.fake_zoom", "--port", str(port)],
            log=directory / "fake-zoom.log",
            environment=environment_of_developer() | {"PYTHONUNBUFFERED": "1"},
            directory=REPOSITORY,
            required=True,
        )
    )
    program.wait_until(partial(is_listening, port), READY_SECONDS)
    return f"http://{LOOPBACK}:{port}"


def credentials() -> dict[str, str]:
    """Return the OAuth credentials of its account: the value of `ZoomCredentialsSecret`."""
    account = Profile()
    return {
        "account_id": account.account_id,
        "client_id": account.client_id,
        "client_secret": account.client_secret,
    }
