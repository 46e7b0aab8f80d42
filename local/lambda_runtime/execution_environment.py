"""One execution environment of a function: AWS's runtime client in Lambda's Runtime Interface Emulator.

As on Lambda, it processes one event at a time. It must be replaced after a timeout or crash, and before its role's
credentials expire.
"""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from local.aws.emulator import Emulator
from local.errors import ProgramFailedError
from local.lambda_runtime.deployed_function import DeployedFunction
from local.processes.ports import LOOPBACK, PortPool, is_listening
from local.processes.supervisor import Command, Program, Supervisor, bound_to_parent

INVOKE_PATH = "/2015-03-31/functions/function/invocations"
START_ATTEMPTS = 3  # each with other ports, in case another program has taken one
START_SECONDS = 10.0
INITIALISATION_SECONDS = 10  # Lambda's own limit for importing the function
SPARE_SECONDS = 5  # for the emulator's work around an invocation
OLDEST_SECONDS = 2700  # the role's credentials last 3,600, the longest function 900
CRASHES = frozenset({"Sandbox.Timedout", "Runtime.ExitError", "Sandbox.Failure"})


@dataclass(frozen=True)
class InvocationResult:
    """The result of an invocation."""

    body: bytes
    failed: bool
    reusable: bool
    """Whether the execution environment may take another event."""


def failure(kind: str, message: str) -> InvocationResult:
    """Return an error of Lambda, as opposed to one of the function."""
    body = json.dumps({"errorType": kind, "errorMessage": message}).encode()
    return InvocationResult(body, failed=True, reusable=False)


def parse_result(body: bytes) -> InvocationResult:
    """Parse the emulator's response. Its status is always 200; only the body shows an error."""
    if body.startswith(b"Task timed out after"):
        return failure("Sandbox.Timedout", body.decode())
    try:
        document = json.loads(body)
    except ValueError:
        return failure("Sandbox.Failure", body.decode(errors="replace"))
    failed = isinstance(document, dict) and "errorType" in document and "errorMessage" in document
    return InvocationResult(body, failed=failed, reusable=not (failed and document["errorType"] in CRASHES))


class ExecutionEnvironment:
    """A running execution environment."""

    def __init__(self, program: Program, port: int, function: DeployedFunction) -> None:
        self._program, self._port, self._function = program, port, function
        self._oldest = time.monotonic() + OLDEST_SECONDS

    def is_usable(self) -> bool:
        """Return whether it can process another event."""
        return self._program.is_running() and time.monotonic() < self._oldest

    def invoke(self, event: bytes, headers: Mapping[str, str]) -> InvocationResult:
        """Invoke the function, and wait for the result."""
        limit = INITIALISATION_SECONDS + self._function.timeout_seconds + SPARE_SECONDS
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=limit)
        try:
            connection.request("POST", INVOKE_PATH, body=event, headers=dict(headers))
            return parse_result(connection.getresponse().read())
        except (OSError, http.client.HTTPException) as error:
            return failure("Sandbox.Failure", f"No answer from the runtime: {error!r}")
        finally:
            connection.close()

    def close(self) -> None:
        """Kill the processes."""
        self._program.kill()


@dataclass(frozen=True)
class EnvironmentFactory:
    """Starts execution environments."""

    supervisor: Supervisor
    ports: PortPool
    interface_emulator: Path
    runtime_python: Path

    def start(self, function: DeployedFunction, emulator: Emulator, log: Path) -> ExecutionEnvironment:
        """Start an execution environment, which writes the function's output and START, END, REPORT to the log."""
        for attempt in range(1, START_ATTEMPTS + 1):
            ports = self.ports.take(), self.ports.take()
            command = self._command(function, emulator, log, ports)
            program = self.supervisor.start(command)
            try:
                program.wait_until(partial(is_listening, ports[0]), START_SECONDS)
            except ProgramFailedError:
                program.kill()
                if attempt == START_ATTEMPTS:
                    raise
            else:
                break
        return ExecutionEnvironment(program, ports[0], function)

    def _command(self, function: DeployedFunction, emulator: Emulator, log: Path, ports: tuple[int, int]) -> Command:
        # The emulator starts the runtime in another process group: it needs its own parent-death signal.
        runtime = bound_to_parent([self.runtime_python, "-m", "awslambdaric", function.handler], "signal", parent=0)
        command: list[str | Path] = [
            self.interface_emulator,
            *("--log-level", "info"),
            *("--runtime-interface-emulator-address", f"{LOOPBACK}:{ports[0]}"),
            *("--runtime-api-address", f"{LOOPBACK}:{ports[1]}"),
            *runtime,
        ]
        return Command(
            f"An execution environment of {function.logical_id}",
            command,
            log=log,
            errors=log.with_suffix(".rie.log"),
            environment=function.environment(emulator),
            directory=function.code,
        )
