"""The form within another site's page: another origin, its own style, its own language."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect
from registrar.forms.pages.embed import EMBED_SCRIPT
from registrar.forms.pages.language import Language

from tests.browser.samples import ERRORS, TOKEN, TYPED, form, status
from tests.browser.site import FORM_PATH, POST_PATH, STATUS_PATH, Site, serving

OpenPage = Callable[..., Page]
Violations = Callable[[Page], list[str]]
EN = Language.ENGLISH

HOST = """<!doctype html><html lang="en"><title>Our site</title>
<style>button { background: rgb(0, 100, 0); color: #fff; min-height: 30px } div { color: #222 }</style>
<main><h1>Our spring events</h1>SCRIPT</main>"""


def host_of(host: Site, site: Site, kind: str) -> str:
    script = f'<script src="{site.url}/embed.js" data-{kind}="97871060099" async></script>'
    return host.serve("/", HOST.replace("SCRIPT", script), headers={"content-security-policy": ""})


@pytest.fixture
def host(site: Site) -> Iterator[str]:
    """Return the URL of a page of another site that has the script."""
    site.serve("/embed.js", EMBED_SCRIPT, content_type="text/javascript")
    site.serve(FORM_PATH, form(facts=None, action="97871060099/registrants"))
    site.redirect(POST_PATH, "../../submissions/0b0c1d2e-0000-4000-8000-000000000001")
    site.serve(STATUS_PATH, status(EN, "queued"), status(EN, "registered"))
    with serving() as host:
        yield host_of(host, site, "webinar")


def fill_in(page: Page) -> None:
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("First name").fill("Ada")


def test_the_answer_is_shown_in_place_and_followed(open_page: OpenPage, site: Site, host: str) -> None:
    page = open_page()
    page.clock.install()
    page.goto(host)
    fill_in(page)
    expect(page.locator("[name=_gotcha]")).to_be_hidden()
    page.get_by_role("button").dblclick()

    expect(page.locator(":focus")).to_have_text("Thank you. We have received your registration.")
    assert page.url == host
    assert [post["_submission"] for post in site.posts] == [[TOKEN]]
    page.clock.run_for(3_000)
    expect(page.locator(":focus")).to_have_text("You are registered.")  # what had the focus has been replaced
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("E-mail")).to_be_visible()
    assert page.url == host


def test_it_has_the_hosts_style_and_leaves_no_name_behind(open_page: OpenPage, site: Site, host: str) -> None:
    page = open_page()
    page.goto(site.serve("/without", HOST))
    before = page.evaluate("Object.keys(window)")
    page.goto(host)
    expect(page.get_by_role("button")).to_have_css("background-color", "rgb(0, 100, 0)")
    assert page.locator("style").count() == 1
    assert set(page.evaluate("Object.keys(window)")) == set(before)


def test_it_is_accessible_in_the_hosts_page(open_page: OpenPage, host: str, violations: Violations) -> None:
    page = open_page()
    page.goto(host)
    expect(page.get_by_role("button")).to_be_visible()
    assert violations(page) == []


def test_wrong_fields_are_shown_in_place(open_page: OpenPage, site: Site, host: str) -> None:
    site.serve(POST_PATH, form(errors=ERRORS[:1], values=TYPED, facts=None, action="registrants"), status=422)
    page = open_page()
    page.goto(host)
    fill_in(page)
    page.get_by_role("button").click()

    expect(page.locator(":focus")).to_have_value("ada@localhost")
    expect(page.get_by_label("First name")).to_have_value("Ada")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_role("button").click()
    page.wait_for_function("document.querySelector('button').disabled === false")
    assert [post["_submission"] for post in site.posts] == [[TOKEN]] * 2


@pytest.mark.parametrize("locale", ["en-US", "de-AT"])
def test_a_failure_is_said_and_the_form_can_be_sent_again(
    open_page: OpenPage, site: Site, host: str, locale: str
) -> None:
    page = open_page(locale=locale)
    page.goto(host)
    fill_in(page)
    page.route(f"**{POST_PATH}", lambda route: route.abort())
    page.get_by_role("button").click()

    expect(page.get_by_role("alert")).to_contain_text("Keine Verbindung" if locale == "de-AT" else "No connection")
    page.unroute(f"**{POST_PATH}")
    page.get_by_role("button").click()
    expect(page.locator(":focus")).to_have_text("Thank you. We have received your registration.")


def test_a_form_that_cannot_be_loaded_is_said(open_page: OpenPage, site: Site, host: str) -> None:
    site.serve(FORM_PATH, '{"message":"Too Many Requests"}', status=429, content_type="application/json")
    page = open_page()
    page.goto(host)
    expect(page.get_by_role("alert")).to_contain_text("No connection")


def test_a_meeting_has_a_form_too(open_page: OpenPage, site: Site) -> None:
    site.serve("/embed.js", EMBED_SCRIPT, content_type="text/javascript")
    site.serve("/meetings/97871060099", form(facts=None, kind="meeting"))
    page = open_page()
    with serving() as other:
        page.goto(host_of(other, site, "meeting"))
        expect(page.get_by_role("heading", name="Register for the meeting")).to_be_visible()


def test_turnstile_is_loaded_once_and_rendered_in_every_form(open_page: OpenPage, site: Site, host: str) -> None:
    with_check = form(facts=None, action="97871060099/registrants", turnstile_site_key="1x00000000000000000000AA")
    site.serve(FORM_PATH, with_check)
    site.serve(POST_PATH, with_check, status=422)
    page = open_page()
    script = "window.turnstile = { render: (place) => document.querySelector(place).append('again') }"
    loads: list[str] = []

    def load(route: Route) -> None:
        loads.append(route.request.url)
        route.fulfill(body=script)

    page.route("https://challenges.cloudflare.com/**", load)
    page.goto(host)
    fill_in(page)
    page.wait_for_function("window.turnstile")
    page.get_by_role("button").click()

    expect(page.locator(".cf-turnstile")).to_have_text("again")
    assert len(loads) == 1
