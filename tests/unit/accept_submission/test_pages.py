"""What a browser sees of a form that was not accepted: the form again, or that it does not work."""

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from typing import Any

import pytest
from registrar.zoom.webinar_facts import Question, WebinarFacts

from tests.unit.accept_submission.conftest import FIREFOX, SITE_KEY, Endpoint
from tests.unit.accept_submission.http_event import (
    ADA,
    FORM_TYPE,
    WEBINAR,
    form_event,
    http_event,
    json_event,
    multipart_event,
)

TOKEN = "0b0c7c3a-6f0e-4a57-9d35-000000000001"
INVALID = {"email": "ada", "first_name": "\x00", "last_name": "x" * 65}
BROKEN = "Nothing you entered is wrong: the form is set up incorrectly. Please tell the organizer."
EVIL = "<script>alert('{x}')</script>&\"' onfocus=alert(1) x=\""


class Inputs(HTMLParser):
    """The inputs of a page's form, by name, each with its attributes; `all_tags` are those of the whole page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all_tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.all_tags.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.all_tags if attributes.get("name") == name]

    def value(self, name: str) -> str | None:
        (attributes,) = self.named(name)
        return attributes.get("value")

    @property
    def form(self) -> dict[str, str | None]:
        ((_, attributes),) = [one for one in self.all_tags if one[0] == "form"]
        return attributes


def test_the_form_is_shown_again_with_what_was_typed_and_each_error_at_its_field(endpoint: Endpoint) -> None:
    fields = {"email": "ada@", "first_name": "Ada", "last_name": "", "_submission": TOKEN}
    reply = endpoint.post(form_event(fields, accept=FIREFOX))

    assert reply.status == 422
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    page = Inputs(reply.text)
    assert (page.value("email"), page.value("first_name")) == ("ada@", "Ada")
    (email,) = page.named("email")
    assert (email["aria-invalid"], "autofocus" in email) == ("true", True)
    assert not any("aria-invalid" in one for one in page.named("first_name"))
    # It is sent to where it came from, and is still the same form: nothing was stored.
    assert (page.form["action"], page.form["method"]) == ("registrants", "post")
    assert page.value("_submission") == TOKEN
    assert endpoint.wrote_nothing_but_reads()


def test_a_form_of_another_site_is_shown_under_our_own_names(endpoint: Endpoint) -> None:
    reply = endpoint.post(form_event({"E-Mail": "ada@", "Vorname": "Ada", "lname": "Lovelace"}, accept=FIREFOX))

    page = Inputs(reply.text)
    assert [page.value(name) for name in ("email", "first_name", "last_name")] == ["ada@", "Ada", "Lovelace"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(page.value("_submission")))


def test_the_form_has_the_webinars_topic_and_questions(endpoint: Endpoint) -> None:
    questions = (Question("multiple", True, title="Which?", answers=("One", "Two")), Question("short", False, "org"))
    facts = WebinarFacts(
        webinar_id=WEBINAR, topic="Analytical engines", questions=questions, looked_up_at="2026-11-23T14:00:00Z"
    )
    endpoint.webinars.write(facts, endpoint.clock())
    fields = [("email", "ada@"), ("first_name", "Ada"), ("answers.Which?", "Two"), ("org", "Engines Ltd")]

    reply = endpoint.post(multipart_event(fields, accept=FIREFOX))

    page = Inputs(reply.text)
    assert "Analytical engines</h1>" in reply.text
    assert {one["value"]: "checked" in one for one in page.named("answers.Which?")} == {"One": False, "Two": True}
    assert page.value("org") == "Engines Ltd"


def test_without_facts_the_form_is_plain(endpoint: Endpoint) -> None:
    endpoint.dynamodb.deny("get_item")

    reply = endpoint.post(form_event(INVALID, accept=FIREFOX))

    assert reply.status == 422
    assert len(Inputs(reply.text).named("email")) == 1
    assert [line["message"] for line in endpoint.log_lines] == ["Submission refused", "Webinar not read"]


def test_a_program_costs_no_read(endpoint: Endpoint) -> None:
    assert endpoint.post(form_event(INVALID)).status == 422
    assert endpoint.wrote_nothing()


def test_a_page_is_in_the_readers_language(endpoint: Endpoint) -> None:
    def post(language: str) -> str:
        return endpoint.post(form_event(INVALID, accept=FIREFOX, headers={"accept-language": language})).text

    assert '<html lang="de"' in post("de-CH,en;q=0.5")
    assert '<html lang="ja"' in post("ja")
    assert '<html lang="en"' in post("x" * 4_096)


EVENTS = {
    400: http_event(b"{", accept=FIREFOX),
    413: http_event(b"x" * 20_000, accept=FIREFOX),
    415: http_event(b"x", "text/plain", accept=FIREFOX),
}


@pytest.mark.parametrize(("status", "event"), EVENTS.items(), ids=map(str, EVENTS))
def test_who_cannot_correct_a_form_is_led_to_ours(endpoint: Endpoint, status: int, event: dict[str, Any]) -> None:
    reply = endpoint.post(event)
    as_json = endpoint.post({**event, "headers": {**event["headers"], "accept": "application/json"}})

    assert reply.status == as_json.status == status
    assert BROKEN in reply.text
    assert "For the person who made the form:" in reply.text
    assert as_json.content["message"] in reply.text
    assert f'href="../../webinars/{WEBINAR}"' in reply.text
    assert endpoint.wrote_nothing()


def test_a_webinar_that_is_not_open_here_is_for_the_organizer(open_endpoint: Callable[..., Endpoint]) -> None:
    endpoint = open_endpoint("81234567890")

    for fields in (ADA, INVALID):
        for webinar in (WEBINAR, "x"):
            reply = endpoint.post(form_event(fields, accept=FIREFOX, webinar=webinar))
            assert reply.status == 422
            assert BROKEN in reply.text
            assert "webinar_id" in reply.text
            assert not {"form", "a"} & {tag for tag, _ in Inputs(reply.text).all_tags}
    assert endpoint.wrote_nothing()


def test_no_input_is_shown_unescaped(endpoint: Endpoint) -> None:
    names = ("email", "first_name", "last_name", "org", "comments", "language", "source_id", "_submission", "_next")
    fields = [*((name, EVIL) for name in names), (f"answers.{EVIL}", EVIL), ("occurrence_ids", EVIL), (EVIL, EVIL)]
    headers = {"accept-language": EVIL, "referer": EVIL, "host": EVIL}

    for event in (form_event(fields), multipart_event(fields), json_event(dict(fields))):
        event["headers"] |= {**headers, "accept": FIREFOX}
        reply = endpoint.post(event)
        assert reply.status == 422
        assert EVIL not in reply.text
        assert not any("onfocus" in attributes for _, attributes in Inputs(reply.text).all_tags)


def test_a_page_may_be_framed_by_the_allowed_origins(open_endpoint: Callable[..., Endpoint]) -> None:
    def policy(*origins: str, **fields: str) -> str:
        endpoint = open_endpoint(allowed_origins=origins)
        event = form_event({**INVALID, **fields}, accept=FIREFOX)
        return str(endpoint.post(event).headers["content-security-policy"])

    site = "https://www.example.com"
    assert policy("*").endswith("frame-ancestors *")
    assert policy(site).endswith(f"frame-ancestors 'self' {site}")
    assert "form-action 'self';" in policy(site)
    # The form leads to another origin, and browsers check that, too.
    assert f"form-action 'self' {site};" in policy(site, _next=f"{site}/thanks")
    assert "form-action 'self';" in policy(site, _next="https://evil.example/")


def test_next_is_kept_for_when_the_form_is_sent_again(open_endpoint: Callable[..., Endpoint]) -> None:
    endpoint = open_endpoint(allowed_origins=["https://www.example.com"])
    thanks = "https://www.example.com/thanks?a=1&b=2"

    page = Inputs(endpoint.post(form_event({**INVALID, "_next": thanks}, accept=FIREFOX)).text)
    assert page.value("_next") == thanks
    page = Inputs(endpoint.post(form_event({**INVALID, "_next": "https://evil.example/"}, accept=FIREFOX)).text)
    assert not page.named("_next")


def test_the_form_has_turnstiles_widget_where_it_is_on(open_endpoint: Callable[..., Endpoint]) -> None:
    endpoint = open_endpoint(turnstile_url="http://127.0.0.1:9/")

    reply = endpoint.post(form_event(INVALID, accept=FIREFOX))

    assert f'data-sitekey="{SITE_KEY}"' in reply.text
    assert "https://challenges.cloudflare.com" in reply.headers["content-security-policy"]


def test_the_form_of_a_meeting_is_shown_again(endpoint: Endpoint) -> None:
    reply = endpoint.post(form_event(INVALID, accept=FIREFOX, kind="meeting"))
    assert (reply.status, Inputs(reply.text).form["action"]) == (422, "registrants")

    reply = endpoint.post(http_event(b"", "text/plain", accept=FIREFOX, kind="meeting"))
    assert f'href="../../meetings/{WEBINAR}"' in reply.text


@pytest.mark.parametrize(("name", "value"), [("language", "en"), ("source_id", "a b"), ("occurrence_ids", "a,b")])
def test_what_is_wrong_in_a_hidden_field_is_not_sent_again(endpoint: Endpoint, name: str, value: str) -> None:
    page = Inputs(endpoint.post(form_event({**ADA, "source_id": "s-1", name: value}, accept=FIREFOX)).text)

    assert not page.named(name)
    assert bool(page.named("source_id")) == (name != "source_id"), "what is right is kept"


def test_an_empty_form_is_shown_empty(endpoint: Endpoint) -> None:
    reply = endpoint.post(http_event(None, FORM_TYPE, accept=FIREFOX))

    assert reply.status == 422
    assert not Inputs(reply.text).value("email")
