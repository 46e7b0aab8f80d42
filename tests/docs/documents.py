"""The documents of the repository, their headings, links and code."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNBOOK = "docs/runbook.md"

_CANDIDATES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "bench/README.md"]
_DOCS = [str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")]
DOCUMENTS = sorted(name for name in (*_CANDIDATES, *_DOCS) if (ROOT / name).exists())

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    """Return a document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def prose(name: str) -> str:
    """Return a document without its code blocks."""
    return _FENCE.sub("", read(name))


def shell_blocks(name: str) -> list[str]:
    """Return the shell commands that a document shows, with continued lines joined."""
    return [code.replace("\\\n", " ") for language, code in _FENCE.findall(read(name)) if language == "sh"]


def inline_code(name: str) -> list[str]:
    """Return what stands in backquotes within a paragraph."""
    return [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose(name))]


def links(name: str) -> list[str]:
    """Return the link targets that are no URLs."""
    return sorted(set(re.findall(r"\]\(((?!https?:)[^)\s]+)\)", prose(name))))


def anchors(name: str) -> set[str]:
    """Return the anchors that GitHub gives to a document's headings."""
    headings = re.findall(r"^#+ (.+)$", prose(name), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
