"""What the documents name exists: links, headings, files, commands; and they keep to the rules for prose."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from registrar_cli.app import command_line

from tests.docs.documents import DOCUMENTS, ROOT, RUNBOOK, anchors, inline_code, links, prose, read, shell_blocks

OPERATIONS = "docs/operations.md"

_ROOTS = (ROOT, ROOT / "layers" / "registrar" / "registrar", ROOT / "bench", ROOT / "tests")
BUILT = re.compile(r"\bsam build\b[^;]*&& +sam deploy\b")


def cases(found: Iterator[tuple[str, str]]) -> list[object]:
    """Return test parameters: a document, and what it names."""
    return [pytest.param(*case, id=" ".join(case)) for case in sorted(set(found))]


def linked() -> Iterator[tuple[str, str]]:
    """Yield (document, linked file or file#heading), relative to the repository."""
    for document in DOCUMENTS:
        for link in links(document):
            path, hash_, anchor = link.partition("#")
            target = (ROOT / document).parent / path if path else ROOT / document
            yield document, str(target.resolve().relative_to(ROOT)) + hash_ + anchor


def commands(pattern: str) -> Iterator[tuple[str, str]]:
    """Yield (document, match) for all code of the documents, inline and in shell blocks."""
    for document in DOCUMENTS:
        lines = "\n".join([*inline_code(document), *shell_blocks(document)])
        yield from ((document, match) for match in re.findall(pattern, lines, re.MULTILINE))


@pytest.mark.parametrize(("document", "target"), cases(linked()))
def test_every_link_resolves(document: str, target: str) -> None:
    path, _, anchor = target.partition("#")
    assert (ROOT / path).exists()
    assert not anchor or anchor in anchors(path)


@pytest.mark.parametrize(("document", "target"), cases(commands(r"\bmake ([a-z-]+)")))
def test_every_make_target_exists(document: str, target: str) -> None:
    assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(("document", "command"), cases(commands(r"^registrar ([a-z]+)")))
def test_every_command_exists(document: str, command: str) -> None:
    assert command in command_line().commands


@pytest.mark.parametrize(("document", "module"), cases(commands(r"python -m ([\w.]+)")))
def test_every_module_that_is_run_exists(document: str, module: str) -> None:
    path = ROOT / module.replace(".", "/")
    assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()


@pytest.mark.parametrize(("document", "name"), cases(commands(r"^(?!\.)((?:[\w-]+/)+[\w.-]*)$")))
def test_every_file_that_is_named_exists(document: str, name: str) -> None:
    roots: tuple[Path, ...] = (*_ROOTS, (ROOT / document).parent)
    is_media_type = name.split("/", maxsplit=1)[0] in {"application", "multipart", "text"}
    assert is_media_type or any((root / name).exists() for root in roots)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_people_are_they(document: str) -> None:
    # Brackets keep this line out of the same search by `make lint`.
    assert re.findall(r"\b(?:s?h[e]|hi[ms]|hers?|hi[m]self|herself)\b", prose(document), re.IGNORECASE) == []


def unbuilt_deployments(block: str) -> list[str]:
    """Return the lines that deploy without having built: the last build, or a layer that was never built."""
    return [line for line in block.splitlines() if re.search(r"\bsam deploy\b", line) and not BUILT.search(line)]


def surprises_of_zsh(block: str) -> list[str]:
    """Return the lines that bash takes and an interactive zsh does not.

    It knows no comments, so that an apostrophe in one opens a string; it ends at a pattern that fits no file, and
    replaces `!` within double quotes. Single-quoted text is safe, and an apostrophe within double quotes is text.
    """
    bare = re.sub(r"'[^']*'|\"(?:\\.|[^\"\\])*\"", lambda found: re.sub(r"[^!\n]", "_", found[0]), block)
    bare = re.sub(r"\$\(\(.*\)\)|\$\{?\w+\}?|\$\(", "_", bare)
    return [line for line in bare.splitlines() if re.search(r"(^|\s)#|[?*\[\]!^~]|(^|\s)=", line)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_deployment_is_always_built_before(document: str) -> None:
    inline = [code for code in inline_code(document) if re.search(r"\bsam deploy -", code)]
    assert [line for block in [*shell_blocks(document), *inline] for line in unbuilt_deployments(block)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_shell_blocks_can_be_pasted_into_zsh(document: str) -> None:
    assert [line for block in shell_blocks(document) for line in surprises_of_zsh(block)] == []


def test_these_checks_of_shell_blocks_can_fail() -> None:
    for line in ("sam deploy", "sam deploy --parameter-overrides A=1", "sam build; sam deploy"):
        assert unbuilt_deployments(line) == [line]
    assert unbuilt_deployments("sam build && sam deploy\nsam build --use-container && sam deploy --config-env x") == []
    wrong = (
        "make demo  # all",
        "# all",
        "lines() { # a function's log",
        "ls *.csv",
        "f ?ERROR",
        "a[0]",
        'echo "x!y"',
        "=a b",
    )
    for line in wrong:
        assert len(surprises_of_zsh(line)) == 1, line
    assert surprises_of_zsh("""f '?a # [b] *' "it's $(( 1 * (2) )) #2" "$x[0]" a#b c=d""") == []


def test_operations_names_shell_functions_of_the_runbook() -> None:
    sentences = re.findall(
        r"runbook's (?:shell )?functions? (`\w+`(?: and `\w+`)?)", " ".join(prose(OPERATIONS).split())
    )
    names = re.findall(r"\w+", " ".join(sentences).replace(" and ", " "))

    assert len(names) >= 4
    assert [name for name in names if f"\n{name}() {{" not in read(RUNBOOK)] == []


def test_no_document_is_empty() -> None:
    assert len(DOCUMENTS) >= 12
    assert [name for name in DOCUMENTS if not read(name).startswith("# ")] == []
