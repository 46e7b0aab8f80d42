"""Pages in every state, as the functions build them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from registrar.forms.pages.availability import Closed
from registrar.forms.pages.language import Language
from registrar.forms.pages.message import Message, closed_page, message_page
from registrar.forms.pages.registration import FormPage, registration_page
from registrar.forms.pages.status import LinkSender, StatusPage, status_page, unreadable_status_page
from registrar.registrants.fields import FieldError
from registrar.zoom.webinar_facts import Occurrence, Question, WebinarFacts

from tests.browser.site import FORM_PATH, POST_PATH

NOW = 1_796_000_000.0  # 2026-11-30
TOKEN = "5f0c1d2e-0000-4000-8000-000000000002"
SUBMISSION = "0b0c1d2e-0000-4000-8000-000000000001"

QUESTIONS = (
    Question("short", True, "last_name"),
    Question("short", True, "org"),
    Question("short", False, "phone"),
    Question("short", False, "purchasing_time_frame"),
    Question("short", False, "no_of_employees"),
    Question("short", False, "comments"),
    Question("single", True, title="Will you attend in person?", answers=("Yes", "No", "I don't know yet")),
    Question("dropdown", False, title="Which session interests you most?", answers=("Keynote", "Workshop", "Q&A")),
    Question("multiple", False, title="Which topics would you like to hear about?", answers=("Costs", "AI")),
    Question("short", False, title="What would you like to ask the speakers?"),
)
FACTS = WebinarFacts(
    webinar_id="97871060099",
    topic="Opening keynote: how forms become registrants",
    type=5,
    starts_at="2026-12-01T15:00:00Z",
    duration_minutes=90,
    timezone="Europe/Berlin",
    questions=QUESTIONS,
)
SERIES = replace(
    FACTS,
    type=9,
    registration_type=3,
    questions=(),
    occurrences=tuple(Occurrence(f"17{day}", f"2026-12-{day:02}T15:00:00Z", 60) for day in (1, 8, 15)),
)
COUNTRY = replace(FACTS, questions=(Question("short", True, "country"),))
ERRORS = (
    FieldError("email", "must be an e-mail address, such as name@example.com"),
    FieldError("org", "is required"),
    FieldError("answers.Will you attend in person?", "is required"),
)
TYPED = {"email": ["ada@localhost"], "first_name": ["Ada"], "answers.Which session interests you most?": ["Q&A"]}


def form(language: Language = Language.ENGLISH, **changes: Any) -> str:
    """Return a form; by default with every kind of question."""
    page = FormPage(
        webinar_id="97871060099",
        language=language,
        facts=FACTS,
        action=POST_PATH,
        now=NOW,
        submission_token=TOKEN,
    )
    return registration_page(replace(page, **changes))


def status(language: Language, status: str, **changes: Any) -> str:
    """Return a status page."""
    page = StatusPage(
        language=language,
        facts=FACTS,
        status=status,
        submission_id=SUBMISSION,
        age_seconds=0,
        mail=LinkSender.ZOOM,
        back_url=f"..{FORM_PATH}",
    )
    return status_page(replace(page, **changes))


STATES: Mapping[str, Callable[[Language], str]] = {
    "open": form,
    "plain": lambda language: form(language, facts=None),
    "one-date": lambda language: form(language, facts=replace(SERIES, registration_type=2)),
    "dates": lambda language: form(language, facts=SERIES),
    "any-date": lambda language: form(language, facts=replace(SERIES, registration_type=1)),
    "country": lambda language: form(language, facts=COUNTRY),
    "error": lambda language: form(language, errors=ERRORS, values=TYPED),
    "busy": lambda language: form(language, is_busy=True, values=TYPED),
    "over": lambda language: closed_page(language, FACTS, Closed.OVER),
    "full": lambda language: closed_page(language, FACTS, Closed.FULL),
    "off": lambda language: closed_page(language, FACTS, Closed.OFF),
    "received": lambda language: status(language, "queued"),
    "registered": lambda language: status(language, "registered"),
    "pending": lambda language: status(language, "pending_approval"),
    "deferred": lambda language: status(
        language, "deferred", reason="registrant_daily_limit", deferred_until="2026-12-01T00:10:53Z"
    ),
    "rejected": lambda language: status(language, "rejected", reason="webinar_full"),
    "unreadable": unreadable_status_page,
    "technical": lambda language: message_page(language, Message.BROKEN_FORM, "Send JSON.", FORM_PATH),
    **{
        str(one): lambda language, one=one: message_page(language, one)  # type: ignore[misc]
        for one in Message
    },
}
