"""Tell a browser what became of its form: the form again with what was typed, or why it does not work (contract 2).

Imported only when there is such a page: the form endpoint starts without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from answer import Answer, Target
from aws_lambda_powertools import Logger
from form import Form
from redirect import next_url_of
from registrar.forms.http.origins import frame_ancestors, origin_of
from registrar.forms.http.paths import FROM_REGISTRANTS, page_path
from registrar.forms.http.response import HttpResponse
from registrar.forms.pages.html.document import content_security_policy
from registrar.forms.pages.language import Language, language_of
from registrar.forms.pages.message import Message, message_page
from registrar.forms.pages.registration import FormPage, registration_page
from registrar.storage.registrant_table import StorageError
from registrar.storage.webinar_table import WebinarTable
from registrar.zoom.webinar_facts import WebinarFacts

_ACTION = "registrants"  # the page has the address that its form is posted to


@dataclass(frozen=True)
class AnswerPages:
    """Writes the pages."""

    webinars: WebinarTable
    allowed_origins: Sequence[str]
    turnstile_site_key: str | None
    logger: Logger = field(repr=False)

    def page(self, answer: Answer, target: Target, headers: Mapping[str, str], now: float) -> HttpResponse:
        """Return the page of a refusal, in the reader's language."""
        language = language_of(headers.get("accept-language", ""))
        if answer.form and target.webinar_id:
            page, next_url = self._form_page(answer, answer.form, target, language, now)
        else:
            page, next_url = _broken_form_page(answer, target, language), ""
        policy = content_security_policy(
            frame_ancestors(self.allowed_origins), bool(self.turnstile_site_key), origin_of(next_url)
        )
        return HttpResponse.page(answer.status, page, policy, answer.headers)

    def _form_page(self, answer: Answer, form: Form, target: Target, language: Language, now: float) -> tuple[str, str]:
        next_url = next_url_of(form.next_url, self.allowed_origins)
        page = FormPage(
            webinar_id=str(target.webinar_id),
            kind=target.kind,
            language=language,
            facts=self._facts(target),
            action=_ACTION,
            now=now,
            submission_token=str(form.token or uuid4()),  # nothing is stored yet, so the same token is still good
            values=form.fields.typed,
            errors=answer.errors,
            is_busy=answer.status == 503,
            turnstile_site_key=self.turnstile_site_key or "",
            next_url=next_url,
        )
        return registration_page(page), next_url

    def _facts(self, target: Target) -> WebinarFacts | None:
        """Return what is known about the webinar; without it, the form has the fields that every webinar has."""
        try:
            facts = self.webinars.read(str(target.webinar_id), target.kind)
        except StorageError as error:
            self.logger.error("Webinar not read", error=str(error))
            return None
        return facts if facts and facts.exists else None


def _broken_form_page(answer: Answer, target: Target, language: Language) -> str:
    """Return the page of a form that its reader cannot correct, with the way to our own."""
    for_the_maker = answer.content.get("message") or "; ".join(f"{one.field} {one.message}" for one in answer.errors)
    own_form = FROM_REGISTRANTS + page_path(target.kind, target.webinar_id) if target.webinar_id else None
    return message_page(language, Message.BROKEN_FORM, str(for_the_maker), own_form)
