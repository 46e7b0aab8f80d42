"""What no reader sees in a text: spaces, format characters and fillers. Pure.

The fields of a registrant use one notion of it, whether they come from a form, a file, a message or the command line.
Source: Unicode's categories Cf and Zs, and the fillers that its property Default_Ignorable_Code_Point adds.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Letters by their category, but blank: the Hangul and Khmer fillers, the grapheme joiner, the blank Braille pattern.
_FILLERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0")
# They alter the character before them: emoji, kanji and Mongolian variants, and the flags written in tags.
_VARIANTS: Final = re.compile(r"[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]")


@lru_cache(maxsize=4_096)  # every character of every field is looked at
def is_invisible(character: str) -> bool:
    """Return whether this character alone shows nothing."""
    is_blank = character.isspace() or character in _FILLERS or unicodedata.category(character) == "Cf"
    return is_blank or _VARIANTS.match(character) is not None


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing."""
    return not trimmed(text)


def trimmed(text: str) -> str:
    """Remove what is invisible from both ends; within a text it may join letters (Persian) or emoji."""
    if text.isascii():
        return text.strip()  # the same, and most texts are: each check of a character takes time
    start, end = 0, len(text)
    while start < end and is_invisible(text[start]):
        start += 1
    while start < end and is_invisible(text[end - 1]) and not _VARIANTS.match(text[end - 1]):
        end -= 1
    return text[start:end]
