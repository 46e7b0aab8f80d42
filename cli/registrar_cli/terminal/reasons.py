"""What a reason means for the people, and what to do: the runbook's own words (docs/runbook.md, "Reasons").

In: the runbook's text. Out: `Words` by reason. `pip install` puts the runbook beside this file; in a checkout it is in
`docs/`. One more "reason" is ours: a letter that SQS moved after a crash carries none.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from registrar_cli.terminal.errors import CliError

NO_REASON: Final = "no_reason"

_PLACES = (Path(__file__).parents[1] / "runbook.md", Path(__file__).parents[3] / "docs" / "runbook.md")
_ENTRY = re.compile(
    r"^### (\w+)\n\*\*For the people:\*\* (.+?)\n\*\*Do:\*\* (.+?)\n(?:```|\n|\Z)", re.MULTILINE | re.DOTALL
)


class ReasonText(NamedTuple):
    """Hold the `meaning` for the registrants, and the `action` for the operator."""

    meaning: str
    action: str

    @property
    def action_sentence(self) -> str:
        """What to do, as a sentence of its own."""
        return self.action[:1].upper() + self.action[1:]


_CRASHED = ReasonText(
    "unknown: the consumer crashed over this message again and again, and SQS moved it.",
    "send it back; if it returns, read the consumer's log (the runbook, ConsumerErrorsAlarm).",
)
_UNHEARD_OF = ReasonText(
    "a reason that this version of the command does not know.", "see `detail`, and docs/runbook.md."
)


def reason_text(reason: str | None) -> ReasonText:
    """The words of a reason, an unknown one included."""
    return _reason_texts().get(reason or NO_REASON, _UNHEARD_OF)


def known_reasons() -> list[str]:
    """All reasons that have words."""
    return list(_reason_texts())


@cache
def _reason_texts() -> Mapping[str, ReasonText]:
    for place in _PLACES:
        if place.is_file():
            return {**read_runbook(place.read_text(encoding="utf-8")), NO_REASON: _CRASHED}
    raise CliError("The runbook is missing from this installation.", "Install again: make cli")


def read_runbook(text: str) -> dict[str, ReasonText]:
    """The entries of the runbook's section "Reasons"."""
    _, _, section = text.partition("\n## Reasons\n")
    section = section.partition("\n## ")[0]
    return {name: ReasonText(_as_text(meaning), _as_text(action)) for name, meaning, action in _ENTRY.findall(section)}


def _as_text(markdown: str) -> str:
    """Markdown as it is read aloud: no links, no emphasis, one line."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", " ".join(markdown.split()))
    return re.sub(r"\*([^*]+)\*", r"\1", text.replace("`", ""))
