"""What a browser gets for an accepted form: 303 to its status, or to the `_next` of a form whose site is named."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.unit.accept_submission.conftest import FIREFOX, Endpoint
from tests.unit.accept_submission.http_event import ADA, form_event, json_event, multipart_event

SITE = "https://www.example.com"
THANKS = f"{SITE}/thanks"


@pytest.fixture
def endpoint(open_endpoint: Callable[..., Endpoint]) -> Endpoint:
    """Return a form endpoint that names one origin."""
    return open_endpoint(allowed_origins=[SITE])


@pytest.mark.parametrize(
    "event",
    [form_event(ADA, accept=FIREFOX), multipart_event(ADA.items(), accept=FIREFOX), json_event(ADA, accept=FIREFOX)],
    ids=["form", "multipart", "json"],
)
def test_a_browser_goes_on_to_the_status_page(endpoint: Endpoint, event: dict[str, Any]) -> None:
    reply = endpoint.post(event)

    assert (reply.status, reply.text) == (303, "")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["location"] == f"../../submissions/{endpoint.rows[0]['submission_id']}"
    assert len(endpoint.messages) == 1


@pytest.mark.parametrize(
    "submission_url",
    [
        "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
        "https://events.example.com/zoom/v1",  # a custom domain with a base path
        "http://localhost:4566/_aws/execute-api/a1b2c3d4e5",  # the embedded stack
    ],
)
@pytest.mark.parametrize("kind", ["webinar", "meeting"])
def test_the_location_is_below_submission_url(endpoint: Endpoint, submission_url: str, kind: str) -> None:
    event = form_event(ADA, accept=FIREFOX, kind=kind)
    location = endpoint.post(event).headers["location"]

    resolved = urljoin(submission_url + event["rawPath"], location)
    assert resolved == f"{submission_url}/submissions/{endpoint.rows[0]['submission_id']}"


@pytest.mark.parametrize(
    ("next_url", "location"),
    [
        (THANKS, f"{THANKS}?submission_id=ID"),
        (SITE, f"{SITE}?submission_id=ID"),
        (f"{THANKS}?a=b&c", f"{THANKS}?a=b&c&submission_id=ID"),
        (f"{THANKS}?a=b#top?x", f"{THANKS}?a=b&submission_id=ID#top?x"),
        (f"{THANKS}#top", f"{THANKS}?submission_id=ID#top"),
        (f"{THANKS}?q=%C3%A9%20x", f"{THANKS}?q=%C3%A9%20x&submission_id=ID"),
        (f"{THANKS}?submission_id=1&a=b&submission%5Fid", f"{THANKS}?a=b&submission_id=ID"),
        (f"{SITE}/größe", f"{SITE}/gr%C3%B6%C3%9Fe?submission_id=ID"),
    ],
)
@pytest.mark.parametrize("post", [form_event, lambda fields, **more: multipart_event(fields.items(), **more)])
def test_next_is_where_a_browser_goes(
    endpoint: Endpoint, post: Callable[..., dict[str, Any]], next_url: str, location: str
) -> None:
    reply = endpoint.post(post({**ADA, "_next": next_url}, accept=FIREFOX))

    assert reply.status == 303
    assert reply.headers["location"] == location.replace("ID", endpoint.rows[0]["submission_id"])


@pytest.mark.parametrize(
    "next_url",
    ["", "/thanks", "//www.example.com", "javascript:alert(1)", "https://evil.example/", f"{SITE}@evil.example/"],
)
def test_any_other_next_is_ignored(endpoint: Endpoint, next_url: str) -> None:
    reply = endpoint.post(form_event({**ADA, "_next": next_url}, accept=FIREFOX))

    assert reply.status == 303
    assert reply.headers["location"].startswith("../../submissions/")


@pytest.mark.parametrize("query", ["x" * 10_000, "é" * 1_000], ids=["long", "long when it is escaped"])
def test_a_next_that_fills_a_header_is_ignored(endpoint: Endpoint, query: str) -> None:
    reply = endpoint.post(form_event({**ADA, "_next": f"{THANKS}?{query}"}, accept=FIREFOX))
    assert reply.headers["location"].startswith("../../submissions/")


def test_a_star_allows_no_next(open_endpoint: Callable[..., Endpoint]) -> None:
    reply = open_endpoint().post(form_event({**ADA, "_next": THANKS}, accept=FIREFOX))
    assert reply.headers["location"].startswith("../../submissions/")


def test_json_has_no_next_and_programs_are_not_redirected(endpoint: Endpoint) -> None:
    with_next = {**ADA, "_next": THANKS}

    assert endpoint.post(json_event(with_next, accept=FIREFOX)).headers["location"].startswith("../../submissions/")
    assert endpoint.post(form_event(with_next)).status == 202
