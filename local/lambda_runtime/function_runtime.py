"""Where the functions of the local stack run: in Lambda's runtime, or else in the AWS emulator's worker."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from local.aws.deployment import STACK_NAME, Deployed
from local.aws.emulator import Emulator, function_name
from local.lambda_runtime.deployed_function import DeployedFunction, Packages, fetch_function
from local.lambda_runtime.execution_environment import EnvironmentFactory, ExecutionEnvironment
from local.lambda_runtime.invoke_server import InvokeServer
from local.processes.paths import Installation
from local.processes.ports import PortPool
from local.processes.stack_directory import PACKAGES
from local.processes.supervisor import Supervisor


class FunctionRuntime(Protocol):
    """Runs the functions."""

    def addresses(self, logical_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the URLs that invoke the functions, by name; the emulator runs the others itself."""

    def serve(self, emulator: Emulator, deployed: Deployed) -> None:
        """Run the current deployment."""

    def log(self, emulator: Emulator, deployed: Deployed, logical_id: str) -> Path:
        """Return the file with a function's output."""


@dataclass(frozen=True)
class LambdaRuntime:
    """Lambda's Runtime Interface Emulator with AWS's runtime client, one per execution environment."""

    server: InvokeServer
    factory: EnvironmentFactory
    directory: Path

    def addresses(self, logical_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the invoke server's URLs."""
        return {function_name(STACK_NAME, logical_id): self.server.url(logical_id) for logical_id in logical_ids}

    def serve(self, emulator: Emulator, deployed: Deployed) -> None:
        """Fetch code and settings of the deployed functions, and run them."""
        names = {logical_id: deployed.resources[logical_id] for logical_id in deployed.function_ids()}
        unexpected = [logical_id for logical_id, name in names.items() if name != function_name(STACK_NAME, logical_id)]
        if unexpected:
            raise RuntimeError(f"The emulator gave functions unexpected names: {', '.join(unexpected)}.")
        packages = Packages(self.directory / PACKAGES)
        functions = [fetch_function(emulator, packages, logical_id, name) for logical_id, name in names.items()]
        packages.keep_only(functions)

        def start(function: DeployedFunction) -> ExecutionEnvironment:
            return self.factory.start(function, emulator, self._log(function.logical_id))

        self.server.serve(functions, start)

    def log(self, emulator: Emulator, deployed: Deployed, logical_id: str) -> Path:
        """Return the file that all execution environments of the function write to."""
        return self._log(logical_id)

    def _log(self, logical_id: str) -> Path:
        return self.directory / "functions" / f"{logical_id}.log"


@dataclass(frozen=True)
class EmulatorWorker:
    """The emulator's own worker: warm Python processes that it manages itself."""

    directory: Path

    def addresses(self, logical_ids: Iterable[str]) -> Mapping[str, str]:
        """Return no URLs: the emulator runs the functions."""
        return {}

    def serve(self, emulator: Emulator, deployed: Deployed) -> None:
        """Do nothing: the emulator runs the functions."""

    def log(self, emulator: Emulator, deployed: Deployed, logical_id: str) -> Path:
        """Write the function's log group to a file."""
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
    """Yield Lambda's runtime if it can run on this machine and `in_emulator` is not set."""
    interface_emulator = None if in_emulator else installation.runtime_interface_emulator()
    if interface_emulator is None:
        yield EmulatorWorker(directory)
        return
    factory = EnvironmentFactory(supervisor, ports, interface_emulator, installation.runtime_python)
    with InvokeServer(ports.take()) as server:
        yield LambdaRuntime(server, factory, directory)
