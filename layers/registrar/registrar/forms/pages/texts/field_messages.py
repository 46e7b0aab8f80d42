"""The messages of the field checks, which are in English, in the reader's language."""

import re
from collections.abc import Mapping
from typing import Final

from registrar.forms.pages.texts.catalogue import ErrorTexts

# The English message of a check → the name of its text. A number in a message is `#` here and `{most}` in the text.
KEYS: Final[Mapping[str, str]] = {
    "is required": "required",
    "must not be empty": "required",
    "must be an e-mail address, such as name@example.com": "email",
    "contains an invisible character: type the address instead of pasting it": "invisible",
    "must have no more than # characters": "too_long",
    "must have no control characters": "control_characters",
    "must be given only once": "repeated",
    "must be a webinar id of # to # digits": "webinar",
    "is not open for registration here": "webinar",
    "must be text": "other",
    "must show that a person sends the form": "human",
}
_NUMBER: Final = re.compile(r"\d+")


def in_words(message: str, texts: ErrorTexts, is_choice: bool) -> str:
    """Translate a message; a choice that is missing is asked for as such."""
    key = KEYS.get(_NUMBER.sub("#", message), "other")
    if key == "required" and is_choice:
        key = "choose"
    most = _NUMBER.search(message)
    return str(getattr(texts, key)).replace("{most}", most[0] if most else "")
