"""Every language says everything."""

import ast
import string
from collections.abc import Iterator, Mapping

import pytest
from registrar.forms.pages.language import Language
from registrar.forms.pages.status import DEFERRED, REJECTED
from registrar.forms.pages.texts.all_languages import TEXTS
from registrar.forms.pages.texts.catalogue import DeferredTexts, ErrorTexts, RejectedTexts
from registrar.forms.pages.texts.countries import countries
from registrar.forms.pages.texts.field_messages import KEYS, in_words
from registrar.registrants.reasons import Reason

from tests.conftest import ROOT

CHECKS = (ROOT / "layers" / "registrar" / "registrar" / "registrants", ROOT / "functions" / "accept_submission")


def texts_in(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Yield every text below an object with its path."""
    if hasattr(value, "_fields"):
        for field in value._fields:
            yield from texts_in(getattr(value, field), f"{name}.{field}")
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from texts_in(one, f"{name}[{number}]")
    elif isinstance(value, str):
        yield name, value


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", Language)
def test_every_text_has_the_placeholders_of_the_english_one(language: Language) -> None:
    nouns = {"the", "The", "of_the", "for_the"}
    english = dict(texts_in(TEXTS[Language.ENGLISH], ""))
    for name, text in texts_in(TEXTS[language], ""):
        assert text or name == ".gap", name
        if ".dates.moment" not in name:
            assert placeholders(text) - nouns == placeholders(english[name]) - nouns, name


@pytest.mark.parametrize("language", [one for one in Language if one is not Language.ENGLISH])
def test_no_sentence_was_left_in_english(language: Language) -> None:
    english = dict(texts_in(TEXTS[Language.ENGLISH], ""))
    same = {name for name, text in texts_in(TEXTS[language], "") if text == english[name] and len(text.split()) > 2}
    assert not same


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_in_words(reason: Reason) -> None:
    assert REJECTED[reason] in set(RejectedTexts._fields)


def test_every_reason_that_defers_is_told_in_words() -> None:
    """Those without a text of their own are told as "Zoom can't take it at the moment"."""
    assert set(DEFERRED.values()) < set(DeferredTexts._fields)


# ── The messages of the field checks ─────────────────────────────────────────────────────────────────────────────────


def messages_of_checks() -> Iterator[str]:
    """Yield the messages that WrongField and FieldError are raised with, `{}` for what is put in."""
    for file in (file for folder in CHECKS for file in folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"WrongField", "FieldError"}:
                yield from _text_of(node.args[-1])


def _text_of(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)


def test_every_message_of_a_check_is_translated_and_no_other() -> None:
    assert set(messages_of_checks()) == KEYS.keys()
    assert set(KEYS.values()) <= set(ErrorTexts._fields)


@pytest.mark.parametrize(
    ("message", "is_choice", "text"),
    [
        ("must have no more than 64 characters", False, "Bitte verwenden Sie höchstens 64 Zeichen."),
        ("is required", False, "Bitte füllen Sie dieses Feld aus."),
        ("is required", True, "Bitte wählen Sie eine Antwort."),
        ("must be one of: 1-20, 21-50", False, "Bitte wählen Sie eine der angebotenen Antworten."),
        ("is something new", False, "Bitte prüfen Sie diese Angabe."),
    ],
)
def test_a_message_is_told_in_the_readers_language(message: str, is_choice: bool, text: str) -> None:
    assert in_words(message, TEXTS[Language.GERMAN].errors, is_choice) == text


def test_countries_have_a_name_in_every_language() -> None:
    codes: Mapping[Language, set[str]] = {language: set(countries(language)) for language in Language}
    assert all(one == codes[Language.ENGLISH] for one in codes.values())
    assert (len(codes[Language.ENGLISH]), countries(Language.JAPANESE)["DE"]) == (249, "ドイツ")
