"""Deploying the local stack: functions of the template, installed programs, stack folder, lock files."""

import re
import sys
from pathlib import Path

import pytest

from local.aws.deployment import STACK_NAME, Deployment, function_ids
from local.aws.emulator import function_name
from local.errors import AlreadyRunningError, NotInstalledError
from local.processes.paths import REPOSITORY, Installation
from local.processes.stack_directory import PACKAGES, stack_directory
from local.processes.supervisor import Supervisor


def installed(venvs: Path, version: str = "version = 3.13.0") -> Installation:
    """Create the files that the Makefile installs."""
    rapid = "sam/lib/python3.13/site-packages/samcli/local/rapid"
    supervisor = ("emulator/bin/ministack", "sam/bin/sam", "runtime/bin/python")
    for name in (*supervisor, f"{rapid}/aws-lambda-rie-x86_64", f"{rapid}/aws-lambda-rie-arm64"):
        path = venvs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (venvs / "runtime" / "pyvenv.cfg").write_text(
        f"home = /usr/bin\n{version}\nexecutable = /usr/bin/python3\n", encoding="utf-8"
    )
    return Installation.find(venvs)


def test_the_template_s_functions_are_found() -> None:
    template = (REPOSITORY / "template.yaml").read_text(encoding="utf-8")
    assert set(function_ids(template)) >= {"AcceptSubmissionFunction", "RegisterBatchFunction", "RefreshTokenFunction"}


def test_functions_are_found_behind_comments_and_other_properties() -> None:
    template = """
Resources:
  OneFunction:  # the first
    # a comment
    Metadata: {a: b}
    Type: AWS::Serverless::Function  # of SAM
    Properties:
      Type: AWS::Serverless::Function
  Table:
    Type: AWS::DynamoDB::Table
"""
    assert function_ids(template) == ["OneFunction"]


def test_function_names_are_those_of_the_pinned_emulator() -> None:
    assert "ministack==1.5.33" in (REPOSITORY / "local" / "requirements" / "emulator.txt").read_text(encoding="utf-8")
    observed = "zoom-registrar-RegisterBatchFunction-55E17661D59D5"
    assert function_name(STACK_NAME, "RegisterBatchFunction") == observed
    assert len(function_name(STACK_NAME, "A" * 80)) == 64


def test_a_missing_program_is_reported_with_the_command_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(NotInstalledError, match=r"emulator/bin/ministack is missing.*make serve"):
        Installation.find(tmp_path)


@pytest.mark.parametrize("version", ["version = 3.12.1", "version_info = 3.12.1"])
def test_another_python_sets_the_template_s_parameter(tmp_path: Path, version: str) -> None:
    installation = installed(tmp_path, version)
    assert installation.lambda_runtime() == "python3.12"
    parameters = Deployment(installation, Supervisor(), tmp_path).machine_parameters()
    assert parameters["PythonRuntime"] == "python3.12"


def test_production_s_python_needs_no_parameter(tmp_path: Path) -> None:
    assert "PythonRuntime" not in Deployment(installed(tmp_path), Supervisor(), tmp_path).machine_parameters()


@pytest.mark.parametrize(("platform", "found"), [("linux", True), ("darwin", False)])
def test_lambda_s_emulator_runs_on_linux_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, found: bool
) -> None:
    installation = installed(tmp_path)
    monkeypatch.setattr(sys, "platform", platform)
    assert (installation.runtime_interface_emulator() is not None) == found


def test_a_second_stack_with_the_same_name_is_refused(tmp_path: Path) -> None:
    with stack_directory("serve", tmp_path):
        with stack_directory("demo", tmp_path):
            pass
        with pytest.raises(AlreadyRunningError, match=r"'serve' is already running \(process \d+\)"):
            stack_directory("serve", tmp_path).__enter__()
    with stack_directory("serve", tmp_path):
        pass


def test_a_start_empties_the_folder_except_for_packages(tmp_path: Path) -> None:
    with stack_directory("serve", tmp_path) as directory:
        (directory / PACKAGES / "sha").mkdir()
        (directory / "emulator").mkdir()
        (directory / "sam-build.log").touch()
    assert (directory / "sam-build.log").exists()
    with stack_directory("serve", tmp_path) as directory:
        assert sorted(path.name for path in directory.iterdir()) == ["functions", PACKAGES]
        assert (directory / PACKAGES / "sha").exists()


@pytest.mark.parametrize("name", ["emulator", "sam", "runtime"])
def test_a_lock_file_contains_no_url_and_pins_with_hashes(name: str) -> None:
    lock = (REPOSITORY / "local" / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--find-links|--index-url|(?<![\w.-])/\w", lock)
    assert all("==" in line for line in lock.splitlines() if line and line[0].isalpha())
    assert "--hash=sha256:" in lock
