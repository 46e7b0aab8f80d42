"""The registration page in a browser: by keyboard, without JavaScript, with errors, sent twice."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from registrar.forms.pages.language import Language

from tests.browser.samples import COUNTRY, ERRORS, TOKEN, TYPED, form, status
from tests.browser.site import FORM_PATH, POST_PATH, STATUS_PATH, Site

OpenPage = Callable[..., Page]

OPTIONAL = ("phone", "purchasing_time_frame", "no_of_employees", "comments")


@pytest.fixture
def open_form(site: Site) -> str:
    """Serve a form with everything behind it, and return its URL."""
    site.redirect(POST_PATH, f"..{STATUS_PATH.replace('/submissions', '/../submissions')}")
    site.serve(STATUS_PATH, status(Language.ENGLISH, "registered"))
    return site.serve(FORM_PATH, form())


def test_the_form_is_filled_in_and_sent_by_keyboard_alone(open_page: OpenPage, site: Site, open_form: str) -> None:
    page = open_page()
    page.goto(open_form)
    keys = page.keyboard
    for text in ("ada@example.com", "Ada", "Lovelace", "Example Ltd"):
        keys.press("Tab")
        keys.type(text)
    for _ in OPTIONAL:
        keys.press("Tab")
    keys.press("Tab")  # Yes, No, not yet: one stop, moved by arrows
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Tab")  # the first topic
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Tab")  # past the question to the button, and never on the field that no person sees
    expect(page.locator(":focus")).to_have_text("Register")
    keys.press("Enter")

    expect(page).to_have_title("You are registered.")
    (post,) = site.posts
    assert {name: values for name, values in post.items() if values != [""]} == {
        "_submission": [TOKEN],
        "email": ["ada@example.com"],
        "first_name": ["Ada"],
        "last_name": ["Lovelace"],
        "org": ["Example Ltd"],
        "answers.Will you attend in person?": ["No"],
        "answers.Which topics would you like to hear about?": ["Costs", "AI"],
    }
    assert post["_gotcha"] == [""]


def test_it_works_without_javascript(open_page: OpenPage, site: Site, open_form: str) -> None:
    site.serve(FORM_PATH, form(facts=COUNTRY))
    page = open_page(java_script_enabled=False)
    page.goto(open_form)
    expect(page.get_by_text("4:00 PM (Europe/Berlin, UTC+1)")).to_be_visible()
    expect(page.get_by_text("Your time")).to_be_hidden()
    page.get_by_label("E-mail").fill("\uff41\uff44\uff41\uff20example.com")  # full-width, as Japanese keyboards write
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Country").select_option("Germany")
    page.get_by_role("button").click()

    expect(page).to_have_title("You are registered.")
    assert site.posts[0]["country"] == ["DE"]


def test_a_double_click_sends_one_token(open_page: OpenPage, site: Site, open_form: str) -> None:
    page = open_page()
    page.goto(open_form)
    page.locator("form").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button").dblclick()

    expect(page).to_have_title("You are registered.")
    assert {post["_submission"][0] for post in site.posts} == {TOKEN}


@pytest.mark.parametrize("has_javascript", [True, False])
def test_the_first_wrong_field_has_the_focus(open_page: OpenPage, site: Site, has_javascript: bool) -> None:
    page = open_page(java_script_enabled=has_javascript)
    page.goto(site.serve(FORM_PATH, form(errors=ERRORS, values=TYPED), status=422))

    focused = page.locator(":focus")
    expect(page).to_have_title(re.compile("^Error: Opening keynote"))
    expect(focused).to_have_attribute("name", "email")
    expect(focused).to_have_value("ada@localhost")
    expect(focused).to_have_accessible_description("Please enter an e-mail address, such as name@example.com.")
    expect(page.get_by_label("Which session interests you most?")).to_have_value("Q&A")
    page.get_by_role("link", name="Organization").click()
    expect(page.locator(":focus")).to_have_attribute("name", "org")
    expect(page.get_by_role("radiogroup", name="Will you attend in person?")).to_have_accessible_description(
        "Please choose an answer."
    )


def test_a_wrong_group_of_radios_has_the_focus_on_its_first(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.serve(FORM_PATH, form(errors=ERRORS[2:])))
    expect(page.locator(":focus")).to_have_attribute("value", "Yes")


@pytest.mark.parametrize(
    ("zone", "own"),
    [("America/New_York", "Your time: Tuesday, December 1, 2026 at 10:00 AM"), ("Europe/Rome", None)],
)
def test_the_readers_own_time_stands_beside_the_webinars_where_it_differs(
    open_page: OpenPage, site: Site, zone: str, own: str | None
) -> None:
    page = open_page(timezone_id=zone)
    page.goto(site.serve(FORM_PATH, form()))
    shown = page.locator("[data-registrar-time]")
    if own:
        expect(shown).to_have_text(own)
    else:
        expect(shown).to_be_hidden()


def test_turnstile_is_allowed_by_the_pages_policy_and_says_without_javascript_what_it_needs(
    open_page: OpenPage, site: Site
) -> None:
    site.has_turnstile = True
    url = site.serve(FORM_PATH, form(turnstile_site_key="1x00000000000000000000AA"))
    page = open_page()
    page.route("https://challenges.cloudflare.com/**", lambda route: route.fulfill(body="window.loaded = true"))
    page.goto(url)
    assert page.evaluate("window.loaded")
    without = open_page(java_script_enabled=False)
    without.goto(url)
    expect(without.locator("noscript p")).to_be_visible()
