"""The status page as HTML."""

from dataclasses import replace

import pytest
from registrar.forms.pages.language import Language
from registrar.forms.pages.status import LinkSender, StatusPage, refresh_seconds, status_page

PAGE = StatusPage(language=Language.ENGLISH, facts=None, status="queued", submission_id="0b0c", age_seconds=0)


@pytest.mark.parametrize(
    ("status", "texts"),
    [
        ("queued", ["We have received your registration", "It is sent as soon as you are registered."]),
        ("registered", ["You are registered.", "look in your spam folder"]),
        ("pending_approval", ["waiting for approval", "It is sent as soon as you are approved."]),
        ("deferred", ["is taking a little longer", "You don&#x27;t need to do anything."]),
        ("rejected", ["We couldn&#x27;t register you.", "Please ask the organizer"]),
    ],
)
def test_each_status_says_what_happens_next(status: str, texts: list[str]) -> None:
    html = status_page(replace(PAGE, status=status))
    assert [text for text in [*texts, "<code>0b0c</code>"] if text not in html] == []


def test_a_deferred_registration_says_why_and_until_when() -> None:
    page = replace(
        PAGE, status="deferred", kind="meeting", reason="registrant_daily_limit", deferred_until="2026-12-01T00:10:00Z"
    )
    html = status_page(page)
    assert "only a few tries a day" in html
    assert "Tuesday, December 1, 2026 at 12:10 AM (UTC)</time>." in html


@pytest.mark.parametrize(
    ("sender", "text"),
    [("zoom", "from Zoom."), ("organizer", "e-mail from the organizer."), ("unknown", "or from the organizer.")],
)
def test_it_says_who_sends_the_link(sender: str, text: str) -> None:
    assert text in status_page(replace(PAGE, mail=LinkSender(sender)))


@pytest.mark.parametrize(
    ("status", "age", "seconds"),
    [
        ("queued", 0, 3),
        ("queued", 60, 15),
        ("queued", 9_999, 60),
        ("queued", -5, 3),
        ("deferred", 0, 60),
        ("pending_approval", 0, 60),
        ("registered", 0, None),
        ("rejected", 0, None),
    ],
)
def test_it_looks_again_while_the_status_may_change(status: str, age: float, seconds: int | None) -> None:
    assert refresh_seconds(replace(PAGE, status=status, age_seconds=age)) == seconds
