"""What of the template the AWS emulator does not know: left out of the copy that is deployed to it, by name.

Comes in: the text of a template as `sam build` writes it. Goes out: the text without these resources, and their names.
Only things that nothing else refers to and no registrant passes through may stand here; each has its reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# ministack refuses the whole change set for a type that it does not know.
REASONS: Mapping[str, str] = {
    "AWS::Logs::QueryDefinition": "saved queries are a drawer of CloudWatch's console, which the emulator has not",
}


def remove_unsupported(template: str) -> tuple[str, dict[str, str]]:
    """Return the template without what the emulator does not know, and the types left out by logical id."""
    kept, removed = [], {}
    for block in _blocks(template):
        name, type_ = re.match(r"  (\w+):", block), re.search(r"^    Type: (\S+)$", block, re.MULTILINE)
        if name and type_ and type_[1] in REASONS:
            removed[name[1]] = type_[1]
        else:
            kept.append(block)
    return "".join(kept), removed


def removal_messages(removed: Mapping[str, str]) -> list[str]:
    """Return a sentence for each type that was left out."""
    return [
        f"Not deployed to the emulator: {', '.join(name for name, one in removed.items() if one == type_)} "
        f"({REASONS[type_]})."
        for type_ in sorted(set(removed.values()))
    ]


def _blocks(template: str) -> list[str]:
    """The template cut before every key of the first and second level."""
    return re.split(r"^(?=\S|  \w)", template, flags=re.MULTILINE)
