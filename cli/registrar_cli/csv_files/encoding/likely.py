"""Guess the encoding of text that is not UTF-8: list the likely encodings, the likeliest first.

Names are too short for language statistics alone. A wrong encoding shows in the words: capitals and signs inside them,
or two scripts in one. Where that does not decide, charset-normalizer does, then the order below.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

# What spreadsheets write besides Unicode, the commoner first. Among all encodings, rare ones would often win.
_LIKELY: Final = (
    *("cp1252", "cp1254", "cp1250", "cp1251", "mac_roman", "cp1256", "cp1253", "cp1255", "cp1257", "cp850"),
    *("shift_jis", "gb18030", "euc_kr", "big5", "cp874", "iso8859_2", "euc_jp"),
)
# Taken only where every common one gives words that are odder by this much.
_RARER: Final = ("mac_latin2", "mac_cyrillic", "mac_greek", "koi8_r", "cp852", "cp866")
_ODDER: Final = 0.3
_SAMPLE_BYTES: Final = 20_000
_WORD: Final = re.compile(r"[^\s,;|\"@.]+")
# Where a Western reading has these, the text is more often Turkish, Polish or a Mac's.
_RARE: Final = frozenset("ÐÞðþªº¹²³¼½¾")
_IN_NAMES: Final = frozenset("'’ʼ-‐·．・　")  # noqa: RUF001  full-width and Hebrew, Catalan and Hawaiian signs are meant


def likely_encodings(non_ascii: bytes) -> list[str]:
    """Return the encodings that can decode these lines, the likeliest first; some can decode any bytes."""
    import charset_normalizer  # noqa: PLC0415 — only files that are not UTF-8 need it

    possible = [name for name in (*_LIKELY, *_RARER) if _can_decode(non_ascii, name)]
    # Whole lines, which may end with CR alone; a line that is longer than the sample is cut.
    sample = non_ascii[:_SAMPLE_BYTES]
    if len(non_ascii) > _SAMPLE_BYTES:
        sample = b"".join(sample.splitlines(keepends=True)[:-1]) or sample
    # charset-normalizer's `chaos` is the share of improbable characters; it leaves out what it finds impossible.
    matches = charset_normalizer.from_bytes(sample, cp_isolation=possible)
    chaos = {name: match.chaos for match in matches for name in match.could_be_from_charset}

    def rank(name: str) -> tuple[float, float]:
        oddness = _oddness(sample.decode(name, errors="replace"))
        return oddness + _ODDER * (name in _RARER), round(chaos.get(name, 1), 2)

    return sorted(possible, key=rank)


def _can_decode(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _oddness(text: str) -> float:
    """Return how much in the words no name has, per word that is not ASCII."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return round(sum(map(sum, map(_oddities, words))) / max(1, len(words)), 1)


def _oddities(word: str) -> Iterator[float]:
    """Yield a number for everything odd in a word."""
    letters = [one for one in word if one.isalpha()]
    has_lower_case = any(one.islower() for one in letters)
    for before, one in zip(" " + word, word, strict=False):
        is_sign = unicodedata.category(one)[0] not in "LM"
        yield float(not one.isascii() and ((is_sign and one not in _IN_NAMES) or one in _RARE))
        # In a name, a capital follows a small letter only where both are ASCII: McDonald.
        is_inside = before.isalpha() and not (one.isascii() and before.isascii())
        yield float(one.isupper() and has_lower_case and is_inside)
    yield max(0, len(_scripts(word)) - 1)
    yield 0.5 * (len(letters) > 1 and letters[0].islower() and not letters[0].isascii())
    # No Latin name is written in accented letters alone: Cyrillic read as a Western encoding is.
    is_accented = all(not one.isascii() and _script(one) == "LATIN" for one in letters)
    yield float(is_accented and len(letters) > 2)


def mixes_scripts(word: str) -> bool:
    """Return whether a word has letters of several scripts, as no name has."""
    return len(_scripts(word)) > 1


def _scripts(word: str) -> set[str]:
    return {_script(one) for one in word if one.isalpha()}


@cache
def _script(letter: str) -> str:
    """Return the first word of a letter's Unicode name: LATIN, CYRILLIC, HALFWIDTH; one for the Japanese scripts."""
    name = unicodedata.name(letter, "NONE").partition(" ")[0]
    return "CJK" if name in {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"} else name
