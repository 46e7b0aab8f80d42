"""The built layer: byte code that stays valid on Lambda, only packages in use, only pinned versions.

It is built once per session by the Makefile that `sam build` calls, with the Python that runs the tests.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.template.cloudformation import ROOT

SOURCE = ROOT / "layers" / "registrar"
UNCHECKED_HASH = b"\x01\x00\x00\x00"  # PEP 552: the hash flag is set, "check the source" is not
IN_1980 = 315_532_800  # epoch seconds: the date that SAM's zip gives every file

# The functions' dependencies (requirements.in) and theirs (requirements.txt).
PACKAGES = {
    "aws_lambda_powertools",
    "boto3",
    "botocore",
    "certifi",
    "charset_normalizer",
    "dateutil",
    "email_validator",
    "idna",
    "jmespath",
    "multipart.py",
    "registrar",
    "requests",
    "s3transfer",
    "six.py",
    "standardwebhooks",
    "typing_extensions.py",
    "tzdata",
    "urllib3",
}

# Imports the functions' modules in a Python that has only the layer and the standard library.
COLD_START = """
import importlib, sys
sys.path[:0] = {paths!r}
for name in {names!r}:
    importlib.import_module(name)
import json
print(json.dumps({{name: [module.__spec__.origin, module.__spec__.cached]
                  for name, module in sys.modules.items() if getattr(module, "__spec__", None)}}))
"""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the layer and return its content."""
    if shutil.which("make") is None:
        pytest.fail("`make` is not on PATH: the layer cannot be built")
    artifacts = tmp_path_factory.mktemp("layer")
    command = ["make", "build-RegistrarLayer", f"ARTIFACTS_DIR={artifacts}", f"LAYER_PYTHON={sys.executable}"]
    done = subprocess.run(command, cwd=SOURCE, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in artifacts.iterdir()] == ["python"]  # the folder that Lambda puts on the path
    return artifacts / "python"


@pytest.fixture
def from_1980(built: Path, tmp_path: Path) -> Path:
    """Return a copy with the file dates that the layer has on Lambda."""
    copy = tmp_path / "python"
    shutil.copytree(built, copy)
    for path in copy.rglob("*"):
        os.utime(path, (IN_1980, IN_1980))
    return copy


def sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def stale_or_missing(folder: Path) -> list[str]:
    """Return the sources whose byte code this Python would not load unchecked, regardless of file dates."""
    return [str(source.relative_to(folder)) for source in sources(folder) if not _is_valid(source)]


def _is_valid(source: Path) -> bool:
    cached = Path(importlib.util.cache_from_source(str(source)))
    if not cached.is_file():
        return False
    header = cached.read_bytes()[:16]
    # The hash must be the source's, though Lambda does not check it.
    expected = importlib.util.source_hash(source.read_bytes())
    return header == importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + expected


def test_every_source_has_unchecked_byte_code(built: Path) -> None:
    assert len(sources(built)) > 200
    assert stale_or_missing(built) == []


def test_all_byte_code_has_a_source_and_this_pythons_version(built: Path) -> None:
    expected = {importlib.util.cache_from_source(str(source)) for source in sources(built)}
    assert {str(path) for path in built.rglob("*.pyc")} == expected


@pytest.mark.parametrize("mode", ["timestamp", "checked-hash"])
def test_the_check_of_byte_code_can_fail(tmp_path: Path, mode: str) -> None:
    source = tmp_path / "module.py"
    source.write_text("x = 1\n", encoding="utf-8")
    compile_ = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode"]

    assert stale_or_missing(tmp_path) == ["module.py"]  # no byte code
    subprocess.run([*compile_, mode, str(tmp_path)], check=True)
    assert stale_or_missing(tmp_path) == ["module.py"]
    subprocess.run([*compile_, "unchecked-hash", str(tmp_path)], check=True)
    assert stale_or_missing(tmp_path) == []
    source.write_text("x = 2\n", encoding="utf-8")
    assert stale_or_missing(tmp_path) == ["module.py"]  # of another source


