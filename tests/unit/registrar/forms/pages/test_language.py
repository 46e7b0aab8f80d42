"""The reader's language, from Accept-Language."""

import pytest
from registrar.forms.pages.language import Language, language_of


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE-at,en;q=0.5", "de"),
        ("nl, fr;q=0.8, ja;q=0.9", "ja"),
        ("pt-BR;q=0.5, es-419;q=0.5", "pt"),
        ("ru, zh-CN", "en"),
        ("*", "en"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("de;q=2, fr;q=0.1", "fr"),
        ("de;q=x;q=0.1", "en"),
        ("xx," * 300 + "de", "de"),
        ("xx," * 2_000 + "de", "en"),
        (";;;,,,=\x00", "en"),
    ],
)
def test_the_language_that_the_reader_wants_most(header: str, language: str) -> None:
    assert language_of(header) == Language(language)
