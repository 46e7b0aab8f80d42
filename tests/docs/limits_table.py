"""Write docs/limits.md from the comments of limits.py: `python -m tests.docs.limits_table`.

A limit is `NAME: Final = value  # unit · source`. A comment `# ── Title (reference) ──` begins a section.
"""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "layers" / "registrar" / "registrar" / "limits.py"
DOCUMENT = ROOT / "docs" / "limits.md"

_SECTION = re.compile(r"# ──+ (?P<title>.+?)(?: \((?P<reference>.+)\))? ──+")

_HEAD = """\
# Limits

Every number that the code goes by, with its unit and its source. *Ours* marks a choice of this project; *contract 6* is
section 6 of the [contract](contract.md). This document is generated: edit the comments in
`layers/registrar/registrar/limits.py`, then run `python -m tests.docs.limits_table`.

## What one webinar can reach

Zoom takes 30 registrants per call: with its Pro plan (10 calls per second) 291 per second, with Business (40) 1,164. On
AWS one webinar reaches at most 1,000 per second: its rows share a partition key, and DynamoDB takes 1,000 write units
per second of one key, on demand too; a row of up to 1 KB needs one unit. Join URLs that make rows longer than that
halve the speed. Several webinars together may be faster. While DynamoDB throttles a webinar's rows, the consumer writes
them again for up to 7.5 seconds and starts calls more slowly; `make bench` (`busy-1-at-40`) measures it.
"""


class Limit(NamedTuple):
    """One row; `unit` and `source` are empty where the comment lacks them."""

    name: str
    value: str
    unit: str
    source: str


def limits() -> Iterator[str | Limit]:
    """Yield section headings and limits, in the order of limits.py."""
    comments = _comments()
    values = {node.lineno: node for node in ast.parse(SOURCE.read_text(encoding="utf-8")).body}
    for line in sorted({*comments, *values}):
        node, comment = values.get(line), comments.get(line, "")
        section = _SECTION.fullmatch(comment)
        if section:
            yield _heading(section["title"], section["reference"])
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            value = ast.literal_eval(node.value)
            unit, _, source = comment.removeprefix("# ").partition(" · ")
            yield Limit(node.target.id, f"{value:,}", unit, source)


def render() -> str:
    """Return the document."""
    lines = [_HEAD]
    for entry in limits():
        if isinstance(entry, Limit):
            lines.append(f"| `{entry.name}` | {entry.value} | {entry.unit} | {entry.source} |")
        else:
            lines += [f"\n{entry}", "\n| name | value | unit | source |\n|---|---|---|---|"]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def _heading(title: str, reference: str | None) -> str:
    if reference is None:
        return f"## {title}"
    linked = re.sub(r"([\w-]+\.md)", r"[\1](facts/\1)", reference)
    return f"## {title}\n\nSource: {linked}."


def _comments() -> dict[int, str]:
    with tokenize.open(SOURCE) as file:
        tokens = [token for token in tokenize.generate_tokens(file.readline) if token.type == tokenize.COMMENT]
    return {token.start[0]: token.string for token in tokens}


if __name__ == "__main__":
    DOCUMENT.write_text(render(), encoding="utf-8")
