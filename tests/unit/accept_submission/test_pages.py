"""JSON or a page, as the Accept header prefers, and the content of the pages."""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from types import ModuleType
from typing import Any

import pytest

from tests.unit.accept_submission.conftest import Endpoint
from tests.unit.accept_submission.http_event import ADA, form_event, http_event, json_event

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
    None,
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
def test_a_client_that_prefers_html_gets_a_page(endpoint: Endpoint, accept: str) -> None:
    reply = endpoint.post(form_event(ADA, accept=accept))

    assert reply.status == 202
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.text.startswith("<!doctype html>")


@pytest.mark.parametrize("accept", JSON, ids=ascii)
def test_all_other_clients_get_json(endpoint: Endpoint, accept: str | None) -> None:
    reply = endpoint.post(form_event(ADA, accept=accept))

    assert reply.status == 202
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert reply.content["status"] == "queued"


INVALID = {"email": "", "first_name": "\x00", "last_name": "x" * 65}
EVENTS = {
    202: form_event(ADA, accept=FIREFOX),
    400: http_event(b"{", accept=FIREFOX),
    413: http_event(b"x" * 20_000, accept=FIREFOX),
    415: http_event(b"x", "text/plain", accept=FIREFOX),
    422: form_event(INVALID, accept=FIREFOX, webinar="x"),
}


class Page(HTMLParser):
    """Parses a page into its elements and texts; every opened element must be closed."""

    empty = frozenset({"meta", "!doctype"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
        self.seen.append(tag)
        if tag not in self.empty:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "script"}:
            self.texts.append(data)


def test_the_page_says_how_the_link_arrives_and_promises_no_time(endpoint: Endpoint) -> None:
    """Who sends it depends on the webinar's settings, which this function does not know (docs/operations.md)."""
    text = " ".join(Page(endpoint.post(form_event(ADA, accept=FIREFOX)).text).texts)

    assert "comes from Zoom or from the organizer, once your registration is confirmed" in text
    assert not re.search(r"minute|second|today|soon", text)


@pytest.mark.parametrize(("status", "event"), EVENTS.items(), ids=map(str, EVENTS))
def test_a_page_has_the_status_and_the_content_of_the_json(
    endpoint: Endpoint, status: int, event: dict[str, Any]
) -> None:
    page_reply = endpoint.post(event)
    event = {**event, "headers": {**event["headers"], "accept": "application/json"}}
    json_reply = endpoint.post(event)

    assert page_reply.status == json_reply.status == status
    text = " ".join(Page(page_reply.text).texts)
    body = json_reply.content
    if status == 422:
        assert all(error["message"] in text for error in body["errors"])
        assert all(label in text for label in ("E-mail", "First name", "Last name", "Webinar"))
    elif status != 202:
        assert body["message"] in text


@pytest.mark.parametrize("event", EVENTS.values(), ids=map(str, EVENTS))
def test_a_page_has_no_scripts_and_loads_nothing(endpoint: Endpoint, event: dict[str, Any]) -> None:
    reply = endpoint.post(event)

    assert not {"script", "img", "link", "iframe", "form", "object"} & set(Page(reply.text).seen)
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-store"


def alerts(text: str) -> list[str]:
    return re.findall(r'<div role="(\w+)" tabindex="-1" autofocus>', text)


@pytest.mark.parametrize(("status", "event"), EVENTS.items(), ids=map(str, EVENTS))
def test_a_screen_reader_reads_the_page_out_and_the_browsers_theme_is_used(
    endpoint: Endpoint, status: int, event: dict[str, Any]
) -> None:
    text = endpoint.post(event).text

    assert alerts(text) == ["status" if status == 202 else "alert"]
    assert '<html lang="en">' in text
    assert '<meta name="color-scheme" content="light dark">' in text
    assert "color: #" not in text


CORRECT = "Please go back, correct this, and submit the form again."
TELL = "You are not registered. Nothing you entered is wrong: the form is set up incorrectly. Please tell the organizer"


def test_whoever_can_correct_nothing_is_not_asked_to(open_endpoint: Callable[..., Endpoint]) -> None:
    endpoint = open_endpoint("81234567890")
    wrong_webinar = endpoint.post(form_event(ADA, accept=FIREFOX))
    both = endpoint.post(form_event({**ADA, "email": "ada"}, accept=FIREFOX))
    wrong_id = endpoint.post(form_event(ADA, accept=FIREFOX, webinar="x"))

    assert (wrong_webinar.status, both.status, wrong_id.status) == (422, 422, 422)
    for reply in (wrong_webinar, wrong_id):
        assert CORRECT not in reply.text
        assert TELL in reply.text
        assert "<h1>We couldn't register you</h1>" in reply.text
    assert CORRECT in both.text
    assert TELL not in both.text


@pytest.mark.parametrize("status", [400, 413, 415])
def test_a_form_that_cannot_be_read_is_explained_to_the_person_who_filled_it_in(
    endpoint: Endpoint, status: int
) -> None:
    text = endpoint.post(EVENTS[status]).text

    assert TELL in text
    assert "For the person who made the form: " in text


def test_a_page_escapes_its_content(load_app: Callable[[str], ModuleType]) -> None:
    app = load_app("accept_submission")
    evil = "<script>alert('{x}')</script>&"

    for response in (app.HttpResponse.refused(400, evil), app.HttpResponse.accepted(evil)):
        text = response.to_payload("text/html")["body"]
        assert "<script>" not in text
        assert html.escape(evil) in text


def test_the_page_shows_the_submission_id(endpoint: Endpoint) -> None:
    reply = endpoint.post(form_event(ADA, accept=FIREFOX))

    assert endpoint.rows[0]["submission_id"] in reply.text


def test_the_accept_header_also_applies_to_json_bodies(endpoint: Endpoint) -> None:
    assert endpoint.post(json_event(ADA, accept=FIREFOX)).headers["content-type"].startswith("text/html")
