"""Find the browser for tests: an installed Chromium or Chrome, else the one of npm's @sparticuz/chromium.

`python -m tests.browser.chromium` prints one line if the tests in a browser cannot run on this machine.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

INSTALLED = Path(__file__).parents[2] / ".local" / "browser"  # by the Makefile
MODULES = INSTALLED / "node_modules"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_UNPACK = 'import("@sparticuz/chromium").then(({ default: it }) => it.executablePath()).then(console.log)'


@cache
def chromium() -> str | None:
    """Return the path of a browser; None if there is none."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    node = shutil.which("node")
    if node is None or not (MODULES / "@sparticuz" / "chromium").exists():
        return None
    # It unpacks itself into the folder for temporary files, once.
    unpacked = subprocess.run(
        [node, "--eval", _UNPACK],
        cwd=INSTALLED,
        env={**os.environ, "TMPDIR": str(INSTALLED)},
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=120,
    )
    return unpacked.stdout.strip()


def axe() -> str | None:
    """Return the source of axe-core; None if it is not installed."""
    source = MODULES / "axe-core" / "axe.min.js"
    return source.read_text(encoding="utf-8") if source.exists() else None


def required(found: str | None) -> str:
    """Return what was found. Without it, the test is skipped; in CI, it fails."""
    if found is None:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(missing())
    return str(found)


def missing() -> str:
    """Return what cannot run on this machine, and why; empty if everything can."""
    if chromium() is None:
        return "Not run: the tests in a browser. There is no Chromium. With npm installed, `make browser` brings one."
    if axe() is None:
        return "Not run: the checks of accessibility. With npm installed, `make browser` brings axe-core."
    return ""


if __name__ == "__main__":
    sys.stdout.write(missing() + "\n" * bool(missing()))
