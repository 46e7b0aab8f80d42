"""JSON or a page, as the Accept header prefers."""

import pytest
from registrar.forms.http.accept import prefers_html

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)

PAGE = [
    FIREFOX,
    CHROME,
    "text/html",
    "TEXT/HTML",
    "text/html;q=0.1",
    "text/html; charset=utf-8",
    "text/*",
    "text/html, application/json;q=0.9",
    "text/html;q=0.2, application/json;q=0.1",
    "text/html;q=0.001, application/json;q=0",
    "application/json;q=0.5, text/html ; q=0.6",
    "text/html, */*;q=0.999",
    "*/*;q=0.5, text/*;q=0.6",
    "*/*, application/json;q=0.9",
    "*/*, application/*;q=0.1",
    "text/html;level=1",
    "text/html, application/json;q=2",  # not a valid q, so 0
    "text/html,application/json;q=",
]

JSON = [
    "",
    " ",
    ",",
    "*/*",
    "application/json",
    "application/json, text/html",
    "text/html, application/json",
    "text/html;q=0.5, application/json;q=0.5",
    "text/html;q=0.5, application/json;q=0.501",
    "text/html, */*",
    "text/html;q=0.8, */*;q=0.8",
    "text/html;q=0",
    "text/html;q=0, */*",
    "*/*;q=0.5, text/html;q=0.4",
    "text/plain",
    "application/xhtml+xml",
    "text/*;q=0.5, application/*;q=0.5",
    "text/*, text/html;q=0, */*;q=0.1",
    "text/html;q=abc",
    "text/html;q=1.5",
    "text/html;q=-1",
    "text/html;q=1e9",
    "text/html;q=nan",
    "text/html;q=inf, application/json",
    "text/html;q=0.1234, application/json;q=0.1",
    "html",
    "text/",
    "/html",
    "*/html",
    ";q=1",
    "text/html application/json",
    "\x00text/html\x00",
    "application/vnd.api+json, text/htmlx",
]


@pytest.mark.parametrize("accept", PAGE, ids=ascii)
def test_a_client_that_prefers_html_gets_a_page(accept: str) -> None:
    assert prefers_html(accept)


@pytest.mark.parametrize("accept", JSON, ids=ascii)
def test_all_other_clients_get_json(accept: str) -> None:
    assert not prefers_html(accept)
