"""Pages that only say something: no webinar, registration closed, a form that does not work, try again."""

from enum import StrEnum

from registrar.forms.pages.availability import Closed
from registrar.forms.pages.html.document import document
from registrar.forms.pages.html.element import Child, element
from registrar.forms.pages.language import Language
from registrar.forms.pages.texts.all_languages import TEXTS
from registrar.zoom.webinar_facts import WebinarFacts


class Message(StrEnum):
    """What a page says."""

    NOT_FOUND = "not_found"
    """No webinar or meeting has this id, or it is not open here (404)."""
    UNKNOWN_SUBMISSION = "unknown_submission"
    """No submission has this id (404)."""
    BROKEN_FORM = "broken_form"
    """The form is set up incorrectly: nothing its reader can correct (400, 413, 415; 422 for its webinar)."""


def message_page(language: Language, message: Message, for_the_maker: str = "", form_url: str | None = None) -> str:
    """Return a page, with a link to our own form; `for_the_maker` is in English, for whoever made the form."""
    texts = TEXTS[language].messages
    title, text = {
        Message.NOT_FOUND: (texts.not_found_title, texts.not_found),
        Message.UNKNOWN_SUBMISSION: (texts.unknown_title, texts.unknown),
        Message.BROKEN_FORM: (texts.broken_title, texts.broken),
    }[message]
    detail = for_the_maker and element(
        "p", f"{texts.for_the_maker} ", element("span", for_the_maker, lang=Language.ENGLISH, dir="ltr"), class_="soft"
    )
    back = element("p", element("a", TEXTS[language].status.back, href=form_url)) if form_url else None
    content = [element("p", text), back, detail or None]
    if message is Message.BROKEN_FORM:  # the answer to a form: a screen reader reads it out
        content = [element("div", *content, role="alert")]
    return _page(language, title, *content)


def not_found_page(language: Language) -> str:
    """Return the page of an address without a webinar (404)."""
    return message_page(language, Message.NOT_FOUND)


def unknown_submission_page(language: Language) -> str:
    """Return the status page of a submission that is not known (404)."""
    return message_page(language, Message.UNKNOWN_SUBMISSION)


def closed_page(language: Language, facts: WebinarFacts, why: Closed) -> str:
    """Return the page of a webinar that takes no registrations (200)."""
    texts = TEXTS[language]
    messages = texts.messages
    reason = {Closed.OVER: messages.over, Closed.FULL: messages.full, Closed.OFF: messages.off}[why]
    topic = element("p", facts.topic, class_="soft") if facts.topic else None
    said = element("p", texts.about(facts.kind, reason))
    return _page(language, messages.closed_title, topic, said, element("p", messages.ask_organizer))


def _page(language: Language, title: str, *content: Child) -> str:
    return document(language, title, [element("h1", title, tabindex="-1"), *content])
