"""The texts of every language."""

from collections.abc import Mapping
from typing import Final

from registrar.forms.pages.language import Language
from registrar.forms.pages.texts.catalogue import Texts
from registrar.forms.pages.texts.english import ENGLISH
from registrar.forms.pages.texts.french import FRENCH
from registrar.forms.pages.texts.german import GERMAN
from registrar.forms.pages.texts.japanese import JAPANESE
from registrar.forms.pages.texts.portuguese import PORTUGUESE
from registrar.forms.pages.texts.spanish import SPANISH

TEXTS: Final[Mapping[Language, Texts]] = {
    Language.ENGLISH: ENGLISH,
    Language.GERMAN: GERMAN,
    Language.SPANISH: SPANISH,
    Language.FRENCH: FRENCH,
    Language.PORTUGUESE: PORTUGUESE,
    Language.JAPANESE: JAPANESE,
}
