"""The status page in a browser: it follows the submission, gently, and stops when nothing more can change."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from registrar.forms.pages.language import Language

from tests.browser.samples import status
from tests.browser.site import STATUS_PATH, Answer, Site

OpenPage = Callable[..., Page]
EN = Language.ENGLISH


def run_until(page: Page, text: str) -> None:
    """Let minutes pass, each with time for an answer, until the page says something."""
    status = page.get_by_role("status")
    for _ in range(50):
        page.clock.run_for(60_000)
        if text in status.inner_text():
            return
        page.wait_for_timeout(100)
    raise AssertionError(status.inner_text())


def test_the_page_shows_what_has_become_of_it_without_moving_the_focus(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.clock.install()
    url = site.serve(STATUS_PATH, status(EN, "queued"), status(EN, "registered"))
    # An answer that is no page, such as API Gateway's 429, does not end it.
    site.answers[STATUS_PATH].insert(1, Answer('{"message":"Too Many Requests"}', 429, content_type="application/json"))
    page.goto(url)
    page.get_by_role("link", name="Back").focus()
    page.clock.run_for(3_000)
    run_until(page, "You are registered.")
    expect(page).to_have_title("You are registered.")
    expect(page.locator(":focus")).to_have_text("Back to the registration form")
    expect(page.get_by_text("This page updates itself")).to_be_hidden()

    page.clock.run_for(3_600_000)
    assert site.gets.count(STATUS_PATH) == 3


def test_what_stays_the_same_is_not_read_out_again(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.clock.install()
    deferred = status(EN, "deferred", deferred_until="2026-12-01T00:10:00Z")
    page.goto(site.serve(STATUS_PATH, status(EN, "queued"), deferred, deferred, status(EN, "registered")))
    run_until(page, "Your time: Monday, November 30, 2026 at 7:10 PM")  # the second page has the reader's own time, too
    text = page.get_by_text("The next try").element_handle()
    page.get_by_role("link", name="Check now").focus()
    with page.expect_response("**"):
        page.clock.run_for(60_000)
    page.wait_for_timeout(100)
    assert site.gets.count(STATUS_PATH) == 3
    assert text.evaluate("text => text.isConnected")
    expect(page.locator(":focus")).to_have_text("Check now")
    run_until(page, "You are registered.")
    expect(page.locator(":focus")).to_have_text("You are registered.")


def test_it_updates_itself_without_javascript(open_page: OpenPage, site: Site) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.serve(STATUS_PATH, status(EN, "queued"), status(EN, "registered")))
    expect(page).to_have_title("You are registered.", timeout=10_000)
