"""HTML in any field of any page is text."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from registrar.forms.pages.availability import Closed
from registrar.forms.pages.language import Language
from registrar.forms.pages.message import Message, closed_page, message_page
from registrar.registrants.fields import FieldError
from registrar.zoom.webinar_facts import Question

from tests.browser.samples import FACTS, SERIES, form, status
from tests.browser.site import Site

OpenPage = Callable[..., Page]
EN = Language.ENGLISH

HOSTILE = (
    "</title></style></textarea></script><script>hacked()</script>"
    '<img src=x onerror="hacked()">" onfocus="hacked()" \'&lt;'
)
HOSTILE_FACTS = replace(
    FACTS,
    topic=HOSTILE,
    timezone=HOSTILE,
    questions=(
        Question("short", True, "comments"),
        Question("short", True, title=HOSTILE),
        *(
            Question(one, True, title=f"{one} {HOSTILE}", answers=(HOSTILE, "b"))
            for one in ("single", "multiple", "dropdown")
        ),
    ),
)
NAMES = ("email", "first_name", "comments", f"answers.{HOSTILE}", f"answers.dropdown {HOSTILE}")
PAGES = {
    "form": form(
        facts=HOSTILE_FACTS,
        values={name: [HOSTILE] for name in [*NAMES, "language", f"answers.other {HOSTILE}"]},
        errors=[*(FieldError(one, HOSTILE) for one in NAMES), FieldError(HOSTILE, HOSTILE)],
        submission_token=HOSTILE,
        turnstile_site_key=HOSTILE,
        next_url=HOSTILE,
        action=HOSTILE,
    ),
    "dates": form(facts=replace(SERIES, topic=HOSTILE, occurrences=[replace(SERIES.occurrences[0], id=HOSTILE)])),
    "closed": closed_page(EN, HOSTILE_FACTS, Closed.FULL),
    "status": status(EN, "rejected", facts=HOSTILE_FACTS, submission_id=HOSTILE, reason=HOSTILE, back_url=HOSTILE),
    "deferred": status(EN, "deferred", facts=HOSTILE_FACTS, reason=HOSTILE, deferred_until=HOSTILE),
    "message": message_page(EN, Message.BROKEN_FORM, HOSTILE),
}
OWN = {"form": 2, "dates": 1, "deferred": 1}  # scripts


@pytest.mark.parametrize("name", PAGES)
def test_html_stays_text(open_page: OpenPage, site: Site, name: str) -> None:
    page = open_page()
    # The policy would hide what is not escaped.
    page.goto(site.serve("/page", PAGES[name], headers={"content-security-policy": ""}))
    assert page.locator("script").count() == OWN.get(name, 0)
    assert page.locator("img, [onfocus], [onerror]").count() == 0


def test_what_was_typed_comes_back_as_it_was(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.serve("/page", PAGES["form"]))
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(page.get_by_label("First name")).to_have_value(HOSTILE)
    expect(page.get_by_label("Questions and comments")).to_have_value(HOSTILE)
    assert page.locator("select").last.input_value() == HOSTILE
