"""The texts of every language."""

from collections.abc import Mapping
from typing import Final

from registrar.forms.pages.language import Language
from registrar.forms.pages.texts.catalogue import Texts
from registrar.forms.pages.texts.english import ENGLISH

TEXTS: Final[Mapping[Language, Texts]] = dict.fromkeys(Language, ENGLISH)
