"""Where the functions of the embedded stack run: in Lambda's own runtime, or else in the emulator's.

Comes in: what was deployed. Goes out: where the emulator hands invocations to, and the functions' logs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from local.aws.deployment import STACK_NAME, Deployed
from local.aws.emulator import Emulator, function_name
from local.lambda_runtime.deployed_function import Packages, fetch_function
from local.lambda_runtime.execution_environment import EnvironmentFactory
from local.lambda_runtime.invoke_server import InvokeServer
from local.processes.paths import Installation
from local.processes.ports import PortPool
from local.processes.stack_directory import PACKAGES
from local.processes.supervisor import Supervisor


class FunctionRuntime(Protocol):
    """Runs the functions."""

    def addresses(self, logical_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the URLs that invoke the functions, by name; where there is none the emulator runs it."""

    def serve(self, emulator: Emulator, deployed: Deployed) -> None:
        """Run what is deployed now."""

    def log(self, emulator: Emulator, deployed: Deployed, logical_id: str) -> Path:
        """Return the file with what a function has printed."""


@dataclass
class LambdaRuntime:
    """Lambda's Runtime Interface Emulator with AWS's runtime client, one for each execution environment."""

    server: InvokeServer
    factory: EnvironmentFactory
    directory: Path
    serving: bool = False

    def addresses(self, logical_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the runtime host's URLs."""
        return {function_name(STACK_NAME, it): self.server.url(it) for it in logical_ids}

    def serve(self, emulator: Emulator, deployed: Deployed) -> None:
        """Fetch code and settings of the deployed functions, and run these from now on."""
        names = {it: deployed.resources[it] for it in deployed.function_ids()}
        astray = [it for it, name in names.items() if name != function_name(STACK_NAME, it)]
        if astray:
            raise RuntimeError(f"The emulator names functions in another way than expected: {', '.join(astray)}.")
        packages = Packages(self.directory / PACKAGES)
        functions = [fetch_function(emulator, packages, it, name) for it, name in names.items()]
        if not self.serving:  # Later, what ran before the deployment may still be running.
            packages.keep_only(functions)
        self.serving = True
        self.server.serve(functions, lambda it: self.factory.start(it, emulator, self._log(it.logical_id)))

    def log(self, emulator: Emulator, deployed: Deployed, logical_id: str) -> Path:
        """Return the file that all execution environments of the function write to."""
        return self._log(logical_id)

    def _log(self, logical_id: str) -> Path:
        return self.directory / "functions" / f"{logical_id}.log"


@dataclass(frozen=True)
class EmulatorWorker:
    """The emulator's own way: warm Python processes, which it manages itself."""

    directory: Path

    def addresses(self, logical_ids: Iterable[str]) -> Mapping[str, str]:
        """Return nothing: invocations stay in the emulator."""
        return {}

    def serve(self, emulator: Emulator, deployed: Deployed) -> None:
        """Do nothing: the emulator runs what it has."""

    def log(self, emulator: Emulator, deployed: Deployed, logical_id: str) -> Path:
        """Write what the function's log group holds by now to a file."""
        path = self.directory / "functions" / f"{logical_id}.log"
        settings = emulator.client("lambda").get_function(FunctionName=deployed.resources[logical_id])
        pages = (
            emulator.client("logs")
            .get_paginator("filter_log_events")
            .paginate(logGroupName=settings["Configuration"]["LoggingConfig"]["LogGroup"])
        )
        lines = [event["message"].rstrip("\n") + "\n" for page in pages for event in page["events"]]
        path.write_text("".join(lines), encoding="utf-8")
        return path


@contextmanager
def function_runtime(
    installation: Installation, supervisor: Supervisor, ports: PortPool, directory: Path, *, in_emulator: bool
) -> Iterator[FunctionRuntime]:
    """Yield Lambda's own runtime if it can run here and nobody wants the other one."""
    interface_emulator = None if in_emulator else installation.runtime_interface_emulator()
    if interface_emulator is None:
        yield EmulatorWorker(directory)
        return
    factory = EnvironmentFactory(supervisor, ports, interface_emulator, installation.runtime_python)
    with InvokeServer(ports.take()) as server:
        yield LambdaRuntime(server, factory, directory)
