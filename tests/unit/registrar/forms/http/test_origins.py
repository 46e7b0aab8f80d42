"""Origins: an address is compared as a browser reads it, and what browsers disagree about is none."""

import pytest
from registrar.forms.http.origins import frame_ancestors, is_named, origin_of

ALLOWED = ("https://www.example.com", "http://localhost:8080", "https://[2001:db8::1]")

NAMED = [
    "https://www.example.com",
    "https://www.example.com/",
    "https://www.example.com/thanks?a=b#c",
    "https://www.example.com?x",
    "https://www.example.com#x",
    "HTTPS://WWW.Example.COM/Thanks",
    "https://www.example.com:443/",
    "https://www.example.com:/",
    "https://www.example.com:0443/",
    "http://localhost:8080/",
    "https://[2001:DB8::1]/",
    "https://www.example.com/zoë",
]

NOT_NAMED = [
    "",
    "*",
    "/thanks",
    "//www.example.com/",
    "www.example.com",
    "javascript:alert(1)",
    "javascript://www.example.com/%0Aalert(1)",
    "data:text/html,x",
    "http://www.example.com/",
    "https://www.example.com:8443/",
    "https://www.example.com.evil.example/",
    "https://www.example.com./",
    "https://example.com/",
    "https://evil.example/https://www.example.com/",
    "https://www.example.com@evil.example/",
    "https://ada@www.example.com/",
    "https://ada:pass@www.example.com/",
    "https://www.example.com:443@evil.example/",
    "https://www.example.com\\@evil.example/",
    "https:\\\\www.example.com/",
    "https:/www.example.com/",
    "https:www.example.com/",
    "https://www.example.com/\\x",
    " https://www.example.com/",
    "https://www.example.com/\r\nset-cookie: a=b",
    "https://www.example.com/\ttab",
    "https://www.example.com/a b",
    "https://www.example.com/\x00",
    "https://www.example.com/\ud800",
    "https://www%2eexample.com/",
    "https://www.example.com%2f@evil.example/",
    "https://www。example。com/",
    "https://\uff57\uff57\uff57.example.com/",
    "https://www.example.com:99999999/",
    "https://www.example.com:x/",
    "https://",
    "https:///www.example.com",
]


@pytest.mark.parametrize("url", NAMED, ids=ascii)
def test_an_address_of_an_allowed_origin_is_named(url: str) -> None:
    assert is_named(origin_of(url), ALLOWED)


@pytest.mark.parametrize("url", NOT_NAMED, ids=ascii)
def test_no_other_address_is_named(url: str) -> None:
    assert not is_named(origin_of(url), ALLOWED)
    assert not is_named(origin_of(url), ("*",))


def test_a_star_names_no_origin() -> None:
    assert not is_named(origin_of(NAMED[0]), ("*",))


def test_an_origin_may_be_written_with_capitals_and_its_default_port() -> None:
    assert is_named("https://www.example.com", ("HTTPS://WWW.EXAMPLE.COM:443",))


def test_pages_may_be_framed_by_the_origins_that_are_named() -> None:
    assert frame_ancestors(["*"]) == "*"
    assert frame_ancestors(["https://www.example.com", "https://Other.example:8443"]) == (
        "'self' https://www.example.com https://other.example:8443"
    )
