"""Code and tests depend neither on the locale, nor on the terminal's width, nor on who started them."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("bench", "cli", "functions", "layers", "local", "tests")
TEXT_MODE = re.compile("[rwax][t+]{0,2}")
IN_SUBPROCESS = {"run", "Popen", "call", "check_call", "check_output"}
TEMPORARY = {"NamedTemporaryFile", "SpooledTemporaryFile", "TemporaryFile"}

# The tests of Ctrl-C, of printed text and widths, and of the files that commands write.
SENSITIVE = (
    "cli/terminal",
    "cli/importing",
    "cli/dead_letters/retry/test_resend.py",
    "cli/dead_letters/test_not_visible.py",
    "cli/test_app.py",
)


def opens_text(call: ast.Call, in_with: bool = False) -> bool:
    """Return whether the call reads or writes text in the encoding of the locale."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if given.keys() & {"encoding", None}:
        return False
    if name in {"read_text", "write_text"}:
        return len(call.args) < ("read_text", "write_text").index(name) + 1
    if name in IN_SUBPROCESS:
        return bool(given.keys() & {"text", "universal_newlines"})
    if name not in TEMPORARY | {"open", "fdopen"}:
        return False
    modes = [one.value for one in [*call.args, *given.values()] if isinstance(one, ast.Constant)]
    if any(TEXT_MODE.fullmatch(str(mode)) for mode in modes):
        return True
    # Without a mode it is "r"; other objects than paths have a method `open`, too.
    is_method = isinstance(call.func, ast.Attribute) and name == "open"
    return name not in TEMPORARY and not modes and (not is_method or (in_with and not call.args))


def offending_lines(source: str) -> Iterator[int]:
    """Return the lines of all such calls."""
    tree = ast.parse(source)
    managed = {id(item.context_expr) for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and opens_text(node, id(node) in managed):
            yield node.lineno


def test_text_is_read_and_written_in_a_named_encoding() -> None:
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")]
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in files
        for line in offending_lines(file.read_text(encoding="utf-8"))
    ]

    assert len(files) > len(FOLDERS)
    assert not found, "give encoding=: without it the locale decides"


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("path.read_text()", True),
        ("path.read_text('utf-8')", False),
        ("path.write_text(text)", True),
        ("path.write_text(text, encoding='utf-8')", False),
        ("open(path)", True),
        ("open(path, 'rb')", False),
        ("open(path, mode='a')", True),
        ("os.fdopen(descriptor, 'w')", True),
        ("path.open('w')", True),
        ("path.open('ab')", False),
        ("path.open('w', encoding='ascii')", False),
        ("with path.open() as file: pass", True),
        ("session.open(stack)", False),
        ("subprocess.run(command, text=True)", True),
        ("subprocess.run(command, encoding='utf-8')", False),
        ("tempfile.NamedTemporaryFile('w')", True),
        ("tempfile.NamedTemporaryFile()", False),
    ],
)
def test_the_check_for_encodings_can_fail(line: str, is_found: bool) -> None:
    assert list(offending_lines(line)) == [1] * is_found


def test_sensitive_tests_pass_without_ctrl_c_without_unicode_and_on_a_narrow_terminal(tmp_path: Path) -> None:
    """As `nohup make test &` runs them, or a CI runner without a locale; and nothing is written to the home folder."""
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    surroundings = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "60", "HOME": str(home)}
    tests = [str(Path(__file__).parent / name) for name in SENSITIVE]
    options = ["-q", "-p", "no:cacheprovider", "--allow-hosts=127.0.0.1,::1", f"--basetemp={temporary}"]

    ended = subprocess.run(
        ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", sys.executable, "-m", "pytest", *options, *tests],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("XDG_")} | surroundings,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=300,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout[-10_000:] + ended.stderr
    assert list(home.iterdir()) == []
