"""Print the path of the Python that builds and runs the functions here, or say what to install.

    python3 local/processes/find_python.py            /usr/bin/python3.13

The Makefile runs this before anything else is installed, with any `python3`: it uses only the standard library and
the syntax of Python 3.8.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, Sequence  # noqa: UP035  From collections.abc they cannot be used so before 3.9.

# Lambda's runtimes that the template allows, best first: 3.13 is what production runs.
VERSIONS = ("3.13", "3.12", "3.14", "3.11")
CHECK_SECONDS = 20

# A usable Python is CPython, has the right version, and can create virtual environments with pip. For a virtual
# environment the check prints the base Python: the environment may be ours, and about to be recreated.
CHECK = """
import sys
if sys.implementation.name != "cpython" or "%d.%d" % sys.version_info[:2] != sys.argv[1]: sys.exit(3)
try: import ensurepip, venv
except ImportError: sys.exit(4)
print(getattr(sys, "_base_executable", None) or sys.executable)
"""
NO_VENV_STATUS = 4

MESSAGE = """\
No usable Python found. Required: CPython 3.13 (preferred), 3.12, 3.14 or 3.11, with venv and pip.
Searched: python{versions} on PATH, and in the folders of pyenv and uv.
Install one, for example:
    Debian, Ubuntu   apt install python3.13 python3.13-venv
    macOS            brew install python@3.13
    pyenv            pyenv install 3.13
    uv               uv python install 3.13"""


def candidates(version: str, path: str, home: Path) -> Iterator[Path]:
    """Return paths where a Python of that version may be."""
    for name in ("python" + version, "python3", "python"):
        for folder in path.split(os.pathsep):
            found = shutil.which(name, path=folder) if folder else None
            if found:
                yield Path(found)
    # pyenv's shim of an inactive version is on PATH but does not run: use the installed version.
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    yield from sorted(pyenv.glob("versions/" + version + ".*/bin/python" + version), reverse=True)
    uv = home / ".local" / "share" / "uv" / "python"
    yield from sorted(uv.glob("cpython-" + version + ".*/bin/python" + version), reverse=True)


def check(candidate: Path, version: str) -> tuple[str | None, bool]:
    """Run the candidate; return its path if it is usable, and whether only venv or pip is missing."""
    try:
        result = subprocess.run(
            [str(candidate), "-I", "-c", CHECK, version],
            capture_output=True,
            timeout=CHECK_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None, False
    if result.returncode != 0:
        return None, result.returncode == NO_VENV_STATUS
    return os.fsdecode(result.stdout).strip() or None, False  # a path: in the encoding of file names


def find(path: str, home: Path, versions: Sequence[str] = VERSIONS) -> tuple[str | None, list[Path]]:
    """Return the best Python, and those that lack only venv or pip."""
    incomplete: list[Path] = []
    for version in versions:
        for candidate in candidates(version, path, home):
            found, lacks_venv = check(candidate, version)
            if found:
                return found, incomplete
            if lacks_venv:
                incomplete.append(candidate)
    return None, incomplete


def main() -> int:
    """Print the path, or an error on standard error."""
    found, incomplete = find(os.environ.get("PATH", os.defpath), Path.home())
    if found is None:
        print(MESSAGE.format(versions=", python".join(VERSIONS)), file=sys.stderr)
        for candidate in incomplete:
            print(f"{candidate} has no venv or pip. On Debian, install python3-venv.", file=sys.stderr)
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
