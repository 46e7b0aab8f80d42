"""The messages of the field checks, which are in English, in the reader's language."""

import re
from collections.abc import Mapping
from typing import Final

from registrar.forms.pages.texts.catalogue import ErrorTexts

# The English message of a check, with `{}` for what it puts in → the name of its text, in which `{most}` is the number.
KEYS: Final[Mapping[str, str]] = {
    "is required": "required",
    "must not be empty": "required",
    "must be an e-mail address, such as name@example.com": "email",
    "contains an invisible character: type the address instead of pasting it": "invisible",
    "must have no more than {} characters": "too_long",
    "must have no control characters": "control_characters",
    "must be given only once": "repeated",
    "must be one of: {}": "not_a_choice",
    "must be a country code of two letters": "country",
    "must be a webinar id of {} to {} digits": "webinar",
    "is not open for registration here": "webinar",
    # What no form of ours sends, and what its reader could not correct.
    "must be text": "other",
    "must show that a person sends the form": "human",
    "must be a list of texts": "other",
    "must be an object of question titles and texts": "other",
    "must have question titles of no more than {} characters": "other",
    "must be no more than {} characters, without spaces and commas": "other",
    "are too long together with the other fields": "other",
}
_PATTERNS: Final = [(re.compile(re.escape(one).replace(r"\{\}", "(.+)")), key) for one, key in KEYS.items()]


def in_words(message: str, texts: ErrorTexts, is_choice: bool) -> str:
    """Translate a message; a choice that is missing is asked for as such."""
    for pattern, key in _PATTERNS:
        if found := pattern.fullmatch(message):
            name = "choose" if key == "required" and is_choice else key
            return str(getattr(texts, name)).replace("{most}", found[1] if found.groups() else "")
    return texts.other
