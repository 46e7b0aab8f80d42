"""A person with a browser without JavaScript: opens the registration page, submits its form, reads the status page."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

from local.errors import PageUnusableError

HEADERS = {
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language": "en-GB,en;q=0.9",
}
PAGE_SECONDS = 30.0  # the first page waits for two cold starts: RegistrationPage invokes DescribeWebinar
POLL_SECONDS = 0.5
CHOSEN_BY_HAND = frozenset({"radio", "checkbox", "submit"})  # types of inputs that are not sent unless chosen


class Form(HTMLParser):
    """The form of a page: where it goes, and the fields that a browser sends before anything is typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.names: set[str] = set()
        self.fields: dict[str, str] = {}
        self._is_inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form's action, and its fields with their values."""
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self._is_inside, self.action = True, found.get("action", "")
        elif self._is_inside and name and tag in {"input", "select", "textarea"}:
            self.names.add(name)
            if found.get("type") not in CHOSEN_BY_HAND:
                self.fields[name] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """End the form."""
        self._is_inside = self._is_inside and tag != "form"


@dataclass
class Browser:
    """One browser, for one page. `status_url` is the page to which its form has led."""

    page_url: str
    status_url: str = ""
    _session: requests.Session = field(default_factory=requests.Session)

    def register(self, typed: Mapping[str, str]) -> int:
        """Open the page, fill in its form and submit it; return the HTTP status of the answer.

        Raises:
            PageUnusableError: the page does not ask for what was to be typed.
        """
        form = Form(self._open(self.page_url))
        if missing := sorted(typed.keys() - form.names):
            raise PageUnusableError(self.page_url, f"it has no field {', '.join(missing)}")
        answer = self._session.post(
            urljoin(self.page_url, form.action),
            data={**form.fields, **typed},
            headers=HEADERS,
            timeout=PAGE_SECONDS,
            allow_redirects=False,
        )
        self.status_url = urljoin(answer.url, answer.headers.get("location", ""))
        return answer.status_code

    def headline(self, expected: str, seconds: float) -> str:
        """Return the headline of the status page, at latest after so many seconds if it is not the expected one."""
        deadline = time.monotonic() + seconds
        while True:
            found = re.search(r"<h1[^>]*>(.*?)</h1>", self._open(self.status_url), re.DOTALL)
            headline = found[1].strip() if found else ""
            if headline == expected or time.monotonic() >= deadline:
                return headline
            time.sleep(POLL_SECONDS)

    def _open(self, url: str) -> str:
        return self._session.get(url, headers=HEADERS, timeout=PAGE_SECONDS).text
