"""The document around a page's content, and the Content-Security-Policy under which it works."""

import base64
import hashlib
from collections.abc import Sequence
from typing import Final

from registrar.forms.pages.html.element import Child, Html, element, join
from registrar.forms.pages.html.scripts import LOCAL_TIME, REFRESH
from registrar.forms.pages.html.style import STYLE
from registrar.forms.pages.language import Language

_TURNSTILE: Final = "https://challenges.cloudflare.com"
TURNSTILE_SCRIPT: Final = f"{_TURNSTILE}/turnstile/v0/api.js"


def document(language: Language, title: str, content: Sequence[Child], refresh_seconds: int | None = None) -> str:
    """Return a complete page. With `refresh_seconds`, what is in `role=status` is fetched again after so long.

    What is in `main` also has to work within another site's page, which is why its script is in it.
    """
    refresh = str(refresh_seconds) if refresh_seconds else None
    # A page that moves on by itself disturbs screen readers: the script does it gently, the header only without it.
    reload = element("noscript", element("meta", http_equiv="refresh", content=refresh)) if refresh else None
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="robots", content="noindex"),
        element("title", title),
        element("style", Html(STYLE)),
        reload,
    )
    script = element("script", Html(REFRESH)) if refresh else None
    inner = join(content)
    own_time = element("script", Html(LOCAL_TIME)) if "data-registrar-time" in inner else None
    main = element("main", inner, own_time, lang=language, dir="ltr", data_refresh=refresh)
    page = element("html", head, element("body", main, script), lang=language, dir="ltr")
    return join([Html("<!doctype html>\n"), page])


def content_security_policy(
    frame_ancestors: str = "'none'", has_turnstile: bool = False, next_origin: str | None = None
) -> str:
    """Return the header's value for all pages.

    `frame_ancestors` is who may show the page in a frame. A form with `_next` ends at another origin: browsers check
    the redirect, too.
    """
    turnstile = f" {_TURNSTILE}" if has_turnstile else ""
    directives = [
        "default-src 'none'",
        f"style-src {_hash(STYLE)}",
        f"script-src {_hash(LOCAL_TIME)} {_hash(REFRESH)}{turnstile}",
        "connect-src 'self'",
        *([f"frame-src{turnstile}"] if has_turnstile else []),
        f"form-action 'self'{f' {next_origin}' if next_origin else ''}",
        "base-uri 'none'",
        f"frame-ancestors {frame_ancestors}",
    ]
    return "; ".join(directives)


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
