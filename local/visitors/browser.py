"""A person with a browser without JavaScript: opens the registration page, submits its form, reads the status page."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin

import requests

HEADERS = {
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language": "en-GB,en;q=0.9",
}
PAGE_SECONDS = 30.0  # the first page waits for two cold starts: RegistrationPage invokes DescribeWebinar
POLL_SECONDS = 1.0


class Form(HTMLParser):
    """The form of a page: where it goes, and the fields that a browser sends before anything is typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self._is_inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form's action, and its fields with their values."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside, self.action = True, found.get("action", "")
        elif self._is_inside and tag in {"input", "select", "textarea"} and found.get("name"):
            if found.get("type") not in {"radio", "checkbox", "submit"}:
                self.fields[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """End the form."""
        self._is_inside = self._is_inside and tag != "form"


@dataclass
class Browser:
    """One browser. `status_url` is where the form's answer has sent it."""

    page_url: str
    status: int = 0
    status_url: str = ""
    _session: requests.Session = field(default_factory=requests.Session)

    @classmethod
    def register(cls, page_url: str, typed: Mapping[str, str]) -> Self:
        """Open the page, fill in its form and submit it; return the browser with the answer's status."""
        browser = cls(page_url)
        form = Form(browser._page(page_url))
        response = browser._session.post(
            urljoin(page_url, form.action),
            data={**form.fields, **typed},
            headers=HEADERS,
            timeout=PAGE_SECONDS,
            allow_redirects=False,
        )
        browser.status = response.status_code
        browser.status_url = urljoin(response.url, response.headers.get("location", ""))
        return browser

    def states(self, deadline: float) -> Iterator[str]:
        """Yield what the status page reports, once per second, until the deadline on the monotonic clock."""
        while time.monotonic() < deadline:
            yield self._page(self.status_url)
            time.sleep(POLL_SECONDS)

    def _page(self, url: str) -> str:
        response = self._session.get(url, headers=HEADERS, timeout=PAGE_SECONDS)
        response.raise_for_status()
        return response.text
