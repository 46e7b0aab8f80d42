"""The examples of docs/forms.md, taken from the document: the embeds, the form, and the script that sends it."""

import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.chromium import chromium, required
from tests.conftest import ROOT
from tests.unit.accept_submission.conftest import Endpoint, Reply
from tests.unit.accept_submission.http_event import ADA, WEBINAR, form_event, http_event

IFRAME, EMBED, FORM, SCRIPT = re.findall(
    r"```html\n(.*?)```", (ROOT / "docs" / "forms.md").read_text(encoding="utf-8"), re.DOTALL
)
PATH = f"/webinars/{WEBINAR}/registrants"


class Inputs(HTMLParser):
    """The attributes of a form's tags."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(FORM)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_each_input_has_a_label_and_says_what_a_browser_may_fill_in() -> None:
    inputs = Inputs()
    labelled = {label["for"] for label in inputs.of("label")}

    assert {(one["name"], one["autocomplete"]) for one in inputs.of("input")} == {
        ("email", "email"),
        ("first_name", "given-name"),
        ("last_name", "family-name"),
    }
    assert {one["id"] for one in inputs.of("input")} == labelled
    assert {one["maxlength"] for one in inputs.of("input")} == {"128", "64"}
    assert {one["name"] for one in inputs.of("input") if "required" in one} == {"email", "first_name"}


def test_the_form_as_a_browser_posts_it_is_accepted(endpoint: Endpoint) -> None:
    (form,) = Inputs().of("form")
    assert (form["method"], form["accept-charset"]) == ("post", "utf-8")
    assert str(form["action"]) == f"SUBMISSION_URL{PATH}"
    fields = {str(one["name"]): ADA[str(one["name"])] for one in Inputs().of("input")}
    reply = endpoint.post(form_event(fields, accept="text/html,application/xhtml+xml,*/*;q=0.8"))

    assert (reply.status, len(endpoint.messages)) == (303, 1)
    assert reply.headers["location"].endswith(f"submissions/{endpoint.messages[0]['submission_id']}")


# ── The script, in a browser ─────────────────────────────────────────────────────────────────────────────────────────

# Fills in the form and submits it as a person does; the title tells the test what was seen on the way.
DRIVER = """
<script>
  Object.entries(FIELDS).forEach(([name, value]) => { form.elements[name].value = value; });
  form.noValidate = true;
  form.requestSubmit();
  document.title = button.disabled ? "disabled while sending" : "enabled while sending";
</script>
"""


class Browser:
    """Shows the example page, served with the form endpoint behind it, and returns the page as it ends."""

    def __init__(self, endpoint: Endpoint, chromium: str, profile: Path) -> None:
        self.endpoint = endpoint
        self.chromium = chromium
        self.profile = profile
        self.posts: list[int] = []
        self.before_post: Callable[[int], None] = lambda number: None

    def submit(self, **fields: str) -> str:
        """Return the page after the form was submitted with these fields."""
        with self._server(fields) as url:
            return subprocess.run(
                [
                    self.chromium,
                    *("--headless=new", "--disable-gpu", "--no-sandbox", "--disable-dev-shm-usage"),
                    *(f"--user-data-dir={self.profile}", "--virtual-time-budget=60000", "--dump-dom", url),
                ],
                capture_output=True,
                check=True,
                encoding="utf-8",
                timeout=60,
            ).stdout

    def _answer(self, body: bytes, content_type: str) -> Reply:
        self.before_post(len(self.posts) + 1)
        reply = self.endpoint.post(http_event(body, content_type, accept="*/*"))
        self.posts.append(reply.status)
        return reply

    @contextmanager
    def _server(self, fields: dict[str, str]) -> Iterator[str]:
        page = f"<!doctype html><meta charset=utf-8>{FORM}{SCRIPT}{DRIVER.replace('FIELDS', json.dumps(fields))}"
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(200, {"content-type": "text/html; charset=utf-8"}, page.replace("SUBMISSION_URL", ""))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                reply = answer(body, self.headers["content-type"])
                self._send(reply.status, reply.headers, reply.text)

            def _send(self, status: int, headers: dict[str, str], text: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture
def browser(open_endpoint: Callable[..., Endpoint], tmp_path: Path) -> Browser:
    return Browser(open_endpoint(WEBINAR), required(chromium()), tmp_path)


def alert_of(page: str) -> str:
    (text,) = re.findall(r'<p role="alert">(.*?)</p>', page)
    return str(text)


def test_a_registration_is_thanked_for(browser: Browser) -> None:
    page = browser.submit(**{**ADA, "first_name": "Zoë"})

    assert browser.posts == [202]
    assert browser.endpoint.messages[0]["first_name"] == "Zoë"
    assert alert_of(page).startswith("Thank you. We have received your registration. Your reference: ")
    assert browser.endpoint.rows[0]["submission_id"] in alert_of(page)
    assert "<title>disabled while sending</title>" in page
    assert '<button hidden="">' in page


def test_each_wrong_field_is_shown_by_its_label(browser: Browser) -> None:
    page = browser.submit(email="ada", first_name="", last_name="")

    assert browser.posts == [422]
    assert alert_of(page) == (
        "E-mail must be an e-mail address, such as name@example.com. First name must not be empty."
    )
    assert re.findall(r'<input id="(\w+)"[^>]*aria-invalid="true"', page) == ["email", "first_name"]
    assert "<button>" in page, "it can be submitted again"


def test_a_busy_endpoint_is_tried_again_after_retry_after(browser: Browser) -> None:
    def fail_twice(number: int) -> None:
        if number <= 2:
            browser.endpoint.sqs.fail_next("send_message", "ThrottlingException")

    browser.before_post = fail_twice
    page = browser.submit(**ADA)

    assert browser.posts == [503, 503, 202]
    assert alert_of(page).startswith("Thank you.")


def test_an_endpoint_that_stays_busy_is_reported_and_the_form_can_be_sent_again(browser: Browser) -> None:
    browser.endpoint.sqs.throttle("send_message")
    page = browser.submit(**ADA)

    assert browser.posts == [503] * 4
    assert alert_of(page).startswith("We couldn't accept your registration right now.")
    assert "<button>" in page


def test_a_webinar_that_is_not_open_here_is_named(browser: Browser, open_endpoint: Callable[..., Endpoint]) -> None:
    browser.endpoint = open_endpoint("81234567890")

    assert alert_of(browser.submit(**ADA)) == "The webinar is not open for registration here."
