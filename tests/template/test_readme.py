"""The README agrees with the files: limits, parameters, outputs and commands."""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LIMITS = ROOT / "layers" / "registrar" / "registrar" / "limits.py"


def table(heading: str, columns: int) -> list[tuple[str, ...]]:
    """The rows of the table below a heading, without backquotes."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return [tuple(cell.strip().strip("`") for cell in row[:columns]) for row in rows]


def limits() -> Iterator[tuple[str, ...]]:
    """Name, value, unit and source of every limit, as limits.py has them."""
    with tokenize.open(LIMITS) as file:
        comments = {
            token.start[0]: token.string
            for token in tokenize.generate_tokens(file.readline)
            if token.type == tokenize.COMMENT
        }
    for node in ast.parse(LIMITS.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            unit, _, source = comments[node.lineno].removeprefix("# ").partition(" · ")
            yield node.target.id, str(ast.literal_eval(node.value)), unit, source


def test_the_limits_are_those_of_the_code() -> None:
    assert table("Limits", 4) == list(limits())


def test_every_limit_says_where_it_comes_from() -> None:
    assert [name for name, _, unit, source in limits() if not (unit and source)] == []


def test_the_parameters_are_those_of_the_template() -> None:
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    parameters = template.split("\nParameters:\n", 1)[1].split("\n\n", 1)[0]
    defaults = re.findall(r"^  (\w+):\n(?:    .*\n)*?    Default: (.*)$", parameters, re.MULTILINE)

    assert table("Parameters", 2) == [(name, value.strip('"')) for name, value in defaults]


def test_the_outputs_are_those_of_the_template() -> None:
    outputs = (ROOT / "template.yaml").read_text(encoding="utf-8").split("\nOutputs:\n", 1)[1]

    assert [name for (name,) in table("Deploy", 1)] == re.findall(r"^  (\w+):$", outputs, re.MULTILINE)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?make ([a-z]+)", README)) - {"it"}))
def test_every_make_target_exists(target: str) -> None:
    assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(((?!http)[^)]+)\)", README))))
def test_every_linked_file_exists(path: str) -> None:
    assert (ROOT / path).exists()