def cold_start(layer: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Import the three functions' modules from this layer only, without writing byte code."""
    functions = ["accept_submission", "register_batch", "refresh_token"]
    names = [file.stem for name in functions for file in sorted((ROOT / "functions" / name).glob("*.py"))]
    paths = [str(layer), *(str(ROOT / "functions" / name) for name in functions)]
    # `app` names three modules and loads once; every module of the layer is imported, which covers the others' imports.
    modules = sorted((layer / "registrar").rglob("[!_]*.py"))
    names += [".".join(file.relative_to(layer).with_suffix("").parts) for file in modules]
    program = COLD_START.format(paths=paths, names=list(dict.fromkeys(names)))
    environment = {"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1", "PYTHONWARNINGS": "error"}
    # -I: no user site, no variables; -S: no site-packages; -B: write no byte code.
    command = [sys.executable, "-I", "-S", "-B", *arguments, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False)


def recompiled(layer: Path) -> list[str]:
    """Return the layer's modules that a cold start compiles from source."""
    done = cold_start(layer, "-v")
    assert done.returncode == 0, done.stderr[-2_000:]
    loaded = re.findall(r"^# code object from '?([^'\n]+)'?$", done.stderr, re.MULTILINE)
    assert sum(path.startswith(str(layer)) for path in loaded) > 100
    return [path for path in loaded if path.startswith(str(layer)) and not path.endswith(".pyc")]


def test_nothing_is_recompiled_with_the_dates_on_lambda(from_1980: Path) -> None:
    assert recompiled(from_1980) == []


def test_the_check_of_recompilation_can_fail(from_1980: Path) -> None:
    """Byte code checked by date, Python's default, is stale in 1980."""
    command = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "timestamp"]
    for path in (from_1980 / "registrar").rglob("*.py"):
        os.utime(path)
    subprocess.run([*command, str(from_1980 / "registrar")], check=True)
    for path in (from_1980 / "registrar").rglob("*.py"):
        os.utime(path, (IN_1980, IN_1980))

    assert sorted(Path(path).stem for path in recompiled(from_1980)) == sorted(
        path.stem for path in (from_1980 / "registrar").rglob("*.py")
    )


def test_the_functions_need_only_the_layer(built: Path) -> None:
    done = cold_start(built)

    assert done.returncode == 0, done.stderr[-2_000:]
    origins = {name: origin for name, (origin, _) in json.loads(done.stdout).items()}
    for package in (
        "boto3",
        "botocore",
        "requests",
        "email_validator",
        "aws_lambda_powertools",
        "registrar.registration",
    ):
        assert Path(origins[package]).is_relative_to(built)
    assert "dns" not in origins  # left out of the lock file: no e-mail domain is looked up


def test_only_packages_in_use_are_installed(built: Path) -> None:
    found = {path.name for path in built.iterdir() if path.suffix != ".dist-info" and path.name != "__pycache__"}
    assert found == PACKAGES


def test_botocore_has_only_the_services_in_use(built: Path) -> None:
    found = {path.name for path in (built / "botocore" / "data").iterdir() if path.is_dir()}
    assert found == {"dynamodb", "lambda", "secretsmanager", "sqs"}  # test_trimmed_botocore.py


def locked() -> dict[str, str]:
    """Return the versions in requirements.txt, by normalized name."""
    text = (SOURCE / "requirements.txt").read_text(encoding="utf-8")
    return {_normal(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_versions_are_the_locked_ones(built: Path) -> None:
    installed = {_normal(one.metadata["Name"]): one.version for one in distributions(path=[str(built)])}

    assert installed == locked()
    assert len(installed) == len(PACKAGES) - 1  # registrar is ours and has no version


def test_every_locked_version_has_its_hashes() -> None:
    text = (SOURCE / "requirements.txt").read_text(encoding="utf-8")
    blocks = [block for block in re.split(r"\n(?=[\w.-]+==)", "\n" + text) if re.match(r"[\w.-]+==", block)]

    assert len(blocks) == len(locked())
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}\b", block) for block in blocks)


def test_every_requirement_is_locked() -> None:
    requirements = (SOURCE / "requirements.in").read_text(encoding="utf-8").splitlines()
    names = {_normal(re.split(r"[\[=<>~!; ]", line)[0]) for line in requirements if line and not line.startswith("#")}

    assert names == {
        *("aws-lambda-powertools", "boto3", "email-validator", "multipart", "requests", "standardwebhooks", "tzdata"),
    }
    assert names < locked().keys()


def test_one_layer_serves_both_architectures(built: Path) -> None:
    suffixes = {".so", ".pyd", ".dylib", ".dll", ".a", ".exe"}
    assert [str(path) for path in built.rglob("*") if path.suffix in suffixes or ".so." in path.name] == []
    for wheel in built.glob("*.dist-info/WHEEL"):
        tags = re.findall(r"^Tag: (.+)$", wheel.read_text(encoding="utf-8"), re.MULTILINE)
        assert tags
        assert all(tag.endswith("-none-any") for tag in tags), wheel


def test_the_shared_code_is_unchanged_from_the_repository(built: Path) -> None:
    def sources(folder: Path) -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() for path in (folder / "registrar").rglob("*.py")}

    assert sources(built) == sources(SOURCE)


def test_the_layer_fits_lambda(built: Path) -> None:
    megabytes = sum(path.stat().st_size for path in built.rglob("*") if path.is_file()) / 1_000_000
    assert megabytes < 150  # Lambda: 250 MB unzipped, all layers and the function together


def test_a_missing_python_is_a_clear_error(tmp_path: Path) -> None:
    command = ["make", "build-RegistrarLayer", f"ARTIFACTS_DIR={tmp_path}", "LAYER_PYTHON=python-that-is-not-there"]

    done = subprocess.run(command, cwd=SOURCE, capture_output=True, encoding="utf-8", timeout=60, check=False)

    assert done.returncode != 0
    assert "The layer needs python-that-is-not-there with pip" in done.stderr
    assert list(tmp_path.iterdir()) == []
