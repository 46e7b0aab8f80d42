"""Build our layer and functions, and the naive functions, as Lambda gets them.

The naive functions are built by `sam build` with its defaults, which leaves no byte code. Ours are the layer as its
Makefile builds it, and the functions' files. Every file gets the date of SAM's zip. As on Lambda nothing can be written
there (the interpreter's `-B`), so missing or stale byte code stays so.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PEERS = REPOSITORY / "bench" / "peers"
FOLDER = REPOSITORY / ".local" / "bench"  # git-ignored; `make clean` deletes it
SAM = REPOSITORY / ".local" / "venvs" / "sam" / "bin" / "sam"
PYTHON = REPOSITORY / ".local" / "venvs" / "runtime" / "bin" / "python"  # builds the stack and runs it; it has pip
IN_1980 = 315_532_800  # epoch seconds: the date that SAM's zip gives every file
BUILD_SECONDS = 600  # the first build downloads the packages


class NotBuiltError(RuntimeError):
    """A build failed; the message is its output."""


@dataclass(frozen=True)
class Artefact:
    """A built function: its name in tables, and its folders in the order of Lambda's path, its own first."""

    name: str
    path: tuple[Path, ...]

    @property
    def packages(self) -> Path:
        return self.path[-1]


@dataclass(frozen=True)
class Artefacts:
    """All built functions; `precompiled_…`: the naive ones with valid byte code, which SAM does not create."""

    consumer: Artefact
    form_endpoint: Artefact
    webhook: Artefact
    naive_consumer: Artefact
    naive_form_endpoint: Artefact
    precompiled_consumer: Artefact
    precompiled_form_endpoint: Artefact


def build() -> Artefacts:
    """Build everything anew.

    Raises:
        NotBuiltError: with the output of the program that failed.
    """
    if not (SAM.exists() and PYTHON.exists()):
        raise NotBuiltError("SAM or the runtime is not installed: `make install-tests`")
    shutil.rmtree(FOLDER / "built", ignore_errors=True)
    layer = _layer(FOLDER / "built" / "layer")
    functions = FOLDER / "built" / "functions"
    shutil.copytree(REPOSITORY / "functions", functions, ignore=shutil.ignore_patterns("__pycache__"))
    naive = _naive(FOLDER / "built" / "naive")
    precompiled = FOLDER / "built" / "precompiled"
    shutil.copytree(naive, precompiled)
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "compileall",
        "-q",
        "-f",
        "--invalidation-mode",
        "unchecked-hash",
        precompiled,
    ]
    _run(*command, directory=precompiled)
    for path in (FOLDER / "built").rglob("*"):
        os.utime(path, (IN_1980, IN_1980))
    return Artefacts(
        consumer=Artefact("our consumer", (functions / "register_batch", layer)),
        form_endpoint=Artefact("our form endpoint", (functions / "accept_submission", layer)),
        webhook=Artefact("our webhook", (functions / "accept_form", layer)),
        naive_consumer=Artefact("naive consumer", (naive / "NaiveConsumer",)),
        naive_form_endpoint=Artefact("naive form endpoint", (naive / "NaiveFormEndpoint",)),
        precompiled_consumer=Artefact("naive consumer, compiled", (precompiled / "NaiveConsumer",)),
        precompiled_form_endpoint=Artefact("naive form endpoint, compiled", (precompiled / "NaiveFormEndpoint",)),
    )


def _layer(folder: Path) -> Path:
    source = REPOSITORY / "layers" / "registrar"
    _run("make", "build-RegistrarLayer", f"ARTIFACTS_DIR={folder}", f"LAYER_PYTHON={PYTHON}", directory=source)
    return folder / "python"


def _naive(folder: Path) -> Path:
    version = _run(PYTHON, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])", directory=PEERS)
    options: list[str | Path] = ["--template-file", PEERS / "template.yaml", "--manifest", PEERS / "requirements.txt"]
    options += ["--parameter-overrides", f"PythonRuntime={version.strip()}"]
    _run(SAM, "build", *options, "--build-dir", folder, directory=PEERS)
    return folder


def _run(*command: str | Path, directory: Path) -> str:
    environment = os.environ | {
        "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",  # SAM looks for Python by name
        "SAM_CLI_TELEMETRY": "0",
    }
    # Only this project's own programs, with arguments of this file.
    done = subprocess.run(  # noqa: S603
        command,
        cwd=directory,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=BUILD_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise NotBuiltError(f"{' '.join(map(str, command))}\n{done.stdout[-4_000:]}{done.stderr[-4_000:]}")
    return done.stdout
