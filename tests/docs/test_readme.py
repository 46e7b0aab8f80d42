"""The README agrees with the template, and stays short enough to read."""

import re

from tests.docs.documents import ROOT, read

README = read("README.md")
TEMPLATE = (ROOT / "template.yaml").read_text(encoding="utf-8")


def table(heading: str, columns: int) -> list[tuple[str, ...]]:
    """Return the rows of the table below a heading, without backquotes."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return [tuple(cell.strip().strip("`") for cell in row[:columns]) for row in rows]


def test_the_parameters_are_those_of_the_template() -> None:
    parameters = TEMPLATE.split("\nParameters:\n", 1)[1].split("\n\n", 1)[0]
    defaults = re.findall(r"^  (\w+):\n(?:    .*\n)*?    Default: (.*)$", parameters, re.MULTILINE)

    assert table("Parameters", 2) == [(name, value.strip('"')) for name, value in defaults]


def test_the_outputs_are_those_of_the_template() -> None:
    outputs = TEMPLATE.split("\nOutputs:\n", 1)[1]

    assert [name for (name,) in table("Deploy", 1)] == re.findall(r"^  (\w+):$", outputs, re.MULTILINE)


def test_the_readme_has_no_more_than_180_lines() -> None:
    assert len(README.splitlines()) <= 180


def test_the_number_of_alarms_is_that_of_the_template() -> None:
    assert TEMPLATE.count("Type: AWS::CloudWatch::Alarm") == 29
    assert "Twenty-nine alarms" in README
