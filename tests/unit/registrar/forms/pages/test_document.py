"""The document and its policy; and the embed script, which every page of another site loads."""

import base64
import hashlib
import re

import pytest
from registrar import limits
from registrar.forms.pages.embed import EMBED_SCRIPT
from registrar.forms.pages.html.document import content_security_policy, document
from registrar.forms.pages.html.element import Html, element
from registrar.forms.pages.language import Language


def test_text_is_escaped_and_elements_are_not() -> None:
    built = element(
        "p", "<b> & \"'", element("b", "x"), None, "", title='"', hidden=True, lang=None, for_="a", data_x="1"
    )
    assert built == '<p title="&quot;" hidden for="a" data-x="1">&lt;b&gt; &amp; &quot;&#x27;<b>x</b></p>'


def test_the_policy_allows_what_the_pages_contain() -> None:
    page = document(Language.ENGLISH, "x", [element("p", data_registrar_time="x")], refresh_seconds=3)
    policy = content_security_policy()
    for name, source in (("style", "style-src"), ("script", "script-src")):
        (directive,) = [one for one in policy.split("; ") if one.startswith(source)]
        for content in re.findall(f"<{name}>(.*?)</{name}>", page, re.DOTALL):
            assert base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() in directive


@pytest.mark.parametrize(
    ("options", "directive"),
    [
        ({}, "frame-ancestors 'none'"),
        ({"frame_ancestors": "https://example.com"}, "frame-ancestors https://example.com"),
        ({"has_turnstile": True}, "frame-src https://challenges.cloudflare.com"),
        ({"next_origin": "https://example.com"}, "form-action 'self' https://example.com"),
    ],
)
def test_the_policy_names_who_may_do_what(options: dict[str, str], directive: str) -> None:
    assert directive in content_security_policy(**options).split("; ")  # type: ignore[arg-type]


def test_the_embed_script_is_small() -> None:
    assert len(EMBED_SCRIPT.encode()) <= limits.EMBED_SCRIPT_BYTES


def test_html_is_only_what_was_built() -> None:
    assert isinstance(element("p"), Html)
