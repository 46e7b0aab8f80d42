"""The names of countries and regions, by their codes of two letters.

`countries.json` holds those of the Unicode CLDR 48 (https://cldr.unicode.org, Unicode License), each language in its
order.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from registrar.forms.pages.language import Language


@cache
def countries(language: Language) -> Mapping[str, str]:
    """Return code → name, sorted as readers of the language expect. Read only when a form asks for a country."""
    names: dict[str, dict[str, str]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return names[language]
