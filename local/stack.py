"""The local stack: the deployed product on one machine, without Docker, an AWS account or privileges.

    LocalStack.start()
        emulator        AWS, with IAM                         ministack, a process
        fake Zoom       Zoom's API                            local.fake_zoom, a process
        deployment      sam build, sam deploy                 of the real template
        invoke server   every function in its real runtime    awslambdaric under Lambda's emulator

All processes end with the `with` block, and when this program is killed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.aws.deployment import Deployed, Deployment
from local.aws.emulator import Emulator, start_emulator
from local.aws.unsupported_resources import removal_messages
from local.errors import FunctionFailedError
from local.lambda_runtime.function_runtime import EmulatorWorker, FunctionRuntime, function_runtime
from local.processes.fake_zoom import credentials, start_fake_zoom
from local.processes.paths import Installation
from local.processes.ports import PortPool
from local.processes.stack_directory import stack_directory
from local.processes.supervisor import Supervisor

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Ports:
    """The ports that a caller may choose."""

    emulator: int
    zoom: int


def any_ports(pool: PortPool) -> Ports:
    """Take free ports."""
    return Ports(emulator=pool.take(), zoom=pool.take())


@dataclass
class LocalStack:
    """A running stack, made by `LocalStack.start`."""

    emulator: Emulator
    zoom_url: str
    """Base URL of the fake Zoom: its API is at `/v2`, its control at `/_fake`."""
    directory: Path
    """Contains the logs of all programs; those of the functions are in `functions/`."""
    _supervisor: Supervisor
    _deployment: Deployment
    _runtime: FunctionRuntime
    _progress: Progress
    _deployed: Deployed = field(default_factory=lambda: Deployed({}, {}, {}))

    @classmethod
    @contextmanager
    def start(
        cls,
        parameters: Mapping[str, str] | None = None,
        progress: Progress = print,
        *,
        name: str = "stack",
        choose_ports: Callable[[PortPool], Ports] = any_ports,
        in_emulator: bool = False,
    ) -> Iterator[LocalStack]:
        """Start everything, and stop it at the end of the `with` block.

        Stacks that run at the same time need different names. `in_emulator` runs the functions in the AWS emulator's
        own worker, as is done where Lambda's emulator cannot run.
        """
        installation = Installation.find()
        with ExitStack() as cleanup:
            directory = cleanup.enter_context(stack_directory(name))
            pool = PortPool()
            ports = choose_ports(pool)
            supervisor = Supervisor()
            cleanup.callback(supervisor.stop)
            runtime = cleanup.enter_context(
                function_runtime(installation, supervisor, pool, directory, in_emulator=in_emulator)
            )
            if isinstance(runtime, EmulatorWorker):
                progress("The functions run in the AWS emulator's worker, not in Lambda's Runtime Interface Emulator.")

            progress("Starting the AWS emulator and the fake Zoom …")
            deployment = Deployment(installation, supervisor, directory)
            addresses = runtime.addresses(deployment.function_ids())
            emulator = start_emulator(supervisor, installation.ministack, ports.emulator, directory, addresses)
            zoom_url = start_fake_zoom(supervisor, ports.zoom, directory)
            stack = cls(emulator, zoom_url, directory, supervisor, deployment, runtime, progress)
            stack._build_and_deploy(parameters or {})
            stack._store_credentials()
            progress("Ready.")
            yield stack

    @property
    def outputs(self) -> Mapping[str, str]:
        """Return the outputs of the deployed template, by name."""
        return self._deployed.outputs

    @property
    def submission_url(self) -> str:
        """Return the base URL for posting forms."""
        return self.outputs["SubmissionUrl"]

    def client(self, service: str) -> Any:
        """Return a boto3 client with all rights on the emulator."""
        return self.emulator.client(service)

    def physical_id(self, logical_id: str) -> str:
        """Return the deployed name of a resource of the template."""
        return self._deployed.resources[logical_id]

    def function_ids(self) -> list[str]:
        """Return the logical ids of the functions."""
        return self._deployment.function_ids()

    def invoke(self, logical_id: str, payload: Any) -> Any:
        """Invoke a function and return its result. Raises: FunctionFailedError."""
        response = self.client("lambda").invoke(
            FunctionName=self.physical_id(logical_id), Payload=json.dumps(payload).encode()
        )
        body = response["Payload"].read().decode()
        if "FunctionError" in response:
            raise FunctionFailedError(logical_id, body, self.function_log(logical_id))
        return json.loads(body) if body else None

    def function_log(self, logical_id: str) -> Path:
        """Return the file with a function's output and Lambda's START, END and REPORT lines."""
        return self._runtime.log(self.emulator, self._deployed, logical_id)

    def _build_and_deploy(self, parameters: Mapping[str, str]) -> None:
        machine = self._deployment.machine_parameters()
        if "PythonRuntime" in machine:
            self._progress(f"Python 3.13 is not installed: using PythonRuntime={machine['PythonRuntime']}.")
        zoom = {"ZoomApiUrl": f"{self.zoom_url}/v2", "ZoomOAuthUrl": f"{self.zoom_url}/oauth/token"}
        parameters = {**machine, **zoom, **parameters}
        with self._deployment.build_lock():
            self._progress("Building (sam build) …")
            for message in removal_messages(self._deployment.build(parameters)):
                self._progress(message)
            self._progress("Deploying (sam deploy) …")
            self._deployed = self._deployment.deploy(self.emulator, parameters)
            self._runtime.serve(self.emulator, self._deployed)

    def check(self) -> None:
        """Raise ProgramFailedError if a required program has ended."""
        self._supervisor.check()

    def _store_credentials(self) -> None:
        """Store the Zoom credentials and mint the first token, as an operator does once."""
        self._progress("Storing the Zoom credentials, minting the first token …")
        self.client("secretsmanager").put_secret_value(
            SecretId=self.outputs["ZoomCredentialsSecretArn"], SecretString=json.dumps(credentials())
        )
        self.invoke("RefreshTokenFunction", {})
