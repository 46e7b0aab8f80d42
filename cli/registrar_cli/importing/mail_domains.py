"""Recognise the domain of a large mail provider that is probably misspelled, such as `gmail.con`.

A hint only: the address may be right, and nothing here refuses it.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

_SIMILAR: Final = 0.85
_NO_TOP_LEVEL_DOMAINS: Final = frozenset({"con", "cmo", "ocm", "coom", "comm", "vom", "xom", "cim", "cpm", "comn"})
# No short ones: too many real domains resemble live.com, aol.com or web.de.
_MISSPELLED: Final = (
    *("gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "protonmail.com"),
    *("hotmail.de", "outlook.de", "yahoo.de", "freenet.de", "hotmail.fr", "outlook.fr", "yahoo.fr", "wanadoo.fr"),
    *("laposte.net", "hotmail.co.uk", "yahoo.co.uk", "hotmail.it", "libero.it", "hotmail.es", "yahoo.es"),
)
# Real ones that resemble those.
_RIGHT: Final = frozenset({*_MISSPELLED, "mail.com", "ymail.com", "email.com", "zmail.com", "xmail.com", "cloud.com"})


def misspelled(lines: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
    """Return line, domain and what it probably should be, for each e-mail whose domain looks wrong."""
    found = ((line, email.rpartition("@")[2]) for line, email in lines)
    return [
        {"line": line, "domain": domain, "probably": right}
        for line, domain in found
        if (right := intended_domain(domain)) is not None
    ]


@cache
def intended_domain(domain: str) -> str | None:
    """Return the domain that was probably meant; None if this one looks right."""
    name, _, top_level = domain.rpartition(".")
    if domain in _RIGHT or not name:
        return None
    if top_level in _NO_TOP_LEVEL_DOMAINS:
        return intended_domain(f"{name}.com") or f"{name}.com"
    alike = [one for one in _MISSPELLED if one.rpartition(".")[2] == top_level]
    return next(iter(get_close_matches(domain, alike, 1, _SIMILAR)), None)
