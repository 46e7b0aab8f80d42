"""The paths of the local stack's programs and files.

.local/venvs/      the programs, each in its own virtual environment (created by the Makefile)
.local/stacks/…/   the logs and files of one stack, kept until its next start
.aws-sam/embedded/ the output of `sam build` for this machine, separate from that for AWS
"""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from local.errors import NotInstalledError, UnknownMachineError

REPOSITORY = Path(__file__).resolve().parents[2]
VENVS = REPOSITORY / ".local" / "venvs"
STACKS = REPOSITORY / ".local" / "stacks"
PARENT_DEATH_SCRIPT = REPOSITORY / "local" / "processes" / "parent_death.py"

RIE_NAMES = {
    "x86_64": "aws-lambda-rie-x86_64",
    "aarch64": "aws-lambda-rie-arm64",
    "arm64": "aws-lambda-rie-arm64",
}
ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class Installation:
    """The programs of the local stack."""

    ministack: Path
    sam: Path
    runtime_python: Path
    """Python with AWS's runtime client, which builds and runs the functions."""

    @classmethod
    def find(cls, venvs: Path = VENVS) -> Installation:
        """Return the programs. Raises: NotInstalledError."""
        found = cls(
            venvs / "emulator" / "bin" / "ministack",
            venvs / "sam" / "bin" / "sam",
            venvs / "runtime" / "bin" / "python",
        )
        for program in (found.ministack, found.sam, found.runtime_python):
            if not program.exists():
                raise NotInstalledError(program)
        return found

    def runtime_interface_emulator(self) -> Path | None:
        """Return Lambda's Runtime Interface Emulator, which comes with the SAM CLI; None where it cannot run."""
        name = RIE_NAMES.get(platform.machine())
        if sys.platform != "linux" or name is None:
            return None
        found = sorted(self.sam.parent.parent.glob(f"lib/python*/site-packages/samcli/local/rapid/{name}"))
        if not found:
            raise NotInstalledError(self.sam.parent.parent / "lib" / "…" / name)
        return found[0]

    def lambda_runtime(self) -> str:
        """Return Lambda's name of this Python, such as `python3.13`."""
        settings = (self.runtime_python.parent.parent / "pyvenv.cfg").read_text(encoding="utf-8")
        lines = (line.partition("=") for line in settings.splitlines())
        version = next(value.strip() for name, _, value in lines if name.strip() in {"version", "version_info"})
        major, minor = version.split(".")[:2]
        return f"python{major}.{minor}"


def architecture() -> str:
    """Return Lambda's name of this machine's architecture. Raises: UnknownMachineError."""
    machine = platform.machine().lower()
    if machine not in ARCHITECTURES:
        raise UnknownMachineError(machine)
    return ARCHITECTURES[machine]
