"""Every reason has words, and the runbook has the same."""

import re
from pathlib import Path

import pytest
from registrar.registrants.reasons import Reason
from registrar_cli.terminal.reasons import NO_REASON, REASON_TEXTS, known_reasons, reason_text

RUNBOOK = (Path(__file__).parents[4] / "docs" / "runbook.md").read_text(encoding="utf-8")


def runbook_entries() -> dict[str, str]:
    """Return the prose of each entry, without labels, Markdown marks and commands."""
    chapter = RUNBOOK.partition("\n## Reasons\n")[2].partition("\n## ")[0]
    _, *parts = re.split(r"^### (.+)\n", chapter, flags=re.MULTILINE)
    return {name: as_text(entry.partition("```")[0]) for name, entry in zip(parts[::2], parts[1::2], strict=True)}


def as_text(markdown: str) -> str:
    text = re.sub(r"\*\*.+?\*\*", "", markdown)
    text = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text)
    return " ".join(re.sub(r"[*`]", "", text).split())


def test_the_runbook_says_the_same_of_each_reason() -> None:
    assert runbook_entries() == {
        reason: f"{words.meaning} {words.action}" for reason, words in REASON_TEXTS.items() if reason != NO_REASON
    }


def test_an_entry_is_compared_as_it_is_read() -> None:
    assert as_text("**Impact:** one\ntwo.\n**Action:** see [x](y),\n*three* `four`.\n") == "one two. see x, three four."


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_explained(reason: Reason) -> None:
    words = reason_text(reason)

    assert words.meaning
    assert words.action
    assert not {"`", "*", "[", "\n"} & set(words.meaning + words.action)


def test_no_other_reason_is_explained() -> None:
    assert set(known_reasons()) == {*Reason, NO_REASON}


def test_a_dead_letter_without_a_reason_is_explained_too() -> None:
    assert "crashed" in reason_text(None).meaning


def test_a_reason_of_a_later_version_is_reported_as_unknown() -> None:
    assert "does not know" in reason_text("brand_new_reason").meaning
