"""The languages of the pages, and the choice by a browser's Accept-Language header."""

import re
from enum import StrEnum
from typing import Final

from registrar import limits

_Q: Final = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")  # RFC 9110, 12.4.2


class Language(StrEnum):
    """A language that every text of the pages has."""

    ENGLISH = "en"
    GERMAN = "de"
    SPANISH = "es"
    FRENCH = "fr"
    PORTUGUESE = "pt"
    JAPANESE = "ja"


_BY_TAG: Final = {str(language): language for language in Language}


def language_of(accept_language: str) -> Language:
    """Return the language with the highest q, the first of equals; English if the reader wants none of these."""
    wanted: dict[Language, float] = {}
    for part in accept_language[: limits.ACCEPT_LANGUAGE_CHARACTERS].lower().split(","):
        tag, *parameters = (piece.strip() for piece in part.split(";"))
        language = _BY_TAG.get(tag.partition("-")[0])
        if language:
            wanted.setdefault(language, _q(parameters))
    return max((one for one in wanted if wanted[one] > 0), key=wanted.__getitem__, default=Language.ENGLISH)


def _q(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            valid = _Q.fullmatch(parameter)
            return float(valid[1]) if valid else 0.0
    return 1.0
