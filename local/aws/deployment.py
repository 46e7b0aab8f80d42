"""Run the real `sam build` and `sam deploy` for the repository's template, against the emulator.

The deployment differs from one on AWS only in what the emulator lacks: it ignores the routes of the HTTP API
(http_api_routes.py) and does not support some resource types (unsupported_resources.py).
"""

import fcntl
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from local.aws.emulator import Emulator
from local.aws.http_api_routes import HttpApi, http_apis, publish
from local.aws.unsupported_resources import remove_unsupported
from local.processes.paths import REPOSITORY, Installation, architecture
from local.processes.supervisor import Command, Supervisor, environment_of_developer

STACK_NAME = "zoom-registrar"
BUILD_SECONDS = 600  # the first build downloads the layer's packages
DEPLOY_SECONDS = 300
FUNCTION_TYPE = "AWS::Serverless::Function"
ALLOWED_ORIGINS = "AllowedOrigins"  # the template's parameter for CORS
DEFAULT_RUNTIME = "python3.13"  # of the template's parameter PythonRuntime


@dataclass(frozen=True)
class Deployed:
    """A deployed stack."""

    outputs: Mapping[str, str]
    resources: Mapping[str, str]
    """Physical ids by logical id."""
    template: Mapping[str, Any]
    """The processed template."""

    def function_ids(self) -> list[str]:
        """Return the logical ids of the functions."""
        resources = self.template["Resources"]
        return [it for it in self.resources if resources[it]["Type"] == "AWS::Lambda::Function"]


def function_ids(template: str) -> list[str]:
    """Return the logical ids of the functions in a template; parsed without a YAML library."""
    found = []
    logical_id = ""
    for line in template.splitlines():
        if name := re.fullmatch(r"  (\w+):\s*(#.*)?", line):
            logical_id = name[1]
        elif re.fullmatch(rf"    Type: {FUNCTION_TYPE}\s*(#.*)?", line):
            found.append(logical_id)
    return found


@dataclass(frozen=True)
class Deployment:
    """Builds and deploys the template."""

    installation: Installation
    supervisor: Supervisor
    logs: Path
    repository: Path = REPOSITORY

    def function_ids(self) -> list[str]:
        """Return the logical ids of the template's functions."""
        return function_ids((self.repository / "template.yaml").read_text(encoding="utf-8"))

    def machine_parameters(self) -> dict[str, str]:
        """Return the parameters that depend on this machine, on which the functions must run."""
        runtime = self.installation.lambda_runtime()
        return {"Architecture": architecture()} | ({} if runtime == DEFAULT_RUNTIME else {"PythonRuntime": runtime})

    def build(self, parameters: Mapping[str, str]) -> dict[str, str]:
        """Build functions and layer; return the types of removed resources by logical id."""
        command: list[str | Path] = [self.installation.sam, "build", "--cached", "--parallel"]
        command += ["--template-file", self.repository / "template.yaml"]
        command += ["--build-dir", self._folder / "build", "--cache-dir", self._folder / "cache"]
        command += ["--parameter-overrides", *_overrides(parameters)]
        self._run("sam build", command, {}, BUILD_SECONDS)
        built = (self._folder / "build" / "template.yaml").read_text(encoding="utf-8")
        template, removed = remove_unsupported(built)
        self._template.write_text(template, encoding="utf-8")
        return removed

    def deploy(self, emulator: Emulator, parameters: Mapping[str, str]) -> Deployed:
        """Deploy what was built, and create the routes of the HTTP API."""
        command: list[str | Path] = [self.installation.sam, "deploy", "--stack-name", STACK_NAME]
        command += ["--template-file", self._template, "--no-progressbar"]
        command += ["--resolve-s3", "--capabilities", "CAPABILITY_IAM"]
        command += ["--no-confirm-changeset", "--no-fail-on-empty-changeset"]
        command += ["--parameter-overrides", *_overrides(parameters)]
        self._run("sam deploy", command, emulator.environment(), DEPLOY_SECONDS)
        deployed = _read(emulator)
        for api in http_apis(deployed.template):
            arns = _function_arns(emulator, deployed, [route.function for route in api.routes])
            api_id = deployed.resources[api.logical_id]
            publish(_with_origins(api, parameters), api_id, arns, emulator.client("apigatewayv2"))
        return deployed

    @contextmanager
    def build_lock(self) -> Iterator[None]:
        """Lock the build folder against other stacks of this checkout."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @property
    def _folder(self) -> Path:
        # Not SAM's default folder, which holds the build for AWS; one folder per Python version and architecture.
        name = f"{self.installation.lambda_runtime()}-{architecture()}"
        return self.repository / ".aws-sam" / "embedded" / name

    @property
    def _template(self) -> Path:
        """Return the built template without unsupported resources, in the folder that its paths are relative to."""
        return self._folder / "build" / "embedded.yaml"

    def _run(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], seconds: float) -> None:
        python = self.installation.runtime_python
        settings = {
            # SAM and the layer's Makefile find the runtime's Python by name.
            "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "SAM_CLI_TELEMETRY": "0",
            "__SAM_CLI_APP_DIR": str(self.repository / ".aws-sam"),  # not the home folder
            "TMPDIR": str(self.logs),  # SAM leaves empty folders behind
            "SAM_CLI_POLL_DELAY": "1",  # seconds
        }
        self.supervisor.start(
            Command(
                f"`{name}`",
                command,
                log=self.logs / f"{name.replace(' ', '-')}.log",
                environment={**environment_of_developer(), **settings, **environment},
                directory=self.repository,
                parent_death="watch",  # it starts make and pip
            )
        ).wait(seconds)


def _with_origins(api: HttpApi, parameters: Mapping[str, str]) -> HttpApi:
    """Set the CORS origins: the emulator's SAM transform sees only the parameter's default."""
    if api.cors is None or ALLOWED_ORIGINS not in parameters:
        return api
    return replace(api, cors={**api.cors, "AllowOrigins": parameters[ALLOWED_ORIGINS].split(",")})


def _overrides(parameters: Mapping[str, str]) -> list[str]:
    quoted = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in parameters.items()}
    return [f'{name}="{value}"' for name, value in quoted.items()]


def _read(emulator: Emulator) -> Deployed:
    cloudformation = emulator.client("cloudformation")
    stack = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    resources = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for page in pages
        for resource in page["StackResourceSummaries"]
    }
    outputs = {
        # Only browsers resolve `<api id>.execute-api.localhost`.
        output["OutputKey"]: re.sub(
            r"https?://(\w+)\.execute-api\.localhost:\d+",
            rf"{emulator.endpoint}/_aws/execute-api/\1",
            output["OutputValue"],
        )
        for output in stack.get("Outputs", [])
    }
    template = cloudformation.get_template(StackName=STACK_NAME, TemplateStage="Processed")["TemplateBody"]
    return Deployed(outputs, resources, template)


def _function_arns(emulator: Emulator, deployed: Deployed, logical_ids: list[str]) -> dict[str, str]:
    client = emulator.client("lambda")
    return {
        logical_id: client.get_function(FunctionName=deployed.resources[logical_id])["Configuration"]["FunctionArn"]
        for logical_id in logical_ids
    }
