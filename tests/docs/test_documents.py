"""What the documents name exists: links, headings, files, commands; and they keep to the rules for prose."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from registrar_cli.app import command_line

from tests.docs.documents import DOCUMENTS, ROOT, RUNBOOK, anchors, inline_code, links, prose, read, shell_blocks

OPERATIONS = "docs/operations.md"

_ROOTS = (ROOT, ROOT / "layers" / "registrar" / "registrar", ROOT / "bench", ROOT / "tests")
_WITHOUT_RUNBOOK = [name for name in DOCUMENTS if name != RUNBOOK]


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


@pytest.mark.parametrize("document", _WITHOUT_RUNBOOK)
def test_a_deployment_is_always_built_before(document: str) -> None:
    """`sam deploy` alone uploads the last build, or a layer that was never built."""
    deployments = [line for block in shell_blocks(document) for line in block.splitlines() if "sam deploy" in line]
    assert [line for line in deployments if not re.search(r"sam build\b.*&& +sam deploy", line)] == []


@pytest.mark.parametrize("document", _WITHOUT_RUNBOOK)
def test_shell_blocks_hold_no_comments(document: str) -> None:
    """An interactive zsh does not know comments."""
    assert [
        line for block in shell_blocks(document) for line in block.splitlines() if re.search(r"(^|\s)#", line)
    ] == []


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
