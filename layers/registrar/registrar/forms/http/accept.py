"""The Accept header: whether an answer is JSON or a page (contract 2)."""

import re
from collections.abc import Sequence
from typing import Final

_Q_VALUE: Final = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")  # RFC 9110, 12.4.2


def prefers_html(accept: str) -> bool:
    """Return whether `text/html` has a strictly higher q than `application/json`; a tie and `*/*` mean JSON."""
    return _quality(accept, "text", "html") > _quality(accept, "application", "json")


def _quality(accept: str, kind: str, subtype: str) -> float:
    """Return the q of the most specific media range that covers this type, 0 if none does (RFC 9110, 12.5.1)."""
    covering = {f"{kind}/{subtype}": 2, f"{kind}/*": 1, "*/*": 0}
    best = (-1, 0.0)
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        if media_range in covering:
            best = max(best, (covering[media_range], _q(parameters)))
    return best[1]


def _q(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return float(value) if _Q_VALUE.fullmatch(value.strip()) else 0.0
    return 1.0
