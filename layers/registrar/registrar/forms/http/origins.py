"""The origins that `AllowedOrigins` names: who may frame a page, and where a form may lead (contract 2, 11)."""

import re
from collections.abc import Sequence
from typing import Final

# What browsers read in another way, or not at all, is no URL here: user names, backslashes, escapes in a host, IDN.
_ORIGIN: Final = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([0-9]{0,5}))?(?=[/?#]|\Z)", re.IGNORECASE)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def origin_of(url: str) -> str | None:
    """Return the origin of an absolute http(s) URL as a browser writes it; None if it is no such URL."""
    if not url.isprintable() or " " in url or "\\" in url:
        return None
    match = _ORIGIN.match(url)
    if not match:
        return None
    scheme, host, port = match[1].lower(), match[2].lower(), match[3]
    is_default = not port or int(port) == _DEFAULT_PORTS[scheme]
    return f"{scheme}://{host}" if is_default else f"{scheme}://{host}:{int(port)}"


def is_named(origin: str | None, allowed_origins: Sequence[str]) -> bool:
    """Return whether an origin is among them; `*` names none."""
    return origin is not None and origin in {origin_of(one) for one in allowed_origins}


def frame_ancestors(allowed_origins: Sequence[str]) -> str:
    """Return who may show a page in a frame, for its Content-Security-Policy."""
    if "*" in allowed_origins:
        return "*"
    return " ".join(["'self'", *filter(None, map(origin_of, allowed_origins))])
