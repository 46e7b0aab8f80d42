"""Every page in every state: axe-core finds nothing, light and dark, narrow and wide; nothing scrolls sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from registrar.forms.pages.language import Language

from tests.browser.samples import STATES
from tests.browser.site import Site

Violations = Callable[[Page], list[str]]
OpenPage = Callable[..., Page]


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


@pytest.mark.parametrize("language", [one for one in Language if one is not Language.ENGLISH])
def test_every_language_is_accessible_on_a_phone(
    open_page: OpenPage, site: Site, violations: Violations, language: Language
) -> None:
    page = open_page(viewport={"width": 360, "height": 800})
    for state, build in STATES.items():
        page.goto(site.serve("/page", build(language)))
        assert violations(page) == [], state


def test_nothing_scrolls_sideways_even_at_320_pixels(open_page: OpenPage, site: Site) -> None:
    page = open_page(viewport={"width": 320, "height": 800})
    for language in Language:
        for state, build in STATES.items():
            page.goto(site.serve("/page", build(language)))
            assert page.evaluate("document.documentElement.scrollWidth") == 320, (language, state)


def test_the_check_can_fail(open_page: OpenPage, site: Site, violations: Violations) -> None:
    page = open_page()
    page.goto(site.serve("/page", "<!doctype html><main><input></main>"))
    assert any(one.startswith("label: ") for one in violations(page))
