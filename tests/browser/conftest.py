"""A browser for all tests of this folder, and a site that it visits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import axe, chromium, required
from tests.browser.site import Site, serving

_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_VIOLATIONS = """async (rules) => {
  const { violations } = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) =>
    `${id}: ` + nodes.map(({ html, any }) => `${html} ${any.map(({ message }) => message)}`).join("; "));
}"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return one browser for all tests."""
    path = required(chromium())
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a site that answers as the functions do."""
    with serving() as site:
        yield site


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an empty page in a new profile."""
    contexts = []

    def open_(**options: Any) -> Page:
        context = browser.new_context(**{"locale": "en-US", "timezone_id": "America/New_York", **options})
        context.set_default_timeout(5_000)
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """Return a function that returns what axe-core finds wrong in a page."""
    source = required(axe())

    def run(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        found: list[str] = page.evaluate(_VIOLATIONS, list(_RULES))
        return found

    return run
