"""Every page in every state: axe-core finds nothing, light and dark, narrow and wide; nothing scrolls sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from registrar.forms.pages.language import Language

from tests.browser.samples import STATES
from tests.browser.site import Site

Violations = Callable[[Page], list[str]]
OpenPage = Callable[..., Page]


# German has the longest words, Japanese no blanks; of the others, the pages with the most text.
OTHERS = [(language, state) for language in ("es", "fr", "pt") for state in ("error", "deferred", "rejected")]


def is_as_wide_as_its_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth === innerWidth"))


@pytest.mark.parametrize("state", STATES)
def test_a_page_is_accessible_light_and_dark_narrow_and_wide(
    open_page: OpenPage, site: Site, violations: Violations, state: str
) -> None:
    page = open_page()
    page.goto(site.serve("/page", STATES[state](Language.ENGLISH)))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert violations(page) == [], f"{scheme}, {width} px"
            assert is_as_wide_as_its_window(page)


@pytest.mark.parametrize("language", ["de", "ja"])
def test_other_languages_are_accessible_on_a_phone(
    open_page: OpenPage, site: Site, violations: Violations, language: str
) -> None:
    page = open_page()
    for state, build in STATES.items():
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(site.serve("/page", build(Language(language))))
        assert violations(page) == [], state
        page.set_viewport_size({"width": 320, "height": 800})
        assert is_as_wide_as_its_window(page), state


@pytest.mark.parametrize(("language", "state"), OTHERS)
def test_long_texts_fit_on_the_smallest_phone(open_page: OpenPage, site: Site, language: str, state: str) -> None:
    page = open_page(viewport={"width": 320, "height": 800})
    page.goto(site.serve("/page", STATES[state](Language(language))))
    assert is_as_wide_as_its_window(page)


def test_the_check_can_fail(open_page: OpenPage, site: Site, violations: Violations) -> None:
    page = open_page()
    page.goto(site.serve("/page", "<!doctype html><main><input></main>"))
    assert any(one.startswith("label: ") for one in violations(page))
