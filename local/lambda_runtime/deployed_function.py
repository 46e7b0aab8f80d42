"""A deployed function: its code, settings and role, as the emulator's Lambda API returns them.

The stack runs what was deployed, not the build folder.
"""

import io
import os
import shutil
import urllib.request
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.aws.emulator import REGION, Emulator

DOWNLOAD_SECONDS = 30
ROLE_SECONDS = 3600  # the default maximum of a role


@dataclass(frozen=True)
class DeployedFunction:
    """A function of the deployed stack."""

    logical_id: str
    name: str
    role: str
    handler: str
    timeout_seconds: int
    variables: Mapping[str, str]
    code: Path
    layers: Sequence[Path]

    def environment(self, emulator: Emulator) -> dict[str, str]:
        """Return the variables of a new execution environment. The role's credentials in it last an hour."""
        return {
            **self.variables,
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            # Code is read-only on Lambda.
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join(str(layer / "python") for layer in self.layers),
            "LAMBDA_TASK_ROOT": str(self.code),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(self.timeout_seconds),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            **emulator.environment(),
            **self._credentials(emulator),
        }

    def _credentials(self, emulator: Emulator) -> dict[str, str]:
        found = emulator.client("sts").assume_role(
            RoleArn=self.role, RoleSessionName=self.logical_id, DurationSeconds=ROLE_SECONDS
        )["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": found["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": found["SecretAccessKey"],
            "AWS_SESSION_TOKEN": found["SessionToken"],
        }


@dataclass(frozen=True)
class Packages:
    """The unpacked code of functions and layers, in folders named by their hashes."""

    directory: Path

    def unpack(self, sha256: str, emulator: Emulator, url: str) -> Path:
        """Return the folder with the package's files; download it if it is missing."""
        folder = self.directory / sha256.translate(str.maketrans("/+", "_-"))
        if not folder.exists():
            unfinished = folder.with_suffix(".unfinished")
            with zipfile.ZipFile(io.BytesIO(_download(emulator, url))) as archive:
                archive.extractall(unfinished)
            unfinished.rename(folder)  # Atomic: an interrupted start leaves no partial package.
        return folder

    def keep_only(self, functions: Sequence[DeployedFunction]) -> None:
        """Remove packages of earlier deployments."""
        used = {folder for function in functions for folder in (function.code, *function.layers)}
        for folder in self.directory.iterdir():
            if folder not in used:
                shutil.rmtree(folder)


def fetch_function(emulator: Emulator, packages: Packages, logical_id: str, name: str) -> DeployedFunction:
    """Fetch a deployed function."""
    client = emulator.client("lambda")
    response = client.get_function(FunctionName=name)
    settings = response["Configuration"]
    layers = []
    for layer in settings.get("Layers", []):
        content = client.get_layer_version_by_arn(Arn=layer["Arn"])["Content"]
        layers.append(packages.unpack(content["CodeSha256"], emulator, content["Location"]))
    return DeployedFunction(
        logical_id=logical_id,
        name=name,
        role=settings["Role"],
        handler=settings["Handler"],
        timeout_seconds=settings["Timeout"],
        variables=settings.get("Environment", {}).get("Variables", {}) | _platform_variables(settings),
        code=packages.unpack(settings["CodeSha256"], emulator, response["Code"]["Location"]),
        layers=layers,
    )


def _platform_variables(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that Lambda sets about the function."""
    logging = settings.get("LoggingConfig", {})
    return {
        "AWS_LAMBDA_FUNCTION_NAME": settings["FunctionName"],
        "AWS_LAMBDA_FUNCTION_VERSION": settings["Version"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings["MemorySize"]),
        "AWS_LAMBDA_LOG_GROUP_NAME": logging.get("LogGroup", f"/aws/lambda/{settings['FunctionName']}"),
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", ""),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{settings['Runtime']}",
        "AWS_REGION": REGION,
    }


def _download(emulator: Emulator, url: str) -> bytes:
    """Download a package. The emulator's links contain `localhost`, which some systems resolve to ::1 only."""
    parts = urlsplit(url)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{emulator.endpoint}{parts.path}?{parts.query}", timeout=DOWNLOAD_SECONDS) as response:
        content: bytes = response.read()
    return content
