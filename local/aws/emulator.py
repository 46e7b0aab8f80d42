"""The AWS emulator of the local stack: one `ministack` process, with IAM enforced and its state in memory."""

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from local.processes.ports import LOOPBACK
from local.processes.supervisor import Command, Supervisor, environment_of_developer

REGION = "us-east-1"
KEY_ID = SECRET_KEY = "test"  # noqa: S105  The emulator's root user, on this machine only.
READY_SECONDS = 30.0
CONNECT_SECONDS = 5
READ_SECONDS = 330  # longer than the longest function: Invoke responds at its end
FUNCTION_NAME_CHARACTERS = 64

# Do not read the developer's own AWS configuration.
NO_CONFIGURATION = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    port: int
    _clients: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def endpoint(self) -> str:
        """Return the endpoint URL of all AWS APIs."""
        return f"http://{LOOPBACK}:{self.port}"

    def client(self, service: str) -> Any:
        """Return a boto3 client with all permissions. It is thread-safe."""
        if service not in self._clients:  # Making one takes 60 ms.
            session = boto3.Session(
                aws_access_key_id=KEY_ID,
                aws_secret_access_key=SECRET_KEY,
                region_name=REGION,
                botocore_session=botocore.session.Session(session_vars=NO_CONFIGURATION),
            )
            config = Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": 2},
                proxies={},
            )
            new: Any = session.client(service, endpoint_url=self.endpoint, config=config)  # type: ignore[call-overload]
            self._clients[service] = new
        return self._clients[service]

    def environment(self) -> dict[str, str]:
        """Return the variables with which a program uses this emulator as AWS."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }

    def is_ready(self) -> bool:
        """Return whether the emulator is ready."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.endpoint}/_ministack/health", timeout=CONNECT_SECONDS) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def start_emulator(
    supervisor: Supervisor, ministack: Path, port: int, directory: Path, functions: Mapping[str, str]
) -> Emulator:
    """Start the emulator. `functions`: URLs by function name; it runs all others itself."""
    state = directory / "emulator"
    state.mkdir(parents=True, exist_ok=True)
    emulator = Emulator(port)
    environment = (
        environment_of_developer()
        | emulator.environment()
        | {
            "AUTH": "true",  # IAM policies are enforced
            "BIND_HOST": LOOPBACK,
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",  # would open another port
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "STATE_DIR": str(state),
            "TMPDIR": str(state),
        }
    )
    # The documented way to run functions outside; set at the start, so that it misses no invocation.
    environment |= {f"MINISTACK_LAMBDA_PROXY_{name}": url for name, url in functions.items()}
    program = supervisor.start(
        Command(
            "The AWS emulator (ministack)",
            [ministack],
            log=directory / "emulator.log",
            environment=environment,
            directory=state,
            parent_death="watch",  # it may run the functions, as processes
            required=True,
        )
    )
    program.wait_until(emulator.is_ready, READY_SECONDS)
    return emulator


def function_name(stack_name: str, logical_id: str) -> str:
    """Return the name that ministack 1.5.33 gives to a function without a name in the template."""
    suffix = hashlib.sha256(f"{stack_name}:{logical_id}".encode()).hexdigest()[:13].upper()
    return f"{stack_name}-{logical_id}-"[: FUNCTION_NAME_CHARACTERS - len(suffix)] + suffix
