"""Every page in every state: axe-core finds nothing, light on a phone and dark on a desk; nothing scrolls sideways."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from registrar.forms.pages.html.style import STYLE
from registrar.forms.pages.language import Language

from tests.browser.samples import STATES

Violations = Callable[[Page], list[str]]

PHONE, DESK = {"width": 360, "height": 800}, {"width": 1280, "height": 800}
SMALLEST = {"width": 320, "height": 800}  # also 1,280 px at a zoom of 400 % (WCAG 1.4.10)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Return one page for all documents: axe-core then stays in its window, and is loaded only once."""
    context = browser.new_context(locale="en-US", timezone_id="America/New_York")
    yield context.new_page()
    context.close()


def show(page: Page, document: str, size: dict[str, int], scheme: str = "light") -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_content(document)


def is_as_wide_as_its_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth === innerWidth"))


@pytest.mark.parametrize("state", STATES)
def test_a_page_is_accessible(page: Page, violations: Violations, state: str) -> None:
    for size, scheme in ((PHONE, "light"), (DESK, "dark")):
        show(page, STATES[state](Language.ENGLISH), size, scheme)
        assert violations(page) == [], scheme
        assert is_as_wide_as_its_window(page), scheme


@pytest.mark.parametrize("state", ["error", "dates", "deferred"])
def test_a_page_without_blanks_between_words_is_accessible(page: Page, violations: Violations, state: str) -> None:
    show(page, STATES[state](Language.JAPANESE), PHONE, "dark")
    assert violations(page) == []


@pytest.mark.parametrize("language", Language)
def test_every_text_fits_on_the_smallest_phone(page: Page, language: Language) -> None:
    mains = [re.sub(r".*(<main.*</main>).*", r"\1", STATES[state](language), flags=re.DOTALL) for state in STATES]
    show(page, f"<!doctype html><style>{STYLE}</style>{''.join(mains)}", SMALLEST)
    assert page.locator("main").count() == len(STATES)
    assert is_as_wide_as_its_window(page)


def test_the_checks_can_fail(page: Page, violations: Violations) -> None:
    show(page, f"<!doctype html><style>{STYLE}</style><main><input size=100></main>", SMALLEST)
    assert any(one.startswith("label: ") for one in violations(page))
    assert not is_as_wide_as_its_window(page)
