"""Every reason has words, and the runbook has the same."""

import re
from pathlib import Path

import pytest
from registrar.zoom.errors import Reason
from registrar_cli.terminal.reasons import NO_REASON, WORDS, known_reasons, words_of

RUNBOOK = (Path(__file__).parents[4] / "docs" / "runbook.md").read_text(encoding="utf-8")


def runbook_entries() -> dict[str, str]:
    """The prose of each entry as it is read: without the labels, the marks of Markdown and the commands."""
    chapter = RUNBOOK.partition("\n## Reasons\n")[2].partition("\n## ")[0]
    _, *parts = re.split(r"^### (.+)\n", chapter, flags=re.MULTILINE)
    return {name: as_text(entry.partition("```")[0]) for name, entry in zip(parts[::2], parts[1::2], strict=True)}


def as_text(markdown: str) -> str:
    text = re.sub(r"\*\*.+?\*\*", "", markdown)
    text = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text)
    return " ".join(re.sub(r"[*`]", "", text).split())


def test_the_runbook_says_the_same_of_each_reason() -> None:
    assert runbook_entries() == {
        reason: f"{words.people} {words.to_do}" for reason, words in WORDS.items() if reason != NO_REASON
    }


def test_an_entry_is_compared_as_it_is_read() -> None:
    assert (
        as_text("**For the people:** one\ntwo.\n**Do:** see [x](y),\n*three* `four`.\n")
        == "one two. see x, three four."
    )


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason) -> None:
    words = words_of(reason)

    assert words.people
    assert words.to_do
    assert not {"`", "*", "[", "\n"} & set(words.people + words.to_do)


def test_no_other_reason_has_words() -> None:
    assert set(known_reasons()) == {*Reason, NO_REASON}


def test_a_letter_without_a_reason_has_words_too() -> None:
    assert "crashed" in words_of(None).people


def test_a_reason_of_a_later_version_is_said_to_be_unknown() -> None:
    assert "does not know" in words_of("brand_new_reason").people
