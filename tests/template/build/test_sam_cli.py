"""The real SAM CLI: only what was built is deployed, and the layer is built with the functions' Python.

The copies that it works on download no packages: their layer only records which Python it would be built with.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.template.cloudformation import ROOT

SAM = ROOT / ".local" / "venvs" / "sam" / "bin" / "sam"
RECORD_PYTHON = (
    "build-RegistrarLayer:\n\tmkdir -p $(ARTIFACTS_DIR)/python\n\techo $(LAYER_PYTHON) >$(ARTIFACTS_DIR)/python/by\n"
)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone that was never built."""
    folder = tmp_path / "clone"
    for name in ("functions", "layers"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("template.yaml", "samconfig.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "layers" / "registrar" / "Makefile").write_text(RECORD_PYTHON, encoding="utf-8")
    return folder


def sam(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run SAM, with credentials that are none: nothing listens at the address that it would send to."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder.parent),
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_MAX_ATTEMPTS": "1",
        "SAM_CLI_TELEMETRY": "0",
        "__SAM_CLI_APP_DIR": str(folder.parent / "sam"),
        **variables,
    }
    return subprocess.run(
        [SAM, *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False
    )


@pytest.mark.parametrize("stack", [(), ("--config-env", "staging")])
def test_an_unbuilt_clone_is_not_deployed(clone: Path, stack: tuple[str, ...]) -> None:
    done = sam(clone, "deploy", *stack)

    assert done.returncode != 0
    assert done.stderr.strip() == f"Error: Template file not found at {clone}/.aws-sam/build/template.yaml"
    assert done.stdout.strip() == ""


def test_without_the_pinned_template_an_unbuilt_clone_would_be_sent(clone: Path) -> None:
    config = clone / "samconfig.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('template_file = ".aws-sam/build/template.yaml"\n', ""), encoding="utf-8")

    done = sam(clone, "deploy")

    assert "127.0.0.1:9" in done.stdout + done.stderr  # it went as far as AWS


def test_the_layer_is_built_with_the_functions_python(clone: Path) -> None:
    """Also right after a build for another version, from SAM's cache, and regardless of the shell's variables."""
    built = []
    for override in (("PythonRuntime=python3.12",), (), ("PythonRuntime=python3.12",)):
        parameters = ("--parameter-overrides", *override) if override else ()
        done = sam(clone, "build", "RegistrarLayer", *parameters, LAYER_PYTHON="python3.9")
        assert done.returncode == 0, done.stderr
        built.append((clone / ".aws-sam/build/RegistrarLayer/python/by").read_text(encoding="utf-8").strip())

    assert built == ["python3.12", "python3.13", "python3.12"]


def test_the_layers_makefile_runs_the_python_that_is_named() -> None:
    """The chosen Makefile includes the layer's own, from the folder that SAM runs it in."""
    layer = ROOT / "layers" / "registrar"
    command = ["make", "--dry-run", "--makefile", str(layer / "runtimes" / "python3.12" / "Makefile")]
    command += ["build-RegistrarLayer", "ARTIFACTS_DIR=artifacts"]
    environment = {**os.environ, "LAYER_PYTHON": "python3.9"}

    done = subprocess.run(command, cwd=layer, env=environment, capture_output=True, encoding="utf-8", check=True)

    assert '"python3.12" -m pip install' in done.stdout
    assert "python3.9" not in done.stdout
