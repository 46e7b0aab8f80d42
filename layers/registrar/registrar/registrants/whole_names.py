"""Split a whole name into first and last name, for forms and files with a single field for both. Pure.

No rule is right for all names (Spanish ones have two last names): `import` shows an example of what it did.
"""

import unicodedata
from typing import Final

# They begin a last name: Ludwig van Beethoven, Ana de la Cruz.
_PARTICLES: Final = frozenset({
    *("van", "von", "vom", "zu", "zum", "zur", "ten", "ter", "den", "der", "af", "av"),
    *("de", "del", "della", "di", "da", "das", "do", "dos", "du", "la", "las", "le", "los", "al", "el", "bin", "bint"),
    "ibn",
})  # fmt: skip
# After a comma, these follow the name and do not turn it around: Bob Ross, Jr.
_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "dphil", "md", "dds", "esq", "mba", "msc", "ma"})
_FAMILY_NAME_FIRST: Final = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "HANGUL")


def split_name(name: str) -> tuple[str, str]:
    """Return first and last name; the last name is empty where there is one word.

    `Zoë Müller` is split at the last space, or before a particle; `Müller, Zoë` at the comma; in Chinese, Japanese and
    Korean letters the family name comes first.
    """
    before, _, after = (part.strip() for part in name.partition(","))
    if before and after and "," not in after and not _is_suffix(after):
        return after, before
    words = (before or after).split()
    if len(words) == 2 and unicodedata.name(name[0], "").startswith(_FAMILY_NAME_FIRST):
        return words[1], words[0]
    # Not the first word: Al Gore, Van Morrison. Not the last one: something has to follow a particle.
    at = next((place for place in range(1, len(words) - 1) if words[place].casefold() in _PARTICLES), len(words) - 1)
    if at < 1:
        return " ".join(words), ""
    last = " ".join(words[at:])
    return " ".join(words[:at]), f"{last}, {after}" if after else last


def _is_suffix(text: str) -> bool:
    return all(word.replace(".", "").casefold() in _SUFFIXES for word in text.split())
