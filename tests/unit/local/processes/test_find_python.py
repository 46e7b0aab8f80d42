"""Which Python is chosen, and the message if there is none."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from local.processes import find_python

SOURCE = Path(find_python.__file__)


def fake_python(folder: Path, name: str, version: str, *, venv: bool = True) -> Path:
    """Create a program that responds to the check as that Python does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    right = f"echo {path}; exit 0" if venv else "exit 4"
    path.write_text(f'#!/bin/sh\n[ "$4" = "{version}" ] || exit 3\n{right}\n', encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def no_pyenv_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYENV_ROOT", raising=False)


def test_production_s_version_is_preferred(tmp_path: Path) -> None:
    fake_python(tmp_path / "bin", "python3.14", "3.14")
    best = fake_python(tmp_path / "bin", "python3.13", "3.13")
    assert find_python.find(str(tmp_path / "bin"), tmp_path)[0] == str(best)


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.14"])
def test_another_version_is_chosen_if_production_s_is_missing(tmp_path: Path, version: str) -> None:
    only = fake_python(tmp_path / "bin", f"python{version}", version)
    fake_python(tmp_path / "bin", "python3.10", "3.10")
    assert find_python.find(str(tmp_path / "bin"), tmp_path)[0] == str(only)


def test_a_python_without_a_version_in_its_name_is_found(tmp_path: Path) -> None:
    only = fake_python(tmp_path / "bin", "python3", "3.12")
    assert find_python.find(str(tmp_path / "bin"), tmp_path)[0] == str(only)


def test_for_a_pyenv_shim_that_does_not_run_the_installed_version_is_chosen(tmp_path: Path) -> None:
    shim = fake_python(tmp_path / "shims", "python3.13", "3.13")
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n", encoding="utf-8")
    behind = fake_python(tmp_path / ".pyenv" / "versions" / "3.13.0" / "bin", "python3.13", "3.13")
    assert find_python.find(str(tmp_path / "shims"), tmp_path)[0] == str(behind)


def test_a_python_of_uv_is_found(tmp_path: Path) -> None:
    folder = tmp_path / ".local" / "share" / "uv" / "python" / "cpython-3.13.2-linux-x86_64-gnu" / "bin"
    only = fake_python(folder, "python3.13", "3.13")
    assert find_python.find("", tmp_path)[0] == str(only)


def test_for_a_virtual_environment_its_base_python_is_chosen(tmp_path: Path) -> None:
    """The environment may be `.venv`, on PATH as `make cli` recommends, which the next `make` recreates."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)

    found, _ = find_python.find(str(environment / "bin"), tmp_path, [version])

    assert found is not None
    assert not Path(found).is_relative_to(environment)
    assert not Path(found).is_relative_to(sys.prefix)


def test_a_python_without_venv_is_not_chosen_but_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = fake_python(tmp_path / "bin", "python3.13", "3.13", venv=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_python.main() == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert "apt install python3.13 python3.13-venv" in output.err
    assert f"{bare} has no venv" in output.err


def test_the_running_python_passes_the_check() -> None:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    found, lacks_venv = find_python.check(Path(sys.executable), version)
    assert found is not None
    assert (Path(found).is_relative_to(sys.base_prefix), lacks_venv) == (True, False)
    assert find_python.check(Path(sys.executable), "3.10") == (None, False)


def test_the_script_has_the_syntax_of_python_3_8() -> None:
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_script_prints_only_the_path() -> None:
    result = subprocess.run(
        [sys.executable, str(SOURCE)], capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    assert Path(result.stdout.strip()).exists()
    assert result.stdout.count("\n") == 1
