"""From the registration page to the status page, on the deployed stack."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests
from playwright.sync_api import expect, sync_playwright
from registrar.forms.pages.language import Language
from registrar.forms.pages.texts.all_languages import TEXTS

from tests.browser.chromium import chromium, required
from tests.stack.conftest import END_SECONDS, Deployment, eventually

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "en"}


class Form(HTMLParser):
    """The form of a page: where it is sent, and its fields with their values."""

    def __init__(self, page: requests.Response) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self._url = page.url
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.action = urljoin(self._url, given["action"] or "")
        elif given.get("name") and tag in {"input", "select", "textarea"}:
            self.fields[str(given["name"])] = given.get("value") or ""


def open_page(deployment: Deployment, path: str) -> requests.Response:
    return requests.get(f"{deployment.stack.submission_url}/{path}", headers=BROWSER, timeout=END_SECONDS)


def status_of(deployment: Deployment, submission_id: str) -> str:
    url = f"{deployment.stack.submission_url}/submissions/{submission_id}"
    return str(requests.get(url, timeout=END_SECONDS).json()["status"])


def test_what_is_unknown_is_404_and_looked_up_once(deployment: Deployment) -> None:
    for _ in range(3):
        assert open_page(deployment, "webinars/91000000404").status_code == 404
    assert [call.call for call in deployment.zoom.calls() if call.webinar == "91000000404"] == ["webinar", "meeting"]
    assert open_page(deployment, "submissions/0b0c1d2e-3f40-4152-8364-75869708a9ba").status_code == 404


def test_from_the_page_to_the_status(deployment: Deployment) -> None:
    question = {"title": "Which size?", "type": "single_radio", "required": True, "answers": ["S", "L"]}
    webinar_id = deployment.webinar(topic="Grüße aus Köln", timezone="Europe/Berlin", custom_questions=[question])

    page = open_page(deployment, f"webinars/{webinar_id}")
    assert page.status_code == 200
    assert "Grüße aus Köln" in page.text
    assert "frame-ancestors" in page.headers["content-security-policy"]
    form = Form(page)
    assert {"email", "first_name", "last_name", "answers.Which size?", "_submission", "_gotcha"} <= form.fields.keys()

    filled = form.fields | {"email": "Ada@Example.com", "first_name": "Ada", "last_name": "Lovelace"}
    answers = [
        requests.post(form.action, data=filled, headers=BROWSER, timeout=END_SECONDS, allow_redirects=False)
        for _ in range(2)  # a double click
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    locations = {urljoin(form.action, answer.headers["location"]) for answer in answers}
    assert len(locations) == 1, "one form is one submission"

    status = requests.get(locations.pop(), headers=BROWSER, timeout=END_SECONDS)
    assert status.status_code == 200
    submission_id = status.url.rpartition("/")[2]
    assert eventually(lambda: True if status_of(deployment, submission_id) == "registered" else None)
    registered = requests.get(status.url, headers=BROWSER, timeout=END_SECONDS).text
    assert "You are registered." in registered
    for secret in ("Ada", "Lovelace", "zoom.us/w/"):
        assert secret not in registered
    assert deployment.row(webinar_id, "ada@example.com")


def test_a_visitor_registers_in_a_browser(deployment: Deployment) -> None:
    webinar_id = deployment.webinar(topic="Evening panel")
    with sync_playwright() as playwright:
        path = required(chromium())
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page(locale="de-DE")
        page.goto(f"{deployment.stack.submission_url}/webinars/{webinar_id}")
        expect(page.locator("h1")).to_have_text("Evening panel")
        for name, value in {"email": "eve@example.com", "first_name": "Eve", "last_name": "Lovelace"}.items():
            page.locator(f"[name={name}]").fill(value)
        page.locator("button").click()
        # The page looks again by itself until the status is final.
        registered = TEXTS[Language.GERMAN].status.registered_title
        expect(page.locator("h1")).to_have_text(registered, timeout=END_SECONDS * 1_000)
        assert page.url.startswith(f"{deployment.stack.submission_url}/submissions/")
        browser.close()


def test_a_meeting_has_a_page(deployment: Deployment) -> None:
    webinar_id = deployment.webinar(kind="meeting", topic="Office hours")
    page = open_page(deployment, f"meetings/{webinar_id}")
    assert page.status_code == 200
    assert "Office hours" in page.text


def test_the_script_is_served(deployment: Deployment) -> None:
    script = open_page(deployment, "embed.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert len(script.content) < 2_048
