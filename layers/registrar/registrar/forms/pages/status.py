"""The status page: what became of a submission, what happens next, and where the join link arrives."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from registrar import limits
from registrar.forms.pages.availability import moment
from registrar.forms.pages.html.dates import time_element
from registrar.forms.pages.html.document import document
from registrar.forms.pages.html.element import Child, Html, element
from registrar.forms.pages.language import Language
from registrar.forms.pages.texts.all_languages import TEXTS
from registrar.forms.pages.texts.catalogue import StatusTexts, Texts
from registrar.registrants.reasons import Reason
from registrar.zoom.webinar_facts import WebinarFacts


class LinkSender(StrEnum):
    """Who e-mails the join link."""

    ZOOM = "zoom"
    ORGANIZER = "organizer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class StatusPage:
    """What is known of a submission. `status` and `reason` are those of contract 2."""

    language: Language
    kind: str = "webinar"
    facts: WebinarFacts | None
    status: str
    submission_id: str
    age_seconds: float
    """Since it was submitted: the older, the less often the page looks again."""
    reason: str | None = None
    deferred_until: str | None = None
    """ISO-8601, UTC."""
    mail: LinkSender = LinkSender.UNKNOWN
    back_url: str | None = None


# The text of each reason, by its name among the texts. A reason without one is told as refused, or as busy.
REJECTED: Final[Mapping[str, str]] = {
    Reason.WEBINAR_OVER: "over",
    Reason.WEBINAR_FULL: "full",
    Reason.ACCOUNT_ATTENDEE_LIMIT: "full",
    Reason.REGISTRATION_DISABLED: "off",
    Reason.WEBINAR_NOT_FOUND: "gone",
    Reason.WEBINAR_NOT_ACCESSIBLE: "gone",
    Reason.PAID_REGISTRATION: "paid",
    Reason.HOST_NOT_ALLOWED: "host",
    Reason.EMAIL_NOT_ALLOWED: "email",
    Reason.INVALID_REGISTRANT: "invalid",
    Reason.MALFORMED_MESSAGE: "invalid",
    Reason.WEBINAR_TYPE_UNSUPPORTED: "refused",
    Reason.WEBINAR_PLAN_MISSING: "refused",
    Reason.ZOOM_REJECTED: "refused",
    Reason.NOT_CONFIRMED: "technical",
    Reason.MISSING_SCOPE: "technical",
    Reason.TOKEN_REJECTED: "technical",
    Reason.REGISTRANT_DAILY_LIMIT: "technical",
    Reason.ACCOUNT_DAILY_LIMIT: "technical",
    Reason.RATE_LIMITED: "technical",
    Reason.ZOOM_UNAVAILABLE: "technical",
    Reason.UNMAPPED_FORM: "technical",
}
DEFERRED: Final[Mapping[str, str]] = {
    Reason.REGISTRANT_DAILY_LIMIT: "registrant_limit",
    Reason.ACCOUNT_DAILY_LIMIT: "account_limit",
    Reason.NOT_CONFIRMED: "unconfirmed",
    Reason.ACCOUNT_ATTENDEE_LIMIT: "seats",
}
_SETTLED: Final = frozenset({"registered", "rejected"})
_SLOW_SECONDS: Final = 60


def status_page(page: StatusPage) -> str:
    """Return the page; it looks again while the status may change by itself."""
    texts = TEXTS[page.language]
    title, told = _TOLD[page.status](page, texts)
    status = texts.status
    topic = element("p", page.facts.topic, class_="soft") if page.facts and page.facts.topic else None
    refresh = refresh_seconds(page)
    again = (
        element("p", f"{status.refreshes} ", element("a", status.check_now, href=""), class_="soft")
        if refresh
        else None
    )
    live = element("div", element("h1", title, tabindex="-1"), topic, *told, again, role="status")
    back = element("p", element("a", status.back, href=page.back_url)) if page.back_url else None
    reference = element("p", texts.labelled(status.reference, ""), element("code", page.submission_id))
    return document(page.language, title, [live, reference, back], refresh)


def unreadable_status_page(language: Language) -> str:
    """Return the page of a status that cannot be read at the moment (503); it looks again by itself."""
    texts = TEXTS[language].messages
    title = element("h1", texts.unreadable_title, tabindex="-1")
    live = element("div", title, element("p", texts.unreadable), role="status")
    return document(language, texts.unreadable_title, [live], limits.RETRY_AFTER_SECONDS)


def refresh_seconds(page: StatusPage) -> int | None:
    """Return after how many seconds to look again: soon after the submission, later each minute."""
    if page.status in _SETTLED:
        return None
    if page.status == "queued":
        return min(max(3, round(page.age_seconds / 4)), _SLOW_SECONDS)
    return _SLOW_SECONDS


def _queued(page: StatusPage, texts: Texts) -> tuple[str, list[Child]]:
    status = texts.status
    return status.queued_title, [
        element("p", texts.about(page.kind, status.queued)),
        element("p", texts.gap.join([_link(page, status), status.link.once_registered])),
    ]


def _registered(page: StatusPage, texts: Texts) -> tuple[str, list[Child]]:
    status = texts.status
    return status.registered_title, [
        element("p", texts.about(page.kind, status.registered)),
        element("p", texts.gap.join([_link(page, status), status.link.spam])),
    ]


def _pending(page: StatusPage, texts: Texts) -> tuple[str, list[Child]]:
    status = texts.status
    return status.pending_title, [
        element("p", texts.about(page.kind, status.pending)),
        element("p", texts.gap.join([_link(page, status), status.link.once_approved])),
    ]


def _deferred(page: StatusPage, texts: Texts) -> tuple[str, list[Child]]:
    status = texts.status
    why = str(getattr(status.deferred, DEFERRED.get(page.reason or "", "busy")))
    return status.deferred_title, [
        element("p", why),
        _next_try(page, texts),
        element("p", status.nothing_to_do),
        element("p", texts.gap.join([_link(page, status), status.link.once_registered])),
    ]


def _rejected(page: StatusPage, texts: Texts) -> tuple[str, list[Child]]:
    status = texts.status
    why = str(getattr(status.rejected, REJECTED.get(page.reason or "", "refused")))
    return status.rejected_title, [element("p", texts.about(page.kind, why))]


_TOLD: Final = {
    "queued": _queued,
    "registered": _registered,
    "pending_approval": _pending,
    "deferred": _deferred,
    "rejected": _rejected,
}


def _link(page: StatusPage, status: StatusTexts) -> str:
    return {
        LinkSender.ZOOM: status.link.zoom,
        LinkSender.ORGANIZER: status.link.organizer,
        LinkSender.UNKNOWN: status.link.unknown,
    }[page.mail]


def _next_try(page: StatusPage, texts: Texts) -> Html | None:
    until = moment(page.deferred_until)
    if until is None:
        return None
    zone = page.facts.timezone if page.facts else None
    when, own = time_element(until, zone, texts)
    before, _, after = texts.status.next_try.partition("{when}")
    return element("p", before, when, after, own)
