"""The texts of every language."""

from collections.abc import Mapping
from typing import Final

from registrar.forms.pages.language import Language
from registrar.forms.pages.texts.catalogue import Texts
from registrar.forms.pages.texts.languages.english import ENGLISH
from registrar.forms.pages.texts.languages.french import FRENCH
from registrar.forms.pages.texts.languages.german import GERMAN
from registrar.forms.pages.texts.languages.japanese import JAPANESE
from registrar.forms.pages.texts.languages.portuguese import PORTUGUESE
from registrar.forms.pages.texts.languages.spanish import SPANISH

TEXTS: Final[Mapping[Language, Texts]] = {
    Language.ENGLISH: ENGLISH,
    Language.GERMAN: GERMAN,
    Language.SPANISH: SPANISH,
    Language.FRENCH: FRENCH,
    Language.PORTUGUESE: PORTUGUESE,
    Language.JAPANESE: JAPANESE,
}
